package io.pataka.service.model;

import java.util.Objects;

/**
 * Where and how the bytes of an object are stored.
 *
 * @param storageClass chooses the stores
 * @param form how the bytes are stored there
 */
public record Placement(String storageClass, StoredForm form) {

    public Placement {
        Objects.requireNonNull(storageClass);
        Objects.requireNonNull(form);
    }

    /** Whether a copy that is to have this placement can share the blobs of a source with the other. */
    public boolean sharesBlobsWith(Placement source) {
        return storageClass.equals(source.storageClass) && form.sharesBlobsWith(source.form);
    }
}
