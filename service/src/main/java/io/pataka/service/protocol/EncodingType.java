package io.pataka.service.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;

/** How a listing writes keys: as they are, or percent-encoded, because XML cannot represent every key. */
public enum EncodingType {
    PLAIN,
    URL;

    /**
     * Reads {@code encoding-type}.
     *
     * @throws S3Exception InvalidArgument for any other value than {@code url}, also an empty one
     */
    public static EncodingType of(Parameters parameters) {
        Optional<String> asked = parameters.first("encoding-type");
        if (asked.isEmpty()) {
            return PLAIN;
        }
        if (!asked.get().equals("url")) {
            throw new S3Exception(S3Error.INVALID_ARGUMENT, "Invalid Encoding Method specified in Request")
                    .argument("encoding-type", asked.get());
        }
        return URL;
    }

    /** The key, prefix, delimiter or marker as the document shows it. */
    public String show(byte[] bytes) {
        return this == URL ? PercentCoding.encodePath(bytes) : new String(bytes, UTF_8);
    }

    /** The text of {@code <EncodingType>}; empty for keys as they are. */
    public Optional<String> label() {
        return this == URL ? Optional.of("url") : Optional.empty();
    }
}
