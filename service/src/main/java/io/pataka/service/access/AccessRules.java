package io.pataka.service.access;

import io.pataka.service.access.Decision.Basis;
import io.pataka.service.access.policy.BucketPolicy;
import io.pataka.service.access.policy.ConditionMemory;
import io.pataka.service.access.policy.PolicyJudgement;
import io.pataka.service.access.policy.PolicyPrincipal;
import io.pataka.service.access.policy.RequestQuestion;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.ObjectIndex.VersionSelector;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Caller;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.protocol.AccessNeed;
import io.pataka.service.protocol.AccessNeed.AclNeed;
import io.pataka.service.protocol.AccessNeed.Permission;
import io.pataka.service.protocol.AccountRequest;
import io.pataka.service.protocol.Route;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Request;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Decides whether a caller may do what a request asks.
 *
 * <p>In this order: a caller with a key needs a role that is sufficient, in every bucket. What the bucket's policy denies is
 * refused. The owner's callers may do everything, but an object of another writer is that writer's unless the bucket's ownership
 * rule says otherwise. Then the policy may allow, then an ACL. Everything else is refused.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-s3-evaluates-access-control.html">AWS: how S3 authorizes
 *     a request</a>
 */
final class AccessRules {

    private final RoleRules roles;
    private final BucketAccessCache settings;
    private final ObjectIndex index;
    private final Clock clock;

    AccessRules(RoleRules roles, BucketAccessCache settings, ObjectIndex index, Clock clock) {
        this.roles = Objects.requireNonNull(roles);
        this.settings = Objects.requireNonNull(settings);
        this.index = Objects.requireNonNull(index);
        this.clock = Objects.requireNonNull(clock);
    }

    /**
     * @param object the version that the question is about, where it is known
     */
    Decision decide(Question question, Optional<ObjectVersion> object) {
        return decide(question, object, () -> tags(question, object), Optional.empty());
    }

    /**
     * Of one of many objects that a request names.
     *
     * @param tags those of the object; asked for only when a statement speaks of them
     * @param memory of the request
     */
    Decision decideNamed(Question question, Supplier<Map<String, String>> tags, ConditionMemory memory) {
        return decide(question, Optional.empty(), tags, Optional.of(memory));
    }

    /** Where the tags of the objects come from that the body of a request names. */
    NamedTags tagsOf(Bucket bucket, List<NamedObject> objects) {
        return new NamedTags(index, bucket, objects);
    }

    private Decision decide(
            Question question,
            Optional<ObjectVersion> object,
            Supplier<Map<String, String>> tags,
            Optional<ConditionMemory> memory) {
        Caller caller = question.caller();
        Bucket bucket = question.bucket();
        AccessNeed need = question.need();
        if (!caller.isAnonymous() && !roles.mayDo(caller, need)) {
            return refusedForRoles(caller, need);
        }
        String role = caller.isAnonymous() ? "roles: the request is not signed" : "roles: reach far enough";
        BucketAccess access = access(bucket);
        PolicyJudgement judgement = judge(access, question, tags, memory);
        String policy = said(judgement, access);
        if (judgement.effect() == PolicyJudgement.Effect.DENY && !isMending(question)) {
            return Decision.refused(role, policy);
        }
        boolean looksAtObject = need.acl().filter(acl -> !acl.onBucket()).isPresent() && access.countsAcls();
        if (looksAtObject && object.isEmpty()) {
            return new Decision(Basis.OBJECT, List.of(role, policy, "the object's owner and ACL decide"));
        }
        boolean ownersThing = !looksAtObject
                || object.get().owner().id().equals(bucket.owner().id());
        if (caller.owns(bucket) && ownersThing) {
            return new Decision(Basis.OWNER, List.of(role, policy, "owner: the caller acts for the owner"));
        }
        String owner = ownersThing
                ? "owner: the caller acts for another project"
                : "owner: the object is another project's, of which this policy says nothing";
        if (judgement.effect() == PolicyJudgement.Effect.ALLOW && ownersThing) {
            if (reachesBeyond(access, caller, bucket)) {
                return new Decision(Basis.POLICY, List.of(role, owner, policy));
            }
            policy = policy + ", which the public access block restricts to the owner";
        }
        if (!access.countsAcls()) {
            return Decision.refused(role, policy, owner, "ACL: does not count, the owner is enforced");
        }
        if (need.acl().isEmpty()) {
            return Decision.refused(role, policy, owner, "ACL: has no say in " + need.action());
        }
        return grants(access, question, object)
                ? new Decision(Basis.ACL, List.of(role, policy, owner, "ACL: granted"))
                : Decision.refused(
                        role,
                        policy,
                        owner,
                        "ACL: no grant of " + need.acl().get().permission());
    }

