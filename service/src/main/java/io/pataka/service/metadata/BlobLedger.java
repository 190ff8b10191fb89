package io.pataka.service.metadata;

import io.pataka.service.model.BlobId;
import io.pataka.service.model.Content;
import io.pataka.service.model.ObjectKey;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Which blobs are no longer needed, and which are. A blob is retired by whoever removes a version or a part; the collector asks
 * {@link #isNeeded} before it deletes the file, since copies share blobs. Every method throws
 * {@link MetadataUnavailableException} when the database does not answer.
 */
public interface BlobLedger {

    /** Writes blobs down for the collector. Repeating it is harmless. */
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
     * Strikes blobs off the list that were collected, or that turned out to be needed. What nothing needs but a share that no key
     * has, or has any more, stays on the list, and is due once more when the share has lapsed.
     */
    void settled(Collection<BlobId> blobs);

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
     * @param bucketId the bucket of the key that will have the content, too
     * @return what to publish; empty when the content was removed in the meantime
     */
    Optional<Content> share(Content content, long bucketId, ObjectKey key);

    /** A snapshot for metrics: how many blobs wait for the collector. */
    long waiting();
}
