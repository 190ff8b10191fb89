package io.pataka.service.protocol;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Times as S3 writes and reads them: whole seconds, in XML with a fraction of zeros. */
public final class S3Time {

    private static final DateTimeFormatter XML = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'.000Z'", Locale.US)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.US)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter HEADER = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);
    /** RFC 9110 section 5.6.7: the preferred form, and the two that a recipient must read as well. */
    private static final List<DateTimeFormatter> READABLE = List.of(
            HEADER,
            new DateTimeFormatterBuilder()
                    .appendPattern("EEEE, dd-MMM-")
                    .appendValueReduced(ChronoField.YEAR, 2, 2, 1970)
                    .appendPattern(" HH:mm:ss 'GMT'")
                    .toFormatter(Locale.US)
                    .withZone(ZoneOffset.UTC),
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.US).withZone(ZoneOffset.UTC));

    private static final Instant YEAR_0 = Instant.parse("0000-01-01T00:00:00Z");

    /** A retention ends at a whole millisecond, and is rounded up to one. */
    private static final Instant LAST_RETENTION = Instant.parse("9999-12-31T23:59:59.999Z");

    private S3Time() {}

    /** {@code 2009-10-12T17:50:30.000Z}: Amazon keeps whole seconds, so a document and a header have the same time. */
    public static String xml(Instant time) {
        return XML.format(time);
    }

    /** {@code 2009-10-12T17:50:30.123Z}: the end of a retention, which has milliseconds. */
    public static String withMillis(Instant time) {
        return MILLIS.format(time);
    }

    /** {@code Mon, 12 Oct 2009 17:50:30 GMT}. */
    public static String header(Instant time) {
        return HEADER.format(time);
    }

    /** The time as {@link #header} writes it: truncated to seconds. */
    public static Instant inHeader(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS);
    }

    /** Reads a date of RFC 9110; empty for anything else; the header is then ignored. */
    public static Optional<Instant> readHeader(String text) {
        for (DateTimeFormatter form : READABLE) {
            try {
                return Optional.of(ZonedDateTime.parse(text.trim(), form).toInstant());
            } catch (DateTimeException otherForm) {
                // try the next form
            }
        }
        return Optional.empty();
    }

    /** Reads a time of an XML document, with or without a fraction; empty for anything else. */
    public static Optional<Instant> readXml(String text) {
        try {
            return Optional.of(Instant.parse(text.trim()));
        } catch (DateTimeException notAnInstant) {
            return readLocal(text.trim());
        }
    }

    /**
     * Reads the end of a retention: as {@link #readXml}, in a year with four digits, as clients can read it again. Empty for anything else.
     */
    public static Optional<Instant> readRetention(String text) {
        return readXml(text).filter(time -> !time.isBefore(YEAR_0) && !time.isAfter(LAST_RETENTION));
    }

    private static Optional<Instant> readLocal(String text) {
        try {
            return Optional.of(LocalDateTime.parse(text).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException notATime) {
            return Optional.empty();
        }
    }
}
