package io.pataka.service.operation.inventory;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Response;

/**
 * DeleteBucketInventoryConfiguration. Reports that are there stay.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketInventoryConfiguration.html">AWS</a>
 */
final class DeleteBucketInventoryConfiguration implements Operation {

    private final StoredInventories inventories;

    DeleteBucketInventoryConfiguration(StoredInventories inventories) {
        this.inventories = inventories;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        String id = StoredInventories.id(call);
        inventories.change(call, Kind.DELETE_CONFIGURATION, all -> {
            if (all.remove(id) == null) {
                throw StoredInventories.notFound();
            }
        });
        return S3Response.noContent();
    }
}
