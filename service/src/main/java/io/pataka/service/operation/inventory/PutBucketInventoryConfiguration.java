package io.pataka.service.operation.inventory;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.inventory.InventoryConfiguration;
import io.pataka.service.inventory.InventoryXml;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.RequestDocument;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import java.io.IOException;

/**
 * Sets an inventory configuration, in place of the one of the same id. As with Amazon, the policy of the destination is asked when a
 * report is written, and not here.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketInventoryConfiguration.html">AWS:
 *     PutBucketInventoryConfiguration</a>
 */
final class PutBucketInventoryConfiguration implements Operation {

    /** Amazon's limit. */
    static final int MOST = 1_000;

    private final BucketCatalog buckets;
    private final StoredInventories inventories;

    PutBucketInventoryConfiguration(BucketCatalog buckets, StoredInventories inventories) {
        this.buckets = buckets;
        this.inventories = inventories;
    }

    @Override
    public S3Response perform(AdmittedCall call) throws IOException {
        String id = StoredInventories.id(call);
        byte[] document =
                RequestDocument.read(call.request(), InventoryXml.MAX_LENGTH, RequestDocument.Digest.OPTIONAL);
        InventoryConfiguration wanted = InventoryXml.read(document);
        if (!wanted.id().equals(id)) {
            throw new S3Exception(
                            S3Error.INVALID_ARGUMENT, "The id in the document is not the id that the request names.")
                    .argument("id", id);
        }
        requireBucket(wanted.destination().bucket());
        inventories.change(call, Kind.PUT_CONFIGURATION, all -> {
            if (!all.containsKey(id) && all.size() >= MOST) {
                throw new S3Exception(S3Error.TOO_MANY_CONFIGURATIONS);
            }
            all.put(id, wanted);
        });
        return S3Response.noContent();
    }

    private void requireBucket(BucketName name) {
        if (buckets.find(name).or(() -> buckets.findFresh(name)).isEmpty()) {
            throw new S3Exception(S3Error.INVALID_S3_DESTINATION_BUCKET, "The destination bucket does not exist.");
        }
    }
}
