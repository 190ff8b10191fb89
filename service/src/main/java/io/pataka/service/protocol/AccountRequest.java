package io.pataka.service.protocol;

import io.pataka.service.protocol.Route.Resource;
import java.util.Optional;

/**
 * Requests of Amazon's S3 Control API, which are about an account and no bucket. They come to the same hosts as all others, and
 * their paths could be keys; it is the header with the account that makes the difference, which no other client sends. Clients
 * also set the account before the host name. As with Ceph Gateway it may stand there, and means nothing.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_PutPublicAccessBlock.html">AWS: PutPublicAccessBlock of
 *     an account</a>
 * @see <a href="https://docs.ceph.com/en/latest/radosgw/s3/s3control/">Ceph: S3 Control</a>
 */
public final class AccountRequest {

    /** The header that says which account is meant. */
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
