package io.pataka.service.protocol;

import io.pataka.service.protocol.Parameters.Parameter;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Reads the tags of an object from a header, and checks the limits of all tags.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html">AWS: object tagging</a>
 */
public final class ObjectTags {

    /** The most tags of an object. */
    public static final int MAX_COUNT = 10;

    /** The most tags of a bucket. */
    public static final int MAX_COUNT_OF_BUCKET = 50;

    /** Letters, digits and spaces of any script, and some signs. */
    private static final Pattern ALLOWED = Pattern.compile("[\\p{L}\\p{N}\\p{Z}+\\-=._:/@]*");

    private static final String OF_THE_SYSTEM = "aws:";
    private static final int MAX_KEY_LENGTH = 128;
    private static final int MAX_VALUE_LENGTH = 256;

    private ObjectTags() {}

    /**
     * Reads {@code x-amz-tagging}: {@code key1=value1&key2=value2}, percent-encoded.
     *
     * @throws S3Exception InvalidArgument for anything else, including characters that tags may not have; InvalidTag for tags
     *     beyond the limits
     */
    public static SortedMap<String, String> of(RequestHeaders headers) {
        SortedMap<String, String> tags = new TreeMap<>();
        Optional<String> header = headers.text("x-amz-tagging");
        if (header.isEmpty()) {
            return tags;
        }
        for (Parameter pair : parse(header.get()).all()) {
            if (pair.name().isEmpty() || !isAllowed(pair.name()) || !isAllowed(pair.value())) {
                throw malformed(header.get());
            }
            requireWithinLimits(pair.name(), pair.value());
            if (tags.put(pair.name(), pair.value()) != null) {
                throw malformed(header.get());
            }
        }
        requireCount(tags.size());
        return tags;
    }

    private static Parameters parse(String header) {
        try {
            return Parameters.parse(header);
        } catch (S3Exception brokenEscape) {
            throw malformed(header);
        }
    }

    private static S3Exception malformed(String value) {
        return new S3Exception(
                        S3Error.INVALID_ARGUMENT,
                        "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without"
                                + " tag name duplicates.")
                .argument("x-amz-tagging", value);
    }

    /**
     * @throws S3Exception InvalidTag when there are too many
     */
    public static void requireCount(int count) {
        if (count > MAX_COUNT) {
            throw new S3Exception(S3Error.INVALID_TAG, "Object tags cannot be greater than " + MAX_COUNT);
        }
    }

    /**
     * @throws S3Exception InvalidTag when key or value is too long or has a character that tags may not have, or when the key is
     *     empty or begins with {@code aws:}
     */
    public static void requireWithinLimits(String key, String value) {
        if (key.regionMatches(true, 0, OF_THE_SYSTEM, 0, OF_THE_SYSTEM.length())) {
            throw new S3Exception(S3Error.INVALID_TAG, "System tags cannot be added/updated by requester")
                    .with("TagKey", key);
        }
        if (key.isEmpty() || isBeyond(MAX_KEY_LENGTH, key)) {
            throw new S3Exception(S3Error.INVALID_TAG, "The TagKey you have provided is invalid").with("TagKey", key);
        }
        if (isBeyond(MAX_VALUE_LENGTH, value)) {
            throw new S3Exception(S3Error.INVALID_TAG, "The TagValue you have provided is invalid")
                    .with("TagKey", key)
                    .with("TagValue", value);
        }
    }

    private static boolean isBeyond(int maxLength, String text) {
        return text.codePointCount(0, text.length()) > maxLength || !isAllowed(text);
    }

    private static boolean isAllowed(String text) {
        return ALLOWED.matcher(text).matches();
    }
}
