package io.pataka.service.access;

import io.pataka.service.access.policy.ConditionMemory;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.Caller;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.protocol.AccessNeed;
import io.pataka.service.protocol.Parameters;
import io.pataka.service.protocol.PercentCoding;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Request;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A request that its caller may make. Only {@link AccessGate} makes one, and operations take nothing else, so a way past
 * authorisation does not compile.
 *
 * <p>Of some calls the gate cannot know the object: it may be another writer's, with an ACL of its own, or be named in the body.
 * Such a call is not settled. The operation settles it, by {@link #settle} or {@link #require}, before it does anything; the
 * pipeline gives out no answer to a call that was never settled.
 */
public final class AdmittedCall {

    private final S3Request request;
    private final Caller caller;
    private final Optional<Bucket> bucket;
    private final AccessGate gate;
    private boolean settled;
    private boolean charged;
    private final long begun;
    private Decision explanation;
    private Bucket source;

    /** Of the bucket's policy, for the keys in the body. */
    private final ConditionMemory conditions = new ConditionMemory();

    /**
     * @param settled whether nothing remains to be decided
     * @param charged whether the requester pays
     * @param begun when the request came, as {@link System#nanoTime} gives it
     */
    AdmittedCall(
            S3Request request,
            Caller caller,
            Optional<Bucket> bucket,
            AccessGate gate,
            boolean settled,
            boolean charged,
            long begun) {
        this.request = Objects.requireNonNull(request);
        this.caller = Objects.requireNonNull(caller);
        this.bucket = Objects.requireNonNull(bucket);
        this.gate = Objects.requireNonNull(gate);
        this.settled = settled;
        this.charged = charged;
        this.begun = begun;
    }

    /** The request; its body verifies itself while it is read. */
    public S3Request request() {
        return request;
    }

    public Caller caller() {
        return caller;
    }

    /** The bucket that the request names, which exists (CreateBucket aside). */
    public Bucket bucket() {
        return bucket.orElseThrow(() -> S3Exception.noSuchBucket(bucketName()));
    }

    public BucketName bucketName() {
        return request.bucket()
                .orElseThrow(() -> new IllegalStateException("an operation on the service names no bucket"));
    }

    public ObjectKey key() {
        return request.key().orElseThrow(() -> new IllegalStateException("an operation on a bucket names no key"));
    }

    public Parameters parameters() {
        return request.parameters();
    }

    public RequestHeaders headers() {
        return request.headers();
    }

    /**
     * Decides about the object that the request names, once it is known.
     *
     * @throws S3Exception AccessDenied
     */
    public void settle(ObjectVersion object) {
        if (settled) {
            return;
        }
        Question question = question(request.operation().access(), bucket(), request.key(), request.versionId());
        explained(AccessGate.require(question, gate.rules().decide(question, Optional.of(object))));
        settled = true;
    }

    /**
     * Decides about tags that the request brings in its body, once they are known. A policy is asked about them as if they stood in
     * {@code x-amz-tagging}.
     *
     * @throws S3Exception AccessDenied
     */
    public void settle(Map<String, String> requestTags) {
        if (settled) {
            return;
        }
        Question question = tagging(request.operation().access(), requestTags, request.versionId());
        explained(AccessGate.require(question, gate.rules().decide(question, Optional.empty())));
        settled = true;
    }

    /**
     * A second check, about the tags that a new object gets, from the request or from a copy's source; none need no right. A policy
     * is asked about them as by {@link #settle(Map)}.
     *
     * @throws S3Exception AccessDenied
     */
    public void requireTagging(Map<String, String> tags) {
        if (tags.isEmpty()) {
            return;
        }
        Question question = tagging(S3Operation.PUT_OBJECT_TAGGING.access(), tags, Optional.empty());
        AccessGate.require(question, gate.rules().decide(question, Optional.empty()));
    }

    private Question tagging(AccessNeed need, Map<String, String> tags, Optional<String> versionId) {
        String tagging = tags.entrySet().stream()
                .map(tag -> encoded(tag.getKey()) + "=" + encoded(tag.getValue()))
                .collect(Collectors.joining("&"));
        RequestHeaders headers = request.headers()
                .overlaidWith(
                        RequestHeaders.builder().add("x-amz-tagging", tagging).build());
        return new Question(request.withHeaders(headers), caller, need, bucket(), request.key(), versionId);
    }

    private static String encoded(String text) {
        return PercentCoding.encode(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * A second check, of each of the objects that the body names. What a policy asks about the request alone is judged once, and the
     * tags of all objects are fetched in one statement.
     *
     * @return for each of the objects, in their order, the AccessDenied that refuses it; empty for one that is allowed
     * @throws IllegalArgumentException when the object's own ACL has a say in what is needed
     */
    public List<Optional<S3Exception>> refusals(AccessNeed need, List<NamedObject> objects) {
        NamedTags tags = gate.rules().tagsOf(bucket(), objects);
        List<Optional<S3Exception>> refusals = new ArrayList<>(objects.size());
        for (NamedObject object : objects) {
            refusals.add(refusal(need, object, tags));
        }
        settled = true;
        return refusals;
    }

    private Optional<S3Exception> refusal(AccessNeed need, NamedObject object, NamedTags tags) {
        Question question = question(need, bucket(), Optional.of(object.key()), object.versionId());
        try {
            AccessGate.require(
                    question, known(need, gate.rules().decideNamed(question, () -> tags.of(object), conditions)));
            return Optional.empty();
        } catch (S3Exception refusal) {
            return Optional.of(refusal);
        }
    }

    private static Decision known(AccessNeed need, Decision decision) {
        if (decision.needsTheObject()) {
            throw new IllegalArgumentException(need.action() + " is decided by the object, which was not given");
        }
        return decision;
    }

    /**
     * A second check: the object that is renamed, a header that needs a permission of its own.
     *
     * @throws S3Exception AccessDenied
     * @throws IllegalArgumentException when the object's own ACL has a say in what is needed
     */
    public void require(AccessNeed need, Bucket otherBucket, Optional<ObjectKey> otherKey, Optional<String> versionId) {
        Question question = question(need, otherBucket, otherKey, versionId);
        Decision decision = known(need, gate.rules().decide(question, Optional.empty()));
        settled = true;
        AccessGate.require(question, decision);
    }

    /** Says that no object was touched, so that nothing had to be allowed. */
    public void touchedNothing() {
        settled = true;
    }

    /**
     * A second check, about an object that is known: the source of a copy.
     *
     * @throws S3Exception AccessDenied
     */
    public void require(AccessNeed need, Bucket otherBucket, ObjectVersion object, Optional<String> versionId) {
        Question question = question(need, otherBucket, Optional.of(object.key()), versionId);
        AccessGate.require(question, gate.rules().decide(question, Optional.of(object)));
    }

    void explained(Decision decision) {
        explanation = decision;
    }

    /** Why the call was let in; empty unless a caller of the bucket's owner asked. */
    public Optional<String> explanation() {
        return explanation != null && AccessGate.asksForReasons(request, caller, bucket())
                ? Optional.of(explanation.explanation())
                : Optional.empty();
    }

    /** Whether the caller might do that, without an answer for the client. */
    public boolean may(AccessNeed need, ObjectVersion object, Optional<String> versionId) {
        return !gate.rules()
                .decide(question(need, bucket(), Optional.of(object.key()), versionId), Optional.of(object))
                .isRefusal();
    }

    private Question question(
            AccessNeed need, Bucket otherBucket, Optional<ObjectKey> otherKey, Optional<String> versionId) {
        return new Question(request, caller, need, otherBucket, otherKey, versionId);
    }

    /** Whether the caller may list the call's bucket; who may not is told 403 and not 404 of a missing key. */
    public boolean mayList() {
        return mayList(bucket());
    }

    /** Whether the caller may list a bucket. */
    public boolean mayList(Bucket otherBucket) {
        return !gate.rules()
                .decide(
                        question(S3Operation.LIST_OBJECTS.access(), otherBucket, Optional.empty(), Optional.empty()),
                        Optional.empty())
                .isRefusal();
    }

    /**
     * Whose an object is that this call makes, and which ACL it gets.
     *
     * @throws S3Exception AccessControlListNotSupported, AccessDenied, InvalidArgument or InvalidRequest for the ACL that is asked
     */
    public NewObjectAccess newObject() {
        BucketAccess access = gate.rules().access(bucket());
        NewObjectAccess made = gate.newObjects().of(headers(), caller, bucket(), access);
        if (made.asked().isPresent()) {
            gate.rules()
                    .requireMayNameAcl(
                            question(S3Operation.PUT_OBJECT_ACL.access(), bucket(), request.key(), Optional.empty()),
                            made.asked().get());
        }
        return made;
    }

    /** The time by this server's clock, for conditions that speak of it. */
    public Instant now() {
        return gate.now();
    }

    /** Whether the caller may change the bucket's policy whatever that says. */
    public boolean mayAlwaysMend() {
        return gate.rules().isMender(caller, bucket());
    }

    /** What the bucket's settings say of access. */
    public BucketAccess access() {
        return gate.rules().access(bucket());
    }

    /**
     * Another bucket, as the source of a copy. Whether the caller may read from it is still to be asked.
     *
     * @throws S3Exception NoSuchBucket; AccessDenied when {@code x-amz-source-expected-bucket-owner} names another owner, and when
     *     the caller would have to pay and did not say that it will
     */
    public Bucket sourceBucket(BucketName name) {
        source = gate.sourceOf(request, name, begun).orElseThrow(() -> S3Exception.noSuchBucket(name));
        charged |= gate.charges(request, caller, source);
        return source;
    }

    /**
     * Says that nothing was found in the call's bucket, so that this is no answer if the bucket is another one by now.
     *
     * @throws S3Exception NoSuchBucket when another node deleted the bucket before the request came
     */
    public void foundNothing() {
        if (gate.isGone(bucket(), begun)) {
            throw S3Exception.noSuchBucket(bucketName());
        }
    }

    /** When the request came, as {@link System#nanoTime} gives it. */
    long begun() {
        return begun;
    }

    /** The buckets that the call was answered from. */
    List<Bucket> seen() {
        return Stream.concat(bucket.stream(), Stream.ofNullable(source)).toList();
    }

    /** Whether the caller pays, for the call's own bucket or for the source of a copy. */
    public boolean isCharged() {
        return charged;
    }

    /**
     * @throws IllegalStateException when nobody decided about the object
     */
    public void requireSettled() {
        if (!settled) {
            throw new IllegalStateException(request.operation().amazonName() + " was done without being allowed");
        }
    }
}
