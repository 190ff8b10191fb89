package io.pataka.service.operation.service;

import io.pataka.service.protocol.Parameters;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Optional;

/**
 * The time of which a caller wants to know what requests there were, by Ceph's parameters {@code start-date} and {@code end-date}: {@code
 * yyyy-MM-dd}, perhaps with {@code HH:mm:ss} after a space or a T, in UTC.
 *
 * @param from the first hour
 * @param to the first hour that does not count
 * @param named whether the caller named a date; if not, these are the last 24 hours
 */
record UsagePeriod(Instant from, Instant to, boolean named) {

    private static final DateTimeFormatter DATE = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .optionalStart()
            .appendPattern("[ ]['T']HH:mm:ss")
            .appendPattern("['Z']")
            .optionalEnd()
            .parseDefaulting(ChronoField.NANO_OF_SECOND, 0)
            .toFormatter()
            .withResolverStyle(ResolverStyle.STRICT);

    private static final Duration DAY = Duration.ofDays(1);

    /**
     * @param start the name of the parameter with the first date
     * @param end that with the last one
     * @throws S3Exception InvalidArgument for anything but dates
     */
    static UsagePeriod of(Parameters parameters, String start, String end, Instant now) {
        Optional<Instant> first = date(parameters, start);
        Optional<Instant> last = date(parameters, end);
        Instant afterNow = now.truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
        Instant to = last.orElse(afterNow);
        return new UsagePeriod(
                first.orElse(last.isPresent() ? Instant.EPOCH : to.minus(DAY)),
                to,
                first.isPresent() || last.isPresent());
    }

    private static Optional<Instant> date(Parameters parameters, String name) {
        Optional<String> text = parameters.first(name).filter(value -> !value.isEmpty());
        try {
            return text.map(UsagePeriod::parse);
        } catch (DateTimeException noDate) {
            throw new S3Exception(S3Error.INVALID_ARGUMENT, name + " must be a date: yyyy-MM-dd or yyyy-MM-dd HH:mm:ss")
                    .argument(name, text.orElse(""));
        }
    }

    private static Instant parse(String text) {
        TemporalAccessor parsed = DATE.parse(text);
        LocalDate date = parsed.query(TemporalQueries.localDate());
        LocalDateTime time = parsed.isSupported(ChronoField.HOUR_OF_DAY)
                ? date.atTime(parsed.get(ChronoField.HOUR_OF_DAY), parsed.get(ChronoField.MINUTE_OF_HOUR))
                : date.atStartOfDay();
        return time.toInstant(ZoneOffset.UTC).truncatedTo(ChronoUnit.HOURS);
    }
}
