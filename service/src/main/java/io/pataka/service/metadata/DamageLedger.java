package io.pataka.service.metadata;

import io.pataka.service.model.BlobId;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.UploadId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Which blobs are lost, for clients, operators and metrics; it survives restarts and is the same on all nodes. Every method throws
 * {@link MetadataUnavailableException} when the database does not answer.
 */
public interface DamageLedger {

    /** What is wrong with a blob. */
    enum Kind {
        /** Its file is not what was written, or cannot be read. */
        DAMAGED,
        /** There is no file. */
        MISSING
    }

    /**
     * A lost blob.
     *
     * @param found when it was found first
     * @param owner a version that needs it, once one was found
     */
    record Damage(BlobId blob, Kind kind, Instant found, String reason, Optional<Owner> owner) {
        public Damage {
            Objects.requireNonNull(blob);
            Objects.requireNonNull(kind);
            Objects.requireNonNull(found);
            Objects.requireNonNull(reason);
            Objects.requireNonNull(owner);
        }

        /** All of it on one line, with tabs between: kind, time, bucket and key or {@code -}, blob, reason. */
        public String line() {
            return String.join(
                    "\t",
                    kind.name(),
                    found.toString(),
                    owner.map(Object::toString).orElse("-"),
                    blob.toString(),
                    reason);
        }
    }

    /** Where the version is that needs a lost blob. */
    record Owner(BucketName bucket, ObjectKey key) {

        /** {@code bucket/key}, with control characters as {@code %XX}, so that it stays on one line. */
        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(bucket.text()).append('/');
            key.toString().chars().forEach(character -> {
                if (Character.isISOControl(character)) {
                    text.append('%').append("%02X".formatted(character));
                } else {
                    text.append((char) character);
                }
            });
            return text.toString();
        }
    }

    /**
     * What is lost.
     *
     * @param blobs lost ones
     * @param uploads part lists that name a lost blob
     */
    record Lost(Set<BlobId> blobs, Set<UploadId> uploads) {
        public static final Lost NOTHING = new Lost(Set.of(), Set.of());

        public Lost {
            blobs = Set.copyOf(blobs);
            uploads = Set.copyOf(uploads);
        }
    }

    /**
     * Lists a lost blob. If it is listed already, kind and reason are replaced.
     *
     * @param reason for operators; cut to 1,000 characters
     */
    void record(BlobId blob, Kind kind, String reason);

    /** Records that a version of this key needs lost blobs. */
    void seen(Collection<BlobId> blobs, long bucketId, ObjectKey key);

    /** As {@link #seen(Collection, long, ObjectKey)}, for the lost blobs of a part list; returns them. */
    List<Damage> seen(UploadId upload, long bucketId, ObjectKey key);

    /** Removes blobs from the list that are intact again, or deleted. */
    void clear(Collection<BlobId> blobs);

    /** Which of these blobs are lost, at most 10,000 of them. */
    Set<BlobId> lostAmong(Collection<BlobId> blobs);

    /** What is lost, at most {@code limit} blobs, and at most twice as many part lists. */
    Lost lost(int limit);

    /** How many blobs of each kind are lost. */
    Map<Kind, Long> counts();

    /** One lost blob. */
    Optional<Damage> find(BlobId blob);

    /** Lost blobs by id, at most {@code limit} after {@code after}. */
    List<Damage> list(Optional<Damage> after, int limit);

    /**
     * Whether nothing needs a lost blob whose descriptor cannot be read, so that the key it was written for is not known. Either the
     * recorded key no longer has the blob and it was never shared, or a whole round of the audit, begun after the blob was retired,
     * found no version that needs it.
     *
     * @param audit the name of the audit's job
     */
    boolean isAbandoned(BlobId blob, String audit);

    /**
     * Lost blobs of which the last whole round of the audit found no version, and that are not retired.
     *
     * @param audit the name of the audit's job
     */
    List<Damage> unseen(String audit, int limit);
}
