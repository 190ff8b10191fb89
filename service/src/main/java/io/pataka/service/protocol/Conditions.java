package io.pataka.service.protocol;

import io.pataka.service.model.ETag;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The conditions of a reader, evaluated in the order of RFC 9110 section 13.2.2: {@code If-Match} overrides {@code
 * If-Unmodified-Since}, and {@code If-None-Match} overrides {@code If-Modified-Since}. A malformed date is ignored, and so is
 * an {@code If-Modified-Since} later than now, as with Amazon: a reader with a wrong clock must still get new content.
 *
 * @param now the current time
 * @param prefix the prefix of the headers' names: empty, or {@code x-amz-copy-source-}
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

    /** The conditions of a GET or HEAD. */
    public static Conditions of(RequestHeaders headers, Instant now) {
        return read(headers, now, "");
    }

    /** The conditions of a copy on its source. */
    public static Conditions ofCopySource(RequestHeaders headers, Instant now) {
        return read(headers, now, "x-amz-copy-source-");
    }

    /** The conditions of a rename on its source. */
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

    /** Whether the object is to be sent. */
    public enum Verdict {
        SEND,
        /** The reader has it already: 304 to a GET or HEAD, 412 to a copy. */
        NOT_MODIFIED
    }

    /**
     * @param lastModified compared in whole seconds, as headers have it
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

    /** The object's own time counts even if it is later than now: another node with a clock ahead may have written it. */
    private boolean isPast(Instant since, Instant modified) {
        return !since.isAfter(now) || since.equals(modified);
    }

    /**
     * Evaluates {@code If-Range}, RFC 9110 section 13.1.5: whether the reader has the rest of the same object. If not, the
     * whole object is sent, so that the reader never joins bytes of two objects.
     *
     * @param lastModified compared in whole seconds, as headers have it
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

    /** The error for an unmet condition. */
    public S3Exception unmet(String condition) {
        return new S3Exception(S3Error.PRECONDITION_FAILED).with("Condition", prefix + condition);
    }
}
