package io.pataka.service.operation.bucket;

import io.pataka.service.access.GranteeDirectory;
import io.pataka.service.access.NewBucketRules;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.operation.OperationCatalog;
import io.pataka.service.protocol.S3Operation;

/** The life of a bucket: made, found, placed, deleted. */
public final class BucketOperations {

    private final BucketCatalog buckets;
    private final BucketRules rules;
    private final GranteeDirectory grantees;

    public BucketOperations(BucketCatalog buckets, BucketRules rules, GranteeDirectory grantees) {
        this.buckets = buckets;
        this.rules = rules;
        this.grantees = grantees;
    }

    public void register(OperationCatalog catalog) {
        catalog.register(S3Operation.CREATE_BUCKET, new CreateBucket(buckets, rules, new NewBucketRules(grantees)))
                .register(S3Operation.HEAD_BUCKET, new HeadBucket(buckets, rules))
                .register(S3Operation.DELETE_BUCKET, new DeleteBucket(buckets))
                .register(S3Operation.GET_BUCKET_LOCATION, new GetBucketLocation(rules.region()));
    }
}
