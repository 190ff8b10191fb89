package io.pataka.service.lifecycle;

import java.util.Objects;

/** A change of the storage class of current versions. */
public record Transition(Due due, String storageClass) {

    public Transition {
        Objects.requireNonNull(due);
        Objects.requireNonNull(storageClass);
    }
}
