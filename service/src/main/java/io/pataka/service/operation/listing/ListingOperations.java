package io.pataka.service.operation.listing;

import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.operation.OperationCatalog;
import io.pataka.service.protocol.S3Operation;

/** What lies in a bucket. */
public final class ListingOperations {

    private final ObjectIndex index;

    public ListingOperations(ObjectIndex index) {
        this.index = index;
    }

    public void register(OperationCatalog catalog) {
        catalog.register(S3Operation.LIST_OBJECTS, new ListObjects(index))
                .register(S3Operation.LIST_OBJECTS_V2, new ListObjectsV2(index))
                .register(S3Operation.LIST_OBJECT_VERSIONS, new ListObjectVersions(index));
    }
}
