package io.pataka.service.operation.inventory;

import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.operation.OperationCatalog;
import io.pataka.service.protocol.S3Operation;

/** The inventory configurations of a bucket. A job writes the reports. */
public final class InventoryOperations {

    private final BucketCatalog buckets;

    public InventoryOperations(BucketCatalog buckets) {
        this.buckets = buckets;
    }

    public void register(OperationCatalog catalog) {
        StoredInventories inventories = new StoredInventories(buckets);
        catalog.register(
                        S3Operation.PUT_BUCKET_INVENTORY_CONFIGURATION,
                        new PutBucketInventoryConfiguration(buckets, inventories))
                .register(
                        S3Operation.GET_BUCKET_INVENTORY_CONFIGURATION,
                        new GetBucketInventoryConfiguration(inventories))
                .register(
                        S3Operation.LIST_BUCKET_INVENTORY_CONFIGURATIONS,
                        new ListBucketInventoryConfigurations(inventories))
                .register(
                        S3Operation.DELETE_BUCKET_INVENTORY_CONFIGURATION,
                        new DeleteBucketInventoryConfiguration(inventories));
    }
}
