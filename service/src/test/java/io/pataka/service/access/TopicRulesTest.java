package io.pataka.service.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.access.policy.BucketPolicy;
import io.pataka.service.access.policy.MalformedPolicyException;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.Caller;
import io.pataka.service.model.Owner;
import io.pataka.service.operation.MemoryBucketCatalog;
import io.pataka.service.protocol.AccessNeed;
import io.pataka.service.protocol.Parameters;
import io.pataka.service.protocol.RawRequest;
import io.pataka.service.protocol.RequestBody;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Request;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicRulesTest {

    private static final String ARN = "arn:aws:sns:us-east-1:owner:mail";
    private static final Map<String, List<String>> OF_BUCKET =
            Map.of("aws:SourceArn", List.of("arn:aws:s3:::b"), "aws:SourceAccount", List.of("other"));

    private final TopicRules rules = new TopicRules(RoleRules.standard());

    private static Caller caller(String project, String role) {
        return new Caller(
                new Owner(project, project), new Owner("user", "user"), "default", Set.of(role), Optional.of("KEY"));
    }

    private static String statement(String effect, String principal, String action, String more) {
        return "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"" + effect + "\", \"Principal\": "
                + principal + ", \"Action\": \"" + action + "\", \"Resource\": \"" + ARN + "\"" + more + "}]}";
    }

    private boolean admits(S3Operation operation, Caller caller, String policy) {
        return admits(operation, operation.access(), caller, policy);
    }

    private boolean admits(S3Operation operation, AccessNeed need, Caller caller, String policy) {
        RequestHeaders none = RequestHeaders.none();
        S3Request request = new S3Request(
                "REQUEST",
                operation,
                Optional.empty(),
                Optional.empty(),
                Parameters.parse(""),
                none,
                RequestBody.EMPTY,
                new RawRequest("POST", "/", "", none, RequestBody.EMPTY, false, "192.0.2.1", Optional.empty()));
        TopicAccess topic = new TopicAccess(ARN, "owner", Optional.of(policy).filter(text -> !text.isEmpty()));
        return !rules.decide(request, caller, need, topic, OF_BUCKET, Instant.EPOCH)
                .isRefusal();
    }

    @ParameterizedTest
    @CsvSource({
        "CREATE_TOPIC, member, true",
        "CREATE_TOPIC, reader, false",
        "CREATE_TOPIC, visitor, false",
        "DELETE_TOPIC, member, true",
        "DELETE_TOPIC, reader, false",
        "SET_TOPIC_ATTRIBUTES, member, true",
        "SET_TOPIC_ATTRIBUTES, reader, false",
        "GET_TOPIC_ATTRIBUTES, reader, true",
        "GET_TOPIC, reader, true",
        "GET_TOPIC, visitor, false"
    })
    void theOwnersRolesDecide(S3Operation operation, String role, boolean admitted) {
        assertThat(admits(operation, caller("owner", role), "")).isEqualTo(admitted);
        assertThat(admits(operation, caller("other", role), "")).isFalse();
        assertThat(admits(operation, Caller.ANONYMOUS, "")).isFalse();
    }

    @Test
    void aPolicyOpensATopicToOthers() {
        String policy = statement("Allow", "{\"AWS\": \"arn:aws:iam::other:user/user\"}", "sns:Publish", "");

        assertThat(admits(S3Operation.GET_TOPIC, AccessNeed.PUBLISH, caller("other", "member"), policy))
                .isTrue();
        assertThat(admits(S3Operation.GET_TOPIC, AccessNeed.PUBLISH, caller("third", "member"), policy))
                .isFalse();
        assertThat(admits(S3Operation.GET_TOPIC, AccessNeed.PUBLISH, caller("other", "reader"), policy))
                .isFalse();
        assertThat(admits(S3Operation.GET_TOPIC, caller("other", "member"), policy))
                .isFalse();
        assertThat(admits(S3Operation.GET_TOPIC, AccessNeed.PUBLISH, Caller.ANONYMOUS, policy))
                .isFalse();
    }

    @Test
    void aPolicyMayAskForTheBucket() {
        String condition = ", \"Condition\": {\"ArnLike\": {\"aws:SourceArn\": \"arn:aws:s3:::%s\"}}";
        Caller other = caller("other", "member");

        assertThat(admits(
                        S3Operation.GET_TOPIC,
                        AccessNeed.PUBLISH,
                        other,
                        statement("Allow", "\"*\"", "SNS:Publish", condition.formatted("b"))))
                .isTrue();
        assertThat(admits(
                        S3Operation.GET_TOPIC,
                        AccessNeed.PUBLISH,
                        other,
                        statement("Allow", "\"*\"", "SNS:Publish", condition.formatted("c"))))
                .isFalse();
    }

    private boolean mayPublish(Caller caller, String policy) {
        RequestHeaders none = RequestHeaders.none();
        S3Request request = new S3Request(
                "REQUEST",
                S3Operation.PUT_BUCKET_NOTIFICATION_CONFIGURATION,
                Optional.of(new BucketName("b")),
                Optional.empty(),
                Parameters.parse(""),
                none,
                RequestBody.EMPTY,
                new RawRequest("PUT", "/b", "", none, RequestBody.EMPTY, false, "192.0.2.1", Optional.empty()));
        MemoryBucketCatalog buckets = new MemoryBucketCatalog();
        Owner other = new Owner("other", "other");
        buckets.create(new BucketName("b"), other, false, 0, Map.of());
        Bucket bucket = buckets.findFresh(new BucketName("b")).orElseThrow();
        return rules.mayPublish(
                request, caller, new TopicAccess(ARN, "owner", Optional.of(policy)), bucket, Instant.EPOCH);
    }

    @Test
    void aPolicyMayAllowTheServiceAsOnAmazon() {
        String service = "{\"Service\": \"s3.amazonaws.com\"}";
        String condition = ", \"Condition\": {\"StringEquals\": {\"aws:SourceAccount\": \"%s\"},"
                + " \"ArnLike\": {\"aws:SourceArn\": \"arn:aws:s3:*:*:b\"}}";
        Caller member = caller("other", "member");

        assertThat(mayPublish(member, statement("Allow", service, "SNS:Publish", condition.formatted("other"))))
                .isTrue();
        assertThat(mayPublish(member, statement("Allow", service, "SNS:Publish", condition.formatted("third"))))
                .isFalse();
        assertThat(mayPublish(member, statement("Allow", "{\"Service\": \"sqs.amazonaws.com\"}", "SNS:Publish", "")))
                .isFalse();
        assertThat(mayPublish(caller("other", "reader"), statement("Allow", service, "SNS:Publish", "")))
                .isFalse();
        assertThat(mayPublish(Caller.ANONYMOUS, statement("Allow", service, "SNS:Publish", "")))
                .isFalse();
        String deny = ", {\"Effect\": \"Deny\", \"Principal\": {\"AWS\": \"other\"}, \"Action\": \"sns:*\","
                + " \"Resource\": \"" + ARN + "\"}]}";
        assertThat(mayPublish(
                        member, statement("Allow", service, "SNS:Publish", "").replace("]}", deny)))
                .isFalse();
    }

    @Test
    void whatThePolicyDeniesIsRefusedButTheOwnersAdministratorCanCorrectIt() {
        String policy = statement("Deny", "\"*\"", "sns:*", "");

        assertThat(admits(S3Operation.SET_TOPIC_ATTRIBUTES, caller("owner", "member"), policy))
                .isFalse();
        assertThat(admits(S3Operation.SET_TOPIC_ATTRIBUTES, caller("owner", "admin"), policy))
                .isTrue();
        assertThat(admits(S3Operation.GET_TOPIC, AccessNeed.PUBLISH, caller("owner", "admin"), policy))
                .isFalse();
        assertThat(admits(S3Operation.SET_TOPIC_ATTRIBUTES, caller("other", "admin"), policy))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3:GetObject", "sns:Fly", "sqs:*"})
    void aPolicyOfATopicNamesOnlyActionsOnTopics(String action) {
        assertThatThrownBy(() -> BucketPolicy.ofTopic(statement("Allow", "\"*\"", action, ""), ARN))
                .isInstanceOf(MalformedPolicyException.class);
    }

    @Test
    void aPolicyOfATopicNamesOnlyThisTopic() {
        String policy = statement("Allow", "\"*\"", "sns:Publish", "");

        assertThatThrownBy(() -> BucketPolicy.ofTopic(policy, ARN + "x")).isInstanceOf(MalformedPolicyException.class);
        assertThatThrownBy(() -> BucketPolicy.ofTopic(policy.replace(ARN, "arn:aws:s3:::b"), ARN))
                .isInstanceOf(MalformedPolicyException.class);
        assertThatThrownBy(() -> BucketPolicy.ofTopic(policy.replace(ARN, ARN + "/*"), ARN))
                .isInstanceOf(MalformedPolicyException.class);
    }

    @Test
    void aPolicyOfABucketNamesNoActionOnTopics() {
        String policy = statement("Allow", "\"*\"", "sns:Publish", "").replace(ARN, "arn:aws:s3:::b");

        assertThatThrownBy(() -> BucketPolicy.parse(policy, new BucketName("b")))
                .isInstanceOf(MalformedPolicyException.class);
    }
}
