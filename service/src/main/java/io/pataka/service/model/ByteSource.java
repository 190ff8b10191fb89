package io.pataka.service.model;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;

/** A number of bytes that is known before the first of them, open for one reading. */
public interface ByteSource extends Closeable {

    /** Bytes that {@link #transferTo} writes. */
    long length();

    /**
     * Writes all bytes. An exception may come after some of them: what was written is right, but is not all.
     *
     * @throws IOException when the bytes cannot be read, or {@code out} fails. The interface that opens the source says which exceptions
     *     reading has.
     */
    void transferTo(OutputStream out) throws IOException;

    @Override
    void close();

    /** Bytes that are in memory: a document of bounded size. */
    static ByteSource of(byte[] document) {
        return new ByteSource() {
            @Override
            public long length() {
                return document.length;
            }

            @Override
            public void transferTo(OutputStream out) throws IOException {
                out.write(document);
            }

            @Override
            public void close() {}
        };
    }
}
