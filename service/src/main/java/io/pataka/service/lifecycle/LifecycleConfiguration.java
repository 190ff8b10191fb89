package io.pataka.service.lifecycle;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The lifecycle rules of a bucket.
 *
 * @param rules in the order of the document; 1 to 1,000
 * @param transitionMinimumSize the client's {@code x-amz-transition-default-minimum-object-size}, one of {@link #ALL_CLASSES_128K} and
 *     {@link #VARIES_BY_CLASS}; empty if it sent none. Then transitions have no minimum, as with Ceph Gateway
 */
public record LifecycleConfiguration(List<LifecycleRule> rules, Optional<String> transitionMinimumSize) {

    /** No version below 128 KiB is moved to another storage class, except by rules with a condition for the size. */
    public static final String ALL_CLASSES_128K = "all_storage_classes_128K";

    /** As {@link #ALL_CLASSES_128K}, but not for the archive classes {@code GLACIER} and {@code DEEP_ARCHIVE}. */
    public static final String VARIES_BY_CLASS = "varies_by_storage_class";

    public LifecycleConfiguration {
        rules = List.copyOf(rules);
        Objects.requireNonNull(transitionMinimumSize);
    }
}
