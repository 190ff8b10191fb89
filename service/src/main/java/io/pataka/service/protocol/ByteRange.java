package io.pataka.service.protocol;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * One range of a {@code Range} header: the first byte with or without the last, or a number of last bytes. As RFC 9110 section
 * 14.2 allows and Amazon does, a header in another unit, with several ranges, or malformed is ignored, and the whole object is
 * sent.
 *
 * @param first offset of the first byte; empty for a range of last bytes
 * @param last offset of the last byte, or, without {@code first}, how many of the last bytes; empty for all that follow
 */
public record ByteRange(OptionalLong first, OptionalLong last) {

    private static final String UNIT = "bytes";

    /** Reads the header; empty when the whole object is wanted. */
    public static Optional<ByteRange> parse(Optional<String> header) {
        if (header.isEmpty()) {
            return Optional.empty();
        }
        // Not a regular expression, which would backtrack over blanks between the parts.
        String text = header.get();
        int equals = text.indexOf('=');
        int hyphen = text.indexOf('-', equals + 1);
        if (equals < 0
                || hyphen < 0
                || !text.substring(0, equals).trim().equalsIgnoreCase(UNIT)
                || !isDigits(text.substring(equals + 1, hyphen).trim())
                || !isDigits(text.substring(hyphen + 1).trim())) {
            return Optional.empty();
        }
        OptionalLong first = number(text.substring(equals + 1, hyphen).trim());
        OptionalLong last = number(text.substring(hyphen + 1).trim());
        boolean empty = first.isEmpty() && last.isEmpty();
        boolean backwards = first.isPresent() && last.isPresent() && last.getAsLong() < first.getAsLong();
        return empty || backwards ? Optional.empty() : Optional.of(new ByteRange(first, last));
    }

    private static boolean isDigits(String text) {
        return text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static OptionalLong number(String digits) {
        if (digits.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(digits));
        } catch (NumberFormatException beyondAnyObject) {
            return OptionalLong.of(Long.MAX_VALUE);
        }
    }

    /**
     * The range within an object of that size. The last bytes of an empty object are an empty range and no error: Amazon sends
     * the empty object to readers that begin with an object's tail.
     *
     * @throws S3Exception InvalidRange when the range begins after the end, or asks for the last 0 bytes
     */
    public Span within(long size) {
        if (first.isEmpty()) {
            if (last.getAsLong() == 0) {
                throw unsatisfiable(size);
            }
            long length = Math.min(last.getAsLong(), size);
            return new Span(size - length, length);
        }
        long from = first.getAsLong();
        if (from >= size) {
            throw unsatisfiable(size);
        }
        long to = Math.min(last.orElse(size - 1), size - 1);
        return new Span(from, to - from + 1);
    }

    private S3Exception unsatisfiable(long size) {
        return new S3Exception(S3Error.INVALID_RANGE)
                .with("RangeRequested", text())
                .with("ActualObjectSize", Long.toString(size))
                .header("Content-Range", "bytes */" + size);
    }

    private String text() {
        return "bytes=" + (first.isPresent() ? Long.toString(first.getAsLong()) : "") + "-"
                + (last.isPresent() ? Long.toString(last.getAsLong()) : "");
    }

    /** A range of bytes within an object. */
    public record Span(long offset, long length) {

        /** All of an object. */
        public static Span whole(long size) {
            return new Span(0, size);
        }

        /** The value of {@code Content-Range}, for a range that is not empty. */
        public String contentRange(long size) {
            return "bytes " + offset + "-" + (offset + length - 1) + "/" + size;
        }
    }
}
