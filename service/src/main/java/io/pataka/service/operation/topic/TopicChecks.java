package io.pataka.service.operation.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.access.policy.BucketPolicy;
import io.pataka.service.access.policy.MalformedPolicyException;
import io.pataka.service.encryption.KeyRefusedException;
import io.pataka.service.encryption.SecretSeal;
import io.pataka.service.model.SealedSecret;
import io.pataka.service.notification.Endpoint;
import io.pataka.service.notification.EndpointPassword;
import io.pataka.service.notification.InvalidAttributeException;
import io.pataka.service.notification.TopicAttributes;
import io.pataka.service.notification.TopicName;
import io.pataka.service.protocol.S3Exception;
import java.util.Optional;

/** What the attributes of a topic must fulfil before they are stored, beyond what {@link TopicAttributes} checks. */
final class TopicChecks {

    private final TopicRules rules;
    private final SecretSeal seal;

    TopicChecks(TopicRules rules, SecretSeal seal) {
        this.rules = rules;
        this.seal = seal;
    }

    /**
     * @param arn of the topic
     * @param project that owns the topic
     * @param hasPassword whether the topic will have a password
     * @throws S3Exception InvalidParameter
     */
    void require(TopicAttributes attributes, TopicName name, String arn, String project, boolean hasPassword) {
        try {
            attributes.checkName(name);
        } catch (InvalidAttributeException wrong) {
            throw TopicParameters.invalid(wrong.getMessage());
        }
        if (attributes.endpoint() instanceof Endpoint.Kafka kafka
                && kafka.tls().isEmpty()
                && hasPassword
                && !rules.secretsInCleartext()) {
            throw TopicParameters.invalid("A password is sent to Kafka only over TLS: set the attribute use-ssl");
        }
        if (attributes.endpoint() instanceof Endpoint.Oslo
                && !rules.osloProjects().contains(project)) {
            throw TopicParameters.invalid("push-endpoint: the operator of this service does not let project " + project
                    + " send events to the notifications of the cloud (oslo:)");
        }
        attributes.policy().ifPresent(policy -> requirePolicy(policy, arn));
    }

    private static void requirePolicy(String policy, String arn) {
        try {
            BucketPolicy.ofTopic(policy, arn);
        } catch (MalformedPolicyException malformed) {
            throw TopicParameters.invalid("Policy: " + malformed.getMessage() + " (" + malformed.fault() + ")");
        }
    }

    /**
     * Encrypts the password that a request brings.
     *
     * @param arn of the topic, to which the password belongs
     * @throws S3Exception InvalidParameter for a request without TLS, a password in the query, and a service without a key ring
     */
    Optional<SealedSecret> sealed(
            Optional<EndpointPassword> password, AdmittedCall call, TopicParameters parameters, String arn) {
        if (password.isEmpty()) {
            return Optional.empty();
        }
        if (!call.request().raw().secure() && !rules.secretsInCleartext()) {
            throw TopicParameters.invalid("Topic contains secrets that must be transmitted over a secure transport");
        }
        if (parameters.mayHaveSecretInQuery()) {
            throw TopicParameters.invalid("A password must be in the body of the request, and not in the query");
        }
        try {
            return Optional.of(seal.seal(password.get().secret().getBytes(UTF_8), arn));
        } catch (KeyRefusedException noRing) {
            throw TopicParameters.invalid(
                            "This service does not store passwords of endpoints, because its operator has set no key ring")
                    .because(noRing.getMessage());
        }
    }
}
