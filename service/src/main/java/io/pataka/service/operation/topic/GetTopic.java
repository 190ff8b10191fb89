package io.pataka.service.operation.topic;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.Topics.Topic;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.xml.XmlWriter;
import java.io.IOException;

/**
 * A topic, with its attributes as elements. Ceph's own, from before it had GetTopicAttributes.
 *
 * @see <a href="https://docs.ceph.com/en/latest/radosgw/notifications/#get-topic-information">Ceph: get topic information</a>
 */
final class GetTopic implements Operation {

    private final NamedTopic named;

    GetTopic(NamedTopic named) {
        this.named = named;
    }

    @Override
    public S3Response perform(AdmittedCall call) throws IOException {
        Topic topic = named.require(call, TopicParameters.of(call).arn());
        XmlWriter xml = TopicXml.result("GetTopic").open("Topic");
        TopicXml.elements(topic, named.arn(topic), xml);
        return TopicXml.answer(xml.close().close(), call.request().requestId());
    }
}
