package io.pataka.service.model;

import java.util.Objects;
import java.util.Optional;

/**
 * What keeps a version from being deleted. A retention whose date is over keeps nothing; only the database's clock decides that.
 *
 * @param retention as it was set, also when its date is over
 * @param hold the legal hold: whether the version must not be deleted until the hold is taken away; empty if none was ever set, which
 *     clients are told apart from a hold that is off
 */
public record ObjectLock(Optional<Retention> retention, Optional<Boolean> hold) {

    /** Of a version that may be deleted. */
    public static final ObjectLock NONE = new ObjectLock(Optional.empty(), Optional.empty());

    public ObjectLock {
        Objects.requireNonNull(retention);
        Objects.requireNonNull(hold);
    }

    /** A lock without a hold, or with one that is on. */
    public ObjectLock(Optional<Retention> retention, boolean legalHold) {
        this(retention, legalHold ? Optional.of(true) : Optional.empty());
    }

    /** Whether a legal hold keeps the version. */
    public boolean legalHold() {
        return hold.orElse(false);
    }
}
