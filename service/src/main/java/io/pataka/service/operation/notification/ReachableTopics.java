package io.pataka.service.operation.notification;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.access.TopicAccess;
import io.pataka.service.metadata.Topics;
import io.pataka.service.notification.Notification;
import io.pataka.service.notification.NotificationConfiguration;
import io.pataka.service.notification.TopicArn;
import io.pataka.service.notification.TopicAttributes;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Which topics the events of a bucket may be sent to. */
final class ReachableTopics {

    private final Topics topics;

    ReachableTopics(Topics topics) {
        this.topics = Objects.requireNonNull(topics);
    }

    /**
     * Requires that all topics exist, and that the caller may have events of the call's bucket sent to them.
     *
     * @throws S3Exception NoSuchKey, as by Ceph Gateway, for a topic that the caller's project does not have; AccessDenied for another
     *     project's topic, also for one that does not exist, which other projects do not learn
     */
    void require(NotificationConfiguration wanted, AdmittedCall call) {
        Set<TopicArn> named = new LinkedHashSet<>();
        for (Notification notification : wanted.notifications()) {
            if (named.add(notification.topic())) {
                require(notification.topic(), call);
            }
        }
    }

    private void require(TopicArn arn, AdmittedCall call) {
        Optional<TopicAccess> topic = topics.find(arn.project(), arn.name().text())
                .map(found -> new TopicAccess(
                        arn.text(),
                        arn.project(),
                        TopicAttributes.ofJson(found.attributes()).policy()));
        if (topic.isEmpty() && arn.project().equals(call.caller().account().id())) {
            throw new S3Exception(S3Error.NO_SUCH_KEY, "The topic does not exist").argument("Topic", arn.text());
        }
        if (topic.isEmpty() || !call.mayPublish(topic.get())) {
            throw new S3Exception(S3Error.ACCESS_DENIED)
                    .argument("Topic", arn.text())
                    .because("topic: the caller may not have events sent to " + arn.text());
        }
    }
}
