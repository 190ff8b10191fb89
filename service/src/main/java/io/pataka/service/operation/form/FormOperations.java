package io.pataka.service.operation.form;

import io.pataka.service.objects.ObjectWriter;
import io.pataka.service.operation.BodyIntake;
import io.pataka.service.operation.LifecycleHeaders;
import io.pataka.service.operation.ObjectEncryption;
import io.pataka.service.operation.OperationCatalog;
import io.pataka.service.protocol.S3Operation;
import java.util.Objects;
import java.util.Set;

/** Uploads by browsers. */
public final class FormOperations {

    private final BodyIntake intake;
    private final ObjectWriter writer;
    private final ObjectEncryption encryption;
    private final LifecycleHeaders lifecycle;
    private final Set<String> storageClasses;

    /**
     * @param storageClasses those of the settings
     */
    public FormOperations(
            BodyIntake intake,
            ObjectWriter writer,
            ObjectEncryption encryption,
            LifecycleHeaders lifecycle,
            Set<String> storageClasses) {
        this.intake = Objects.requireNonNull(intake);
        this.writer = Objects.requireNonNull(writer);
        this.encryption = Objects.requireNonNull(encryption);
        this.lifecycle = Objects.requireNonNull(lifecycle);
        this.storageClasses = Set.copyOf(storageClasses);
    }

    public void register(OperationCatalog catalog) {
        catalog.register(
                S3Operation.POST_OBJECT, new PostObject(intake, writer, encryption, lifecycle, storageClasses));
    }
}
