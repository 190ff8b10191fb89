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
     * @throws ContentDamagedException when a block's checksum is wrong, no byte of it was written; or when a blob after the first
     *     is gone
     * @throws StorageFailedException when a volume fails
     */
    void transferTo(OutputStream out) throws IOException;
}
