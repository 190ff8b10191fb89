package io.pataka.service.model;

import java.util.Objects;
import java.util.Optional;

/**
 * What keeps a version from being deleted. A retention whose date is over keeps nothing; only the database's clock decides that.
 *
 * @param retention as it was set, also when its date is over
 * @param legalHold whether the version must not be deleted until the hold is taken away
 */
public record ObjectLock(Optional<Retention> retention, boolean legalHold) {

    /** Of a version that may be deleted. */
    public static final ObjectLock NONE = new ObjectLock(Optional.empty(), false);

    public ObjectLock {
        Objects.requireNonNull(retention);
    }

    /** The same lock with this retention, if it has none of its own. */
    public ObjectLock orRetention(Optional<Retention> standard) {
        return retention.isPresent() ? this : new ObjectLock(standard, legalHold);
    }
}
