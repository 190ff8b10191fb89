package io.pataka.service.protocol;

import io.pataka.service.model.WriteCondition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads the condition of a write or a removal from its headers. A condition that is not supported is refused and never ignored:
 * the writer relies on it.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html">AWS: conditional requests</a>
 */
public final class WriteConditions {

    private static final List<String> NEVER_KEPT = List.of("if-modified-since", "if-unmodified-since");
    private static final String LAST_MODIFIED = "x-amz-if-match-last-modified-time";
    private static final String SIZE = "x-amz-if-match-size";

    private WriteConditions() {}

    /**
     * {@code If-None-Match: *} and {@code If-Match: "etag"} as with Amazon, and {@code If-None-Match: "etag"} as with Ceph.
     *
     * @throws S3Exception NotImplemented for both at once, or for a condition on time or size
     */
    public static WriteCondition of(RequestHeaders headers) {
        for (String name : List.of(LAST_MODIFIED, SIZE)) {
            if (headers.has(name)) {
                throw notImplemented(name);
            }
        }
        return ofTags(headers);
    }

    /**
     * The condition of DeleteObject: that of a write, and size and time, which Amazon supports for directory buckets and Ceph
     * for all.
     *
     * @throws S3Exception NotImplemented as {@link #of}; InvalidArgument for a malformed size or time
     */
    public static WriteCondition ofRemoval(RequestHeaders headers) {
        return ofRemoval(ofTags(headers), headers.first(SIZE), headers.first(LAST_MODIFIED));
    }

    /**
     * The condition of one key of DeleteObjects.
     *
     * @param tag the condition of {@code <ETag>}
     * @param size {@code <Size>}
     * @param lastModified {@code <LastModifiedTime>}
     * @throws S3Exception InvalidArgument for a malformed size or time
     */
    public static WriteCondition ofRemoval(WriteCondition tag, Optional<String> size, Optional<String> lastModified) {
        if (size.isEmpty() && lastModified.isEmpty()) {
            return tag;
        }
        return new WriteCondition.Resembles(
                tag,
                size.map(WriteConditions::size).orElse(OptionalLong.empty()),
                lastModified.map(WriteConditions::time));
    }

    private static OptionalLong size(String text) {
        OptionalLong size = WholeNumber.ofLong(text.trim());
        if (size.isEmpty()) {
            throw invalid(SIZE, text);
        }
        return size;
    }

    private static Instant time(String text) {
        return S3Time.readHeader(text)
                .or(() -> S3Time.readXml(text))
                .map(S3Time::inHeader)
                .orElseThrow(() -> invalid(LAST_MODIFIED, text));
    }

    private static S3Exception invalid(String name, String value) {
        return new S3Exception(S3Error.INVALID_ARGUMENT, "The value of a condition is invalid").argument(name, value);
    }

    private static WriteCondition ofTags(RequestHeaders headers) {
        for (String name : NEVER_KEPT) {
            if (headers.has(name)) {
                throw notImplemented(name);
            }
        }
        boolean matches = headers.has("if-match");
        boolean differs = headers.has("if-none-match");
        if (matches && differs) {
            throw notImplemented("if-none-match");
        }
        if (matches) {
            return ifMatch(String.join(",", headers.all("if-match")));
        }
        if (differs) {
            EntityTags tags = EntityTags.parse(String.join(",", headers.all("if-none-match")));
            return tags.any() ? new WriteCondition.Absent() : new WriteCondition.Differs(tags.all());
        }
        return WriteCondition.NONE;
    }

    /** The condition of an {@code If-Match} value, or of the {@code <ETag>} of a key to be deleted. */
    public static WriteCondition ifMatch(String value) {
        EntityTags tags = EntityTags.parse(value);
        return tags.any() ? new WriteCondition.Present() : new WriteCondition.Matches(tags.strong());
    }

    /** The name of the header of a condition, for the {@code <Condition>} of an error. */
    public static Optional<String> header(WriteCondition condition) {
        if (condition instanceof WriteCondition.Always) {
            return Optional.empty();
        }
        if (condition instanceof WriteCondition.Resembles resembles) {
            return header(resembles.tag()).or(() -> Optional.of(resembles.size().isPresent() ? SIZE : LAST_MODIFIED));
        }
        boolean differs = condition instanceof WriteCondition.Absent || condition instanceof WriteCondition.Differs;
        return Optional.of(differs ? "If-None-Match" : "If-Match");
    }

    /** The error for an unmet condition. */
    public static S3Exception unmet(WriteCondition condition) {
        S3Exception unmet = new S3Exception(S3Error.PRECONDITION_FAILED);
        return header(condition).map(name -> unmet.with("Condition", name)).orElse(unmet);
    }

    private static S3Exception notImplemented(String header) {
        return new S3Exception(S3Error.NOT_IMPLEMENTED).with("Header", header);
    }
}
