package io.pataka.service.content;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;

/** Reads a stretch of content, verifying each block before a byte of it is passed on. */
public interface ContentReader extends Closeable {

    /** Bytes that {@link #transferTo} writes. */
    long length();

    /**
     * Writes all bytes.
     *
     * @throws StorageFailedException when a block's checksum is wrong or a volume fails; no byte of that block was written
     */
    void transferTo(OutputStream out) throws IOException;
}
