package io.pataka.service.metadata;

import io.pataka.service.model.BlobId;
import io.pataka.service.model.Content;
import io.pataka.service.model.ObjectKey;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Which blobs are needed, and the list of retired blobs, which may be deleted after a grace. The change that removes a version or a part
 * retires its blob. Copies share blobs, so the collector asks {@link #isNeeded} before it deletes one. Every method throws
 * {@link MetadataUnavailableException} when the database does not answer.
 *
 * <p>Methods about a key name its bucket. The list of retired blobs belongs to no bucket but to the database: the collector asks
 * {@link #isNeeded} about the bucket in each blob's descriptor.
 */
public interface BlobLedger {

    /** Lists blobs for the collector. Repeating it is harmless. */
    void retire(Collection<BlobId> blobs);

    /**
     * Retires the blobs of part lists that lost their object or upload.
     *
     * @param limit the most parts to work off in this call; 1 to 10,000
     * @return whether more may be left to do
     */
    boolean retireParts(int limit);

    /** Blobs retired at least {@code grace} ago, oldest first. The grace must be longer than any request lasts. */
    List<BlobId> due(Duration grace, int limit);

    /**
     * Removes blobs from the list that were deleted, or that are needed. A blob that is held only by an unused or expired share stays
     * listed, and is due again when the share has expired.
     */
    void unlist(Collection<BlobId> blobs);

    /** Whether a blob is on the list. */
    boolean isRetired(BlobId blob);

    /**
     * Whether a version, a part or an upload still needs a blob that its descriptor says belongs to this key, or that it shares
     * with another one. One statement.
     *
     * @param bucketId the bucket in the blob's descriptor
     * @param key the key in the blob's descriptor
     */
    boolean isNeeded(BlobId blob, long bucketId, ObjectKey key);

    /**
     * Lets a key share the content of a version that was found lately (a copy, a rename). What is returned must be published
     * within a day; if it is not, the share lapses.
     *
     * @param fromBucket the bucket of the version that has the content
     * @param bucketId the bucket of the key that will have the content, too
     * @return what to publish; empty when the content was removed in the meantime
     */
    Optional<Content> share(long fromBucket, Content content, long bucketId, ObjectKey key);

    /** A snapshot for metrics: how many blobs wait for the collector. */
    long waiting();
}
