package io.pataka.service.operation;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.protocol.S3Response;

/** Deletes a configuration of a bucket, if there is one. */
final class DeleteBucketDocument<T> implements Operation {

    private final BucketDocument<T> document;
    private final BucketCatalog buckets;

    DeleteBucketDocument(BucketDocument<T> document, BucketCatalog buckets) {
        this.document = document;
        this.buckets = buckets;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        document.guard().require(call);
        buckets.deleteDocument(
                call.bucket(), document.kind(), call.permit().change(call.bucket(), Kind.DELETE_CONFIGURATION));
        return S3Response.noContent();
    }
}
