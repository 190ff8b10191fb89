package io.pataka.service.metadata;

import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.DefaultRetention;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.model.Owner;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * The buckets. Every method throws {@link MetadataUnavailableException} when the database does not answer.
 *
 * <p>{@link #find} and {@link #document} may answer from a cache. A change by this node is visible at once, a change by another node
 * within two seconds. A stale answer does no harm to a write, because {@link ObjectIndex#publish} compares the bucket's epoch. A caller
 * that is about to refuse a request calls {@link #findSince} and {@link #refreshDocuments} first, and decides again.
 *
 * <p>Every change takes a {@link ChangeContext}, which only an authorised caller has.
 */
public interface BucketCatalog {

    Optional<Bucket> find(BucketName name);

    /**
     * The bucket as it was at a moment, or later. Callers that ask at the same time share one statement.
     *
     * @param since as {@link System#nanoTime} gives it
     */
    Optional<Bucket> findSince(BucketName name, long since);

    /** The bucket as it is now. */
    default Optional<Bucket> findFresh(BucketName name) {
        return findSince(name, System.nanoTime());
    }

    /**
     * From now on {@link #document} and {@link #ownersDocument} return what any node changed before a moment.
     *
     * @param since as {@link System#nanoTime} gives it
     */
    void refreshDocuments(Bucket bucket, long since);

    /**
     * Creates a bucket, unless the name is taken.
     *
     * @param limit the most buckets that the owner may have; 0 for no limit
     * @param documents the configuration that the bucket begins with, by kind
     */
    Creation create(
            BucketName name,
            Owner owner,
            boolean objectLock,
            int limit,
            Map<DocumentKind, String> documents,
            ChangeContext change);

    /** What became of {@link #create}; callers fold it, as an {@link Outcome}. */
    sealed interface Creation {

        <T> T fold(Function<Created, T> created, Function<Taken, T> taken, Function<OverLimit, T> overLimit);

        record Created(Bucket bucket) implements Creation {
            @Override
            public <T> T fold(
                    Function<Created, T> created, Function<Taken, T> taken, Function<OverLimit, T> overLimit) {
                return created.apply(this);
            }
        }

        /** A bucket has the name already. */
        record Taken(Bucket bucket) implements Creation {
            @Override
            public <T> T fold(
                    Function<Created, T> created, Function<Taken, T> taken, Function<OverLimit, T> overLimit) {
                return taken.apply(this);
            }
        }

        /** The owner has as many buckets as it may have. */
        record OverLimit(int limit) implements Creation {
            @Override
            public <T> T fold(
                    Function<Created, T> created, Function<Taken, T> taken, Function<OverLimit, T> overLimit) {
                return overLimit.apply(this);
            }
        }
    }

    /** Deletes the bucket if it holds no version of any key; a write racing it either finds no bucket or keeps it alive. */
    Deletion delete(Bucket bucket, ChangeContext change);

    /** What became of {@link #delete}. */
    enum Deletion {
        DELETED,
        NOT_EMPTY,
        GONE
    }

    /**
     * The owner's buckets by name.
     *
     * @param prefix of the names wanted; empty for all
     * @param after the name to begin after; empty for the first
     * @param limit 1 to 10,001
     */
    List<Bucket> page(String ownerId, String prefix, String after, int limit);

    /**
     * Changes the versioning state and the epoch, unless the bucket has object lock, whose versioning stays on.
     *
     * @return the bucket as it is now; empty when it is gone
     */
    Optional<Bucket> setVersioning(Bucket bucket, Versioning versioning, ChangeContext change);

    /**
     * Gives the bucket object lock, for ever, if versioning is on; changes the epoch.
     *
     * @param defaultRetention of new versions, in place of the one that the bucket had
     */
    LockSetting setObjectLock(Bucket bucket, Optional<DefaultRetention> defaultRetention, ChangeContext change);

    /** What became of {@link #setObjectLock}. */
    enum LockSetting {
        SET,
        NOT_VERSIONED,
        GONE
    }

    /**
     * A configuration document of the bucket, cached as the bucket is. A document of a kind that {@link DocumentKind#changesVersions} is
     * never older than the epoch of the bucket that the caller knows.
     */
    Optional<String> document(Bucket bucket, DocumentKind kind);

    /** A document of the account that owns the bucket, cached as those of the bucket are. */
    Optional<String> ownersDocument(Bucket bucket, DocumentKind kind);

    /**
     * Sets a document, in place of the one that there was, and raises the bucket's epoch if {@link DocumentKind#changesVersions}. The
     * bucket's round of the job that has the name of the kind begins anew, at once.
     *
     * @return false when the bucket is gone
     */
    boolean putDocument(Bucket bucket, DocumentKind kind, StoredDocument document, ChangeContext change);

    /** As above, a document that does not ask for records of changes. */
    default boolean putDocument(Bucket bucket, DocumentKind kind, String document, ChangeContext change) {
        return putDocument(bucket, kind, new StoredDocument(document, false), change);
    }

    /**
     * A document as it is stored.
     *
     * @param recordsChanges whether the document asks for a record of every change of an object of its bucket; then
     *     {@link Bucket#recordsChanges} is true as long as the bucket has it. Only for kinds that {@link DocumentKind#changesVersions}
     */
    record StoredDocument(String text, boolean recordsChanges) {
        public StoredDocument {
            Objects.requireNonNull(text);
        }
    }

    /**
     * Changes a document according to what it is now, as {@link #putDocument} and {@link #deleteDocument} do.
     *
     * @param update gets the document, empty if there is none, and returns the new one, empty to remove it. It may run several times; what
     *     it throws is thrown, and changes nothing
     * @return false when the bucket is gone
     */
    boolean updateDocument(
            Bucket bucket,
            DocumentKind kind,
            Function<Optional<String>, Optional<StoredDocument>> update,
            ChangeContext change);

    /**
     * Removes a document, and raises the bucket's epoch if there was one and {@link DocumentKind#changesVersions}. The round of the job
     * that has the name of the kind ends.
     *
     * @return false when there was none
     */
    boolean deleteDocument(Bucket bucket, DocumentKind kind, ChangeContext change);

    /**
     * What lies in a bucket: counted now, or of more than 10,000 versions what a job added up last. Empty when there are so many, and
     * the job did not come there yet.
     */
    Optional<Usage> usage(Bucket bucket);

    /** As {@link #usage(Bucket)}, of all buckets of an owner. */
    Optional<Usage> usage(Owner owner);

    /**
     * How much there is.
     *
     * @param objects versions that have content; delete markers do not count
     * @param bytes of these versions
     * @param asOf when the oldest sum was made; empty for what was counted now
     */
    record Usage(long objects, long bytes, Optional<Instant> asOf) {

        /** Counted now. */
        public Usage(long objects, long bytes) {
            this(objects, bytes, Optional.empty());
        }
    }
}
