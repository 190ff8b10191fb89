package io.pataka.service.access;

import java.util.Objects;
import java.util.Optional;

/**
 * What decides about access to a topic.
 *
 * @param arn the topic's name in policies
 * @param project the id of the project that owns it
 * @param policy the text of its policy
 */
public record TopicAccess(String arn, String project, Optional<String> policy) {

    public TopicAccess {
        Objects.requireNonNull(arn);
        Objects.requireNonNull(project);
        Objects.requireNonNull(policy);
    }
}
