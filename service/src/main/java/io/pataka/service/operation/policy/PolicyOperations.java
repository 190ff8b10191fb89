package io.pataka.service.operation.policy;

import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.operation.OperationCatalog;
import io.pataka.service.protocol.S3Operation;
import java.time.Clock;
import java.util.Objects;

/** The policy of a bucket. */
public final class PolicyOperations {

    private final BucketCatalog buckets;
    private final Clock clock;

    public PolicyOperations(BucketCatalog buckets, Clock clock) {
        this.buckets = Objects.requireNonNull(buckets);
        this.clock = Objects.requireNonNull(clock);
    }

    public void register(OperationCatalog catalog) {
        catalog.register(S3Operation.GET_BUCKET_POLICY, new GetBucketPolicy(buckets))
                .register(S3Operation.PUT_BUCKET_POLICY, new PutBucketPolicy(buckets, clock))
                .register(S3Operation.DELETE_BUCKET_POLICY, new DeleteBucketPolicy(buckets))
                .register(S3Operation.GET_BUCKET_POLICY_STATUS, new GetBucketPolicyStatus());
    }
}
