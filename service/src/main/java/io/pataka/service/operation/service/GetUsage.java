package io.pataka.service.operation.service;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.metadata.Quotas;
import io.pataka.service.metadata.Quotas.ProjectQuotas;
import io.pataka.service.metadata.RequestUsage.Line;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.UsageAnswer;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.xml.XmlWriter;
import java.util.List;

/**
 * Ceph's account of what the caller has: how many requests there were, quotas, where -1 says that there is none, and totals. If no date is
 * named, the requests are those of the last 24 hours.
 *
 * @see <a href="https://docs.ceph.com/en/latest/radosgw/s3/serviceops/">Ceph: get usage stats</a>
 */
final class GetUsage implements Operation {

    private static final long NO_QUOTA = -1;

    private final BucketCatalog buckets;
    private final Quotas quotas;
    private final BookedRequests requests;
    private final int bucketsPerOwner;

    /**
     * @param bucketsPerOwner the most buckets of one owner; 0 for no limit
     */
    GetUsage(BucketCatalog buckets, Quotas quotas, BookedRequests requests, int bucketsPerOwner) {
        this.buckets = buckets;
        this.quotas = quotas;
        this.requests = requests;
        this.bucketsPerOwner = bucketsPerOwner;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        BucketCatalog.Usage usage =
                UsageAnswer.require(buckets.usage(call.caller().account()));
        String account = call.caller().account().id();
        ProjectQuotas limits = quotas.ofProject(account);
        List<Line> lines =
                requests.lines(account, UsagePeriod.of(call.parameters(), "start-date", "end-date", call.now()));
        XmlWriter document = UsageXml.entries(XmlWriter.plainDocument("Usage"), account, lines);
        return S3Response.xml(UsageXml.summary(document.open("Summary"), account, lines)
                        .leaf("QuotaMaxBytes", limits.whole().bytes().orElse(NO_QUOTA))
                        .leaf("QuotaMaxBuckets", bucketsPerOwner)
                        .leaf("QuotaMaxObjCount", limits.whole().objects().orElse(NO_QUOTA))
                        .leaf(
                                "QuotaMaxBytesPerBucket",
                                limits.eachBucket().bytes().orElse(NO_QUOTA))
                        .leaf(
                                "QuotaMaxObjCountPerBucket",
                                limits.eachBucket().objects().orElse(NO_QUOTA))
                        .leaf("TotalBytes", usage.bytes())
                        .leaf("TotalEntries", usage.objects())
                        .toBytes())
                .header(UsageAnswer.AS_OF, UsageAnswer.asOf(usage));
    }
}
