package io.pataka.service.content;

import io.pataka.service.model.BlobId;
import io.pataka.service.model.ChecksumAlgorithm;
import io.pataka.service.model.ObjectKey;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Set;

/** Bytes in, bytes out. Knows digests and blobs; knows nothing of versions, conditions or HTTP. */
public interface Contents {

    /**
     * Reads the body to its end, checks it against the plan, and keeps it as a blob. When this returns the bytes are durable,
     * and belong to nobody: closing the result without {@link PendingContent#keep()} deletes them.
     *
     * @throws ContentRefusedException when the body is not what the plan says; nothing is kept
     * @throws StorageFailedException when the volumes fail or are full; nothing is kept
     * @throws IOException when the body cannot be read to its end; nothing is kept
     */
    PendingContent receive(InputStream body, IntakePlan plan) throws IOException;

    /**
     * Opens a stretch of bytes that lies in one or more blobs.
     *
     * @param pieces in order; every one is read whole or from its offset
     * @throws ContentMissingException when the first blob is gone
     * @throws ContentDamagedException when the first blob is damaged, as far as opening it shows
     * @throws StorageFailedException when a volume fails
     */
    ContentReader open(List<Piece> pieces) throws IOException;

    /**
     * Reads stretches of bytes and keeps them as one new blob, durable, belonging to nobody yet.
     *
     * @param compute checksums to compute on the way
     * @throws ContentMissingException when the first blob is gone
     * @throws ContentDamagedException when a blob is damaged, or one after the first is gone
     * @throws StorageFailedException as {@link #receive} and {@link #open}
     */
    PendingContent copy(
            List<Piece> pieces, long bucketId, ObjectKey key, String storageClass, Set<ChecksumAlgorithm> compute)
            throws IOException;

    /**
     * A stretch of one blob.
     *
     * @param offset of the first byte wanted
     * @param length bytes wanted
     */
    record Piece(BlobId blob, long offset, long length) {}
}
