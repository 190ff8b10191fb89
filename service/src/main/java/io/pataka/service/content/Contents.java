package io.pataka.service.content;

import io.pataka.service.model.BlobId;
import io.pataka.service.model.ByteSource;
import io.pataka.service.model.ChecksumAlgorithm;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.Placement;
import io.pataka.service.model.StoredForm;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Set;

/** Stores and reads the bytes of objects. Knows digests, forms and blobs; knows nothing of versions, conditions or HTTP. */
public interface Contents {

    /**
     * Reads the body to its end, compares it with the plan, and stores it as a blob. When this returns, the bytes are durable and have
     * no owner: closing the result without {@link PendingContent#keep()} deletes them.
     *
     * @throws ContentRefusedException when the body is not what the plan says; nothing is kept
     * @throws StorageFailedException when the stores fail or are full, or this release does not know the form; nothing is kept
     * @throws IOException when the body cannot be read to its end; nothing is kept
     */
    PendingContent receive(InputStream body, IntakePlan plan) throws IOException;

    /**
     * Opens a stretch of bytes that lies in one or more blobs. A read of the result fails with a {@link ContentDamagedException} when a
     * block is damaged, of which no byte is written then, or when a blob after the first is gone; and with a
     * {@link StorageFailedException} when a store fails.
     *
     * @param pieces in order; every one is read whole or from its offset
     * @throws ContentMissingException when the first blob is gone
     * @throws ContentDamagedException when the first blob is damaged, as far as opening it shows
     * @throws StorageFailedException when a store fails, this release does not know the form, or a blob has another codec than its form
     */
    ByteSource open(List<Piece> pieces) throws IOException;

    /**
     * Reads stretches of bytes and stores them as one new blob, which is durable and has no owner yet.
     *
     * @param placement of the new blob; the pieces may have another one
     * @param compute checksums to compute on the way
     * @throws ContentMissingException when the first blob is gone
     * @throws ContentDamagedException when a blob is damaged, or one after the first is gone
     * @throws StorageFailedException as {@link #receive} and {@link #open}
     */
    PendingContent copy(
            List<Piece> pieces, long bucketId, ObjectKey key, Placement placement, Set<ChecksumAlgorithm> compute)
            throws IOException;

    /**
     * Writes the payload of a blob into a new blob as it is. Nothing is decoded, so this needs no key, and the object may have a form that
     * this release does not know. What the descriptor says of the bytes stays.
     *
     * @param size bytes of the object that are in the blob
     * @param bucketId written into the new blob's descriptor
     * @param key written into the new blob's descriptor
     * @param storageClass of the new blob
     * @throws ContentMissingException when the blob is gone
     * @throws ContentDamagedException when the blob is damaged, or has other bytes than {@code size} says
     * @throws StorageFailedException when a store fails or is full
     */
    PendingBlob copyPayload(BlobId blob, long size, long bucketId, ObjectKey key, String storageClass)
            throws IOException;

    /** Whether a blob is in a store of the storage class. */
    boolean isIn(String storageClass, BlobId blob);

    /**
     * A stretch of the bytes in one blob.
     *
     * @param form of the object that the blob is of
     * @param size bytes of the object that are in the blob
     * @param offset of the first byte wanted
     * @param length bytes wanted
     */
    record Piece(BlobId blob, StoredForm form, long size, long offset, long length) {}
}
