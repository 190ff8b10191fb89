package io.pataka.service.operation.topic;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.Topics;
import io.pataka.service.metadata.Topics.Topic;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.xml.XmlWriter;
import java.io.IOException;
import java.util.Optional;

/**
 * Deletes a topic, if there is one. Its events that were not sent yet are dropped. Notifications of buckets that name it stay, and have
 * no effect until there is a topic of that name again.
 *
 * @see <a href="https://docs.ceph.com/en/latest/radosgw/notifications/#delete-topic">Ceph: delete topic</a>
 */
final class DeleteTopic implements Operation {

    private final Topics topics;
    private final NamedTopic named;

    DeleteTopic(Topics topics, NamedTopic named) {
        this.topics = topics;
        this.named = named;
    }

    @Override
    public S3Response perform(AdmittedCall call) throws IOException {
        Optional<Topic> topic = named.find(call, TopicParameters.of(call).arn());
        topic.ifPresent(found -> topics.delete(
                found.accountId(), found.name(), call.permit().changeOutsideBuckets(Kind.DELETE_CONFIGURATION)));
        return TopicXml.answer(
                XmlWriter.topicDocument("DeleteTopicResponse"), call.request().requestId());
    }
}
