package io.pataka.service.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;

/**
 * The body of a request as an operation may read it: once, from the start. After authentication it is the verified body: chunks
 * are decoded, and each hash and chunk signature is checked while it is read, the last before the end is reported.
 */
public interface RequestBody {

    /** An empty body. */
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
     * Opens the body. The first read may send {@code 100 Continue}. Reads throw {@link S3Exception} when a check fails and
     * {@link IOException} when the client goes away; a truncated body is never reported as whole.
     */
    InputStream open() throws IOException;

    /** The decoded length in bytes, if the client declared one. */
    OptionalLong length();

    /** Trailer fields, checked; complete only once the end of {@link #open()} was reached. */
    RequestHeaders trailers();
}
