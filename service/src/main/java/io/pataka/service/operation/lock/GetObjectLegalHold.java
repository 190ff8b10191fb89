package io.pataka.service.operation.lock;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.operation.LockedBucket;
import io.pataka.service.operation.ObjectLookup;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;

/**
 * Returns whether a version has a legal hold; an error if none was ever set or taken away.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectLegalHold.html">AWS: GetObjectLegalHold</a>
 */
final class GetObjectLegalHold implements Operation {

    private final ObjectLookup lookup;

    GetObjectLegalHold(ObjectLookup lookup) {
        this.lookup = lookup;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        LockedBucket.require(call.bucket());
        boolean isOn = lookup.findDescribed(call)
                .facts()
                .lock()
                .hold()
                .orElseThrow(() -> new S3Exception(S3Error.NO_SUCH_OBJECT_LOCK_CONFIGURATION));
        return S3Response.xml(LegalHoldXml.write(isOn));
    }
}
