package io.pataka.service;

import io.pataka.service.operation.topic.TopicRules;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;

/**
 * Notifications of buckets.
 *
 * @param topicsPerProject the most topics of a project
 * @param secretsInCleartext whether passwords of endpoints are accepted without TLS, and sent to Kafka without TLS
 * @param delivery how events are sent
 */
public record NotificationSettings(
        @Min(0) Integer topicsPerProject,
        Boolean secretsInCleartext,
        @Valid DeliverySettings delivery) {

    private static final int TOPICS = 100;

    public NotificationSettings {
        topicsPerProject = topicsPerProject == null ? TOPICS : topicsPerProject;
        secretsInCleartext = secretsInCleartext != null && secretsInCleartext;
        delivery = delivery == null ? DeliverySettings.STANDARD : delivery;
    }

    TopicRules topicRules(String region) {
        return new TopicRules(region, topicsPerProject, secretsInCleartext, delivery.osloProjects());
    }
}
