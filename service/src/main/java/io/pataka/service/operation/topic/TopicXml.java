package io.pataka.service.operation.topic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pataka.service.metadata.Topics.Topic;
import io.pataka.service.model.ByteSource;
import io.pataka.service.notification.TopicAttributes;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.xml.XmlWriter;
import java.util.Map;

/**
 * The documents of answers, with the elements of Ceph Gateway. No password is in them.
 *
 * @see <a href="https://docs.ceph.com/en/latest/radosgw/notifications/#get-topic-attributes">Ceph: get topic attributes</a>
 */
final class TopicXml {

    private static final JsonMapper JSON = new JsonMapper();

    private TopicXml() {}

    /** Begins the answer of an operation, with the element for its result open. */
    static XmlWriter result(String operation) {
        return XmlWriter.topicDocument(operation + "Response").open(operation + "Result");
    }

    /** Ends an answer, after its result. */
    static S3Response answer(XmlWriter xml, String requestId) {
        byte[] document = xml.open("ResponseMetadata")
                .leaf("RequestId", requestId)
                .close()
                .toBytes();
        return S3Response.ok().header("Content-Type", "text/xml").body(ByteSource.of(document));
    }

    /** Each attribute as a key and a value. */
    static void attributes(Topic topic, String arn, XmlWriter xml) {
        TopicAttributes attributes = TopicAttributes.ofJson(topic.attributes());
        xml.open("Attributes");
        entry("User", topic.accountId(), xml);
        entry("Name", topic.name(), xml);
        entry("EndPoint", json(attributes.shown(topic.name(), topic.secret().isPresent())), xml);
        entry("TopicArn", arn, xml);
        entry("OpaqueData", attributes.opaqueData(), xml);
        entry("Policy", attributes.policy().orElse(""), xml);
        xml.close();
    }

    private static void entry(String key, String value, XmlWriter xml) {
        xml.open("entry").leaf("key", key).leaf("value", value).close();
    }

    private static String json(Map<String, Object> values) {
        try {
            return JSON.writeValueAsString(values);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("texts cannot be written", impossible);
        }
    }

    /** The attributes as elements, as in lists. */
    static void elements(Topic topic, String arn, XmlWriter xml) {
        TopicAttributes attributes = TopicAttributes.ofJson(topic.attributes());
        xml.leaf("User", topic.accountId()).leaf("Name", topic.name()).open("EndPoint");
        attributes
                .shown(topic.name(), topic.secret().isPresent())
                .forEach((name, value) -> xml.leaf(name, value.toString()));
        xml.close()
                .leaf("TopicArn", arn)
                .leaf("OpaqueData", attributes.opaqueData())
                .leaf("Policy", attributes.policy().orElse(""));
    }
}
