package io.pataka.service.operation;

import io.pataka.service.access.Access;
import io.pataka.service.access.AdmittedCall;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ObjectLock;
import io.pataka.service.protocol.LockHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;

/** A bucket with object lock, whose versions can be locked. */
public final class LockedBucket {

    private LockedBucket() {}

    /**
     * Requires that a bucket has object lock.
     *
     * @return the bucket
     * @throws S3Exception InvalidRequest
     */
    public static Bucket require(Bucket bucket) {
        if (!bucket.objectLock()) {
            throw new S3Exception(S3Error.NO_OBJECT_LOCK);
        }
        return bucket;
    }

    /**
     * The lock that the headers of a call want for the version that it makes. The caller must have the permissions to set what it asks
     * for.
     *
     * @return {@link ObjectLock#NONE} for a call that asks for none; the bucket's default may still lock the version
     * @throws S3Exception InvalidArgument, InvalidRequest or AccessDenied
     */
    public static ObjectLock lockOfNew(AdmittedCall call) {
        ObjectLock asked = LockHeaders.read(call.headers(), call.now());
        if (asked.equals(ObjectLock.NONE)) {
            return asked;
        }
        if (asked.retention().isPresent()) {
            call.require(Access.to(S3Operation.PUT_OBJECT_RETENTION.access(), call.bucket())
                    .key(call.key()));
        }
        if (asked.hold().isPresent()) {
            call.require(Access.to(S3Operation.PUT_OBJECT_LEGAL_HOLD.access(), call.bucket())
                    .key(call.key()));
        }
        require(call.bucket());
        return asked;
    }
}
