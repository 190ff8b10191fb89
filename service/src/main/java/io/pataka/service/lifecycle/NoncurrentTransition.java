package io.pataka.service.lifecycle;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * A change of the storage class of noncurrent versions.
 *
 * @param days since the version became noncurrent; not negative
 * @param newer how many of a key's newest noncurrent versions stay as they are, whatever their age
 */
public record NoncurrentTransition(int days, OptionalInt newer, String storageClass) {

    public NoncurrentTransition {
        Objects.requireNonNull(newer);
        Objects.requireNonNull(storageClass);
    }
}
