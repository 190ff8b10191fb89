package io.pataka.service.operation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import java.util.function.Function;

/**
 * The forms of a configuration: what clients send and get, and what is stored.
 *
 * @param <T> the configuration
 */
public interface DocumentCodec<T> {

    /**
     * Reads what a client sent, which is not empty.
     *
     * @throws S3Exception MalformedXML, or another error of a document that is not right
     */
    T read(byte[] sent);

    /**
     * The configuration of a request without a body.
     *
     * @throws S3Exception MissingRequestBodyError unless the kind says otherwise
     */
    default T readNothing() {
        throw new S3Exception(S3Error.MISSING_REQUEST_BODY);
    }

    /** The document for clients. */
    byte[] write(T value);

    /** The answer to a client. */
    default S3Response answer(T value) {
        return S3Response.xml(write(value));
    }

    /** Whether the configuration says the same as having none. It is then not stored, and is answered like none. */
    default boolean isNone(T value) {
        return false;
    }

    /** The form to store. */
    default String store(T value) {
        return new String(write(value), UTF_8);
    }

    /**
     * Reads what {@link #store} wrote, in this release or an earlier one.
     *
     * @throws RuntimeException for any other text
     */
    default T load(String stored) {
        return read(stored.getBytes(UTF_8));
    }

    /** A codec that stores the XML that clients get. */
    static <T> DocumentCodec<T> ofXml(Function<byte[], T> reader, Function<T, byte[]> writer) {
        return new DocumentCodec<>() {
            @Override
            public T read(byte[] sent) {
                return reader.apply(sent);
            }

            @Override
            public byte[] write(T value) {
                return writer.apply(value);
            }
        };
    }
}
