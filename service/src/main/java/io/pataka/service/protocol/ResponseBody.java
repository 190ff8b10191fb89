package io.pataka.service.protocol;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.OptionalLong;

/** The body of a response. The writer closes it exactly once, also if it was not written. */
public interface ResponseBody extends Closeable {

    /** The value of {@code Content-Length}; empty if the length is not known at the beginning. */
    OptionalLong length();

    /**
     * Writes the whole body. An exception after the first byte closes the connection, so that the client does not take a part
     * for the whole.
     */
    void writeTo(OutputStream out) throws IOException;

    @Override
    default void close() throws IOException {}

    /** A body in memory: a document of bounded size. */
    static ResponseBody of(byte[] document) {
        return new ResponseBody() {
            @Override
            public OptionalLong length() {
                return OptionalLong.of(document.length);
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                out.write(document);
            }
        };
    }
}
