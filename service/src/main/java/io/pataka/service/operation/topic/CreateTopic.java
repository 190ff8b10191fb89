package io.pataka.service.operation.topic;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.Topics;
import io.pataka.service.metadata.Topics.Creation;
import io.pataka.service.metadata.Topics.Topic;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.SealedSecret;
import io.pataka.service.notification.InvalidAttributeException;
import io.pataka.service.notification.TopicArn;
import io.pataka.service.notification.TopicAttributes;
import io.pataka.service.notification.TopicName;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * Creates a topic, or replaces all attributes of the caller's topic of that name, as in Ceph. A request without attributes changes no
 * topic: with Amazon, clients ask for the ARN of a topic in this way.
 *
 * @see <a href="https://docs.ceph.com/en/latest/radosgw/notifications/#create-a-topic">Ceph: create a topic</a>
 * @see <a href="https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html">AWS: CreateTopic</a>
 */
final class CreateTopic implements Operation {

    /** How often a topic is looked for again that other requests change or delete meanwhile. */
    private static final int ATTEMPTS = 10;

    private final Topics topics;
    private final NamedTopic named;
    private final TopicChecks checks;
    private final TopicRules rules;

    CreateTopic(Topics topics, NamedTopic named, TopicChecks checks, TopicRules rules) {
        this.topics = topics;
        this.named = named;
        this.checks = checks;
        this.rules = rules;
    }

    @Override
    public S3Response perform(AdmittedCall call) throws IOException {
        TopicParameters parameters = TopicParameters.of(call);
        TopicName name = parameters.name();
        String project = call.caller().account().id();
        String arn = named.arn(project, name);
        Map<String, String> sent = parameters.attributes();
        Optional<Topic> known = named.find(call, new TopicArn(rules.region(), project, name));
        TopicAttributes.Changed wanted = read(sent);
        checks.require(
                wanted.attributes(), name, arn, project, wanted.password().isPresent());
        Optional<SealedSecret> secret = checks.sealed(wanted.password(), call, parameters, arn);
        if (known.isEmpty() || !sent.isEmpty()) {
            store(call, known, name, wanted.attributes(), secret);
        }
        return TopicXml.answer(
                TopicXml.result("CreateTopic").leaf("TopicArn", arn).close(),
                call.request().requestId());
    }

    private static TopicAttributes.Changed read(Map<String, String> sent) {
        try {
            return TopicAttributes.of(sent);
        } catch (InvalidAttributeException wrong) {
            throw TopicParameters.invalid(wrong.getMessage());
        }
    }

    private void store(
            AdmittedCall call,
            Optional<Topic> known,
            TopicName name,
            TopicAttributes attributes,
            Optional<SealedSecret> secret) {
        Optional<Topic> now = known;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (now.isPresent()) {
                if (topics.replace(
                        now.get(),
                        attributes.json(),
                        secret,
                        call.permit().changeOutsideBuckets(Kind.PUT_CONFIGURATION))) {
                    return;
                }
            } else {
                Creation creation = topics.create(
                        call.caller().account().id(),
                        name.text(),
                        attributes.json(),
                        secret,
                        rules.perProject(),
                        call.permit().changeOutsideBuckets(Kind.PUT_CONFIGURATION));
                if (creation == Creation.CREATED) {
                    return;
                }
                if (creation == Creation.TOO_MANY) {
                    throw new S3Exception(S3Error.TOPIC_LIMIT_EXCEEDED);
                }
            }
            now = topics.find(call.caller().account().id(), name.text());
        }
        throw new S3Exception(S3Error.OPERATION_ABORTED);
    }
}
