package io.pataka.service.metadata;

import io.pataka.service.model.BlobId;
import io.pataka.service.model.ObjectKey;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Which blobs are no longer needed, and which are. */
public interface BlobLedger {

    /** Writes blobs down for the collector. Repeating it is harmless. */
    void retire(Collection<BlobId> blobs);

    /** Blobs retired at least {@code grace} ago, oldest first. */
    List<BlobId> due(Duration grace, int limit);

    /** Strikes collected blobs off. */
    void collected(Collection<BlobId> blobs);

    /**
     * Whether a version, a part or an upload still needs a blob that its descriptor says belongs to this key, or that was linked
     * to another one.
     *
     * @param bucketId the bucket in the blob's descriptor
     * @param key the key in the blob's descriptor
     */
    boolean isNeeded(BlobId blob, long bucketId, ObjectKey key);

    /** Remembers that a blob whose descriptor names another key (a copy that shares bytes, a rename) belongs to this key. */
    void link(BlobId blob, long bucketId, ObjectKey key);

    /** A snapshot for metrics: how many blobs wait for the collector. */
    long waiting();

    /** The owner of a link, if the blob is one. */
    Optional<LinkedKey> linkOf(BlobId blob);

    /** A key that a linked blob belongs to. */
    record LinkedKey(long bucketId, ObjectKey key) {}
}
