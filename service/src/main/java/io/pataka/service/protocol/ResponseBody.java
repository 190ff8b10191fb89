package io.pataka.service.protocol;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.OptionalLong;

/** What a response streams after its headers. Closed exactly once by the reply, whether written or not. */
public interface ResponseBody extends Closeable {

    /** What {@code Content-Length} says; empty for a body whose length is not known when it begins. */
    OptionalLong length();

    /** Writes all of it. An exception after the first byte cuts the connection, so that no client takes a part for the whole. */
    void writeTo(OutputStream out) throws IOException;

    @Override
    default void close() throws IOException {}

    /** A body that is in memory already: a document of bounded size. */
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
