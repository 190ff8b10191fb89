package io.pataka.service.operation.lock;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.model.Retention;
import io.pataka.service.operation.LockedBucket;
import io.pataka.service.operation.ObjectLookup;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;

/**
 * Returns the retention of a version, also when it is over.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectRetention.html">AWS: GetObjectRetention</a>
 */
final class GetObjectRetention implements Operation {

    private final ObjectLookup lookup;

    GetObjectRetention(ObjectLookup lookup) {
        this.lookup = lookup;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        LockedBucket.require(call.bucket());
        Retention retention = lookup.findDescribed(call)
                .facts()
                .lock()
                .retention()
                .orElseThrow(() -> new S3Exception(S3Error.NO_SUCH_OBJECT_LOCK_CONFIGURATION));
        return S3Response.xml(RetentionXml.write(retention));
    }
}
