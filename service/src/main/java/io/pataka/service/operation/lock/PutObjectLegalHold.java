package io.pataka.service.operation.lock;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.VersionLocks;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.ObjectLock;
import io.pataka.service.operation.LockedBucket;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.RequestDocument;
import io.pataka.service.operation.VersionParameter;
import io.pataka.service.protocol.S3Response;
import java.io.IOException;
import java.util.Optional;

/**
 * Sets the legal hold of a version or takes it away. No request bypasses a hold. A caller who may set it may take it away.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectLegalHold.html">AWS: PutObjectLegalHold</a>
 */
final class PutObjectLegalHold implements Operation {

    private static final int MAX_DOCUMENT = 16 * 1024;

    private final VersionLocks locks;
    private final LockedVersion version;

    PutObjectLegalHold(VersionLocks locks, LockedVersion version) {
        this.locks = locks;
        this.version = version;
    }

    @Override
    public S3Response perform(AdmittedCall call) throws IOException {
        LockedBucket.require(call.bucket());
        boolean wanted =
                LegalHoldXml.read(RequestDocument.read(call.request(), MAX_DOCUMENT, RequestDocument.Digest.REQUIRED));
        call.require(call.own().lock(new ObjectLock(Optional.empty(), Optional.of(wanted))));
        return version.change(
                call,
                bucket -> locks.setLegalHold(
                        bucket,
                        call.key(),
                        VersionParameter.of(call.request()),
                        wanted,
                        call.permit().change(bucket, Kind.PUT_LEGAL_HOLD)));
    }
}
