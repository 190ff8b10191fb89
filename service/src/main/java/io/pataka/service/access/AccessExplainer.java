package io.pataka.service.access;

import io.pataka.service.model.Bucket;
import io.pataka.service.model.Caller;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** Tells why the gate would let a request in, or would not. It asks the gate itself, and does nothing of what is asked. */
public final class AccessExplainer {

    private final AccessGate gate;

    public AccessExplainer(AccessGate gate) {
        this.gate = Objects.requireNonNull(gate);
    }

    /**
     * @param request need not be signed: the caller is believed
     */
    public AccessExplanation explain(S3Request request, Caller caller) {
        if (request.operation().isPreflight()) {
            return new AccessExplanation(
                    List.of(), List.of("a preflight is let in, and answered by the CORS rules"), Optional.empty());
        }
        if (request.bucket().isEmpty() || request.operation() == S3Operation.CREATE_BUCKET) {
            return told(List.of(), gate.rules().ofOwnAccount(request, caller), S3Error.ACCESS_DENIED);
        }
        Optional<Bucket> found = gate.bucketNamed(request.bucket().get(), System.nanoTime());
        if (found.isEmpty()) {
            return new AccessExplanation(
                    List.of(), List.of("there is no bucket of this name"), Optional.of(S3Error.NO_SUCH_BUCKET));
        }
        Bucket bucket = found.get();
        BucketAccess access = gate.rules().access(bucket);
        List<String> facts = new ArrayList<>(settings(bucket, access));
        try {
            AccessGate.requireExpectedOwner("x-amz-expected-bucket-owner", request, bucket);
            gate.charges(request, caller, bucket);
        } catch (S3Exception refused) {
            return new AccessExplanation(facts, refused.rule().stream().toList(), Optional.of(refused.error()));
        }
        return decided(
                new Question(request, caller, request.operation().access(), bucket, request.key(), request.versionId()),
                access,
                facts);
    }

    private AccessExplanation decided(Question question, BucketAccess access, List<String> facts) {
        if (question.need().keysInBody()) {
            facts.add("each key of the body is decided by itself, as in DELETE /bucket/key");
        }
        Decision decision = gate.rules().decide(question, Optional.empty());
        Optional<ObjectVersion> object =
                decision.needsTheObject() ? gate.rules().objectOf(question) : Optional.empty();
        access.policy()
                .map(policy -> policy.explain(gate.rules().asked(question, object)))
                .ifPresent(said -> said.forEach(statement -> facts.add("policy: " + statement)));
        if (!decision.needsTheObject()) {
            return told(facts, decision, S3Error.ACCESS_DENIED);
        }
        if (object.isPresent()) {
            ObjectVersion version = object.get();
            facts.add("object: of project " + version.owner().id() + ", ACL " + granted(NewObjectRules.aclOf(version)));
            return told(facts, gate.rules().decide(question, object), S3Error.ACCESS_DENIED);
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
        facts.add("object: there is none of this name, which is told to who may list the bucket");
        return new AccessExplanation(
                facts, mayList.steps(), Optional.of(mayList.isRefusal() ? S3Error.ACCESS_DENIED : S3Error.NO_SUCH_KEY));
    }

    private static AccessExplanation told(List<String> facts, Decision decision, S3Error refusal) {
        return new AccessExplanation(
                facts, decision.steps(), decision.isRefusal() ? Optional.of(refusal) : Optional.empty());
    }

    private static String granted(Acl acl) {
        return acl.text().lines().map(line -> line.replace('\t', ' ')).collect(Collectors.joining(", "));
    }

    private static List<String> settings(Bucket bucket, BucketAccess access) {
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
