package io.pataka.service.access;

import io.pataka.service.model.Owner;
import java.util.Optional;

/** A directory that knows no user and no project. */
public final class NoGrantees implements GranteeDirectory {

    @Override
    public Optional<Owner> byId(String id) {
        return Optional.empty();
    }

    @Override
    public Optional<Owner> byEmailAddress(String address) {
        return Optional.empty();
    }
}
