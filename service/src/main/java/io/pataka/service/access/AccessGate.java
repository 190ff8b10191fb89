package io.pataka.service.access;

import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.metadata.ConnectionShares;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.Caller;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation.Trait;
import io.pataka.service.protocol.S3Request;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Admits requests or refuses them, by {@link AdmissionSteps} and {@link AccessRules}. Nothing else makes an {@link AdmittedCall}.
 */
public final class AccessGate {

    /** With this request header, callers of a bucket's owner get the reasons why they were authorised or refused. */
    public static final String EXPLAIN = "x-pataka-explain";

    /** The response header with the reasons. */
    public static final String EXPLANATION = "x-pataka-explanation";

    private static final int FORBIDDEN = 403;

    /** All anonymous callers share the connections of one project. */
    private static final String ANONYMOUS = "";

    /** The statuses of refusals that what was remembered of a bucket may have caused. */
    private static final Set<Integer> OF_BUCKETS = Set.of(FORBIDDEN, 404, 503);

    /** The errors of a bucket that was remembered without object lock. */
    private static final Set<S3Error> WITHOUT_LOCK = Set.of(S3Error.NO_OBJECT_LOCK, S3Error.NO_LOCK_TO_BYPASS);

    private final BucketCatalog buckets;
    private final AccessRules rules;
    private final TopicRules topics;
    private final AdmissionSteps steps;
    private final NewObjectRules newObjects;
    private final Clock clock;

    public AccessGate(
            BucketCatalog buckets, ObjectIndex index, RoleRules roles, GranteeDirectory grantees, Clock clock) {
        this.buckets = Objects.requireNonNull(buckets);
        this.rules = new AccessRules(roles, new BucketAccessCache(buckets), index, clock);
        this.topics = new TopicRules(roles);
        this.steps = new AdmissionSteps(buckets, rules);
        this.newObjects = new NewObjectRules(new AclHeaders(grantees));
        this.clock = Objects.requireNonNull(clock);
    }

    /**
     * Admits by what this node remembers of the bucket, or for operations that are not frequent by what the bucket is now. No request
     * is refused because of what another node has changed before it came.
     *
     * @throws S3Exception AccessDenied or NoSuchBucket
     */
    public AdmittedCall admit(S3Request request, Caller caller) {
        long begun = System.nanoTime();
        actFor(caller);
        if (!request.operation().is(Trait.FREQUENT)) {
            request.bucket().ifPresent(name -> refresh(name, begun));
            return admit(request, caller, begun);
        }
        try {
            return admit(request, caller, begun);
        } catch (S3Exception refused) {
            request.bucket().ifPresent(name -> refresh(name, begun));
            return admit(request, caller, begun);
        }
    }

    /** From now on this thread acts for the caller, until {@link #ended}. {@link #admit} begins with this. */
    public void actFor(Caller caller) {
        ConnectionShares.actFor(
                caller.isAnonymous() ? ANONYMOUS : caller.account().id());
    }

    /** Ends what {@link #actFor} began: this thread no longer acts for the caller. */
    public void ended() {
        ConnectionShares.endOfRequest();
    }

    /**
     * Admits a call once more that was refused, or found nothing, by what this node remembered of its buckets. Only for a call that did
     * nothing, and whose body was not read.
     *
     * @param refusal of the operation
     * @return empty when the refusal stands: what was remembered was right
     * @throws S3Exception AccessDenied or NoSuchBucket
     */
    public Optional<AdmittedCall> admitAgain(AdmittedCall call, S3Exception refusal) {
        if (!OF_BUCKETS.contains(refusal.error().status()) && !WITHOUT_LOCK.contains(refusal.error())) {
            return Optional.empty();
        }
        boolean changed = false;
        for (Bucket seen : call.seen()) {
            Optional<Bucket> now = refresh(seen.name(), call.begun());
            changed |= !now.equals(Optional.of(seen));
        }
        boolean byDocuments = refusal.error().status() == FORBIDDEN;
        if (byDocuments && call.seen().isEmpty()) {
            call.request().bucket().ifPresent(name -> refresh(name, call.begun()));
        }
        return changed || byDocuments
                ? Optional.of(admit(call.request(), call.caller(), call.begun()))
                : Optional.empty();
    }

