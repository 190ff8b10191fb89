package io.pataka.service.inventory;

import io.pataka.service.model.Bucket;
import io.pataka.service.model.ObjectVersion;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A version in a report.
 *
 * @param latest whether it is the current version of its key
 * @param expires when a lifecycle rule ends it; empty if none does
 * @param accessControl Base64 of the JSON of its access control list
 */
public record ListedEntry(
        Bucket bucket, ObjectVersion version, boolean latest, Optional<Instant> expires, String accessControl) {

    public ListedEntry {
        Objects.requireNonNull(bucket);
        Objects.requireNonNull(version);
        Objects.requireNonNull(expires);
        Objects.requireNonNull(accessControl);
    }
}
