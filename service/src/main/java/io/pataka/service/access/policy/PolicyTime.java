package io.pataka.service.access.policy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Points in time as policies write them: W3C's profile of ISO 8601, from a year alone to fractions of a second, or seconds since
 * 1970. Four digits are a year.
 *
 * @see <a href="https://www.w3.org/TR/NOTE-datetime">W3C: date and time formats</a>
 */
final class PolicyTime {

    private static final Pattern SECONDS = Pattern.compile("-?\\d{1,15}(?:\\.\\d{1,9})?");
    private static final Pattern YEAR = Pattern.compile("\\d{4}");
    private static final DateTimeFormatter W3C = new DateTimeFormatterBuilder()
            .appendPattern("uuuu[-MM[-dd['T'HH:mm[:ss]]]]")
            .optionalStart()
            .appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, true)
            .optionalEnd()
            .optionalStart()
            .appendOffset("+HH:MM", "Z")
            .optionalEnd()
            .parseDefaulting(ChronoField.MONTH_OF_YEAR, 1)
            .parseDefaulting(ChronoField.DAY_OF_MONTH, 1)
            .parseDefaulting(ChronoField.HOUR_OF_DAY, 0)
            .parseDefaulting(ChronoField.OFFSET_SECONDS, 0)
            .toFormatter(Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private PolicyTime() {}

    /** Empty when it is no such time. */
    static Optional<Instant> read(String text) {
        try {
            if (SECONDS.matcher(text).matches() && !YEAR.matcher(text).matches()) {
                BigDecimal seconds = new BigDecimal(text);
                long whole = seconds.setScale(0, RoundingMode.FLOOR).longValueExact();
                long nanos = seconds.subtract(BigDecimal.valueOf(whole))
                        .movePointRight(9)
                        .longValueExact();
                return Optional.of(Instant.ofEpochSecond(whole, nanos));
            }
            return Optional.of(OffsetDateTime.parse(text, W3C).toInstant());
        } catch (DateTimeException notATime) {
            return Optional.empty();
        }
    }
}
