package io.pataka.service.operation;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import java.io.IOException;

/** Sets a configuration of a bucket. */
final class PutBucketDocument<T> implements Operation {

    private final BucketDocument<T> document;
    private final BucketCatalog buckets;

    PutBucketDocument(BucketDocument<T> document, BucketCatalog buckets) {
        this.document = document;
        this.buckets = buckets;
    }

    @Override
    public S3Response perform(AdmittedCall call) throws IOException {
        document.guard().require(call);
        DocumentCodec<T> codec = document.codec();
        T wanted = RequestDocument.readOptional(call.request(), document.maxLength(), RequestDocument.Digest.OPTIONAL)
                .map(codec::read)
                .orElseGet(codec::readNothing);
        document.guard().check(wanted, call);
        ChangeContext change = call.permit().change(call.bucket(), Kind.PUT_CONFIGURATION);
        if (codec.isNone(wanted)) {
            buckets.deleteDocument(call.bucket(), document.kind(), change);
        } else if (!buckets.putDocument(call.bucket(), document.kind(), codec.store(wanted), change)) {
            throw S3Exception.noSuchBucket(call.bucketName());
        }
        return document.putAnswer().get();
    }
}
