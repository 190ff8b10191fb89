package io.pataka.service.notification;

import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The events that an {@code <Event>} of a configuration names: one, or with an asterisk at the end all of a group.
 *
 * @param text as clients send it: {@code s3:ObjectCreated:Put}, {@code s3:ObjectCreated:*}
 */
public record EventPattern(String text) {

    /** Every event that adds an object. */
    public static final EventPattern CREATED = new EventPattern("s3:ObjectCreated:*");

    /** Every event by which a request removes an object. */
    public static final EventPattern REMOVED = new EventPattern("s3:ObjectRemoved:*");

    private static final String SCHEME = "s3:";
    private static final String ALL = ":*";

    public EventPattern {
        Objects.requireNonNull(text);
    }

    /** Empty for a text that names no event. */
    public static Optional<EventPattern> parse(String text) {
        EventPattern pattern = new EventPattern(text);
        return Stream.of(EventName.values()).anyMatch(pattern::matches) ? Optional.of(pattern) : Optional.empty();
    }

    /** Whether the pattern names an event. */
    public boolean matches(EventName name) {
        if (!text.startsWith(SCHEME)) {
            return false;
        }
        if (!text.endsWith(ALL)) {
            return text.length() == SCHEME.length() + name.text().length() && text.endsWith(name.text());
        }
        int end = text.length() - 1;
        return end > SCHEME.length() && name.text().startsWith(text.substring(SCHEME.length(), end));
    }

    @Override
    public String toString() {
        return text;
    }
}
