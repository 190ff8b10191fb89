package io.pataka.service.logging;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.model.Bucket;
import io.pataka.service.model.ObjectKey;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Objects;

/**
 * The keys of the objects of one log. Buckets that log into one target with equal names share its objects.
 *
 * @param base with which the keys begin: the prefix, and in partitioned keys the source
 * @param format how they go on
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html">AWS: log object key format</a>
 */
public record LogObjectNames(String base, LogKeyFormat format) {

    /** The day, the time, a number and six random characters. */
    private static final int LONGEST_END = "2026/11/28/2026-11-28-23-59-59-0123456789ABCDEF".length();

    private static final int RANDOM_LENGTH = 6;

    /** Between base and format in stored text. No document can have it in a prefix. */
    private static final char SEPARATOR = '\0';

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuuu/MM/dd/", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd-HH-mm-ss-", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final String CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final SecureRandom RANDOM = new SecureRandom();

    public LogObjectNames {
        Objects.requireNonNull(base);
        Objects.requireNonNull(format);
    }

    /**
     * @param source the bucket that is logged
     * @param region of this server
     */
    public static LogObjectNames of(LoggingConfiguration configuration, Bucket source, String region) {
        LogKeyFormat format = configuration.keyFormat();
        return new LogObjectNames(configuration.prefix() + partition(format, source, region), format);
    }

    private static String partition(LogKeyFormat format, Bucket source, String region) {
        return format == LogKeyFormat.SIMPLE ? "" : source.owner().id() + "/" + region + "/" + source.name() + "/";
    }

    /** The prefix of the configuration from which {@link #of} made these names. */
    public String prefix(Bucket source, String region) {
        return base.substring(
                0, base.length() - partition(format, source, region).length());
    }

    /** Whether the keys would be longer than keys can be. */
    public boolean areTooLong() {
        return base.getBytes(UTF_8).length + LONGEST_END > ObjectKey.MAX_LENGTH;
    }

    /** Whether an object has records of one day only. */
    public boolean isByDay() {
        return format == LogKeyFormat.PARTITIONED_BY_EVENT;
    }

    /**
     * A key that no other object has. Keys of later objects of the same day are greater.
     *
     * @param at when the object is written, or if {@link #isByDay} any time of the day of its records
     * @param number greater than that of earlier objects
     */
    public ObjectKey key(Instant at, long number) {
        Instant shown = isByDay() ? at.truncatedTo(ChronoUnit.DAYS) : at;
        StringBuilder key = new StringBuilder(base);
        if (format != LogKeyFormat.SIMPLE) {
            key.append(DAY.format(shown));
        }
        key.append(TIME.format(shown)).append(String.format(Locale.ROOT, "%010d", number % 10_000_000_000L));
        for (int i = 0; i < RANDOM_LENGTH; i++) {
            key.append(CHARACTERS.charAt(RANDOM.nextInt(CHARACTERS.length())));
        }
        return ObjectKey.of(key.toString());
    }

    /** The form in which lines are stored: what stands in {@code log_record.prefix}. */
    public String text() {
        return switch (format) {
            case SIMPLE -> base;
            case PARTITIONED_BY_DELIVERY -> base + SEPARATOR + "D";
            case PARTITIONED_BY_EVENT -> base + SEPARATOR + "E";
        };
    }

    /** Reads {@link #text}. */
    public static LogObjectNames parse(String text) {
        int end = text.indexOf(SEPARATOR);
        if (end < 0) {
            return new LogObjectNames(text, LogKeyFormat.SIMPLE);
        }
        return new LogObjectNames(
                text.substring(0, end),
                text.endsWith("E") ? LogKeyFormat.PARTITIONED_BY_EVENT : LogKeyFormat.PARTITIONED_BY_DELIVERY);
    }
}
