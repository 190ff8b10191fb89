package io.pataka.service.operation.object;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.ObjectIndex.Publication;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.operation.BucketRetry;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.Publications;
import io.pataka.service.protocol.Conditions;
import io.pataka.service.protocol.CopySource;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.WriteConditions;
import java.util.Optional;

/**
 * Gives an object another key of its bucket, at once and with all that is known of it. Amazon has it for directory buckets;
 * here every bucket has it that never had versioning.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_RenameObject.html">AWS: RenameObject</a>
 */
final class RenameObject implements Operation {

    private static final String SOURCE = "x-amz-rename-source";

    private final ObjectIndex index;
    private final BucketRetry retry;

    RenameObject(ObjectIndex index, BucketRetry retry) {
        this.index = index;
        this.retry = retry;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        ObjectKey from = source(call);
        WriteCondition condition = WriteConditions.of(call.headers());
        call.require(S3Operation.DELETE_OBJECT.access(), call.bucket(), Optional.of(from), Optional.empty());
        UnversionedBucket.require(call.bucket());
        ObjectVersion object = index.current(call.bucket(), from).orElseThrow(() -> missing(call, from));
        call.require(S3Operation.GET_OBJECT.access(), call.bucket(), object, Optional.empty());
        Conditions conditions = Conditions.ofRenameSource(call.headers());
        if (conditions.judge(object.etag(), object.lastModified()) == Conditions.Verdict.NOT_MODIFIED) {
            throw conditions.unmet(conditions.ifNoneMatch().isPresent() ? "If-None-Match" : "If-Modified-Since");
        }
        Publication outcome = retry.withBucket(
                call.bucket(),
                bucket -> index.rename(UnversionedBucket.require(bucket), object, call.key(), condition),
                publication -> publication instanceof Publication.BucketChanged);
        Publications.require(outcome, call, condition);
        return S3Response.ok();
    }

    private static S3Exception missing(AdmittedCall call, ObjectKey key) {
        return call.mayList()
                ? new S3Exception(S3Error.NO_SUCH_KEY).with("Key", key.toString())
                : new S3Exception(S3Error.ACCESS_DENIED);
    }

    private static ObjectKey source(AdmittedCall call) {
        CopySource source =
                CopySource.parse(SOURCE, call.headers().first(SOURCE).orElse(""));
        if (!source.bucket().equals(call.bucketName())) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST, "The source and the destination of a renaming must be in one bucket.");
        }
        if (source.versionId().isPresent() || source.key().equals(call.key())) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST, "The source of a renaming must be another key, without a version.");
        }
        if (endsInASlash(source.key()) || endsInASlash(call.key())) {
            throw new S3Exception(S3Error.INVALID_REQUEST, "A key that ends with a slash cannot be renamed.");
        }
        return source.key();
    }

    private static boolean endsInASlash(ObjectKey key) {
        return new String(key.bytes(), ISO_8859_1).endsWith("/");
    }
}
