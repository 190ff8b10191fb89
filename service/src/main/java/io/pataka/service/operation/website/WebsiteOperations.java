package io.pataka.service.operation.website;

import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.operation.BucketDocument;
import io.pataka.service.operation.DocumentCodec;
import io.pataka.service.operation.OperationCatalog;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.website.WebsiteConfiguration;
import io.pataka.service.website.WebsiteXml;
import java.util.Objects;

/**
 * The configuration of a bucket's website.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketWebsite.html">AWS: GetBucketWebsite</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketWebsite.html">AWS: PutBucketWebsite</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketWebsite.html">AWS: DeleteBucketWebsite</a>
 */
public final class WebsiteOperations {

    private static final BucketDocument<WebsiteConfiguration> WEBSITE = BucketDocument.of(
            DocumentKind.WEBSITE,
            DocumentCodec.ofXml(WebsiteXml::read, WebsiteXml::write),
            WebsiteXml.MAX_LENGTH,
            BucketDocument.error(S3Error.NO_SUCH_WEBSITE_CONFIGURATION));

    private final BucketCatalog buckets;

    public WebsiteOperations(BucketCatalog buckets) {
        this.buckets = Objects.requireNonNull(buckets);
    }

    public void register(OperationCatalog catalog) {
        catalog.register(S3Operation.GET_BUCKET_WEBSITE, WEBSITE.get(buckets))
                .register(S3Operation.PUT_BUCKET_WEBSITE, WEBSITE.put(buckets))
                .register(S3Operation.DELETE_BUCKET_WEBSITE, WEBSITE.delete(buckets));
    }
}
