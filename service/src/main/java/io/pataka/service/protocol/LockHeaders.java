package io.pataka.service.protocol;

import io.pataka.service.model.ObjectLock;
import io.pataka.service.model.Retention;
import io.pataka.service.model.RetentionMode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The headers of object lock, in requests and answers, and its times in documents. Codes and messages of errors are those that Amazon
 * answers.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html">AWS: Object Lock</a>
 */
public final class LockHeaders {

    /** What the names of the three headers of a lock begin with. */
    static final String PREFIX = "x-amz-object-lock-";

    private static final String MODE = PREFIX + "mode";
    private static final String UNTIL = PREFIX + "retain-until-date";
    private static final String HOLD = PREFIX + "legal-hold";
    private static final String BYPASS = "x-amz-bypass-governance-retention";

    /** In words of Amazon. */
    private static final String ON = "ON";

    private static final String OFF = "OFF";

    private LockHeaders() {}

    /**
     * The lock that a request wants for the version that it makes. An empty value is wrong, and not ignored.
     *
     * @param now by which the date is judged to be in the future
     * @return {@link ObjectLock#NONE} without any of the headers
     * @throws S3Exception InvalidArgument
     */
    public static ObjectLock read(RequestHeaders headers, Instant now) {
        Optional<String> mode = headers.first(MODE);
        Optional<String> until = headers.first(UNTIL);
        if (mode.isPresent() != until.isPresent()) {
            throw new S3Exception(S3Error.INVALID_ARGUMENT, UNTIL + " and " + MODE + " must both be supplied")
                    .with("ArgumentName", mode.isPresent() ? UNTIL : MODE);
        }
        Optional<Retention> retention = mode.map(word -> new Retention(mode(word), until(until.orElseThrow(), now)));
        Optional<Boolean> hold = headers.first(HOLD).map(LockHeaders::hold);
        return new ObjectLock(retention, hold);
    }

    private static RetentionMode mode(String word) {
        return modeNamed(word)
                .orElseThrow(() ->
                        new S3Exception(S3Error.INVALID_ARGUMENT, "Unknown wormMode directive.").argument(MODE, word));
    }

    private static Instant until(String text, Instant now) {
        Instant until = S3Time.readRetention(text)
                .orElseThrow(() -> new S3Exception(
                                S3Error.INVALID_ARGUMENT, "The retain until date must be provided in ISO 8601 format")
                        .argument(UNTIL, text));
        requireFuture(until, now);
        return until;
    }

    private static boolean hold(String word) {
        return holdNamed(word)
                .orElseThrow(
                        () -> new S3Exception(S3Error.INVALID_ARGUMENT, "Legal Hold must be either of 'ON' or 'OFF'")
                                .argument(HOLD, word));
    }

    /**
     * Requires that a retention ends in the future.
     *
     * @throws S3Exception InvalidArgument
     */
    public static void requireFuture(Instant until, Instant now) {
        if (!until.isAfter(now)) {
            throw new S3Exception(S3Error.INVALID_ARGUMENT, "The retain until date must be in the future!")
                    .argument(UNTIL, S3Time.withMillis(until));
        }
    }

    /** The mode of that exact name. */
    public static Optional<RetentionMode> modeNamed(String word) {
        return switch (word) {
            case "GOVERNANCE" -> Optional.of(RetentionMode.GOVERNANCE);
            case "COMPLIANCE" -> Optional.of(RetentionMode.COMPLIANCE);
            default -> Optional.empty();
        };
    }

    /** Whether a word sets a legal hold; empty for a word that does not say. */
    public static Optional<Boolean> holdNamed(String word) {
        return switch (word) {
            case ON -> Optional.of(true);
            case OFF -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    /** The word for a legal hold that is set, or is not. */
    public static String holdName(boolean isSet) {
        return isSet ? ON : OFF;
    }

    /** Whether a request wants to change or delete what is retained in governance mode; its caller may be allowed to, or not. */
    public static boolean asksForBypass(RequestHeaders headers) {
        return headers.first(BYPASS).filter("true"::equalsIgnoreCase).isPresent();
    }

    /** The error of a request that asks for a bypass in a bucket without object lock: the client has mistaken the bucket. */
    public static S3Exception nothingToBypass(RequestHeaders headers) {
        return new S3Exception(S3Error.NO_LOCK_TO_BYPASS)
                .argument(BYPASS, headers.first(BYPASS).orElse(""));
    }

    /** The headers that set this lock, or tell it. */
    public static Map<String, String> of(ObjectLock lock) {
        Map<String, String> headers = new LinkedHashMap<>();
        lock.retention().ifPresent(retention -> {
            headers.put(MODE, retention.mode().name());
            headers.put(UNTIL, S3Time.withMillis(retention.until()));
        });
        lock.hold().ifPresent(isSet -> headers.put(HOLD, holdName(isSet)));
        return headers;
    }
}
