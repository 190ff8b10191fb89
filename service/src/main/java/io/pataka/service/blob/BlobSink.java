package io.pataka.service.blob;

import io.pataka.service.model.BlobId;
import java.io.Closeable;

/** A blob that is being written. Closing it before {@link #commit} leaves nothing behind. */
public interface BlobSink extends Closeable {

    /** The id that the blob will have. */
    BlobId id();

    /** Appends to the payload. */
    void write(byte[] bytes, int offset, int length) throws BlobStoreException;

    /**
     * Makes the blob durable and visible.
     *
     * @return its id
     * @throws BlobStoreException when it could not be made durable; nothing is kept then
     */
    BlobId commit(BlobDescriptor descriptor) throws BlobStoreException;

    /** Removes what was not committed. Never throws: the sweeper removes what cannot be removed now. */
    @Override
    void close();
}
