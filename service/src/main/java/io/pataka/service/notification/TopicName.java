package io.pataka.service.notification;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a topic: 1 to 256 letters, digits, underscores and hyphens. A project has one topic of a name.
 *
 * @see <a href="https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html">AWS: CreateTopic</a>
 */
public record TopicName(String text) {

    /** The most characters of a name. */
    public static final int LONGEST = 256;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1," + LONGEST + "}");

    /** @throws IllegalArgumentException when the text is no name */
    public TopicName {
        Objects.requireNonNull(text);
        if (!NAME.matcher(text).matches()) {
            throw new IllegalArgumentException("not the name of a topic");
        }
    }

    /** The name of this text; empty when it is none. */
    public static Optional<TopicName> parse(String text) {
        return NAME.matcher(text).matches() ? Optional.of(new TopicName(text)) : Optional.empty();
    }

    @Override
    public String toString() {
        return text;
    }
}