    /**
     * Decides before the body is read of a request whose body names the objects or the tags. Only a caller is refused to whom
     * {@link #decide} would refuse every object: a statement that allows the action to the caller counts, whatever its resources and
     * conditions are.
     */
    Decision decideBeforeBody(Question question) {
        Caller caller = question.caller();
        AccessNeed need = question.need();
        if (!caller.isAnonymous() && !roles.mayDo(caller, need)) {
            return refusedForRoles(caller, need);
        }
        if (caller.owns(question.bucket())) {
            return new Decision(Basis.OWNER, List.of("owner: the caller acts for the owner"));
        }
        BucketAccess access = access(question.bucket());
        Set<String> actions = new HashSet<>(Set.of(need.action()));
        need.versionAction().ifPresent(actions::add);
        boolean mayBeAllowed = access.policy()
                .map(policy -> policy.mayAllow(PolicyPrincipal.of(caller), actions))
                .orElse(false);
        if (mayBeAllowed && reachesBeyond(access, caller, question.bucket())) {
            return new Decision(Basis.POLICY, List.of("policy: allows " + need.action() + " with some objects"));
        }
        boolean listCounts = need.acl().isPresent() && access.countsAcls();
        if (listCounts && !need.acl().get().onBucket()) {
            return new Decision(Basis.OBJECT, List.of("the object's owner and ACL decide"));
        }
        return listCounts && grants(access, question, Optional.empty())
                ? new Decision(Basis.ACL, List.of("ACL: granted"))
                : Decision.refused(
                        "policy: allows " + need.action() + " with no object",
                        "owner: the caller acts for another project",
                        access.countsAcls()
                                ? "ACL: no grant of " + need.action()
                                : "ACL: does not count, the owner is enforced");
    }

    private static String said(PolicyJudgement judgement, BucketAccess access) {
        return switch (judgement.effect()) {
            case DENY -> "policy: denied by " + judgement.statement().orElse("a statement");
            case ALLOW -> "policy: allowed by " + judgement.statement().orElse("a statement");
            case NONE -> access.policy().isPresent() ? "policy: no statement applies" : "policy: none";
        };
    }

    /**
     * A writer that names an ACL. Whom a policy lets write may do so only if the policy allows that, too; but a list that gives
     * nothing to others than the writer and the bucket's owner needs no more than writing does, so that a policy can demand it.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies-condition-keys.html">AWS: policy
     *     examples for ACLs</a>
     * @param question about {@code s3:PutObjectAcl}
     * @throws S3Exception AccessDenied
     */
    void requireMayNameAcl(Question question, Acl acl) {
        BucketAccess access = access(question.bucket());
        PolicyJudgement judgement = judge(access, question, () -> tags(question, Optional.empty()), Optional.empty());
        if (judgement.effect() == PolicyJudgement.Effect.DENY) {
            throw new S3Exception(S3Error.ACCESS_DENIED)
                    .because("policy: denied by " + judgement.statement().orElse("a statement"));
        }
        boolean writesByAcl = access.countsAcls()
                && access.acl()
                        .permits(
                                question.caller(),
                                Permission.WRITE,
                                access.publicAccess().ignorePublicAcls());
        if (judgement.effect() == PolicyJudgement.Effect.NONE
                && !question.caller().owns(question.bucket())
                && !writesByAcl
                && acl.opensBeyond(
                        question.caller().account(), question.bucket().owner())) {
            throw new S3Exception(S3Error.ACCESS_DENIED).because("policy: does not allow to name an ACL");
        }
    }

    /** A public policy of a bucket that is restricted allows nothing to callers of other projects. */
    private static boolean reachesBeyond(BucketAccess access, Caller caller, Bucket bucket) {
        return !access.publicAccess().restrictPublicBuckets()
                || caller.owns(bucket)
                || !access.policy().map(BucketPolicy::isPublic).orElse(false);
    }

    private boolean isMending(Question question) {
        return question.request().operation().is(S3Operation.Trait.MENDS_POLICY)
                && question.need().equals(question.request().operation().access())
                && isMender(question.caller(), question.bucket());
    }

    boolean isMender(Caller caller, Bucket bucket) {
        return caller.owns(bucket) && roles.isAdmin(caller);
    }

    private static boolean grants(BucketAccess access, Question question, Optional<ObjectVersion> object) {
        AclNeed wanted = question.need().acl().orElseThrow();
        boolean ignorePublic = access.publicAccess().ignorePublicAcls();
        if (wanted.onBucket()) {
            return access.acl().permits(question.caller(), wanted.permission(), ignorePublic);
        }
        ObjectVersion version = object.orElseThrow();
        boolean owns = !question.caller().isAnonymous()
                && question.caller().account().id().equals(version.owner().id());
        return owns || NewObjectRules.aclOf(version).permits(question.caller(), wanted.permission(), ignorePublic);
    }

