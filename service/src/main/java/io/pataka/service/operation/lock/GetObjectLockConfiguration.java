package io.pataka.service.operation.lock;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;

/**
 * Returns the default retention of a bucket with object lock.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectLockConfiguration.html">AWS: GetObjectLockConfiguration</a>
 */
final class GetObjectLockConfiguration implements Operation {

    @Override
    public S3Response perform(AdmittedCall call) {
        if (!call.bucket().objectLock()) {
            throw new S3Exception(S3Error.OBJECT_LOCK_CONFIGURATION_NOT_FOUND)
                    .with("BucketName", call.bucketName().text());
        }
        return S3Response.xml(LockConfigurationXml.write(call.bucket().defaultRetention()));
    }
}
