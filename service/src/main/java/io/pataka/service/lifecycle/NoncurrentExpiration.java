package io.pataka.service.lifecycle;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * The removal of noncurrent versions.
 *
 * @param days since the version became noncurrent; positive
 * @param newer how many of a key's newest noncurrent versions stay, whatever their age
 */
public record NoncurrentExpiration(int days, OptionalInt newer) {

    public NoncurrentExpiration {
        Objects.requireNonNull(newer);
    }
}
