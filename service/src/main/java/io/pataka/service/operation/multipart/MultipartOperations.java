package io.pataka.service.operation.multipart;

import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.Quotas;
import io.pataka.service.metadata.UploadLedger;
import io.pataka.service.objects.BucketRetry;
import io.pataka.service.objects.ObjectCopier;
import io.pataka.service.objects.PartWriter;
import io.pataka.service.operation.BodyIntake;
import io.pataka.service.operation.CopySources;
import io.pataka.service.operation.LifecycleHeaders;
import io.pataka.service.operation.ObjectEncryption;
import io.pataka.service.operation.OperationCatalog;
import io.pataka.service.operation.ReadableContent;
import io.pataka.service.protocol.S3Operation;
import java.util.Objects;

/**
 * Multipart uploads.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html">AWS: multipart upload</a>
 */
public final class MultipartOperations {

    private final UploadLedger uploads;
    private final ObjectIndex index;
    private final BodyIntake intake;
    private final CopySources sources;
    private final ObjectCopier copier;
    private final ReadableContent readable;
    private final BucketRetry retry;
    private final ObjectEncryption encryption;
    private final LifecycleHeaders lifecycle;
    private final MultipartRules rules;
    private final Quotas quotas;

    public MultipartOperations(
            UploadLedger uploads,
            ObjectIndex index,
            BodyIntake intake,
            CopySources sources,
            ObjectCopier copier,
            ReadableContent readable,
            BucketRetry retry,
            ObjectEncryption encryption,
            LifecycleHeaders lifecycle,
            MultipartRules rules,
            Quotas quotas) {
        this.uploads = Objects.requireNonNull(uploads);
        this.index = Objects.requireNonNull(index);
        this.intake = Objects.requireNonNull(intake);
        this.sources = Objects.requireNonNull(sources);
        this.readable = Objects.requireNonNull(readable);
        this.copier = Objects.requireNonNull(copier);
        this.retry = Objects.requireNonNull(retry);
        this.encryption = Objects.requireNonNull(encryption);
        this.lifecycle = Objects.requireNonNull(lifecycle);
        this.rules = Objects.requireNonNull(rules);
        this.quotas = Objects.requireNonNull(quotas);
    }

    public void register(OperationCatalog catalog) {
        PartWriter parts = new PartWriter(uploads, quotas);
        catalog.register(
                        S3Operation.CREATE_MULTIPART_UPLOAD,
                        new CreateMultipartUpload(uploads, encryption, lifecycle, rules.storageClasses()))
                .register(S3Operation.UPLOAD_PART, new UploadPart(uploads, parts, intake, encryption))
                .register(
                        S3Operation.UPLOAD_PART_COPY,
                        new UploadPartCopy(uploads, parts, sources, copier, readable, encryption, rules.maxPartSize()))
                .register(S3Operation.LIST_PARTS, new ListParts(uploads, encryption, lifecycle))
                .register(
                        S3Operation.COMPLETE_MULTIPART_UPLOAD,
                        new CompleteMultipartUpload(uploads, index, retry, readable, encryption, lifecycle))
                .register(S3Operation.ABORT_MULTIPART_UPLOAD, new AbortMultipartUpload(uploads));
    }
}
