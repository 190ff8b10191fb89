package io.pataka.service.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/**
 * Percent-encoding as S3 uses it (RFC 3986 section 2.1): everything but {@code A-Z a-z 0-9 - . _ ~} is escaped byte by byte.
 */
public final class PercentCoding {

    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private PercentCoding() {}

    /** Escapes all but the unreserved characters; a slash too. */
    public static String encode(byte[] bytes) {
        return encode(bytes, false);
    }

    /** Escapes all but the unreserved characters and the slash. */
    public static String encodePath(byte[] bytes) {
        return encode(bytes, true);
    }

    private static String encode(byte[] bytes, boolean keepSlash) {
        StringBuilder text = new StringBuilder(bytes.length + 16);
        for (byte b : bytes) {
            char c = (char) (b & 0xFF);
            if (isUnreserved(c) || (keepSlash && c == '/')) {
                text.append(c);
            } else {
                text.append('%').append(HEX[c >> 4]).append(HEX[c & 15]);
            }
        }
        return text.toString();
    }

    /** The characters that need no escape, RFC 3986 section 2.3. */
    public static boolean isUnreserved(char c) {
        return (c >= 'A' && c <= 'Z')
                || (c >= 'a' && c <= 'z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }

    /**
     * Decodes a path, where a plus is a plus. Characters beyond ASCII become their UTF-8 bytes.
     *
     * @throws S3Exception InvalidURI when a percent sign is not followed by two hexadecimal digits
     */
    public static byte[] decodePath(String raw) {
        return decode(raw, false);
    }

    /**
     * Decodes a query name or value to text: a plus is a space.
     *
     * @throws S3Exception InvalidURI, as {@link #decodePath}
     */
    public static String decodeQuery(String raw) {
        if (raw.indexOf('%') < 0 && raw.indexOf('+') < 0) {
            return raw;
        }
        return new String(decode(raw, true), UTF_8);
    }

    /** As {@link #decodeQuery}, to bytes. */
    public static byte[] decodeQueryBytes(String raw) {
        return decode(raw, true);
    }

    private static byte[] decode(String raw, boolean plusIsSpace) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
        for (int i = 0; i < raw.length(); ) {
            int c = raw.codePointAt(i);
            int width = Character.charCount(c);
            if (c == '%') {
                boolean whole = i + 2 < raw.length();
                int high = whole ? hexDigit(raw.charAt(i + 1)) : -1;
                int low = whole ? hexDigit(raw.charAt(i + 2)) : -1;
                if (high < 0 || low < 0) {
                    throw new S3Exception(S3Error.INVALID_URI).with("URI", raw);
                }
                bytes.write(high << 4 | low);
                i += 3;
            } else if (c < 0x80) {
                bytes.write(plusIsSpace && c == '+' ? ' ' : c);
                i++;
            } else {
                byte[] utf8 = new String(Character.toChars(c)).getBytes(UTF_8);
                bytes.write(utf8, 0, utf8.length);
                i += width;
            }
        }
        return bytes.toByteArray();
    }

    /** Not {@link Character#digit}, which also accepts digits of other scripts. */
    private static int hexDigit(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }
}
