package io.pataka.service.access;

import io.pataka.service.access.policy.ConditionMemory;
import io.pataka.service.model.Actor;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.Caller;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.ObjectLock;
import io.pataka.service.protocol.AccessNeed;
import io.pataka.service.protocol.LockHeaders;
import io.pataka.service.protocol.Parameters;
import io.pataka.service.protocol.PercentCoding;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Request;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A request that was admitted: what it asks for, and who asks. Only {@link AccessGate} makes one, and operations take nothing else,
 * so a way past authorisation does not compile.
 *
 * <p>The gate cannot decide all calls. An object may be another writer's, with an ACL of its own, or the body names the objects or
 * the tags. Such a call is not authorised yet: the operation asks by {@link #require} as soon as it knows the object. It has no
 * {@link #permit} before that, and the pipeline sends no answer of a call that is not authorised.
 */
public final class AdmittedCall {

    private final S3Request request;
    private final Caller caller;
    private final Optional<Bucket> bucket;
    private final AccessGate gate;
    private boolean authorised;
    private boolean charged;
    private final long begun;
    private Decision explanation;
    private Bucket source;

    /** Of the bucket's policy, for the keys in the body. */
    private final ConditionMemory conditions = new ConditionMemory();

    /**
     * @param authorised whether the gate has decided all that there is to decide
     * @param charged whether the requester pays
     * @param begun when the request came, as {@link System#nanoTime} gives it
     */
    AdmittedCall(
            S3Request request,
            Caller caller,
            Optional<Bucket> bucket,
            AccessGate gate,
            boolean authorised,
            boolean charged,
            long begun) {
        this.request = Objects.requireNonNull(request);
        this.caller = Objects.requireNonNull(caller);
        this.bucket = Objects.requireNonNull(bucket);
        this.gate = Objects.requireNonNull(gate);
        this.authorised = authorised;
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

    /** The bucket that the request names, unless it names none or creates it. */
    public Optional<Bucket> existingBucket() {
        return bucket;
    }

    /** The bucket that a copy reads from, once it was asked for. */
    public Optional<Bucket> sourceBucket() {
        return Optional.ofNullable(source);
    }

    /** Whether an ACL lets the caller do what the request asks for, and neither ownership nor a policy does. */
    public boolean isAllowedByAcl() {
        return explanation != null && explanation.basis() == Decision.Basis.ACL;
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

    /** What the request itself asks for, of the object that it names. */
    public Access own() {
        return new Access(
                request.operation().access(),
                bucket(),
                request.key(),
                request.versionId(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /**
     * Requires that the caller may do something. For what the request itself asks for ({@link #own}) the call is authorised
     * afterwards; the gate may have decided that already, and then nothing is decided again.
     *
     * @throws S3Exception AccessDenied
     * @throws IllegalArgumentException when the object's ACL decides, and the object was not given
     */
    public void require(Access access) {
        boolean own = isOwn(access);
        if (own && authorised) {
            return;
        }
        Question question = question(access);
        Decision decision = AccessGate.require(question, decided(question, access));
        if (own) {
            explained(decision);
            authorised = true;
        }
    }

    /**
     * Requires that the caller may do what the request asks for to the topic that its parameters name. The call is authorised afterwards.
     *
     * @throws S3Exception AccessDenied
     */
    public void requireTopic(TopicAccess topic) {
        Decision decision =
                gate.topics().decide(request, caller, request.operation().access(), topic, Map.of(), gate.now());
        if (decision.isRefusal()) {
            throw new S3Exception(S3Error.ACCESS_DENIED).because(decision.rule());
        }
        authorised = true;
    }

    /** Whether the caller may have events of the call's bucket sent to a topic. */
    public boolean mayPublish(TopicAccess topic) {
        return gate.topics().mayPublish(request, caller, topic, bucket(), gate.now());
    }

    /** Requires that the caller may give a new object tags, from the request or from a copy's source; no right is needed for none. */
    public void requireTagging(Map<String, String> tags) {
        if (!tags.isEmpty()) {
            require(Access.to(S3Operation.PUT_OBJECT_TAGGING.access(), bucket())
                    .key(key())
                    .tags(tags));
        }
    }

    /** Whether the caller may do something. It authorises nothing. */
    public boolean may(Access access) {
        return !gate.rules().decide(question(access), access.object()).isRefusal();
    }

    private boolean isOwn(Access access) {
        AccessNeed need = request.operation().access();
        return access.need().equals(need)
                && access.bucket().id() == bucket().id()
                && (request.operation().is(S3Operation.Trait.KEYS_IN_BODY)
                        || access.key().equals(request.key()));
    }

    private Decision decided(Question question, Access access) {
        return known(access.need(), gate.rules().decide(question, access.object()));
    }

    private Question question(Access access) {
        Map<String, String> inHeaders = new HashMap<>();
        access.requestTags().ifPresent(tags -> inHeaders.put("x-amz-tagging", tagging(tags)));
        access.requestLock().ifPresent(lock -> inHeaders.putAll(LockHeaders.of(lock)));
        S3Request asking = inHeaders.isEmpty()
                ? request
                : request.withHeaders(request.headers().overlaidWith(RequestHeaders.of(inHeaders)));
        return new Question(asking, caller, access.need(), access.bucket(), access.key(), access.versionId());
    }

    private static String tagging(Map<String, String> tags) {
        return tags.entrySet().stream()
                .map(tag -> encoded(tag.getKey()) + "=" + encoded(tag.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return PercentCoding.encode(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Decides about each of the objects that the body names, after which the call is authorised to change those that are allowed.
     * What a policy asks about the request alone is judged once, and the tags of all objects are fetched in one statement.
     *
     * @return for each of the objects, in their order, the AccessDenied that refuses it; empty for one that is allowed
     * @throws IllegalArgumentException when the object's own ACL has a say in what is needed
     */
    public List<Optional<S3Exception>> refusals(AccessNeed need, List<NamedObject> objects) {
        List<Optional<S3Exception>> refusals = judged(need, objects);
        authorised = true;
        return refusals;
    }

    private List<Optional<S3Exception>> judged(AccessNeed need, List<NamedObject> objects) {
        NamedTags tags = gate.rules().tagsOf(bucket(), objects);
        List<Optional<S3Exception>> refusals = new ArrayList<>(objects.size());
        for (NamedObject object : objects) {
            refusals.add(refusal(need, object, tags));
        }
        return refusals;
    }

    private Optional<S3Exception> refusal(AccessNeed need, NamedObject object, NamedTags tags) {
        Question question = question(Access.to(need, bucket()).key(object.key()).version(object.versionId()));
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

    void explained(Decision decision) {
        explanation = decision;
    }

    /** Why the call was authorised; empty unless a caller of the bucket's owner asked. */
    public Optional<String> explanation() {
        return explanation != null && AccessGate.asksForReasons(request, caller, bucket())
                ? Optional.of(explanation.explanation())
                : Optional.empty();
    }

    /**
     * Whether the request passes over retentions in governance mode: it asks for that, and the caller may do it.
     *
     * @param lock that the request brings in its body
     * @throws S3Exception InvalidArgument for a request that asks for it in a bucket without object lock
     */
    public boolean bypassesGovernance(ObjectLock lock) {
        return asksForBypass() && may(own().to(AccessNeed.BYPASS_GOVERNANCE).lock(lock));
    }

    /**
     * As {@link #bypassesGovernance}, for each of the objects that the body names. In a bucket without object lock it does not matter whether
     * the request asks: ceph/s3-tests clean all buckets that way.
     *
     * @return an answer for each of the objects, in their order
     */
    public List<Boolean> bypassesGovernance(List<NamedObject> objects) {
        return LockHeaders.asksForBypass(headers()) && bucket().objectLock()
                ? judged(AccessNeed.BYPASS_GOVERNANCE, objects).stream()
                        .map(Optional::isEmpty)
                        .toList()
                : Collections.nCopies(objects.size(), false);
    }

    private boolean asksForBypass() {
        boolean asks = LockHeaders.asksForBypass(headers());
        if (asks && !bucket().objectLock()) {
            throw LockHeaders.nothingToBypass(headers());
        }
        return asks;
    }

    /** Whether the caller may list the call's bucket; a caller who may not gets 403 and not 404 for a missing key. */
    public boolean mayList() {
        return mayList(bucket());
    }

    /** Whether the caller may list a bucket. */
    public boolean mayList(Bucket otherBucket) {
        return may(Access.to(S3Operation.LIST_OBJECTS.access(), otherBucket));
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
                            question(Access.to(S3Operation.PUT_OBJECT_ACL.access(), bucket())
                                    .key(key())),
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
        charged |= gate.rules().charges(request, caller, source);
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
     * The permit to change the call's bucket and its objects; to change what belongs to no bucket, if the request names none or creates
     * it.
     *
     * @throws IllegalStateException as {@link #requireAuthorised}
     */
    public WritePermit permit() {
        requireAuthorised();
        return new WritePermit(
                bucket,
                new Actor.Requester(caller),
                Optional.of(request.requestId()),
                Optional.of(request.raw().remoteAddress()));
    }

    /** Whether the caller may do what the request asks for, as far as that is decided by now. */
    public boolean isAuthorised() {
        return authorised;
    }

    /**
     * @throws IllegalStateException when the operation did not ask whether the caller may do what the request asks for
     */
    public void requireAuthorised() {
        if (!authorised) {
            throw new IllegalStateException(request.operation().amazonName() + " is not authorised");
        }
    }
}
