package io.pataka.service.access;

import io.pataka.service.access.Decision.Basis;
import io.pataka.service.access.policy.BucketPolicy;
import io.pataka.service.access.policy.MalformedPolicyException;
import io.pataka.service.access.policy.PolicyJudgement;
import io.pataka.service.access.policy.PolicyJudgement.Effect;
import io.pataka.service.access.policy.PolicyQuestion;
import io.pataka.service.access.policy.RequestQuestion;
import io.pataka.service.access.policy.ServiceQuestion;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Caller;
import io.pataka.service.protocol.AccessNeed;
import io.pataka.service.protocol.S3Request;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Decides whether a caller may do something to a topic. The caller needs a role that is sufficient. What the topic's policy denies is
 * refused, but not to an administrator of the owner, who must be able to correct the policy. The owner's callers may do everything
 * else, and other callers only what the policy allows. Unlike Ceph, a topic without a policy is closed to other projects.
 *
 * @see <a href="https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-evaluation-logic.html">AWS: evaluation of
 *     topic policies</a>
 */
final class TopicRules {

    private final RoleRules roles;

    TopicRules(RoleRules roles) {
        this.roles = Objects.requireNonNull(roles);
    }

    /**
     * Decides about what the request asks for.
     *
     * @param need also of another action than the request's
     * @param known condition keys whose values are not in the request's fields
     */
    Decision decide(
            S3Request request,
            Caller caller,
            AccessNeed need,
            TopicAccess topic,
            Map<String, List<String>> known,
            Instant now) {
        if (caller.isAnonymous()) {
            return Decision.refused("roles: the request is not signed");
        }
        if (!roles.mayDo(caller, need)) {
            return Decision.refused("roles: none of " + caller.roles() + " reaches as far as " + need.action());
        }
        Optional<PolicyJudgement> judged = judged(
                topic,
                RequestQuestion.ofTopic(request, caller, topic.project(), need.action(), topic.arn(), known, now));
        if (judged.isEmpty()) {
            return Decision.refused("policy: cannot be read");
        }
        PolicyJudgement judgement = judged.get();
        boolean owns = caller.account().id().equals(topic.project());
        String policy = judgement
                .statement()
                .map(statement -> "policy: " + judgement.effect() + " by " + statement)
                .orElse("policy: no statement applies");
        boolean mends = owns && roles.isAdmin(caller) && !need.equals(AccessNeed.PUBLISH);
        if (judgement.effect() == Effect.DENY && !mends) {
            return Decision.refused(policy);
        }
        if (owns) {
            return new Decision(Basis.OWNER, List.of(policy, "owner: the caller acts for the owner of the topic"));
        }
        return judgement.effect() == Effect.ALLOW
                ? new Decision(Basis.POLICY, List.of("owner: the topic is another project's", policy))
                : Decision.refused(policy, "owner: the topic is another project's");
    }

    /**
     * Whether events of a bucket may be sent to a topic, because the policy allows it to the caller who asks for them, or as on Amazon to
     * the service that sends them.
     */
    boolean mayPublish(S3Request request, Caller caller, TopicAccess topic, Bucket source, Instant now) {
        Map<String, List<String>> known = Map.of(
                "aws:SourceArn", List.of("arn:aws:s3:::" + source.name().text()),
                "aws:SourceAccount", List.of(source.owner().id()));
        if (!decide(request, caller, AccessNeed.PUBLISH, topic, known, now).isRefusal()) {
            return true;
        }
        return !caller.isAnonymous()
                && roles.mayDo(caller, AccessNeed.PUBLISH)
                && effect(
                                topic,
                                RequestQuestion.ofTopic(
                                        request,
                                        caller,
                                        topic.project(),
                                        AccessNeed.PUBLISH.action(),
                                        topic.arn(),
                                        known,
                                        now))
                        == Effect.NONE
                && effect(topic, ServiceQuestion.publish(source, topic.arn(), topic.project(), now)) == Effect.ALLOW;
    }

    private static Effect effect(TopicAccess topic, PolicyQuestion question) {
        return judged(topic, question).map(PolicyJudgement::effect).orElse(Effect.DENY);
    }

    /** Empty for a policy that cannot be read. */
    private static Optional<PolicyJudgement> judged(TopicAccess topic, PolicyQuestion question) {
        try {
            return Optional.of(
                    topic.policy().isEmpty()
                            ? PolicyJudgement.SILENT
                            : BucketPolicy.ofTopic(topic.policy().get(), topic.arn())
                                    .judge(question));
        } catch (MalformedPolicyException unreadable) {
            return Optional.empty();
        }
    }
}
