package io.pataka.service.lifecycle;

import io.pataka.service.model.ObjectKey;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Keys in a row for which the same rules count, and which of their versions need to be judged now: no rule does anything with another one.
 * So a pass can select rows with these conditions. Times are to the microsecond; 1970 selects nothing.
 *
 * @param from the first key; empty for the first of the bucket
 * @param before the first key that does not belong to the stretch; empty for all further keys of the bucket
 * @param removedBefore versions (or uploads) that were created before this time may be removed
 * @param movedBefore versions that were created before this time may change their storage class, unless they have one of
 *     {@code settledClasses}
 * @param settledClasses storage classes from which no rule of the stretch moves a version
 * @param markersBefore delete markers that were created before this time may be removed
 * @param needsTags whether the rules ask for tags
 */
public record KeyStretch(
        Optional<ObjectKey> from,
        Optional<ObjectKey> before,
        Instant removedBefore,
        Instant movedBefore,
        Set<String> settledClasses,
        Instant markersBefore,
        boolean needsTags) {

    public KeyStretch {
        Objects.requireNonNull(from);
        Objects.requireNonNull(before);
        Objects.requireNonNull(removedBefore);
        Objects.requireNonNull(movedBefore);
        settledClasses = Set.copyOf(settledClasses);
        Objects.requireNonNull(markersBefore);
    }
}
