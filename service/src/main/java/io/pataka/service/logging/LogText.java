package io.pataka.service.logging;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** The fields of a line of a log, separated by spaces. Text that could break a field is escaped. */
final class LogText {

    private static final String NONE = "-";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final StringBuilder line = new StringBuilder(512);

    LogText token(String text) {
        begin();
        line.append(text.isEmpty() ? NONE : escapedToken(text));
        return this;
    }

    LogText token(Optional<String> text) {
        return token(text.orElse(NONE));
    }

    /** Text that is escaped already. */
    LogText word(Optional<String> text) {
        begin();
        line.append(text.orElse(NONE));
        return this;
    }

    LogText time(Instant time) {
        begin();
        line.append('[').append(TIME.format(time)).append(']');
        return this;
    }

    LogText number(OptionalLong number) {
        begin();
        if (number.isPresent()) {
            line.append(number.getAsLong());
        } else {
            line.append(NONE);
        }
        return this;
    }

    /** Text in quotes, which may have spaces. */
    LogText quoted(Optional<String> text) {
        begin();
        line.append('"').append(escaped(text.orElse(NONE), ' ')).append('"');
        return this;
    }

    private void begin() {
        if (line.length() > 0) {
            line.append(' ');
        }
    }

    /** Text without spaces. */
    static String escapedToken(String text) {
        return escaped(text, '!');
    }

    /**
     * Escapes quotes, backslashes and what is no printable ASCII. Percent signs stay, because what is encoded already is not encoded
     * again.
     *
     * @param first the first character that stays
     */
    private static String escaped(String text, char first) {
        int kept = 0;
        while (kept < text.length() && isKept(text.charAt(kept), first)) {
            kept++;
        }
        if (kept == text.length()) {
            return text;
        }
        StringBuilder safe = new StringBuilder(text.length() + 16).append(text, 0, kept);
        text.substring(kept).codePoints().forEach(c -> {
            if (c < 0x80 && isKept((char) c, first)) {
                safe.append((char) c);
            } else if (c < 0x100) {
                escape((byte) c, safe);
            } else {
                for (byte b : Character.toString(c).getBytes(UTF_8)) {
                    escape(b, safe);
                }
            }
        });
        return safe.toString();
    }

    private static boolean isKept(char c, char first) {
        return c >= first && c < 0x7F && c != '"' && c != '\\';
    }

    private static void escape(byte b, StringBuilder safe) {
        safe.append('%').append(HEX.toHexDigits(b));
    }

    @Override
    public String toString() {
        return line.toString();
    }
}
