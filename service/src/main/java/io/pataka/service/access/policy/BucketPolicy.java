package io.pataka.service.access.policy;

import io.pataka.service.access.policy.PolicyJudgement.Effect;
import io.pataka.service.model.BucketName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The policy of a bucket or of a topic: read once for each document, asked for each request. Immutable, so threads may share it.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html">AWS: grammar of the policy
 *     language</a>
 * @see <a href="https://docs.ceph.com/en/latest/radosgw/bucketpolicy/">Ceph: bucket policies</a>
 */
public final class BucketPolicy {

    /** The longest policy, in bytes, without the white space that means nothing. */
    public static final int MAX_BYTES = 20 * 1024;

    private final List<Statement> denying;
    private final List<Statement> allowing;
    private final boolean open;
    private final Set<String> keys = new LinkedHashSet<>();

    private BucketPolicy(List<Statement> statements) {
        this.denying = statements.stream().filter(Statement::denies).toList();
        this.allowing =
                statements.stream().filter(statement -> !statement.denies()).toList();
        this.open = statements.stream().anyMatch(Statement::isPublic);
        statements.forEach(statement -> keys.addAll(statement.keys()));
    }

    /**
     * Reads a policy.
     *
     * @param json as the client sent it
     * @param bucket whose policy it is; its resources are this bucket's
     * @throws MalformedPolicyException for anything that is no policy of this bucket
     */
    public static BucketPolicy parse(String json, BucketName bucket) throws MalformedPolicyException {
        Objects.requireNonNull(bucket);
        return new BucketPolicy(PolicyReader.read(json, PolicySubject.bucket(bucket)));
    }

    /**
     * Reads the policy of a topic.
     *
     * @param json as the client sent it
     * @param topicArn of the topic whose policy it is
     * @throws MalformedPolicyException for anything that is no policy of this topic
     */
    public static BucketPolicy ofTopic(String json, String topicArn) throws MalformedPolicyException {
        return new BucketPolicy(PolicyReader.read(json, PolicySubject.topic(topicArn)));
    }

    /** What the policy says: a Deny that speaks of the question wins, then an Allow, and without either it is silent. */
    public PolicyJudgement judge(PolicyQuestion question) {
        String action = PolicyActions.folded(question.action());
        int number = PolicyActions.number(action);
        for (Statement statement : denying) {
            if (statement.speaksOf(question, action, number)) {
                return new PolicyJudgement(Effect.DENY, Optional.of(statement.label()));
            }
        }
        for (Statement statement : allowing) {
            if (statement.speaksOf(question, action, number)) {
                return new PolicyJudgement(Effect.ALLOW, Optional.of(statement.label()));
            }
        }
        return PolicyJudgement.SILENT;
    }

    /**
     * Whether any statement allows the principal one of the actions. Resources and conditions are not looked at.
     *
     * @param actions as AWS spells them
     */
    public boolean mayAllow(PolicyPrincipal principal, Set<String> actions) {
        return allowing.stream()
                .anyMatch(statement -> statement.principals().contains(principal)
                        && actions.stream()
                                .map(PolicyActions::folded)
                                .anyMatch(
                                        action -> statement.actions().contains(action, PolicyActions.number(action))));
    }

    /** What each statement says of the question, in words for an operator, in the order in which they are asked. */
    public List<String> explain(PolicyQuestion question) {
        String action = PolicyActions.folded(question.action());
        int number = PolicyActions.number(action);
        List<String> explanations = new ArrayList<>();
        for (Statement statement : denying) {
            explanations.add("Deny, " + statement.label() + ": " + saying(statement.silence(question, action, number)));
        }
        for (Statement statement : allowing) {
            explanations.add(
                    "Allow, " + statement.label() + ": " + saying(statement.silence(question, action, number)));
        }
        return explanations;
    }

    private static String saying(Optional<String> silence) {
        return silence.map(why -> "does not apply, " + why).orElse("applies");
    }

    /**
     * Whether some statement allows something to callers whom the policy does not spell out: to everyone, without a condition that
     * holds them to fixed projects, users, domains or blocks of addresses.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html">AWS: the meaning
     *     of "public"</a>
     */
    public boolean isPublic() {
        return open;
    }

    /**
     * Whether judging needs a condition key that begins so.
     *
     * @param conditionKeyPrefix spelled as AWS spells it: {@code s3:ExistingObjectTag/}
     */
    public boolean asks(String conditionKeyPrefix) {
        return keys.stream().anyMatch(key -> key.startsWith(conditionKeyPrefix));
    }
}
