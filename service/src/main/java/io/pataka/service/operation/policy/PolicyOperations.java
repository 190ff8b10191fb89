package io.pataka.service.operation.policy;

import io.pataka.service.access.policy.BucketPolicy;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.operation.BucketDocument;
import io.pataka.service.operation.OperationCatalog;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Operation;
import java.time.Clock;
import java.util.Objects;

/**
 * The policy of a bucket.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicy.html">AWS: GetBucketPolicy</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html">AWS: PutBucketPolicy</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html">AWS: DeleteBucketPolicy</a>
 */
public final class PolicyOperations {

    /** White space does not count for the policy's own limit, so more may be sent. */
    static final int MAX_DOCUMENT = 5 * BucketPolicy.MAX_BYTES;

    private final BucketCatalog buckets;
    private final BucketDocument<String> policy;

    public PolicyOperations(BucketCatalog buckets, Clock clock) {
        this.buckets = Objects.requireNonNull(buckets);
        this.policy = BucketDocument.of(
                        DocumentKind.POLICY,
                        new PolicyCodec(),
                        MAX_DOCUMENT,
                        BucketDocument.error(S3Error.NO_SUCH_BUCKET_POLICY))
                .answeringNoContent()
                .guardedBy(new PolicyGuard(Objects.requireNonNull(clock)));
    }

    public void register(OperationCatalog catalog) {
        catalog.register(S3Operation.GET_BUCKET_POLICY, policy.get(buckets))
                .register(S3Operation.PUT_BUCKET_POLICY, policy.put(buckets))
                .register(S3Operation.DELETE_BUCKET_POLICY, policy.delete(buckets))
                .register(S3Operation.GET_BUCKET_POLICY_STATUS, new GetBucketPolicyStatus());
    }
}
