package io.pataka.service.access;

import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.Caller;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Operation.Trait;
import io.pataka.service.protocol.S3Request;
import java.util.List;
import java.util.Optional;

/**
 * The steps by which requests are admitted, in their order. {@link AccessGate} and {@link AccessExplainer} both take them, so the
 * two cannot differ.
 */
final class AdmissionSteps {

    private final BucketCatalog buckets;
    private final AccessRules rules;
    private final List<Step> steps = List.of(
            new Step("preflight", this::preflight),
            new Step("own account", this::ownAccount),
            new Step("bucket", this::bucket),
            new Step("expected owner", this::expectedOwner),
            new Step("request payment", this::requestPayment),
            new Step("before the body", this::beforeTheBody),
            new Step("rules", this::rules));

    AdmissionSteps(BucketCatalog buckets, AccessRules rules) {
        this.buckets = buckets;
        this.rules = rules;
    }

    private record Step(String name, Check check) {}

    /** Ends the walk with a decision, or lets it go on. */
    @FunctionalInterface
    private interface Check {

        /**
         * @throws S3Exception when the request is refused
         */
        Optional<Ruling> of(Walk walk);
    }

    /**
     * That a request is admitted.
     *
     * @param authorised whether nothing remains to be decided by the operation
     */
    private record Ruling(Optional<Decision> decision, boolean authorised) {}

    /** A request on its way, and what the steps have found so far. */
    private static final class Walk {
        private final S3Request request;
        private final Caller caller;
        private final long begun;
        private Bucket bucket;
        private boolean charged;
        private Decision decision;

        Walk(S3Request request, Caller caller, long begun) {
            this.request = request;
            this.caller = caller;
            this.begun = begun;
        }

        Question question() {
            return new Question(
                    request, caller, request.operation().access(), bucket, request.key(), request.versionId());
        }
    }

    /**
     * @param begun when the request came, as {@link System#nanoTime} gives it
     */
    Admission walk(S3Request request, Caller caller, long begun) {
        Walk walk = new Walk(request, caller, begun);
        for (Step step : steps) {
            try {
                Optional<Ruling> ruling = step.check().of(walk);
                if (ruling.isPresent()) {
                    return ended(
                            step, walk, ruling.get().decision(), ruling.get().authorised(), Optional.empty());
                }
            } catch (S3Exception refused) {
                return ended(step, walk, Optional.ofNullable(walk.decision), false, Optional.of(refused));
            }
        }
        throw new IllegalStateException("the last step decides");
    }

    private static Admission ended(
            Step step, Walk walk, Optional<Decision> decision, boolean authorised, Optional<S3Exception> refusal) {
        return new Admission(
                step.name(), Optional.ofNullable(walk.bucket), decision, authorised, walk.charged, refusal);
    }

    private static Optional<Ruling> admitted(Decision decision, boolean authorised) {
        return Optional.of(new Ruling(Optional.of(decision), authorised));
    }

    private Optional<Ruling> preflight(Walk walk) {
        return walk.request.operation().isPreflight()
                ? Optional.of(new Ruling(Optional.empty(), true))
                : Optional.empty();
    }

    private Optional<Ruling> ownAccount(Walk walk) {
        if (!walk.request.operation().isOfOwnAccount()) {
            return Optional.empty();
        }
        walk.decision = rules.ofOwnAccount(walk.request, walk.caller);
        if (walk.decision.isRefusal()) {
            throw new S3Exception(S3Error.ACCESS_DENIED).because(walk.decision.rule());
        }
        return admitted(walk.decision, !walk.request.operation().is(Trait.TOPIC_IN_BODY));
    }

    private Optional<Ruling> bucket(Walk walk) {
        BucketName name = walk.request.bucket().orElseThrow();
        walk.bucket = buckets.find(name)
                .or(() -> buckets.findSince(name, walk.begun))
                .orElseThrow(() -> S3Exception.noSuchBucket(name));
        return Optional.empty();
    }

    private Optional<Ruling> expectedOwner(Walk walk) {
        AccessGate.requireExpectedOwner("x-amz-expected-bucket-owner", walk.request, walk.bucket);
        return Optional.empty();
    }

    private Optional<Ruling> requestPayment(Walk walk) {
        walk.charged = rules.charges(walk.request, walk.caller, walk.bucket);
        return Optional.empty();
    }

    /** A caller who may do nothing here, whatever the body names, is not asked for a body. */
    private Optional<Ruling> beforeTheBody(Walk walk) {
        S3Operation operation = walk.request.operation();
        boolean decidedByBody = operation.is(Trait.KEYS_IN_BODY)
                || operation.is(Trait.TAGS_IN_BODY) && rules.asksForRequestTags(walk.bucket)
                || operation.is(Trait.LOCK_IN_BODY) && rules.asksForRequestLock(walk.bucket);
        if (!decidedByBody) {
            return Optional.empty();
        }
        Question question = walk.question();
        walk.decision = rules.decideBeforeBody(question);
        return admitted(AccessGate.require(question, walk.decision), false);
    }

    private Optional<Ruling> rules(Walk walk) {
        Question question = walk.question();
        walk.decision = rules.decide(question, Optional.empty());
        AccessGate.require(question, walk.decision);
        return admitted(walk.decision, !walk.decision.needsTheObject());
    }
}
