package io.pataka.service.notification;

import java.util.Objects;
import java.util.Optional;

/**
 * Names a topic to clients: {@code arn:aws:sns:<region>:<project>:<name>}.
 *
 * @param region of the service; it does not select the topic, as in Ceph
 * @param project the id of the project that owns the topic
 */
public record TopicArn(String region, String project, TopicName name) {

    private static final int PARTS = 6;

    public TopicArn {
        Objects.requireNonNull(region);
        Objects.requireNonNull(project);
        Objects.requireNonNull(name);
    }

    /** The topic that a text names; empty for everything that is not the ARN of a topic. */
    public static Optional<TopicArn> parse(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != PARTS
                || !parts[0].equals("arn")
                || !parts[1].equals("aws")
                || !parts[2].equals("sns")
                || parts[4].isEmpty()) {
            return Optional.empty();
        }
        return TopicName.parse(parts[5]).map(name -> new TopicArn(parts[3], parts[4], name));
    }

    /** The text that clients send. */
    public String text() {
        return "arn:aws:sns:" + region + ":" + project + ":" + name.text();
    }

    @Override
    public String toString() {
        return text();
    }
}