    private PolicyJudgement judge(
            BucketAccess access,
            Question question,
            Supplier<Map<String, String>> tags,
            Optional<ConditionMemory> memory) {
        if (access.policy().isEmpty()) {
            return PolicyJudgement.SILENT;
        }
        return access.policy().get().judge(asked(question, tags, memory));
    }

    /** The question as a policy is asked it. */
    RequestQuestion asked(Question question, Optional<ObjectVersion> object) {
        return asked(question, () -> tags(question, object), Optional.empty());
    }

    private RequestQuestion asked(
            Question question, Supplier<Map<String, String>> tags, Optional<ConditionMemory> memory) {
        return new RequestQuestion(
                question.request(),
                question.caller(),
                question.bucket(),
                question.need().actionFor(question.versionId().isPresent()),
                question.key(),
                tags,
                known(question),
                clock.instant(),
                memory);
    }

    /**
     * Values of the question that differ from those of the request. A caller who reads a missing object learns that it is missing
     * only if it may list that very key. (A copy asks about another key than the one in its path.)
     */
    private static Map<String, List<String>> known(Question question) {
        Map<String, List<String>> known = new HashMap<>();
        known.put("s3:VersionId", question.versionId().map(List::of).orElse(List.of()));
        if (question.key().isEmpty() && question.request().operation().access().isReading()) {
            question.request().key().ifPresent(key -> known.put("s3:prefix", List.of(key.toString())));
        }
        return known;
    }

    /** Asked for only when a statement speaks of the object's tags. */
    private Map<String, String> tags(Question question, Optional<ObjectVersion> known) {
        Optional<ObjectVersion> object = known.isPresent() ? known : objectOf(question);
        return object.map(version -> (Map<String, String>) version.facts().tags())
                .orElse(Map.of());
    }

    /** The version that the question is about. */
    Optional<ObjectVersion> objectOf(Question question) {
        if (question.key().isEmpty()) {
            return Optional.empty();
        }
        ObjectKey key = question.key().get();
        return question.versionId().isEmpty()
                ? index.current(question.bucket(), key)
                : VersionSelector.named(question.versionId().get())
                        .flatMap(version -> index.version(question.bucket(), key, version));
    }

    /** Decides about an operation on the caller's own account. Callers read and change no other account. */
    Decision ofOwnAccount(S3Request request, Caller caller) {
        AccessNeed need = request.operation().access();
        if (caller.isAnonymous()) {
            return Decision.refused("roles: the request is not signed");
        }
        if (!roles.mayDo(caller, need)) {
            return refusedForRoles(caller, need);
        }
        boolean named = request.operation().route().resource() == Route.Resource.ACCOUNT_ACCESS_BLOCK;
        Optional<String> account = request.headers().first(AccountRequest.ACCOUNT);
        return named && !account.equals(Optional.of(caller.account().id()))
                ? Decision.refused("owner: " + AccountRequest.ACCOUNT + " names another project")
                : new Decision(Basis.OWNER, List.of("owner: the caller acts for itself"));
    }

    /**
     * Whether the caller pays for what it does to the bucket. A caller who is billed must have agreed to it, so an anonymous caller cannot be.
     *
     * @throws S3Exception AccessDenied for a caller who would have to pay, and did not say that it will
     */
    boolean charges(S3Request request, Caller caller, Bucket bucket) {
        if (caller.owns(bucket) || !access(bucket).requesterPays()) {
            return false;
        }
        boolean agrees = request.headers()
                .first("x-amz-request-payer")
                .or(() -> request.parameters().first("x-amz-request-payer"))
                .filter("requester"::equalsIgnoreCase)
                .isPresent();
        if (caller.isAnonymous() || !agrees) {
            throw new S3Exception(S3Error.ACCESS_DENIED).because("the requester pays, and did not say that it will");
        }
        return true;
    }

    /** Whether the policy asks about the tags that a request brings, which some requests have in their body. */
    boolean asksForRequestTags(Bucket bucket) {
        return access(bucket)
                .policy()
                .map(policy -> policy.asks("s3:RequestObjectTag"))
                .orElse(false);
    }

    /** Whether the policy asks about the lock that a request brings, which some requests have in their body. */
    boolean asksForRequestLock(Bucket bucket) {
        return access(bucket)
                .policy()
                .map(policy -> policy.asks("s3:object-lock-"))
                .orElse(false);
    }

    private static Decision refusedForRoles(Caller caller, AccessNeed need) {
        return Decision.refused("roles: none of " + caller.roles() + " reaches as far as " + need.action());
    }

    /** What the bucket's settings say of access. */
    BucketAccess access(Bucket bucket) {
        return settings.of(bucket);
    }
}
