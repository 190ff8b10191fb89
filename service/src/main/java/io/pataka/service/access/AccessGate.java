package io.pataka.service.access;

import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.metadata.ConnectionShares;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.Caller;
import io.pataka.service.protocol.AccessNeed;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Request;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Lets requests in or refuses them, by {@link AccessRules}, and is the only one to make an {@link AdmittedCall}.
 */
public final class AccessGate {

    /** With this request header, callers of a bucket's owner are told why they were let in or refused. */
    public static final String EXPLAIN = "x-pataka-explain";

    /** The response header that tells it. */
    public static final String EXPLANATION = "x-pataka-explanation";

    /** The operations that are worth being answered without a statement for the bucket. */
    private static final Set<S3Operation> FREQUENT = EnumSet.of(
            S3Operation.GET_OBJECT,
            S3Operation.HEAD_OBJECT,
            S3Operation.PUT_OBJECT,
            S3Operation.POST_OBJECT,
            S3Operation.COPY_OBJECT,
            S3Operation.DELETE_OBJECT,
            S3Operation.CREATE_MULTIPART_UPLOAD,
            S3Operation.UPLOAD_PART,
            S3Operation.UPLOAD_PART_COPY,
            S3Operation.LIST_OBJECTS,
            S3Operation.LIST_OBJECTS_V2,
            S3Operation.PREFLIGHT_SERVICE,
            S3Operation.PREFLIGHT_BUCKET,
            S3Operation.PREFLIGHT_OBJECT);

    private static final int FORBIDDEN = 403;

    /** All callers without a key share the connections of one project. */
    private static final String STRANGERS = "";

    /** What is answered because of a bucket that is not what was remembered. */
    private static final Set<Integer> OF_BUCKETS = Set.of(FORBIDDEN, 404, 503);

    private final BucketCatalog buckets;
    private final AccessRules rules;
    private final NewObjectRules newObjects;
    private final Clock clock;

    public AccessGate(
            BucketCatalog buckets, ObjectIndex index, RoleRules roles, GranteeDirectory grantees, Clock clock) {
        this.buckets = Objects.requireNonNull(buckets);
        this.rules = new AccessRules(roles, new BucketAccessCache(buckets), index, clock);
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
        ConnectionShares.actFor(
                caller.isAnonymous() ? STRANGERS : caller.account().id());
        if (!FREQUENT.contains(request.operation())) {
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

    /** Ends what {@link #admit} began: this thread acts for the caller no more. */
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
        if (!OF_BUCKETS.contains(refusal.error().status())) {
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

    /** Whether a bucket was deleted before a moment, and perhaps made again. */
    boolean isGone(Bucket bucket, long since) {
        return buckets.findSince(bucket.name(), since)
                .filter(now -> now.id() == bucket.id())
                .isEmpty();
    }

    private AdmittedCall admit(S3Request request, Caller caller, long begun) {
        AccessNeed need = request.operation().access();
        if (request.operation().isPreflight()) {
            return new AdmittedCall(request, caller, Optional.empty(), this, true, false, begun);
        }
        if (request.bucket().isEmpty() || request.operation() == S3Operation.CREATE_BUCKET) {
            Decision own = rules.ofOwnAccount(request, caller);
            if (own.isRefusal()) {
                throw new S3Exception(S3Error.ACCESS_DENIED).because(own.rule());
            }
            return new AdmittedCall(request, caller, Optional.empty(), this, true, false, begun);
        }
        Bucket bucket = existing(request.bucket().get(), begun);
        requireExpectedOwner("x-amz-expected-bucket-owner", request, bucket);
        if (need.open()) {
            return new AdmittedCall(request, caller, Optional.of(bucket), this, true, false, begun);
        }
        boolean charged = charges(request, caller, bucket);
        Question question = new Question(request, caller, need, bucket, request.key(), request.versionId());
        boolean isDecidedByBody = need.keysInBody()
                || request.operation() == S3Operation.PUT_OBJECT_TAGGING && asksForTags(rules.access(bucket));
        if (isDecidedByBody) {
            // Whoever may do nothing here, whatever the body says, is not asked for a body.
            require(question, rules.decideBeforeBody(question));
            return new AdmittedCall(request, caller, Optional.of(bucket), this, false, charged, begun);
        }
        Decision decision = require(question, rules.decide(question, Optional.empty()));
        AdmittedCall call = new AdmittedCall(
                request, caller, Optional.of(bucket), this, !decision.needsTheObject(), charged, begun);
        call.explained(decision);
        return call;
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

    /** Whether the policy speaks of the tags that a request brings, which of some requests stand in the body. */
    private static boolean asksForTags(BucketAccess access) {
        return access.policy().map(policy -> policy.asks("s3:RequestObjectTag")).orElse(false);
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

    /** The caller says whose bucket it takes it to be, and wants no other of the same name. */
    static void requireExpectedOwner(String header, S3Request request, Bucket bucket) {
        Optional<String> expected = request.headers().first(header);
        if (expected.isPresent() && !expected.get().equals(bucket.owner().id())) {
            throw new S3Exception(S3Error.ACCESS_DENIED).because(header + " names another owner");
        }
    }

    /**
     * Whether the caller pays for what it does to the bucket. Who is billed must know it; nobody is nobody to bill.
     *
     * @throws S3Exception AccessDenied for a caller who would have to pay, and did not say that it will
     */
    boolean charges(S3Request request, Caller caller, Bucket bucket) {
        if (caller.owns(bucket) || !rules.access(bucket).requesterPays()) {
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

    /** Only the owner's callers are told: to others the reasons would tell what there is. */
    static boolean asksForReasons(S3Request request, Caller caller, Bucket bucket) {
        return request.headers().has(EXPLAIN) && caller.owns(bucket);
    }

    Instant now() {
        return clock.instant();
    }

    AccessRules rules() {
        return rules;
    }

    NewObjectRules newObjects() {
        return newObjects;
    }
}
