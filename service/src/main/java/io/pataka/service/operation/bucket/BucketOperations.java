package io.pataka.service.operation.bucket;

import io.pataka.service.access.GranteeDirectory;
import io.pataka.service.access.NewBucketRules;
import io.pataka.service.changes.BucketLogs;
import io.pataka.service.metadata.AccountDocuments;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.metadata.Quotas;
import io.pataka.service.operation.LogFlush;
import io.pataka.service.operation.OperationCatalog;
import io.pataka.service.protocol.S3Operation;

/** Creates, finds and deletes buckets. */
public final class BucketOperations {

    private final BucketCatalog buckets;
    private final AccountDocuments accounts;
    private final BucketRules rules;
    private final Quotas quotas;
    private final GranteeDirectory grantees;
    private final BucketLogs logs;
    private final LogFlush flush;

    public BucketOperations(
            BucketCatalog buckets,
            AccountDocuments accounts,
            BucketRules rules,
            Quotas quotas,
            GranteeDirectory grantees,
            BucketLogs logs,
            LogFlush flush) {
        this.buckets = buckets;
        this.accounts = accounts;
        this.rules = rules;
        this.quotas = quotas;
        this.grantees = grantees;
        this.logs = logs;
        this.flush = flush;
    }

    public void register(OperationCatalog catalog) {
        catalog.register(
                        S3Operation.CREATE_BUCKET,
                        new CreateBucket(buckets, accounts, rules, new NewBucketRules(grantees)))
                .register(S3Operation.HEAD_BUCKET, new HeadBucket(buckets, rules, quotas))
                .register(S3Operation.DELETE_BUCKET, new DeleteBucket(buckets, logs, flush))
                .register(S3Operation.GET_BUCKET_LOCATION, new GetBucketLocation(rules.region()));
    }
}
