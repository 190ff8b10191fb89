package io.pataka.service.access;

import io.pataka.service.model.Bucket;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.Caller;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.protocol.AccessNeed;
import io.pataka.service.protocol.Parameters;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Request;
import java.util.Objects;
import java.util.Optional;

/**
 * A request that its caller may make. Only {@link AccessGate} makes one, and operations take nothing else, so a way past
 * authorisation does not compile.
 */
public final class AdmittedCall {

    private final S3Request request;
    private final Caller caller;
    private final Optional<Bucket> bucket;
    private final AccessGate gate;

    AdmittedCall(S3Request request, Caller caller, Optional<Bucket> bucket, AccessGate gate) {
        this.request = Objects.requireNonNull(request);
        this.caller = Objects.requireNonNull(caller);
        this.bucket = Objects.requireNonNull(bucket);
        this.gate = Objects.requireNonNull(gate);
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
        return bucket.orElseThrow(() -> noSuchBucket(bucketName()));
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
     * A second check: the source of a copy, each key of DeleteObjects, a header that needs a permission of its own.
     *
     * @throws S3Exception AccessDenied
     */
    public void require(AccessNeed need, Bucket otherBucket, Optional<ObjectKey> otherKey, boolean namesVersion) {
        gate.require(caller, need, otherBucket, otherKey, namesVersion);
    }

    /** Whether the caller may list the bucket; who may not is told 403 and not 404 of a missing key. */
    public boolean mayList() {
        return gate.mayList(caller, bucket());
    }

    /**
     * Another bucket, as the source of a copy.
     *
     * @throws S3Exception NoSuchBucket
     */
    public Bucket bucketNamed(BucketName name) {
        return gate.bucketNamed(name).orElseThrow(() -> noSuchBucket(name));
    }

    private static S3Exception noSuchBucket(BucketName name) {
        return new S3Exception(S3Error.NO_SUCH_BUCKET).with("BucketName", name.text());
    }
}
