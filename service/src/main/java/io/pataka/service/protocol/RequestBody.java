package io.pataka.service.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;

/**
 * The body of a request as an operation may read it: once, from the start. After authentication it is the verified body: chunk
 * framing is gone, and every hash and chunk signature that the client sent is checked while it is read, the last of them before
 * the end is reported.
 */
public interface RequestBody {

    /** A body of no bytes. */
    RequestBody EMPTY = new RequestBody() {
        @Override
        public InputStream open() {
            return InputStream.nullInputStream();
        }

        @Override
        public OptionalLong length() {
            return OptionalLong.of(0);
        }

        @Override
        public RequestHeaders trailers() {
            return RequestHeaders.none();
        }
    };

    /**
     * The bytes. The first read may send {@code 100 Continue}. Reads throw {@link S3Exception} when a check fails and
     * {@link IOException} when the client goes away; a short body is never reported as a whole one.
     */
    InputStream open() throws IOException;

    /** Decoded length in bytes, where the client declared one. */
    OptionalLong length();

    /** Trailer fields, checked; complete only once the end of {@link #open()} was reached. */
    RequestHeaders trailers();
}
