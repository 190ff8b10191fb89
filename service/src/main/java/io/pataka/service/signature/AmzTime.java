package io.pataka.service.signature;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Optional;

/** The time notations of signed requests. */
public final class AmzTime {

    private static final DateTimeFormatter BASIC =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuuuMMdd", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);
    /** RFC 9110 section 5.6.7 without the name of the day; clients also write the zone as {@code +0000} or {@code UTC}. */
    private static final DateTimeFormatter HTTP = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .appendPattern("d MMM uuuu HH:mm[:ss] [zzz][xx]")
            .parseDefaulting(ChronoField.SECOND_OF_MINUTE, 0)
            .toFormatter(Locale.US);

    private AmzTime() {}

    /** Reads {@code yyyyMMdd'T'HHmmss'Z'}; empty for anything else. */
    public static Optional<Instant> basic(String text) {
        try {
            return Optional.of(LocalDateTime.parse(text, BASIC).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException notATime) {
            return Optional.empty();
        }
    }

    /** Writes {@code yyyyMMdd'T'HHmmss'Z'}. */
    public static String toBasic(Instant time) {
        return BASIC.format(time.atOffset(ZoneOffset.UTC));
    }

    /** Reads a {@code Date} header, with any day of the week, or the basic notation; empty for anything else. */
    public static Optional<Instant> any(String text) {
        String trimmed = text.trim();
        Optional<Instant> basic = basic(trimmed);
        if (basic.isPresent()) {
            return basic;
        }
        try {
            String withoutDayName = trimmed.substring(trimmed.indexOf(',') + 1).trim();
            return Optional.of(ZonedDateTime.parse(withoutDayName, HTTP).toInstant());
        } catch (DateTimeException notATime) {
            return Optional.empty();
        }
    }

    /** Whether the text is a day written {@code yyyyMMdd}. */
    public static boolean isDay(String text) {
        try {
            DAY.parse(text);
            return true;
        } catch (DateTimeException notADay) {
            return false;
        }
    }
}
