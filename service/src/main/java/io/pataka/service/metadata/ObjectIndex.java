package io.pataka.service.metadata;

import io.pataka.service.model.BlobId;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.Checksum;
import io.pataka.service.model.Content;
import io.pataka.service.model.ETag;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.Owner;
import io.pataka.service.model.VersionId;
import io.pataka.service.model.WriteCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;

/**
 * Which versions each key has. One round trip to the database per call, unless the method says otherwise. Conditions are judged
 * inside the statement that writes, so they hold between any number of nodes. Every method throws
 * {@link MetadataUnavailableException} when the database does not answer.
 */
public interface ObjectIndex {

    /** The current version, which may be a delete marker. */
    Optional<ObjectVersion> current(Bucket bucket, ObjectKey key);

    /** One version; a {@link VersionId} of the null version is asked for by {@link VersionSelector#NULL}. */
    Optional<ObjectVersion> version(Bucket bucket, ObjectKey key, VersionSelector version);

    /**
     * Tags of up to 1,000 versions, in one statement; what is not there, and what is a delete marker, has none and may be left out.
     */
    Map<VersionName, SortedMap<String, String>> tags(Bucket bucket, Collection<VersionName> names);

    /** A version as a client names it: without a selector, the current one of the key. */
    record VersionName(ObjectKey key, Optional<VersionSelector> version) {
        public VersionName {
            Objects.requireNonNull(key);
            Objects.requireNonNull(version);
        }
    }

    /**
     * Makes a version current. With versioning on, what was current becomes noncurrent; otherwise the null version is replaced
     * and its content retired.
     *
     * @throws MetadataUnavailableException also when it is not known whether the version was published
     *     ({@link MetadataUnavailableException#isOutcomeUnknown()}): its content must be kept then
     */
    Publication publish(Bucket bucket, NewVersion version, WriteCondition condition, ChangeContext change);

    /** A version to be published; its id and time are given by the index. */
    record NewVersion(ObjectKey key, long size, ETag etag, Owner owner, Content content, ObjectFacts facts) {
        public NewVersion {
            Objects.requireNonNull(key);
            Objects.requireNonNull(etag);
            Objects.requireNonNull(owner);
            Objects.requireNonNull(content);
            Objects.requireNonNull(facts);
        }
    }

    /** What became of {@link #publish}, {@link #append} and {@link #rename}, or of an upload's completion. */
    sealed interface Publication extends Outcome {

        <T> T fold(Function<Published, T> published, Function<Refusal, T> refused);

        @Override
        default Optional<Refusal> refusal() {
            return fold(published -> Optional.empty(), Optional::of);
        }

        record Published(VersionId id, Instant lastModified) implements Publication {
            @Override
            public <T> T fold(Function<Published, T> published, Function<Refusal, T> refused) {
                return published.apply(this);
            }
        }

        record Refused(Refusal reason) implements Publication {
            @Override
            public <T> T fold(Function<Published, T> published, Function<Refusal, T> refused) {
                return refused.apply(reason);
            }
        }
    }

    /**
     * Adds a part to the end of an object, or begins one with it, in a bucket that never had versioning.
     *
     * @param base the current version, as the writer knows it
     * @param whole the version that base and part make; its content is a part list of one part more: that of the base, or a new
     *     one, which gets the base's blob as its first part
     * @return {@link Refusal#CONFLICT} when the current version is no longer {@code base}, or no longer has its facts and content
     * @throws MetadataUnavailableException as {@link #publish}
     */
    Publication append(
            Bucket bucket,
            Optional<ObjectVersion> base,
            NewVersion whole,
            AppendedPart added,
            WriteCondition condition,
            ChangeContext change);

    /** A part that is added to an object. */
    record AppendedPart(BlobId blob, long size, ETag etag, List<Checksum> checksums) {}

