package io.pataka.service.operation;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;

/** Answers a configuration of a bucket. */
final class GetBucketDocument<T> implements Operation {

    private final BucketDocument<T> document;
    private final BucketCatalog buckets;

    GetBucketDocument(BucketDocument<T> document, BucketCatalog buckets) {
        this.document = document;
        this.buckets = buckets;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        document.guard().require(call);
        T value = buckets.document(call.bucket(), document.kind())
                .map(this::load)
                .filter(found -> !document.codec().isNone(found))
                .orElseGet(() -> document.absent().apply(call.bucketName()));
        return document.codec().answer(value);
    }

    /** A stored document that cannot be read is a fault of this server, not of the request. */
    private T load(String stored) {
        try {
            return document.codec().load(stored);
        } catch (S3Exception damaged) {
            throw new IllegalStateException(
                    "the stored " + document.kind().name() + " document cannot be read", damaged);
        }
    }
}
