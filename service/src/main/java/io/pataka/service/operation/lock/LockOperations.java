package io.pataka.service.operation.lock;

import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.VersionLocks;
import io.pataka.service.objects.BucketRetry;
import io.pataka.service.operation.ObjectLookup;
import io.pataka.service.operation.OperationCatalog;
import io.pataka.service.protocol.S3Operation;
import java.util.Objects;

/** Object lock of buckets and versions. */
public final class LockOperations {

    private final BucketCatalog buckets;
    private final ObjectIndex index;
    private final VersionLocks locks;

    public LockOperations(BucketCatalog buckets, ObjectIndex index, VersionLocks locks) {
        this.buckets = Objects.requireNonNull(buckets);
        this.index = Objects.requireNonNull(index);
        this.locks = Objects.requireNonNull(locks);
    }

    public void register(OperationCatalog catalog) {
        ObjectLookup lookup = new ObjectLookup(index);
        LockedVersion version = new LockedVersion(new BucketRetry(buckets), lookup);
        catalog.register(S3Operation.PUT_OBJECT_LOCK_CONFIGURATION, new PutObjectLockConfiguration(buckets))
                .register(S3Operation.GET_OBJECT_LOCK_CONFIGURATION, new GetObjectLockConfiguration())
                .register(S3Operation.PUT_OBJECT_RETENTION, new PutObjectRetention(locks, version))
                .register(S3Operation.GET_OBJECT_RETENTION, new GetObjectRetention(lookup))
                .register(S3Operation.PUT_OBJECT_LEGAL_HOLD, new PutObjectLegalHold(locks, version))
                .register(S3Operation.GET_OBJECT_LEGAL_HOLD, new GetObjectLegalHold(lookup));
    }
}