    /**
     * Gives an object another key of its bucket, which never had versioning; what was there is retired. Time, facts and content
     * stay.
     *
     * @param source the current version of its key
     * @param condition on what is at the new key
     * @param once is remembered in the same transaction
     * @return {@link Refusal#CONFLICT} when {@code source} is no longer current, or another renaming had the token
     */
    Publication rename(
            Bucket bucket,
            ObjectVersion source,
            ObjectKey to,
            WriteCondition condition,
            Optional<OnceToken> once,
            ChangeContext change);

    /**
     * What makes a renaming happen once however often it is asked for.
     *
     * @param token the client's, 1 to 64 ASCII characters
     * @param request SHA-256, in hexadecimal, of all that was asked with it
     */
    record OnceToken(String token, String request) {}

    /** What was asked when a renaming of the bucket had this token; empty for a token that none had lately. */
    Optional<OnceToken> renamed(Bucket bucket, String token);

    /**
     * Deletes tokens of renamings that are older than an age, in all buckets of this database.
     *
     * @return whether {@code limit} were deleted, so that there may be more
     */
    boolean expireRenames(Duration age, int limit);

    /**
     * Removes a key as DELETE does: without a selector, by the bucket's versioning, the current object goes or a delete marker
     * comes; with one, that version goes and the newest one left becomes current.
     */
    Removal remove(Bucket bucket, RemovalRequest request, ChangeContext change);

    /**
     * Removes up to 1,000 keys in a bounded number of statements.
     *
     * @return an outcome for each request, in their order
     */
    List<Removal> removeAll(Bucket bucket, List<RemovalRequest> requests, ChangeContext change);

    /**
     * What is to be removed. A version that a retention or a legal hold keeps is refused as {@link Refusal#LOCKED}.
     *
     * @param bypassGovernance whether a retention in governance mode keeps nothing
     */
    record RemovalRequest(
            ObjectKey key, Optional<VersionSelector> version, WriteCondition condition, boolean bypassGovernance) {
        public RemovalRequest {
            Objects.requireNonNull(key);
            Objects.requireNonNull(version);
            Objects.requireNonNull(condition);
        }

        /** Of a caller who bypasses nothing. */
        public RemovalRequest(ObjectKey key, Optional<VersionSelector> version, WriteCondition condition) {
            this(key, version, condition, false);
        }
    }

    /** What became of a removal. */
    sealed interface Removal extends Outcome {

        <T> T fold(Function<Marked, T> marked, Function<Gone, T> gone, Function<Refusal, T> refused);

        @Override
        default Optional<Refusal> refusal() {
            return fold(marked -> Optional.empty(), gone -> Optional.empty(), Optional::of);
        }

        /** A delete marker was added. */
        record Marked(VersionId marker) implements Removal {
            @Override
            public <T> T fold(Function<Marked, T> marked, Function<Gone, T> gone, Function<Refusal, T> refused) {
                return marked.apply(this);
            }
        }

        /** The version is gone, or was not there: S3 makes no difference. */
        record Gone(Optional<VersionId> version, boolean wasDeleteMarker) implements Removal {
            @Override
            public <T> T fold(Function<Marked, T> marked, Function<Gone, T> gone, Function<Refusal, T> refused) {
                return gone.apply(this);
            }
        }

        record Refused(Refusal reason) implements Removal {
            @Override
            public <T> T fold(Function<Marked, T> marked, Function<Gone, T> gone, Function<Refusal, T> refused) {
                return refused.apply(reason);
            }
        }
    }

    /**
     * Current objects (no delete markers) in byte order of their keys, without their facts.
     *
     * @param limit 1 to 10,000
     */
    List<ListedObject> scan(Bucket bucket, KeyRange range, int limit);

    /** Versions and delete markers by key in byte order, newest first within a key. */
    List<ListedVersion> scanVersions(Bucket bucket, VersionRange range, int limit);

