package io.pataka.service.operation.topic;

import java.util.Objects;
import java.util.Set;

/**
 * What the operator has set about topics.
 *
 * @param region in their ARNs
 * @param perProject the most topics of a project
 * @param secretsInCleartext whether passwords are accepted without TLS, and sent to Kafka without TLS
 * @param osloProjects ids of the projects whose topics may send to the cloud's own notifications
 */
public record TopicRules(String region, int perProject, boolean secretsInCleartext, Set<String> osloProjects) {

    public TopicRules {
        Objects.requireNonNull(region);
        osloProjects = Set.copyOf(osloProjects);
    }
}
