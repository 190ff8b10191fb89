package io.pataka.service.access;

import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.Caller;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.protocol.AccessNeed;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Request;
import java.util.Optional;

/** Decides whether a caller may do what a request asks, and is the only one to make an {@link AdmittedCall}. */
public final class AccessGate {

    private final BucketCatalog buckets;
    private final RoleRules roles;

    public AccessGate(BucketCatalog buckets, RoleRules roles) {
        this.buckets = buckets;
        this.roles = roles;
    }

    /**
     * @throws S3Exception AccessDenied or NoSuchBucket
     */
    public AdmittedCall admit(S3Request request, Caller caller) {
        AccessNeed need = request.operation().access();
        if (request.bucket().isEmpty()) {
            requireRole(caller, need);
            return new AdmittedCall(request, caller, Optional.empty(), this);
        }
        BucketName name = request.bucket().get();
        if (request.operation() == S3Operation.CREATE_BUCKET) {
            requireRole(caller, need);
            return new AdmittedCall(request, caller, Optional.empty(), this);
        }
        Bucket bucket = buckets.find(name)
                .or(() -> buckets.findFresh(name))
                .orElseThrow(() -> new S3Exception(S3Error.NO_SUCH_BUCKET).with("BucketName", name.text()));
        require(caller, need, bucket, request.key(), request.parameters().has("versionId"));
        requireExpectedOwner(request, bucket);
        return new AdmittedCall(request, caller, Optional.of(bucket), this);
    }

    void require(Caller caller, AccessNeed need, Bucket bucket, Optional<ObjectKey> key, boolean namesVersion) {
        if (!caller.owns(bucket)) {
            throw new S3Exception(S3Error.ACCESS_DENIED);
        }
        requireRole(caller, need);
    }

    /** The caller says whose bucket it takes it to be, and wants no other of the same name. */
    private static void requireExpectedOwner(S3Request request, Bucket bucket) {
        Optional<String> expected = request.headers().first("x-amz-expected-bucket-owner");
        if (expected.isPresent() && !expected.get().equals(bucket.owner().id())) {
            throw new S3Exception(S3Error.ACCESS_DENIED);
        }
    }

    boolean mayList(Caller caller, Bucket bucket) {
        return caller.owns(bucket) && roles.mayDo(caller, S3Operation.LIST_OBJECTS.access());
    }

    Optional<Bucket> bucketNamed(BucketName name) {
        return buckets.find(name).or(() -> buckets.findFresh(name));
    }

    private void requireRole(Caller caller, AccessNeed need) {
        if (caller.isAnonymous() || !roles.mayDo(caller, need)) {
            throw new S3Exception(S3Error.ACCESS_DENIED);
        }
    }
}
