package io.pataka.service.access;

import io.pataka.service.model.Bucket;
import io.pataka.service.model.Caller;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Operation.Trait;
import io.pataka.service.protocol.S3Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** Explains why a request would be admitted or refused. It takes the steps of the gate, and does nothing that the request asks for. */
public final class AccessExplainer {

    private final AccessGate gate;

    public AccessExplainer(AccessGate gate) {
        this.gate = Objects.requireNonNull(gate);
    }

    /**
     * @param request need not be signed: the caller is believed
     */
    public AccessExplanation explain(S3Request request, Caller caller) {
        Admission admission = gate.walk(request, caller);
        List<String> facts = new ArrayList<>();
        admission.bucket().ifPresent(bucket -> facts.addAll(settings(bucket)));
        if (request.operation().is(Trait.TOPIC_IN_BODY)) {
            facts.add("the topic's owner and its policy decide when the parameters are read");
        }
        if (admission.bucket().isPresent() && admission.decision().isPresent()) {
            return explain(request, caller, admission, facts);
        }
        return new AccessExplanation(
                facts, rules(admission), admission.refusal().map(S3Exception::error));
    }

    /** The rules that were looked at, or why a step before them decided. */
    private static List<String> rules(Admission admission) {
        if (admission.decision().isPresent()) {
            return admission.decision().get().steps();
        }
        return List.of(admission
                .refusal()
                .map(refused -> refused.rule().orElse(refused.getMessage()))
                .orElse(admission.step() + ": admitted, and answered by the CORS rules"));
    }

    private AccessExplanation explain(S3Request request, Caller caller, Admission admission, List<String> facts) {
        Question question = new Question(
                request,
                caller,
                request.operation().access(),
                admission.bucket().orElseThrow(),
                request.key(),
                request.versionId());
        if (request.operation().is(Trait.KEYS_IN_BODY)) {
            facts.add("each key of the body is decided by itself, as in DELETE /bucket/key");
        } else if (request.operation().is(Trait.TAGS_IN_BODY) && !admission.authorised()) {
            facts.add("the tags of the body are decided when they are read, as if they were in x-amz-tagging");
        } else if (request.operation().is(Trait.LOCK_IN_BODY) && !admission.authorised()) {
            facts.add("the lock of the body is decided when it is read, as if it were in headers");
        }
        Decision decision = admission.decision().orElseThrow();
        Optional<ObjectVersion> object =
                decision.needsTheObject() ? gate.rules().objectOf(question) : Optional.empty();
        gate.rules()
                .access(question.bucket())
                .policy()
                .map(policy -> policy.explain(gate.rules().asked(question, object)))
                .ifPresent(said -> said.forEach(statement -> facts.add("policy: " + statement)));
        return decision.needsTheObject()
                ? byObject(question, object, facts)
                : new AccessExplanation(
                        facts, decision.steps(), admission.refusal().map(S3Exception::error));
    }

    /** Goes on as the operation does, which looks for the object and asks again. */
    private AccessExplanation byObject(Question question, Optional<ObjectVersion> object, List<String> facts) {
        if (object.isPresent()) {
            ObjectVersion version = object.get();
            facts.add("object: of project " + version.owner().id() + ", ACL " + granted(NewObjectRules.aclOf(version)));
            return explanation(facts, gate.rules().decide(question, object), S3Error.ACCESS_DENIED);
        }
        Decision mayList = gate.rules()
                .decide(
                        new Question(
                                question.request(),
                                question.caller(),
                                S3Operation.LIST_OBJECTS.access(),
                                question.bucket(),
                                Optional.empty(),
                                Optional.empty()),
                        Optional.empty());
        facts.add("object: there is none of this name, which only callers learn who may list the bucket");
        return new AccessExplanation(
                facts, mayList.steps(), Optional.of(mayList.isRefusal() ? S3Error.ACCESS_DENIED : S3Error.NO_SUCH_KEY));
    }

    private static AccessExplanation explanation(List<String> facts, Decision decision, S3Error refusal) {
        return new AccessExplanation(
                facts, decision.steps(), decision.isRefusal() ? Optional.of(refusal) : Optional.empty());
    }

    private static String granted(Acl acl) {
        return acl.text().lines().map(line -> line.replace('\t', ' ')).collect(Collectors.joining(", "));
    }

    private List<String> settings(Bucket bucket) {
        BucketAccess access = gate.rules().access(bucket);
        String blocked = access.publicAccess().blocked();
        return List.of(
                "bucket: of project " + bucket.owner().id() + " ("
                        + bucket.owner().displayName() + ")",
                "ownership: " + access.ownership().text()
                        + (access.countsAcls() ? ", ACL " + granted(access.acl()) : ", ACLs do not count"),
                "public access block of bucket and project: " + (blocked.isEmpty() ? "none" : blocked),
                "request payment: " + (access.requesterPays() ? "the requester pays" : "the owner pays"));
    }
}
