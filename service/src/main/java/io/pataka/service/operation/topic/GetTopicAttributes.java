package io.pataka.service.operation.topic;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.Topics.Topic;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.xml.XmlWriter;
import java.io.IOException;

/**
 * The attributes of a topic. They tell whether it has a password, and never the password.
 *
 * @see <a href="https://docs.ceph.com/en/latest/radosgw/notifications/#get-topic-attributes">Ceph: get topic attributes</a>
 */
final class GetTopicAttributes implements Operation {

    private final NamedTopic named;

    GetTopicAttributes(NamedTopic named) {
        this.named = named;
    }

    @Override
    public S3Response perform(AdmittedCall call) throws IOException {
        Topic topic = named.require(call, TopicParameters.of(call).arn());
        XmlWriter xml = TopicXml.result("GetTopicAttributes");
        TopicXml.attributes(topic, named.arn(topic), xml);
        return TopicXml.answer(xml.close(), call.request().requestId());
    }
}
