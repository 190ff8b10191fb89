package io.pataka.service.operation.cors;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.access.cors.BucketCors;
import io.pataka.service.access.cors.CorsGrant;
import io.pataka.service.access.cors.CorsRequest;
import io.pataka.service.access.cors.CorsRule;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.Bucket;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.Route.Resource;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import java.util.Optional;

/**
 * A browser's question whether a page may send a request. It is never signed, even where it has the query of a presigned URL, and
 * does not show whether the request itself will be authorised. It shows whether a bucket exists, which is no secret: names of
 * buckets are unique in the whole deployment.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html">AWS: CORS</a>
 * @see <a href="https://fetch.spec.whatwg.org/#cors-preflight-request">Fetch: CORS-preflight request</a>
 */
final class Preflight implements Operation {

    private static final String METHOD = "OPTIONS";

    private final BucketCatalog buckets;
    private final BucketCors cors;

    Preflight(BucketCatalog buckets, BucketCors cors) {
        this.buckets = buckets;
        this.cors = cors;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        CorsRequest asked = CorsRequest.of(METHOD, call.headers())
                .orElseThrow(() -> new S3Exception(
                        S3Error.BAD_REQUEST, "Insufficient information. Origin request header needed."));
        CorsGrant grant = cors.judge(call.request().bucket(), asked).orElseThrow(() -> refusal(call, asked));
        return S3Response.ok().headers(grant.toHeaders());
    }

    private S3Exception refusal(AdmittedCall call, CorsRequest asked) {
        Optional<Bucket> bucket =
                call.request().bucket().flatMap(name -> buckets.find(name).or(() -> buckets.findFresh(name)));
        if (bucket.isEmpty()) {
            return forbidden("CORSResponse: Bucket not found", asked, Resource.BUCKET);
        }
        if (cors.rules(bucket.get()).isEmpty()) {
            return forbidden("CORSResponse: CORS is not enabled for this bucket.", asked, Resource.BUCKET);
        }
        if (!CorsRule.METHODS.contains(asked.method())) {
            return new S3Exception(
                    S3Error.BAD_REQUEST,
                    "Invalid Access-Control-Request-Method: "
                            + CorsRequest.requestedMethod(call.headers()).orElse("null"));
        }
        return forbidden(
                S3Error.ACCESS_FORBIDDEN.message(),
                asked,
                call.request().operation().route().resource());
    }

    private static S3Exception forbidden(String message, CorsRequest asked, Resource resource) {
        return new S3Exception(S3Error.ACCESS_FORBIDDEN, message)
                .with("Method", asked.method())
                .with("ResourceType", resource.name());
    }
}
