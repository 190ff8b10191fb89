package io.pataka.keystone;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a time: a number of seconds, as keystoneauth takes it, or a number with {@code ms}, {@code s}, {@code m}, {@code h}, {@code d}. */
final class DurationText extends StdScalarDeserializer<Duration> {

    private static final Pattern FORM = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(ms|s|m|h|d)?");

    /** A hundred years in milliseconds, which can be added to any time. */
    private static final BigDecimal LONGEST =
            BigDecimal.valueOf(Duration.ofDays(36_525).toMillis());

    DurationText() {
        super(Duration.class);
    }

    @Override
    public Duration deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        String text = parser.getValueAsString("").trim();
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return unfit(text, parser, context);
        }
        String unit = form.group(2) == null ? "s" : form.group(2);
        long millis = switch (unit) {
            case "ms" -> 1;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            case "d" -> 86_400_000;
            default -> 1000;
        };
        BigDecimal total = new BigDecimal(form.group(1)).multiply(BigDecimal.valueOf(millis));
        return total.compareTo(LONGEST) > 0 ? unfit(text, parser, context) : Duration.ofMillis(total.longValue());
    }

    private static Duration unfit(String text, JsonParser parser, DeserializationContext context) throws IOException {
        return (Duration) context.handleWeirdStringValue(
                Duration.class,
                text,
                "%s: a number of seconds, or a number with ms, s, m, h or d",
                parser.currentName());
    }
}
