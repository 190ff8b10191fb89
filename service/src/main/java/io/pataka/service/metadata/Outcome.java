package io.pataka.service.metadata;

import java.util.Optional;

/**
 * What became of a change: it was made, or it was refused. Each kind of change has a sealed type of outcomes with a {@code fold}
 * that takes one function for each of them, so a new outcome does not compile until every caller says what it means. No caller asks
 * {@code instanceof}.
 */
public interface Outcome {

    /** Why nothing was changed; empty when the change was made. */
    Optional<Refusal> refusal();

    /** Whether the caller must look the bucket up again and repeat the change. */
    default boolean isBucketChanged() {
        return refusal().filter(Refusal.BUCKET_CHANGED::equals).isPresent();
    }
}
