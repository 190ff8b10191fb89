package io.pataka.service.operation.topic;

import java.util.Objects;

/**
 * What the operator has set about topics.
 *
 * @param region in their ARNs
 * @param perProject the most topics of a project
 * @param secretsInCleartext whether passwords are accepted without TLS, and sent to Kafka without TLS
 */
public record TopicRules(String region, int perProject, boolean secretsInCleartext) {

    public TopicRules {
        Objects.requireNonNull(region);
    }
}