    private Optional<Bucket> refresh(BucketName name, long since) {
        Optional<Bucket> bucket = buckets.findSince(name, since);
        bucket.ifPresent(found -> buckets.refreshDocuments(found, since));
        return bucket;
    }

    /** Whether a bucket was deleted before a moment, and perhaps created again. */
    boolean isGone(Bucket bucket, long since) {
        return buckets.findSince(bucket.name(), since)
                .filter(now -> now.id() == bucket.id())
                .isEmpty();
    }

    private AdmittedCall admit(S3Request request, Caller caller, long begun) {
        Admission admission = steps.walk(request, caller, begun);
        if (admission.refusal().isPresent()) {
            throw admission.refusal().get();
        }
        AdmittedCall call = new AdmittedCall(
                request, caller, admission.bucket(), this, admission.authorised(), admission.charged(), begun);
        if (admission.bucket().isPresent()) {
            admission.decision().ifPresent(call::explained);
        }
        return call;
    }

    /** Takes the steps of the admission, without admitting. */
    Admission walk(S3Request request, Caller caller) {
        return steps.walk(request, caller, System.nanoTime());
    }

    /**
     * Asked before a form is read, which says who sent it.
     *
     * @throws S3Exception NoSuchBucket, or AccessDenied when the bucket is not whose the sender takes it to be
     */
    public void requireBucket(S3Request request) {
        Bucket bucket = existing(request.bucket().orElseThrow(), System.nanoTime());
        requireExpectedOwner("x-amz-expected-bucket-owner", request, bucket);
    }

    private Bucket existing(BucketName name, long begun) {
        return bucketNamed(name, begun).orElseThrow(() -> S3Exception.noSuchBucket(name));
    }

    Optional<Bucket> bucketNamed(BucketName name, long begun) {
        return buckets.find(name).or(() -> buckets.findSince(name, begun));
    }

    /**
     * The bucket that a copy reads from.
     *
     * @throws S3Exception AccessDenied when it is not whose the caller takes it to be
     */
    Optional<Bucket> sourceOf(S3Request copy, BucketName name, long begun) {
        Optional<Bucket> bucket = bucketNamed(name, begun);
        bucket.ifPresent(found -> requireExpectedOwner("x-amz-source-expected-bucket-owner", copy, found));
        return bucket;
    }

    /** A caller may name the owner that it expects the bucket to have, and wants no other bucket of the same name. */
    static void requireExpectedOwner(String header, S3Request request, Bucket bucket) {
        Optional<String> expected = request.headers().first(header);
        if (expected.isPresent() && !expected.get().equals(bucket.owner().id())) {
            throw new S3Exception(S3Error.ACCESS_DENIED).because(header + " names another owner");
        }
    }

    /**
     * @throws S3Exception AccessDenied for a refusal
     */
    static Decision require(Question question, Decision decision) {
        if (decision.isRefusal()) {
            S3Exception refusal = new S3Exception(S3Error.ACCESS_DENIED).because(decision.rule());
            throw asksForReasons(question.request(), question.caller(), question.bucket())
                    ? refusal.header(EXPLANATION, decision.explanation())
                    : refusal;
        }
        return decision;
    }

    /** Only callers of the owner get reasons: others would learn from them what there is. */
    static boolean asksForReasons(S3Request request, Caller caller, Bucket bucket) {
        return request.headers().has(EXPLAIN) && caller.owns(bucket);
    }

    Instant now() {
        return clock.instant();
    }

    AccessRules rules() {
        return rules;
    }

    TopicRules topics() {
        return topics;
    }

    NewObjectRules newObjects() {
        return newObjects;
    }
}
