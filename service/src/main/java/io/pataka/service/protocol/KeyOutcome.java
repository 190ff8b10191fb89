package io.pataka.service.protocol;

import io.pataka.service.model.ObjectKey;
import java.util.Objects;
import java.util.Optional;

/**
 * What became of one of the keys that the body of a request names, for the access log.
 *
 * @param versionId that the request names
 * @param error empty if the request was fulfilled for the key
 */
public record KeyOutcome(ObjectKey key, Optional<String> versionId, Optional<S3Error> error) {

    public KeyOutcome {
        Objects.requireNonNull(key);
        Objects.requireNonNull(versionId);
        Objects.requireNonNull(error);
    }
}
