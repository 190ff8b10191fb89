package io.pataka.service.metadata;

import io.pataka.service.metadata.ObjectIndex.NewVersion;
import io.pataka.service.metadata.ObjectIndex.Publication;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Bucket;
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
import java.util.Optional;

/**
 * Multipart uploads and their parts. Every method throws {@link MetadataUnavailableException} when the database does not
 * answer.
 */
public interface UploadLedger {

    /** Begins an upload; empty when the bucket is gone. */
    Optional<Upload> begin(
            Bucket bucket,
            ObjectKey key,
            Owner owner,
            Owner initiator,
            ObjectFacts facts,
            Optional<ChecksumAlgorithm> algorithm,
            Checksum.Type checksumType);

    /** An upload in progress, of this bucket and key only. */
    Optional<Upload> find(Bucket bucket, ObjectKey key, UploadId id);

    /** Of which key of this bucket an upload in progress is. */
    Optional<ObjectKey> keyOf(Bucket bucket, UploadId id);

    /**
     * Writes a part down, replacing one of the same number and retiring its blob; false when the upload is gone.
     *
     * @throws MetadataUnavailableException also when it is not known whether the part was written down
     *     ({@link MetadataUnavailableException#isOutcomeUnknown()}): its blob must be kept then
     */
    boolean putPart(Upload upload, UploadedPart part);

    /** At most {@code limit} parts after {@code afterNumber}, by number. */
    List<UploadedPart> parts(Upload upload, int afterNumber, int limit);

    /**
     * Uploads in progress by key, then by id, which is by time of initiation.
     *
     * @param fromUpload begin after this upload, or where it was, among those of the key {@code range.from()}
     */
    List<Upload> scan(Bucket bucket, ObjectIndex.KeyRange range, Optional<UploadId> fromUpload, int limit);

    /**
     * Publishes the version and removes the upload in one transaction; no bytes are copied. Parts that are not named are
     * retired. Of an upload without an algorithm, the checksums of the parts are forgotten, because clients are told none. When the
     * version is not published, the upload stays as it is. Repeating it after a lost answer finds no upload,
     * but {@link #completed} tells what became of it.
     *
     * <p>A condition is judged of the current version, and must have been of the same version when the upload began: otherwise the
     * publication is a {@link ObjectIndex.Publication.Conflict}, after which the upload can no longer be completed under this
     * condition.
     *
     * @param numbers part numbers to use, ascending; each was checked against {@link #parts}
     * @param version its content is {@link io.pataka.service.model.Content.Parts} of this upload; its size is the sum of the
     *     parts' sizes and its entity tag the MD5 of their MD5s, {@code -}, and their number, by which the ledger knows that no
     *     part has changed since they were checked
     */
    Completion complete(
            Bucket bucket, Upload upload, List<Integer> numbers, NewVersion version, WriteCondition condition);

    /** What became of {@link #complete}. */
    sealed interface Completion {
        record Completed(Publication publication) implements Completion {}

        /** A part was replaced or removed since it was looked at: 400 InvalidPart. */
        record PartChanged() implements Completion {}

        /** Aborted, or never there. */
        record NoSuchUpload() implements Completion {}
    }

    /** An upload that was completed lately, for an idempotent repeat; remembered for at least a day. */
    Optional<CompletedUpload> completed(Bucket bucket, ObjectKey key, UploadId id);

    /** What a completed upload became. */
    record CompletedUpload(UploadId id, VersionId version, ETag etag) {}

    /** Removes the upload and retires its parts; false when it was not there. */
    boolean abort(Bucket bucket, ObjectKey key, UploadId id);

    /**
     * Forgets what completed uploads became.
     *
     * @return whether there may be more than {@code limit} that were completed longer than {@code age} ago
     */
    boolean forgetCompleted(Duration age, int limit);

    /** An upload in progress. */
    record Upload(
            UploadId id,
            long bucketId,
            ObjectKey key,
            Owner owner,
            Owner initiator,
            Instant initiated,
            ObjectFacts facts,
            Optional<ChecksumAlgorithm> algorithm,
            Checksum.Type checksumType) {

        /** The checksum that a client is told of a part: that of the upload's algorithm, and none of an upload without one. */
        public List<Checksum> checksumsOf(UploadedPart part) {
            return part.checksums().stream()
                    .filter(checksum ->
                            algorithm.filter(checksum.algorithm()::equals).isPresent())
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
