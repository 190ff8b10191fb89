package io.pataka.service.model;

import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * An entity tag without its quotes: 32 hexadecimal digits of an object or a part that is stored as one blob
 * ({@link StoredForm#etag}), or {@code <32 digits>-<parts>} of an object in parts.
 */
public record ETag(String value) {

    private static final int DIGITS = 32;
    private static final HexFormat HEX = HexFormat.of();

    public ETag {
        Objects.requireNonNull(value);
    }

    /**
     * The entity tag of an object in parts: the MD5 of the bytes of the parts' tags, a dash, and the number of parts.
     *
     * @return empty when a tag is not 32 hexadecimal digits, as that of a part is
     */
    public static Optional<ETag> ofParts(List<ETag> parts) {
        MessageDigest tags = DigestUtils.getMd5Digest();
        for (ETag part : parts) {
            if (!part.isOfOneBlob()) {
                return Optional.empty();
            }
            tags.update(HEX.parseHex(part.value));
        }
        return Optional.of(new ETag(HEX.formatHex(tags.digest()) + "-" + parts.size()));
    }

    private boolean isOfOneBlob() {
        return value.length() == DIGITS && value.chars().allMatch(HexFormat::isHexDigit);
    }

    /**
     * The entity tag of an object with this one after a part was appended, as Ceph Gateway computes it: the MD5 of the bytes of both tags,
     * a dash, and the number of parts.
     *
     * @param count of the parts that the object has now
     */
    public ETag appended(ETag part, int count) {
        String digits = value.split("-", 2)[0];
        return new ETag(DigestUtils.md5Hex(HEX.parseHex(digits + part.value)) + "-" + count);
    }

    /** With another digest in place of the 32 digits. The number of parts stays. */
    ETag withDigest(UnaryOperator<byte[]> digest) {
        byte[] other = digest.apply(HEX.parseHex(value.substring(0, DIGITS)));
        return new ETag(HEX.formatHex(other) + value.substring(DIGITS));
    }

    /** With the double quotes that HTTP wants around it. */
    public String quoted() {
        return '"' + value + '"';
    }

    @Override
    public String toString() {
        return value;
    }
}
