package io.pataka.service.operation.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.Topics;
import io.pataka.service.metadata.Topics.Topic;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.ContinuationToken;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.xml.XmlWriter;
import java.io.IOException;
import java.util.List;

/**
 * The topics of the caller's project by name, 100 at a time.
 *
 * @see <a href="https://docs.ceph.com/en/latest/radosgw/notifications/#list-topics">Ceph: list topics</a>
 * @see <a href="https://docs.aws.amazon.com/sns/latest/api/API_ListTopics.html">AWS: ListTopics</a>
 */
final class ListTopics implements Operation {

    private static final int PAGE = 100;

    private final Topics topics;
    private final NamedTopic named;

    ListTopics(Topics topics, NamedTopic named) {
        this.topics = topics;
        this.named = named;
    }

    @Override
    public S3Response perform(AdmittedCall call) throws IOException {
        String after = TopicParameters.of(call)
                .first("NextToken")
                .filter(token -> !token.isEmpty())
                .map(ListTopics::position)
                .orElse("");
        List<Topic> found = topics.page(call.caller().account().id(), after, PAGE + 1);
        List<Topic> page = found.subList(0, Math.min(PAGE, found.size()));
        XmlWriter xml = TopicXml.result("ListTopics").open("Topics");
        for (Topic topic : page) {
            xml.open("member");
            TopicXml.elements(topic, named.arn(topic), xml);
            xml.close();
        }
        xml.close();
        if (found.size() > PAGE) {
            byte[] last = page.get(PAGE - 1).name().getBytes(UTF_8);
            xml.leaf("NextToken", new ContinuationToken(last, false).text());
        }
        return TopicXml.answer(xml.close(), call.request().requestId());
    }

    private static String position(String token) {
        try {
            return new String(ContinuationToken.parse(token).position(), UTF_8);
        } catch (S3Exception unknown) {
            throw TopicParameters.invalid("NextToken");
        }
    }
}
