package io.pataka.service.protocol;

import io.pataka.service.model.ETag;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a reader demands of an object, judged in the order of RFC 9110 section 13.2.2: {@code If-Match} puts
 * {@code If-Unmodified-Since} out of force, and {@code If-None-Match} puts {@code If-Modified-Since} out of force. A date that
 * cannot be read is passed over, and so is an {@code If-Modified-Since} later than now, as Amazon has it: a clock that is wrong must
 * not keep a reader from what is new.
 *
 * @param now when the request is judged
 * @param prefix put before the names of the headers in an error: empty, or {@code x-amz-copy-source-}
 */
public record Conditions(
        Instant now,
        String prefix,
        Optional<EntityTags> ifMatch,
        Optional<EntityTags> ifNoneMatch,
        Optional<Instant> ifModifiedSince,
        Optional<Instant> ifUnmodifiedSince) {

    public Conditions {
        Objects.requireNonNull(now);
        Objects.requireNonNull(prefix);
        Objects.requireNonNull(ifMatch);
        Objects.requireNonNull(ifNoneMatch);
        Objects.requireNonNull(ifModifiedSince);
        Objects.requireNonNull(ifUnmodifiedSince);
    }

    /** Those of a GET or HEAD. */
    public static Conditions of(RequestHeaders headers, Instant now) {
        return read(headers, now, "");
    }

    /** Those that a copy puts on its source. */
    public static Conditions ofCopySource(RequestHeaders headers, Instant now) {
        return read(headers, now, "x-amz-copy-source-");
    }

    /** Those that a renaming puts on its source. */
    public static Conditions ofRenameSource(RequestHeaders headers, Instant now) {
        return read(headers, now, "x-amz-rename-source-");
    }

    private static Conditions read(RequestHeaders headers, Instant now, String prefix) {
        return new Conditions(
                now,
                prefix,
                list(headers, prefix + "if-match"),
                list(headers, prefix + "if-none-match"),
                headers.first(prefix + "if-modified-since").flatMap(S3Time::readHeader),
                headers.first(prefix + "if-unmodified-since").flatMap(S3Time::readHeader));
    }

    private static Optional<EntityTags> list(RequestHeaders headers, String name) {
        return headers.has(name)
                ? Optional.of(EntityTags.parse(String.join(",", headers.all(name))))
                : Optional.empty();
    }

    /** Whether the reader needs to be sent the object. */
    public enum Verdict {
        SEND,
        /** The reader has it already: 304 to a GET or HEAD, 412 to a copy. */
        NOT_MODIFIED
    }

    /**
     * @param lastModified counted in whole seconds, as the reader was told it
     * @throws S3Exception PreconditionFailed, naming the condition
     */
    public Verdict judge(ETag etag, Instant lastModified) {
        Instant modified = S3Time.inHeader(lastModified);
        if (ifMatch.isPresent()) {
            if (!ifMatch.get().matchesStrongly(etag)) {
                throw unmet("If-Match");
            }
        } else if (ifUnmodifiedSince.isPresent() && modified.isAfter(ifUnmodifiedSince.get())) {
            throw unmet("If-Unmodified-Since");
        }
        if (ifNoneMatch.isPresent()) {
            return ifNoneMatch.get().matchesWeakly(etag) ? Verdict.NOT_MODIFIED : Verdict.SEND;
        }
        boolean unchanged = ifModifiedSince
                .filter(since -> isPast(since, modified))
                .filter(since -> !modified.isAfter(since))
                .isPresent();
        return unchanged ? Verdict.NOT_MODIFIED : Verdict.SEND;
    }

    /** The time that the reader was told of the object counts even if the node that told it is ahead of this one. */
    private boolean isPast(Instant since, Instant modified) {
        return !since.isAfter(now) || since.equals(modified);
    }

    /**
     * Whether a range is still one of the object that the reader has the rest of: {@code If-Range}, RFC 9110 section 13.1.5. When
     * it is not, the reader is sent the whole object, so that it never joins bytes of two.
     *
     * @param lastModified counted in whole seconds, as the reader was told it
     */
    public static boolean allowRange(RequestHeaders headers, ETag etag, Instant lastModified) {
        Optional<String> condition = headers.first("if-range");
        if (condition.isEmpty()) {
            return true;
        }
        Optional<Instant> time = S3Time.readHeader(condition.get());
        return time.isPresent()
                ? time.get().equals(S3Time.inHeader(lastModified))
                : EntityTags.parse(condition.get()).strong().equals(List.of(etag));
    }

    /** The error of a condition that does not hold. */
    public S3Exception unmet(String condition) {
        return new S3Exception(S3Error.PRECONDITION_FAILED).with("Condition", prefix + condition);
    }
}
