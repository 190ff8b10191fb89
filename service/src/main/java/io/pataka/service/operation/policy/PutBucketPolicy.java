package io.pataka.service.operation.policy;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.access.policy.BucketPolicy;
import io.pataka.service.access.policy.MalformedPolicyException;
import io.pataka.service.access.policy.PolicyJudgement.Effect;
import io.pataka.service.access.policy.RequestQuestion;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.RequestDocument;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Response;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/**
 * Sets the policy of a bucket. One that would keep the caller from changing it again is refused, unless the caller says in
 * {@code x-amz-confirm-remove-self-bucket-access} that this is meant, or is an administrator of the owning project, whom no policy
 * keeps from mending it.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html">AWS: PutBucketPolicy</a>
 */
final class PutBucketPolicy implements Operation {

    /** White space does not count for the policy's own limit, so more may be sent. */
    static final int MAX_DOCUMENT = 5 * BucketPolicy.MAX_BYTES;

    /** Refused as a policy that is malformed, and not as a body that is missing. */
    private static final byte[] EMPTY = {};

    private final BucketCatalog buckets;
    private final Clock clock;

    PutBucketPolicy(BucketCatalog buckets, Clock clock) {
        this.buckets = buckets;
        this.clock = clock;
    }

    @Override
    public S3Response perform(AdmittedCall call) throws IOException {
        PolicyOwner.require(call);
        String json = text(RequestDocument.readOptional(call.request(), MAX_DOCUMENT, RequestDocument.Digest.OPTIONAL)
                .orElse(EMPTY));
        BucketPolicy policy = parsed(json, call);
        if (policy.isPublic() && call.access().publicAccess().blockPublicPolicy()) {
            throw new S3Exception(S3Error.ACCESS_DENIED).because("public access block: the policy is public");
        }
        if (!isConfirmed(call) && locksOut(policy, call)) {
            throw new S3Exception(
                    S3Error.MALFORMED_POLICY,
                    "The policy would not let you change it again; confirm that with"
                            + " x-amz-confirm-remove-self-bucket-access");
        }
        if (!buckets.putDocument(call.bucket(), DocumentKind.POLICY, json)) {
            throw S3Exception.noSuchBucket(call.bucketName());
        }
        return S3Response.noContent();
    }

    private static String text(byte[] document) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(document))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw new S3Exception(S3Error.MALFORMED_POLICY, "This policy contains invalid Json")
                    .with("Detail", "not UTF-8");
        }
    }

    private static BucketPolicy parsed(String json, AdmittedCall call) {
        try {
            return BucketPolicy.parse(json, call.bucketName());
        } catch (MalformedPolicyException malformed) {
            throw new S3Exception(S3Error.MALFORMED_POLICY, malformed.getMessage()).with("Detail", malformed.fault());
        }
    }

    private static boolean isConfirmed(AdmittedCall call) {
        return call.headers()
                .first("x-amz-confirm-remove-self-bucket-access")
                .filter("true"::equalsIgnoreCase)
                .isPresent();
    }

    private boolean locksOut(BucketPolicy policy, AdmittedCall call) {
        RequestQuestion again = new RequestQuestion(
                call.request(),
                call.caller(),
                call.bucket(),
                S3Operation.PUT_BUCKET_POLICY.access().action(),
                Optional.empty(),
                Map::of,
                Map.of(),
                clock.instant(),
                Optional.empty());
        return !call.mayAlwaysMend() && policy.judge(again).effect() == Effect.DENY;
    }
}