    /**
     * Changes facts (tags, ACL) of one version, under a lock on its row.
     *
     * @param update gives the new facts, or empty when those that are there forbid the change, which is then refused as a
     *     {@link Refusal#CONFLICT}; may be called several times
     */
    FactsUpdate updateFacts(
            Bucket bucket,
            ObjectKey key,
            Optional<VersionSelector> version,
            Function<ObjectFacts, Optional<ObjectFacts>> update,
            ChangeContext change);

    /**
     * As {@link #updateFacts}, unless a lock keeps the version: for a change that could make its content unreadable.
     *
     * @return also {@link Refusal#LOCKED}, by the database's clock
     */
    FactsUpdate updateUnlocked(
            Bucket bucket,
            ObjectKey key,
            Optional<VersionSelector> version,
            Function<ObjectFacts, Optional<ObjectFacts>> update,
            ChangeContext change);

    /** What became of {@link #updateFacts} and {@link ContentMoves#move}. */
    sealed interface FactsUpdate extends Outcome {

        <T> T fold(Function<Updated, T> updated, Function<Refusal, T> refused);

        @Override
        default Optional<Refusal> refusal() {
            return fold(updated -> Optional.empty(), Optional::of);
        }

        /**
         * The facts are changed.
         *
         * @param id the version that has them
         */
        record Updated(VersionId id) implements FactsUpdate {
            @Override
            public <T> T fold(Function<Updated, T> updated, Function<Refusal, T> refused) {
                return updated.apply(this);
            }
        }

        record Refused(Refusal reason) implements FactsUpdate {
            @Override
            public <T> T fold(Function<Updated, T> updated, Function<Refusal, T> refused) {
                return refused.apply(reason);
            }
        }
    }

    /**
     * The parts of a version whose content is {@link Content.Parts} that overlap a range of the object, in order.
     *
     * @param bucketId of the version
     * @param offset first byte wanted
     * @param length bytes wanted, at least 1
     */
    List<StoredPart> parts(long bucketId, Content.Parts content, long offset, long length);

    /**
     * The parts of a version by their place in it, whatever numbers they were uploaded under: at most {@code limit} parts after
     * the first {@code skip}.
     *
     * @param bucketId of the version
     */
    List<StoredPart> partsAfter(long bucketId, Content.Parts content, int skip, int limit);

    /** A part of a published object. */
    record StoredPart(BlobId blob, long offset, long size, ETag etag, List<Checksum> checksums) {}

    /** Which version of a key is meant. */
    record VersionSelector(Optional<Long> sequence) {
        public static final VersionSelector NULL = new VersionSelector(Optional.empty());

        /** What a version id selects that a client names; empty when it was never one of ours. */
        public static Optional<VersionSelector> named(String versionId) {
            return versionId.equals(VersionId.NULL)
                    ? Optional.of(NULL)
                    : VersionId.parse(versionId).map(VersionSelector::of);
        }

        public static VersionSelector of(VersionId id) {
            return id.isNull() ? NULL : new VersionSelector(Optional.of(id.sequence()));
        }
    }

    /**
     * A stretch of keys.
     *
     * @param from first key wanted, as bytes; empty bytes for the beginning; may be longer than a key
     * @param inclusive whether {@code from} itself is wanted
     * @param before the first key no longer wanted; empty for none
     */
    record KeyRange(byte[] from, boolean inclusive, Optional<byte[]> before) {}

    /**
     * A stretch of versions: of {@code from.from()}, only the versions older than {@code olderThan} if that is given, and then
     * all of the keys that follow.
     */
    record VersionRange(KeyRange keys, Optional<Long> olderThan) {}

    /** A line of a listing. */
    record ListedObject(
            ObjectKey key,
            long size,
            ETag etag,
            Instant lastModified,
            Owner owner,
            String storageClass,
            Optional<Checksum> checksum,
            boolean appendable) {}

    /** A line of a version listing. */
    record ListedVersion(ListedObject object, VersionId id, boolean current, boolean deleteMarker) {}
}
