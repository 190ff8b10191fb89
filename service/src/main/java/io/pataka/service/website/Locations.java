package io.pataka.service.website;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.protocol.PercentCoding;

/** Writes the parts of a Location header, so that no text of a client or of a configuration can end the header. */
final class Locations {

    /** The characters that RFC 3986 reserves, and the percent sign of what is escaped already. */
    private static final String RESERVED = ":/?#[]@!$&'()*+,;=%";

    private static final char FIRST_BEYOND_ASCII = 0x80;

    private Locations() {}

    /** Scheme, host and path. */
    static String of(Scheme scheme, String host, String pathWithoutSlash) {
        return scheme.text() + "://" + host + "/" + pathWithoutSlash;
    }

    /**
     * A text that the owner of the website chose. Characters that a URI cannot have are escaped; those with a meaning keep it, because
     * owners redirect to {@code #!/key} and {@code resize?key=}.
     */
    static String chosen(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            boolean isKept =
                    c < FIRST_BEYOND_ASCII && (PercentCoding.isUnreserved((char) c) || RESERVED.indexOf(c) >= 0);
            safe.append(
                    isKept
                            ? Character.toString(c)
                            : PercentCoding.encode(Character.toString(c).getBytes(UTF_8)));
        });
        return safe.toString();
    }

    /** Bytes of a key, of which only slashes keep their meaning. */
    static String ofKey(byte[] key) {
        return PercentCoding.encodePath(key);
    }

    /** Whether a text can be the host of a URI as it is, perhaps with a port and the beginning of a path. */
    static boolean isHost(String text) {
        return !text.isEmpty()
                && text.chars()
                        .allMatch(c -> c < FIRST_BEYOND_ASCII
                                && (PercentCoding.isUnreserved((char) c) || RESERVED.indexOf(c) >= 0));
    }
}
