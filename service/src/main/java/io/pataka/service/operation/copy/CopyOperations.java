package io.pataka.service.operation.copy;

import io.pataka.service.objects.ObjectCopier;
import io.pataka.service.operation.CopySources;
import io.pataka.service.operation.LifecycleHeaders;
import io.pataka.service.operation.ObjectEncryption;
import io.pataka.service.operation.OperationCatalog;
import io.pataka.service.operation.ReadableContent;
import io.pataka.service.protocol.S3Operation;
import java.util.Objects;
import java.util.Set;

/** Copies of whole objects inside the store. */
public final class CopyOperations {

    private final CopySources sources;
    private final ObjectCopier copier;
    private final ReadableContent readable;
    private final ObjectEncryption encryption;
    private final LifecycleHeaders lifecycle;
    private final Set<String> storageClasses;

    /**
     * @param storageClasses those of the settings
     */
    public CopyOperations(
            CopySources sources,
            ObjectCopier copier,
            ReadableContent readable,
            ObjectEncryption encryption,
            LifecycleHeaders lifecycle,
            Set<String> storageClasses) {
        this.sources = Objects.requireNonNull(sources);
        this.copier = Objects.requireNonNull(copier);
        this.readable = Objects.requireNonNull(readable);
        this.encryption = Objects.requireNonNull(encryption);
        this.lifecycle = Objects.requireNonNull(lifecycle);
        this.storageClasses = Set.copyOf(storageClasses);
    }

    public void register(OperationCatalog catalog) {
        catalog.register(
                S3Operation.COPY_OBJECT,
                new CopyObject(sources, copier, readable, encryption, lifecycle, storageClasses));
    }
}
