package io.pataka.service;

import io.pataka.service.operation.topic.TopicRules;
import jakarta.validation.constraints.Min;

/**
 * Notifications of buckets.
 *
 * @param topicsPerProject the most topics of a project
 * @param secretsInCleartext whether passwords of endpoints are accepted without TLS, and sent to Kafka without TLS
 */
public record NotificationSettings(@Min(0) Integer topicsPerProject, Boolean secretsInCleartext) {

    private static final int TOPICS = 100;

    public NotificationSettings {
        topicsPerProject = topicsPerProject == null ? TOPICS : topicsPerProject;
        secretsInCleartext = secretsInCleartext != null && secretsInCleartext;
    }

    TopicRules topicRules(String region) {
        return new TopicRules(region, topicsPerProject, secretsInCleartext);
    }
}
