package io.pataka.service.operation.lifecycle;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.lifecycle.LifecycleConfiguration;
import io.pataka.service.lifecycle.LifecycleRule;
import io.pataka.service.lifecycle.LifecycleXml;
import io.pataka.service.lifecycle.NoncurrentTransition;
import io.pataka.service.lifecycle.Transition;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.RequestDocument;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Sets the lifecycle rules of a bucket, in place of those that it had.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html">AWS:
 *     PutBucketLifecycleConfiguration</a>
 */
final class PutBucketLifecycleConfiguration implements Operation {

    private static final Set<String> MINIMUM_SIZES =
            Set.of(LifecycleConfiguration.ALL_CLASSES_128K, LifecycleConfiguration.VARIES_BY_CLASS);

    private final BucketCatalog buckets;
    private final List<String> storageClasses;

    /**
     * @param storageClasses that rules may name
     */
    PutBucketLifecycleConfiguration(BucketCatalog buckets, List<String> storageClasses) {
        this.buckets = buckets;
        this.storageClasses = storageClasses;
    }

    @Override
    public S3Response perform(AdmittedCall call) throws IOException {
        Optional<String> minimumSize = call.headers().first(LifecycleCodec.MINIMUM_SIZE);
        minimumSize.ifPresent(PutBucketLifecycleConfiguration::requireMinimumSize);
        byte[] document =
                RequestDocument.read(call.request(), LifecycleXml.MAX_LENGTH, RequestDocument.Digest.REQUIRED);
        LifecycleConfiguration wanted = LifecycleXml.read(document, minimumSize);
        wanted.rules().forEach(this::requireStorageClasses);
        boolean put = buckets.putDocument(
                call.bucket(),
                DocumentKind.LIFECYCLE,
                LifecycleXml.store(wanted),
                call.permit().change(call.bucket(), Kind.PUT_CONFIGURATION));
        if (!put) {
            throw S3Exception.noSuchBucket(call.bucketName());
        }
        return S3Response.ok().header(LifecycleCodec.MINIMUM_SIZE, minimumSize);
    }

    private static void requireMinimumSize(String text) {
        if (!MINIMUM_SIZES.contains(text)) {
            throw new S3Exception(
                            S3Error.INVALID_ARGUMENT,
                            "The value of the header " + LifecycleCodec.MINIMUM_SIZE + " is not valid")
                    .argument(LifecycleCodec.MINIMUM_SIZE, text);
        }
    }

    private void requireStorageClasses(LifecycleRule rule) {
        Stream.concat(
                        rule.transitions().stream().map(Transition::storageClass),
                        rule.noncurrentTransitions().stream().map(NoncurrentTransition::storageClass))
                .filter(storageClass -> !storageClasses.contains(storageClass))
                .findFirst()
                .ifPresent(unknown -> {
                    throw new S3Exception(S3Error.INVALID_ARGUMENT, "There is no storage class of this name")
                            .argument("StorageClass", unknown);
                });
    }
}
