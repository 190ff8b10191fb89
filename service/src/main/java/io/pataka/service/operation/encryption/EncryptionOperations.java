package io.pataka.service.operation.encryption;

import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.objects.BucketRetry;
import io.pataka.service.operation.BucketDocument;
import io.pataka.service.operation.BucketEncryption;
import io.pataka.service.operation.EncryptionRules;
import io.pataka.service.operation.ObjectEncryption;
import io.pataka.service.operation.OperationCatalog;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Operation;
import java.util.Objects;
import java.util.function.Function;

/**
 * How a bucket encrypts new objects whose writers do not say how, and changes of the encryption of an object. A bucket without a configuration answers the standard of the settings.
 * If the settings have none, it answers that there is none, as Ceph Gateway does; Amazon encrypts all objects, so there each bucket has one.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketEncryption.html">AWS: GetBucketEncryption</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketEncryption.html">AWS: PutBucketEncryption</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketEncryption.html">AWS: DeleteBucketEncryption</a>
 */
public final class EncryptionOperations {

    private static final int MAX_DOCUMENT = 16 * 1024;

    private final BucketCatalog buckets;
    private final ObjectIndex index;
    private final ObjectEncryption objects;
    private final BucketDocument<BucketEncryption> encryption;

    public EncryptionOperations(
            BucketCatalog buckets, ObjectIndex index, ObjectEncryption objects, EncryptionRules rules) {
        this.buckets = Objects.requireNonNull(buckets);
        this.index = Objects.requireNonNull(index);
        this.objects = Objects.requireNonNull(objects);
        Function<BucketName, BucketEncryption> none = BucketDocument.error(S3Error.ENCRYPTION_CONFIGURATION_NOT_FOUND);
        this.encryption = BucketDocument.of(
                DocumentKind.ENCRYPTION,
                new BucketEncryptionCodec(),
                MAX_DOCUMENT,
                bucket -> rules.ofBuckets().orElseGet(() -> none.apply(bucket)));
    }

    public void register(OperationCatalog catalog) {
        catalog.register(S3Operation.GET_BUCKET_ENCRYPTION, encryption.get(buckets))
                .register(S3Operation.PUT_BUCKET_ENCRYPTION, encryption.put(buckets))
                .register(S3Operation.DELETE_BUCKET_ENCRYPTION, encryption.delete(buckets))
                .register(
                        S3Operation.UPDATE_OBJECT_ENCRYPTION,
                        new UpdateObjectEncryption(index, new BucketRetry(buckets), objects));
    }
}
