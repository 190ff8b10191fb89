package io.pataka.service.operation.lock;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.VersionLocks;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.ObjectLock;
import io.pataka.service.model.Retention;
import io.pataka.service.operation.LockedBucket;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.RequestDocument;
import io.pataka.service.operation.VersionParameter;
import io.pataka.service.protocol.S3Response;
import java.io.IOException;
import java.util.Optional;

/**
 * Sets, extends or takes away the retention of a version. What is in force is only shortened with a bypass of governance mode.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectRetention.html">AWS: PutObjectRetention</a>
 */
final class PutObjectRetention implements Operation {

    private static final int MAX_DOCUMENT = 16 * 1024;

    private final VersionLocks locks;
    private final LockedVersion version;

    PutObjectRetention(VersionLocks locks, LockedVersion version) {
        this.locks = locks;
        this.version = version;
    }

    @Override
    public S3Response perform(AdmittedCall call) throws IOException {
        LockedBucket.require(call.bucket());
        Optional<Retention> wanted = RetentionXml.read(
                RequestDocument.read(call.request(), MAX_DOCUMENT, RequestDocument.Digest.REQUIRED), call.now());
        ObjectLock lock = new ObjectLock(wanted, Optional.empty());
        call.require(call.own().lock(lock));
        boolean bypass = call.bypassesGovernance(lock);
        return version.change(
                call,
                bucket -> locks.setRetention(
                        bucket,
                        call.key(),
                        VersionParameter.of(call.request()),
                        wanted,
                        bypass,
                        call.permit().change(bucket, Kind.PUT_RETENTION)));
    }
}
