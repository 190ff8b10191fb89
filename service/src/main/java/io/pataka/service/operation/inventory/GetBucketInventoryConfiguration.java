package io.pataka.service.operation.inventory;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.inventory.InventoryXml;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Response;
import java.util.Optional;

/**
 * GetBucketInventoryConfiguration.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketInventoryConfiguration.html">AWS</a>
 */
final class GetBucketInventoryConfiguration implements Operation {

    private final StoredInventories inventories;

    GetBucketInventoryConfiguration(StoredInventories inventories) {
        this.inventories = inventories;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        String id = StoredInventories.id(call);
        return Optional.ofNullable(inventories.of(call).get(id))
                .map(found -> S3Response.xml(InventoryXml.write(found)))
                .orElseThrow(StoredInventories::notFound);
    }
}
