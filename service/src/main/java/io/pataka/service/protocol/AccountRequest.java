package io.pataka.service.protocol;

import io.pataka.service.protocol.Route.Resource;
import java.util.Optional;

/**
 * Requests of Amazon's S3 Control API, which concern an account and no bucket. They use the same hosts as other requests, and
 * their paths could be keys. The header with the account distinguishes them; no other client sends it. Clients also put the
 * account before the host name, where it is ignored, as by Ceph Gateway.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_PutPublicAccessBlock.html">AWS:
 *     PutPublicAccessBlock of an account</a>
 * @see <a href="https://docs.ceph.com/en/latest/radosgw/s3/s3control/">Ceph: S3 Control</a>
 */
public final class AccountRequest {

    /** The header with the account. */
    public static final String ACCOUNT = "x-amz-account-id";

    private static final String PUBLIC_ACCESS_BLOCK = "/v20180820/configuration/publicAccessBlock";

    private AccountRequest() {}

    /**
     * @param rawPath not decoded
     * @return empty for a request about a bucket, an object or the service
     */
    public static Optional<Resource> resourceOf(String rawPath, RequestHeaders headers) {
        return rawPath.equals(PUBLIC_ACCESS_BLOCK) && headers.has(ACCOUNT)
                ? Optional.of(Resource.ACCOUNT_ACCESS_BLOCK)
                : Optional.empty();
    }
}
