package io.pataka.service.lifecycle;

import java.util.Objects;
import java.util.Optional;

/**
 * What happens to current versions. Exactly one of the two is given.
 *
 * @param due when a current version expires
 * @param loneMarkers whether delete markers are removed below which no version is left ({@code ExpiredObjectDeleteMarker})
 */
public record Expiration(Optional<Due> due, Optional<Boolean> loneMarkers) {

    public Expiration {
        Objects.requireNonNull(due);
        Objects.requireNonNull(loneMarkers);
        if (due.isPresent() == loneMarkers.isPresent()) {
            throw new IllegalArgumentException("an expiration has a time, or says what happens to delete markers");
        }
    }

    static Expiration at(Due due) {
        return new Expiration(Optional.of(due), Optional.empty());
    }

    boolean removesLoneMarkers() {
        return loneMarkers.orElse(false);
    }
}
