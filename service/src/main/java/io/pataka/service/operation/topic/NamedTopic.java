package io.pataka.service.operation.topic;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.access.TopicAccess;
import io.pataka.service.metadata.Topics;
import io.pataka.service.metadata.Topics.Topic;
import io.pataka.service.notification.TopicArn;
import io.pataka.service.notification.TopicAttributes;
import io.pataka.service.notification.TopicName;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.util.Optional;

/** Finds the topic that a request names, and authorises the call by its owner and its policy. */
final class NamedTopic {

    private final Topics topics;
    private final String region;

    NamedTopic(Topics topics, String region) {
        this.topics = topics;
        this.region = region;
    }

    /**
     * The topic, if there is one; the call is authorised afterwards.
     *
     * @throws S3Exception AccessDenied, also for a topic of another project that does not exist
     */
    Optional<Topic> find(AdmittedCall call, TopicArn named) {
        Optional<Topic> topic = topics.find(named.project(), named.name().text());
        call.requireTopic(new TopicAccess(
                arn(named.project(), named.name()),
                named.project(),
                topic.flatMap(
                        found -> TopicAttributes.ofJson(found.attributes()).policy())));
        return topic;
    }

    /**
     * As {@link #find}.
     *
     * @throws S3Exception NotFound when the project of the caller has no such topic
     */
    Topic require(AdmittedCall call, TopicArn named) {
        return find(call, named).orElseThrow(() -> new S3Exception(S3Error.TOPIC_NOT_FOUND));
    }

    /** The ARN of a topic in policies and answers. */
    String arn(String project, TopicName name) {
        return new TopicArn(region, project, name).text();
    }

    String arn(Topic topic) {
        return arn(topic.accountId(), new TopicName(topic.name()));
    }
}
