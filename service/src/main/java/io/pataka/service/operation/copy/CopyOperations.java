package io.pataka.service.operation.copy;

import io.pataka.service.metadata.BlobLedger;
import io.pataka.service.operation.CopiedContent;
import io.pataka.service.operation.CopySources;
import io.pataka.service.operation.OperationCatalog;
import io.pataka.service.operation.Publisher;
import io.pataka.service.protocol.S3Operation;
import java.util.Objects;
import java.util.Set;

/** Copies of whole objects inside the store. */
public final class CopyOperations {

    private final BlobLedger blobs;
    private final CopySources sources;
    private final CopiedContent copied;
    private final Publisher publisher;
    private final Set<String> storageClasses;

    /**
     * @param storageClasses those of the settings
     */
    public CopyOperations(
            BlobLedger blobs,
            CopySources sources,
            CopiedContent copied,
            Publisher publisher,
            Set<String> storageClasses) {
        this.blobs = Objects.requireNonNull(blobs);
        this.sources = Objects.requireNonNull(sources);
        this.copied = Objects.requireNonNull(copied);
        this.publisher = Objects.requireNonNull(publisher);
        this.storageClasses = Set.copyOf(storageClasses);
    }

    public void register(OperationCatalog catalog) {
        catalog.register(
                S3Operation.COPY_OBJECT,
                new CopyObject(sources, new CopyPublication(blobs, copied, publisher), storageClasses));
    }
}
