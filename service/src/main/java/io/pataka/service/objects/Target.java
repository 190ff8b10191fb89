package io.pataka.service.objects;

import io.pataka.service.access.WritePermit;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.Owner;
import java.util.Objects;

/**
 * Where a new version goes.
 *
 * @param owner of the version
 * @param permit of who writes it
 * @param kind how it is written
 */
public record Target(Bucket bucket, ObjectKey key, Owner owner, WritePermit permit, ChangeContext.Kind kind) {

    public Target {
        Objects.requireNonNull(bucket);
        Objects.requireNonNull(key);
        Objects.requireNonNull(owner);
        Objects.requireNonNull(permit);
        Objects.requireNonNull(kind);
    }

    ChangeContext change(Bucket known) {
        return permit.change(known, kind);
    }
}
