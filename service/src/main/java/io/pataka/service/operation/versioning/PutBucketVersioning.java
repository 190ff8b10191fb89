package io.pataka.service.operation.versioning;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.RequestDocument;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.xml.XmlElement;
import java.io.IOException;
import java.util.Optional;

/**
 * PutBucketVersioning. There is no MFA delete: the service has no second factor of its callers that it could verify. To enable it is
 * refused. The header {@code x-amz-mfa} of other requests has no effect, as on a bucket of Amazon's without MFA delete.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html">AWS</a>
 */
final class PutBucketVersioning implements Operation {

    private static final int MAX_DOCUMENT = 4096;
    private static final String MFA_DELETE = "MfaDelete";

    private final BucketCatalog buckets;

    PutBucketVersioning(BucketCatalog buckets) {
        this.buckets = buckets;
    }

    @Override
    public S3Response perform(AdmittedCall call) throws IOException {
        XmlElement document = XmlElement.parse(
                        RequestDocument.read(call.request(), MAX_DOCUMENT, RequestDocument.Digest.OPTIONAL),
                        "VersioningConfiguration")
                .only("Status", MFA_DELETE)
                .once("Status", MFA_DELETE);
        refuseMfaDelete(document.textOf(MFA_DELETE));
        Versioning wanted = status(document);
        ChangeContext change = call.permit().change(call.bucket(), Kind.PUT_CONFIGURATION);
        Bucket bucket = buckets.setVersioning(call.bucket(), wanted, change)
                .orElseThrow(() -> S3Exception.noSuchBucket(call.bucketName()));
        if (bucket.objectLock() && bucket.versioning() != wanted) {
            throw new S3Exception(
                    S3Error.INVALID_BUCKET_STATE,
                    "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.");
        }
        return S3Response.ok();
    }

    private static void refuseMfaDelete(Optional<String> state) {
        switch (state.orElse("Disabled")) {
            case "Disabled" -> {
                // the state of every bucket
            }
            case "Enabled" ->
                throw new S3Exception(
                        S3Error.NOT_IMPLEMENTED,
                        "MFA delete is not implemented. Object Lock keeps versions from being deleted.");
            default -> throw new S3Exception(S3Error.MALFORMED_XML);
        }
    }

    private static Versioning status(XmlElement document) {
        return switch (document.textOf("Status").orElse("")) {
            case "Enabled" -> Versioning.ENABLED;
            case "Suspended" -> Versioning.SUSPENDED;
            case "" ->
                throw new S3Exception(
                        S3Error.ILLEGAL_VERSIONING_CONFIGURATION, "The Versioning element must be specified");
            default -> throw new S3Exception(S3Error.MALFORMED_XML);
        };
    }
}
