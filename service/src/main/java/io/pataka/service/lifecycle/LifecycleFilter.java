package io.pataka.service.lifecycle;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.model.ObjectKey;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which versions a rule is about. All conditions must hold.
 *
 * @param prefix of the keys, at most 1,024 bytes in UTF-8; empty for all keys
 * @param tags that a version must have, with these values
 * @param sizeGreaterThan bytes; a version of exactly this size does not match
 * @param sizeLessThan bytes; a version of exactly this size does not match
 * @param and whether the document has the conditions in {@code And}
 */
public record LifecycleFilter(
        Optional<String> prefix,
        SortedMap<String, String> tags,
        OptionalLong sizeGreaterThan,
        OptionalLong sizeLessThan,
        boolean and) {

    /** For all versions. */
    public static final LifecycleFilter ALL = ofPrefix(Optional.empty());

    public LifecycleFilter {
        Objects.requireNonNull(prefix);
        tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
        Objects.requireNonNull(sizeGreaterThan);
        Objects.requireNonNull(sizeLessThan);
        if (prefix.isPresent() && prefix.get().getBytes(UTF_8).length > ObjectKey.MAX_LENGTH) {
            throw new IllegalArgumentException("a prefix is no longer than a key");
        }
    }

    static LifecycleFilter ofPrefix(Optional<String> prefix) {
        return new LifecycleFilter(
                prefix, Collections.emptySortedMap(), OptionalLong.empty(), OptionalLong.empty(), false);
    }

    boolean hasSizes() {
        return sizeGreaterThan.isPresent() || sizeLessThan.isPresent();
    }

    boolean matchesSize(long size) {
        return (sizeGreaterThan.isEmpty() || size > sizeGreaterThan.getAsLong())
                && (sizeLessThan.isEmpty() || size < sizeLessThan.getAsLong());
    }

    boolean matchesTags(Map<String, String> others) {
        return tags.isEmpty() || others.entrySet().containsAll(tags.entrySet());
    }
}
