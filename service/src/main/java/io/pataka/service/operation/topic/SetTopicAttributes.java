package io.pataka.service.operation.topic;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.Topics;
import io.pataka.service.metadata.Topics.Topic;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.SealedSecret;
import io.pataka.service.notification.InvalidAttributeException;
import io.pataka.service.notification.TopicArn;
import io.pataka.service.notification.TopicAttributes;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.xml.XmlWriter;
import java.io.IOException;
import java.util.Optional;

/**
 * Sets one attribute of a topic; an empty value removes it.
 *
 * @see <a href="https://docs.ceph.com/en/latest/radosgw/notifications/#set-topic-attributes">Ceph: set topic attributes</a>
 */
final class SetTopicAttributes implements Operation {

    /** How often the attribute is set again when other requests change the topic meanwhile. */
    private static final int ATTEMPTS = 10;

    private final Topics topics;
    private final NamedTopic named;
    private final TopicChecks checks;

    SetTopicAttributes(Topics topics, NamedTopic named, TopicChecks checks) {
        this.topics = topics;
        this.named = named;
        this.checks = checks;
    }

    @Override
    public S3Response perform(AdmittedCall call) throws IOException {
        TopicParameters parameters = TopicParameters.of(call);
        TopicArn arn = parameters.arn();
        String name = parameters.required("AttributeName");
        String value = parameters.first("AttributeValue").orElse("");
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Topic topic = named.require(call, arn);
            TopicAttributes.Changed changed = changed(topic, name, value);
            boolean hasPassword = changed.keepsPassword()
                    ? topic.secret().isPresent()
                    : changed.password().isPresent();
            checks.require(changed.attributes(), arn.name(), named.arn(topic), topic.accountId(), hasPassword);
            Optional<SealedSecret> secret = changed.keepsPassword()
                    ? topic.secret()
                    : checks.sealed(changed.password(), call, parameters, named.arn(topic));
            if (topics.replace(
                    topic,
                    changed.attributes().json(),
                    secret,
                    call.permit().changeOutsideBuckets(Kind.PUT_CONFIGURATION))) {
                return TopicXml.answer(
                        XmlWriter.topicDocument("SetTopicAttributesResponse"),
                        call.request().requestId());
            }
        }
        throw new S3Exception(S3Error.OPERATION_ABORTED);
    }

    private static TopicAttributes.Changed changed(Topic topic, String name, String value) {
        try {
            return TopicAttributes.ofJson(topic.attributes()).with(name, value);
        } catch (InvalidAttributeException wrong) {
            throw TopicParameters.invalid(wrong.getMessage());
        }
    }
}
