package io.pataka.service.operation.topic;

import io.pataka.service.encryption.SecretSeal;
import io.pataka.service.metadata.Topics;
import io.pataka.service.operation.OperationCatalog;
import io.pataka.service.protocol.S3Operation;

/** The operations on topics. */
public final class TopicOperations {

    private final Topics topics;
    private final SecretSeal seal;
    private final TopicRules rules;

    public TopicOperations(Topics topics, SecretSeal seal, TopicRules rules) {
        this.topics = topics;
        this.seal = seal;
        this.rules = rules;
    }

    public void register(OperationCatalog catalog) {
        NamedTopic named = new NamedTopic(topics, rules.region());
        TopicChecks checks = new TopicChecks(rules, seal);
        catalog.register(S3Operation.CREATE_TOPIC, new CreateTopic(topics, named, checks, rules))
                .register(S3Operation.DELETE_TOPIC, new DeleteTopic(topics, named))
                .register(S3Operation.GET_TOPIC, new GetTopic(named))
                .register(S3Operation.GET_TOPIC_ATTRIBUTES, new GetTopicAttributes(named))
                .register(S3Operation.LIST_TOPICS, new ListTopics(topics, named))
                .register(S3Operation.SET_TOPIC_ATTRIBUTES, new SetTopicAttributes(topics, named, checks));
    }
}
