package io.pataka.service.access;

import io.pataka.service.access.Decision.Basis;
import io.pataka.service.access.policy.BucketPolicy;
import io.pataka.service.access.policy.MalformedPolicyException;
import io.pataka.service.access.policy.PolicyJudgement;
import io.pataka.service.access.policy.PolicyJudgement.Effect;
import io.pataka.service.access.policy.RequestQuestion;
import io.pataka.service.model.Caller;
import io.pataka.service.protocol.AccessNeed;
import io.pataka.service.protocol.S3Request;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

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
        boolean owns = caller.account().id().equals(topic.project());
        PolicyJudgement judgement;
        try {
            judgement = judge(
                    topic,
                    RequestQuestion.ofTopic(request, caller, topic.project(), need.action(), topic.arn(), known, now));
        } catch (MalformedPolicyException unreadable) {
            return Decision.refused("policy: cannot be read");
        }
        String policy = judgement
                .statement()
                .map(statement -> "policy: " + judgement.effect() + " by " + statement)
                .orElse("policy: no statement applies");
        if (judgement.effect() == Effect.DENY && !(owns && roles.isAdmin(caller) && !need.equals(AccessNeed.PUBLISH))) {
            return Decision.refused(policy);
        }
        if (owns) {
            return new Decision(Basis.OWNER, List.of(policy, "owner: the caller acts for the owner of the topic"));
        }
        return judgement.effect() == Effect.ALLOW
                ? new Decision(Basis.POLICY, List.of("owner: the topic is another project's", policy))
                : Decision.refused(policy, "owner: the topic is another project's");
    }

    private static PolicyJudgement judge(TopicAccess topic, RequestQuestion question) throws MalformedPolicyException {
        return topic.policy().isEmpty()
                ? PolicyJudgement.SILENT
                : BucketPolicy.ofTopic(topic.policy().get(), topic.arn()).judge(question);
    }
}
