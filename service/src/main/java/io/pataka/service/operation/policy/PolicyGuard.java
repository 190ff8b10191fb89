package io.pataka.service.operation.policy;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.access.policy.BucketPolicy;
import io.pataka.service.access.policy.MalformedPolicyException;
import io.pataka.service.access.policy.PolicyJudgement.Effect;
import io.pataka.service.access.policy.RequestQuestion;
import io.pataka.service.operation.BucketDocument;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/**
 * A policy may allow other projects much, but only the bucket's owner reads and changes the policy. A policy that would keep the caller
 * from changing it again is refused, unless the caller confirms it in {@code x-amz-confirm-remove-self-bucket-access}, or is an
 * administrator of the owning project, whom no policy keeps from changing it.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html">AWS: PutBucketPolicy</a>
 */
final class PolicyGuard implements BucketDocument.Guard<String> {

    private final Clock clock;

    PolicyGuard(Clock clock) {
        this.clock = clock;
    }

    /**
     * @throws S3Exception MethodNotAllowed for a caller of another project, which is AWS's answer
     */
    @Override
    public void require(AdmittedCall call) {
        if (!call.caller().owns(call.bucket())) {
            throw new S3Exception(S3Error.METHOD_NOT_ALLOWED);
        }
    }

    /**
     * @throws S3Exception MalformedPolicy, also for an unconfirmed policy that keeps the caller out; AccessDenied for a public policy
     *     where those are blocked
     */
    @Override
    public void check(String wanted, AdmittedCall call) {
        BucketPolicy policy = parsed(wanted, call);
        if (policy.isPublic() && call.access().publicAccess().blockPublicPolicy()) {
            throw new S3Exception(S3Error.ACCESS_DENIED).because("public access block: the policy is public");
        }
        if (!isConfirmed(call) && locksOut(policy, call)) {
            throw new S3Exception(
                    S3Error.MALFORMED_POLICY,
                    "The policy would not let you change it again; confirm that with"
                            + " x-amz-confirm-remove-self-bucket-access");
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
