package io.pataka.service.operation.form;

import io.pataka.service.operation.BodyIntake;
import io.pataka.service.operation.OperationCatalog;
import io.pataka.service.operation.Publisher;
import io.pataka.service.protocol.S3Operation;
import java.util.Objects;
import java.util.Set;

/** Uploads by browsers. */
public final class FormOperations {

    private final BodyIntake intake;
    private final Publisher publisher;
    private final Set<String> storageClasses;

    /**
     * @param storageClasses those of the settings
     */
    public FormOperations(BodyIntake intake, Publisher publisher, Set<String> storageClasses) {
        this.intake = Objects.requireNonNull(intake);
        this.publisher = Objects.requireNonNull(publisher);
        this.storageClasses = Set.copyOf(storageClasses);
    }

    public void register(OperationCatalog catalog) {
        catalog.register(S3Operation.POST_OBJECT, new PostObject(intake, publisher, storageClasses));
    }
}
