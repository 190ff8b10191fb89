package io.pataka.service.model;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A bucket as the catalog knows it.
 *
 * @param id never used twice
 * @param epoch grows with every change of a setting that writers must obey (versioning, object lock); a write made under an
 *     older epoch is not published
 * @param createdAt to the microsecond
 * @param objectLock whether versions can be locked; then versioning is on for ever
 * @param defaultRetention of new versions that ask for none; only with object lock
 * @param recordsChanges whether every change of an object leaves a record in its own transaction; writers of other buckets need no
 *     transaction where one statement is enough. Setting it raises the epoch.
 */
public record Bucket(
        long id,
        BucketName name,
        Owner owner,
        Instant createdAt,
        Versioning versioning,
        boolean objectLock,
        Optional<DefaultRetention> defaultRetention,
        boolean recordsChanges,
        int epoch) {

    public Bucket {
        Objects.requireNonNull(name);
        Objects.requireNonNull(owner);
        Objects.requireNonNull(createdAt);
        Objects.requireNonNull(versioning);
        Objects.requireNonNull(defaultRetention);
        if (objectLock ? versioning != Versioning.ENABLED : defaultRetention.isPresent()) {
            throw new IllegalArgumentException("no bucket is in this state of versioning and object lock");
        }
    }

    /** The versioning states of a bucket; once on, never {@link #OFF} again. */
    public enum Versioning {
        OFF,
        ENABLED,
        SUSPENDED
    }
}
