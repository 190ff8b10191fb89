package io.pataka.service.operation.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Owner;
import io.pataka.service.operation.AmazonRegions;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.ContinuationToken;
import io.pataka.service.protocol.Parameters;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.S3Time;
import io.pataka.service.protocol.xml.XmlWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The caller's buckets by name, a page at a time.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html">AWS: ListBuckets</a>
 */
final class ListBuckets implements Operation {

    /** The longest page, and the page of a client that names no size. */
    private static final int MAX_PAGE = 10_000;

    private final BucketCatalog buckets;
    private final String region;

    ListBuckets(BucketCatalog buckets, String region) {
        this.buckets = buckets;
        this.region = region;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        Parameters parameters = call.parameters();
        int limit = pageSize(parameters);
        String prefix = parameters.first("prefix").orElse("");
        Optional<String> wantedRegion = parameters.first("bucket-region");
        wantedRegion.ifPresent(this::requireRegion);
        String after = parameters
                .first("continuation-token")
                .filter(text -> !text.isEmpty())
                .map(token -> new String(ContinuationToken.parse(token).position(), UTF_8))
                .orElse("");
        Owner owner = call.caller().account();
        boolean elsewhere = wantedRegion.isPresent() && !wantedRegion.get().equalsIgnoreCase(region);
        List<Bucket> found = elsewhere ? List.of() : buckets.page(owner.id(), prefix, after, limit + 1);
        return S3Response.xml(document(owner, found, limit, prefix));
    }

    /**
     * Amazon refuses a name that none of its regions has, and so an empty one; here a name may be this cloud's, or look like one of
     * Amazon's. The case of the letters does not count.
     */
    private void requireRegion(String wanted) {
        if (!wanted.equalsIgnoreCase(region) && !AmazonRegions.mayHave(wanted.toLowerCase(Locale.ROOT))) {
            throw new S3Exception(S3Error.INVALID_ARGUMENT, "Argument value " + wanted + " is not a valid AWS Region")
                    .with("ArgumentName", "bucket-region");
        }
    }

    private static int pageSize(Parameters parameters) {
        int asked = parameters.number("max-buckets").orElse(MAX_PAGE);
        if (asked < 1 || asked > MAX_PAGE) {
            throw new S3Exception(
                            S3Error.INVALID_ARGUMENT,
                            "Argument max-buckets must be an integer between 1 and " + MAX_PAGE)
                    .argument("max-buckets", Integer.toString(asked));
        }
        return asked;
    }

    private byte[] document(Owner owner, List<Bucket> found, int limit, String prefix) {
        List<Bucket> page = found.subList(0, Math.min(limit, found.size()));
        XmlWriter xml = XmlWriter.document("ListAllMyBucketsResult")
                .ownerId("Owner", owner)
                .open("Buckets");
        for (Bucket bucket : page) {
            xml.open("Bucket")
                    .leaf("Name", bucket.name().text())
                    .leaf("CreationDate", S3Time.xml(bucket.createdAt()))
                    .leaf("BucketRegion", region)
                    .close();
        }
        xml.close();
        if (found.size() > limit) {
            byte[] last = page.get(limit - 1).name().text().getBytes(UTF_8);
            xml.leaf("ContinuationToken", new ContinuationToken(last, false).text());
        }
        return xml.leaf("Prefix", Optional.of(prefix).filter(text -> !text.isEmpty()))
                .toBytes();
    }
}
