package io.pataka.service.blob;

import io.pataka.service.model.BlobId;
import io.pataka.service.model.ByteSource;

/**
 * Write-once blobs, each named by a random {@link BlobId}. A blob is there whole or not at all. Each byte that is read was verified
 * against a checksum. A failure of the store is a {@link BlobStoreException}, so that callers can distinguish it from a client
 * that closed its connection.
 */
public interface BlobStore {

    /**
     * Begins a blob in a store of the storage class.
     *
     * @param expected bytes to come, or 0 when unknown: a store with that much space is chosen
     * @throws StoreFullException when no store has the space
     * @throws StoreFailedException when no store of the class works
     */
    BlobSink create(String storageClass, long expected) throws BlobStoreException;

    /**
     * Begins a blob as {@link #create} does, whose payload will be that of another one. Codecs need that the last eight bytes of its id
     * are those of the original's id.
     *
     * @param original what it gets the payload of; it may lie in any store
     */
    BlobSink createCopy(String storageClass, long expected, BlobId original) throws BlobStoreException;

    /** Whether a blob is in a store that takes blobs of the storage class; false for a blob of a store that is not configured here. */
    boolean isIn(String storageClass, BlobId id);

    /**
     * Opens a range of a blob, also of one in quarantine. A read of the result fails with a {@link BlobDamagedException} when the checksum
     * of a block is wrong, of which no byte is written then, and with a {@link StoreFailedException} when the store cannot be read.
     *
     * @param codec the number of the codec that the payload was written with
     * @param offset of the first byte of payload wanted
     * @param length bytes of payload wanted
     * @throws BlobGoneException when there is no such blob
     * @throws BlobDamagedException when the blob is not whole, is another blob, or ends before the range does
     * @throws BlobFormatUnknownException when a later release wrote the blob, or the payload has another codec
     * @throws StoreFailedException when the store cannot be read, or is not configured here
     */
    ByteSource open(BlobId id, int codec, long offset, long length) throws BlobStoreException;

    /**
     * Reads the descriptor of a blob, also of one in quarantine.
     *
     * @throws BlobGoneException when there is no such blob
     * @throws BlobDamagedException when the descriptor is damaged
     */
    BlobDescriptor describe(BlobId id) throws BlobStoreException;

    /**
     * Removes a blob, also from quarantine. What lies under the blob's name but is another blob is not removed, unless the other
     * blob is whole without it.
     *
     * @return whether the blob was there
     * @throws BlobMisplacedException when another blob lies under the blob's name
     */
    boolean delete(BlobId id) throws BlobStoreException;

    /**
     * Reads a whole blob and verifies every byte of it.
     *
     * @throws BlobGoneException when there is no such blob
     * @throws BlobDamagedException naming the first part that is wrong
     */
    void verify(BlobId id) throws BlobStoreException;
}
