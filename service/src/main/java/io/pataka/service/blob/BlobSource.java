package io.pataka.service.blob;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;

/** A stretch of a blob, open for one reading. */
public interface BlobSource extends Closeable {

    /** Bytes that {@link #transferTo} writes. */
    long length();

    /**
     * Writes all bytes, each block after its checksum was verified.
     *
     * @throws BlobDamagedException when a block is wrong; no byte of it was written
     * @throws StoreFailedException when the volume cannot be read
     * @throws IOException when {@code out} fails
     */
    void transferTo(OutputStream out) throws IOException;

    @Override
    void close();
}
