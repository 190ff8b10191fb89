package io.pataka.service.operation.cors;

import io.pataka.service.access.cors.BucketCors;
import io.pataka.service.access.cors.CorsRules;
import io.pataka.service.access.cors.CorsXml;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.operation.BucketDocument;
import io.pataka.service.operation.DocumentCodec;
import io.pataka.service.operation.OperationCatalog;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Operation;
import java.util.Objects;

/**
 * The CORS rules of buckets, and the preflight requests of browsers.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketCors.html">AWS: GetBucketCors</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html">AWS: PutBucketCors</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketCors.html">AWS: DeleteBucketCors</a>
 */
public final class CorsOperations {

    private static final BucketDocument<CorsRules> RULES = BucketDocument.of(
            DocumentKind.CORS,
            DocumentCodec.ofXml(CorsXml::read, CorsXml::write),
            CorsXml.MAX_LENGTH,
            BucketDocument.error(S3Error.NO_SUCH_CORS_CONFIGURATION));

    private final BucketCatalog buckets;
    private final BucketCors cors;

    public CorsOperations(BucketCatalog buckets, BucketCors cors) {
        this.buckets = Objects.requireNonNull(buckets);
        this.cors = Objects.requireNonNull(cors);
    }

    public void register(OperationCatalog catalog) {
        Preflight preflight = new Preflight(buckets, cors);
        catalog.register(S3Operation.GET_BUCKET_CORS, RULES.get(buckets))
                .register(S3Operation.PUT_BUCKET_CORS, RULES.put(buckets))
                .register(S3Operation.DELETE_BUCKET_CORS, RULES.delete(buckets))
                .register(S3Operation.PREFLIGHT_SERVICE, preflight)
                .register(S3Operation.PREFLIGHT_BUCKET, preflight)
                .register(S3Operation.PREFLIGHT_OBJECT, preflight);
    }
}
