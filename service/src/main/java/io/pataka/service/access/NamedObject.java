package io.pataka.service.access;

import io.pataka.service.model.ObjectKey;
import java.util.Objects;
import java.util.Optional;

/**
 * An object that the body of a request names.
 *
 * @param versionId as the client wrote it; empty for the current version
 */
public record NamedObject(ObjectKey key, Optional<String> versionId) {

    public NamedObject {
        Objects.requireNonNull(key);
        Objects.requireNonNull(versionId);
    }
}
