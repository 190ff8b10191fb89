package io.pataka.service.operation.listing;

import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.UploadLedger;
import io.pataka.service.operation.OperationCatalog;
import io.pataka.service.protocol.S3Operation;
import java.util.Objects;

/** What lies in a bucket. */
public final class ListingOperations {

    private final ObjectIndex index;
    private final UploadLedger uploads;

    public ListingOperations(ObjectIndex index, UploadLedger uploads) {
        this.index = Objects.requireNonNull(index);
        this.uploads = Objects.requireNonNull(uploads);
    }

    public void register(OperationCatalog catalog) {
        catalog.register(S3Operation.LIST_OBJECTS, new ListObjects(index))
                .register(S3Operation.LIST_OBJECTS_V2, new ListObjectsV2(index))
                .register(S3Operation.LIST_OBJECT_VERSIONS, new ListObjectVersions(index))
                .register(S3Operation.LIST_MULTIPART_UPLOADS, new ListMultipartUploads(uploads));
    }
}
