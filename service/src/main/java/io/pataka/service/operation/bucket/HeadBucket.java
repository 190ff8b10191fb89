package io.pataka.service.operation.bucket;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.metadata.Quotas;
import io.pataka.service.model.Quota;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.UsageAnswer;
import io.pataka.service.protocol.S3Response;
import java.util.OptionalLong;

/**
 * Says that a bucket is there and may be listed; with {@code read-stats} also, as Ceph Gateway does,
 * how much is in it, and how much may be in it and in all buckets of its project.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html">AWS: HeadBucket</a>
 */
final class HeadBucket implements Operation {

    private final BucketCatalog buckets;
    private final BucketRules rules;
    private final Quotas quotas;

    HeadBucket(BucketCatalog buckets, BucketRules rules, Quotas quotas) {
        this.buckets = buckets;
        this.rules = rules;
        this.quotas = quotas;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        S3Response response = S3Response.ok()
                .header(BucketArn.HEADER, BucketArn.of(call.bucket().name()))
                .header("x-amz-access-point-alias", "false");
        boolean counts =
                call.parameters().first("read-stats").filter("true"::equals).isPresent();
        return counts ? counted(response, call) : response;
    }

    private S3Response counted(S3Response response, AdmittedCall call) {
        BucketCatalog.Usage usage = UsageAnswer.require(buckets.usage(call.bucket()));
        Quota own = quotas.ofBucket(call.bucket());
        Quota project = quotas.ofProject(call.bucket().owner().id()).whole();
        return response.header("X-RGW-Object-Count", Long.toString(usage.objects()))
                .header("X-RGW-Bytes-Used", Long.toString(usage.bytes()))
                .header(UsageAnswer.AS_OF, UsageAnswer.asOf(usage))
                .header("X-RGW-Quota-User-Size", text(project.bytes()))
                .header("X-RGW-Quota-User-Objects", text(project.objects()))
                .header("X-RGW-Quota-Max-Buckets", Integer.toString(rules.perOwner()))
                .header("X-RGW-Quota-Bucket-Size", text(own.bytes()))
                .header("X-RGW-Quota-Bucket-Objects", text(own.objects()));
    }

    /** Ceph says -1 for no quota. */
    private static String text(OptionalLong limit) {
        return Long.toString(limit.orElse(-1));
    }
}
