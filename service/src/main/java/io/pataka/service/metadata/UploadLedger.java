package io.pataka.service.metadata;

import io.pataka.service.metadata.ObjectIndex.NewVersion;
import io.pataka.service.metadata.row.VersionRow;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.Checksum;
import io.pataka.service.model.ChecksumAlgorithm;
import io.pataka.service.model.ETag;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.Owner;
import io.pataka.service.model.UploadId;
import io.pataka.service.model.VersionId;
import io.pataka.service.model.WriteCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Multipart uploads and their parts. Every method throws {@link MetadataUnavailableException} when the database does not
 * answer.
 */
public interface UploadLedger {

    /**
     * Begins an upload, whose initiator is the actor of the change.
     *
     * @param owner of the object
     * @return empty when the bucket is gone
     */
    Optional<Upload> begin(
            Bucket bucket,
            ObjectKey key,
            Owner owner,
            ObjectFacts facts,
            UploadChecksum checksum,
            ChangeContext change);

    /**
     * The checksum that an upload gives its object.
     *
     * @param algorithm empty where the client named none
     * @param type of no meaning without an algorithm
     */
    record UploadChecksum(Optional<ChecksumAlgorithm> algorithm, Checksum.Type type) {
        public UploadChecksum {
            Objects.requireNonNull(algorithm);
            Objects.requireNonNull(type);
        }
    }

    /** An upload in progress, of this bucket and key only. */
    Optional<Upload> find(Bucket bucket, ObjectKey key, UploadId id);

    /** Of which key of this bucket an upload in progress is. */
    Optional<ObjectKey> keyOf(Bucket bucket, UploadId id);

    /**
     * Adds a part, replacing one of the same number and retiring its blob.
     *
     * @return {@link Refusal#NO_SUCH_UPLOAD} when the upload is gone
     * @throws MetadataUnavailableException also when it is not known whether the part was added
     *     ({@link MetadataUnavailableException#isOutcomeUnknown()}): its blob must be kept then
     */
    PartWrite putPart(Upload upload, UploadedPart part, ChangeContext change);

    /** What became of {@link #putPart}. */
    record PartWrite(Optional<Refusal> refusal) implements Outcome {
        static final PartWrite DONE = new PartWrite(Optional.empty());

        public PartWrite {
            Objects.requireNonNull(refusal);
        }
    }

    /** At most {@code limit} parts after {@code afterNumber}, by number. */
    List<UploadedPart> parts(Upload upload, int afterNumber, int limit);

    /**
     * Uploads in progress by key, then by id, which is by time of initiation.
     *
     * @param fromUpload begin after this upload, or where it was, among those of the key {@code range.from()}
     */
    List<Upload> scan(Bucket bucket, ObjectIndex.KeyRange range, Optional<UploadId> fromUpload, int limit);

    /**
     * Publishes the version that parts of an upload make, and removes the upload, in one transaction; no bytes are copied. Parts
     * that are not used are retired. The checksums of the parts of an upload without an algorithm are removed, because clients do
     * not get them. When the version is not published, the upload stays as it is. A repetition after a lost answer finds no upload,
     * but {@link #completed} says what became of it.
     *
     * <p>A condition is judged by the current version, and must have been judged by the same version when the upload began:
     * otherwise the outcome is a {@link Refusal#CONFLICT}, after which the upload can no longer be completed under this condition.
     *
     * @param assembly says which parts are used and what they make
     */
    Completion complete(
            Bucket bucket, Upload upload, Assembly assembly, WriteCondition condition, ChangeContext change);

    /** Judges the parts of an upload and puts them together. */
    @FunctionalInterface
    interface Assembly {

        /**
         * Called inside the transaction, in which no part of the upload changes; may be called several times. What it throws ends
         * the transaction, and nothing is changed.
         *
         * @param parts all parts of the upload, by number
         */
        Assembled of(List<UploadedPart> parts);
    }

    /**
     * The version that parts make.
     *
     * @param numbers of the parts that are used
     * @param version its content is {@link io.pataka.service.model.Content.Parts} of the upload
     */
    record Assembled(Set<Integer> numbers, NewVersion version) {
        public Assembled {
            numbers = Set.copyOf(numbers);
            Objects.requireNonNull(version);
        }
    }

    /** What became of {@link #complete}. */
    sealed interface Completion extends Outcome {

        <T> T fold(Function<Completed, T> completed, Function<Refusal, T> refused);

        @Override
        default Optional<Refusal> refusal() {
            return fold(completed -> Optional.empty(), Optional::of);
        }

        record Completed(VersionId id, NewVersion version) implements Completion {

            /** When the version was created. */
            public Instant lastModified() {
                return VersionRow.lastModified(id.sequence());
            }

            @Override
            public <T> T fold(Function<Completed, T> completed, Function<Refusal, T> refused) {
                return completed.apply(this);
            }
        }

        record Refused(Refusal reason) implements Completion {
            @Override
            public <T> T fold(Function<Completed, T> completed, Function<Refusal, T> refused) {
                return refused.apply(reason);
            }
        }
    }

    /** An upload that was completed lately, for an idempotent repeat; remembered for at least a day. */
    Optional<CompletedUpload> completed(Bucket bucket, ObjectKey key, UploadId id);

    /** What a completed upload became. */
    record CompletedUpload(UploadId id, VersionId version, ETag etag) {}

    /** Removes the upload and retires its parts; false when it was not there. */
    boolean abort(Bucket bucket, ObjectKey key, UploadId id, ChangeContext change);

    /**
     * Deletes the records of completed uploads that are older than an age, in all buckets of this database.
     *
     * @return whether there may be more than {@code limit} that were completed longer than {@code age} ago
     */
    boolean expireCompleted(Duration age, int limit);

    /** An upload in progress. */
    record Upload(
            UploadId id,
            long bucketId,
            ObjectKey key,
            Owner owner,
            Owner initiator,
            Instant initiated,
            ObjectFacts facts,
            UploadChecksum checksum) {

        /** The algorithm that the client named, if any. */
        public Optional<ChecksumAlgorithm> algorithm() {
            return checksum.algorithm();
        }

        /** The type of the object's checksum. */
        public Checksum.Type checksumType() {
            return checksum.type();
        }

        /** The checksums of a part that clients get: that of the upload's algorithm, and none of an upload without one. */
        public List<Checksum> checksumsOf(UploadedPart part) {
            return part.checksums().stream()
                    .filter(one -> algorithm().filter(one.algorithm()::equals).isPresent())
                    .toList();
        }
    }

    /**
     * A part that was uploaded.
     *
     * @param checksums of the upload's algorithm; if it has none, {@link ChecksumAlgorithm#DEFAULT} and what the client sent
     */
    record UploadedPart(
            int number, BlobId blob, long size, ETag etag, Instant lastModified, List<Checksum> checksums) {}
}
