package io.pataka.service.notification;

import io.pataka.service.model.ObjectChange;
import io.pataka.service.protocol.KeyFilter;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Selects objects by key, and as Ceph Gateway by metadata and tags. An object must fulfil all that is given.
 *
 * @param metadata names without {@code x-amz-meta-}, in lower case, and the values that the object must have there
 * @param tags keys and the values that the object must have there
 */
public record ObjectFilter(KeyFilter key, SortedMap<String, String> metadata, SortedMap<String, String> tags) {

    /** Selects every object. */
    public static final ObjectFilter ALL =
            new ObjectFilter(KeyFilter.ALL, Collections.emptySortedMap(), Collections.emptySortedMap());

    public ObjectFilter {
        Objects.requireNonNull(key);
        metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
        tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
    }

    /** Whether the filter looks at more than the key. */
    public boolean needsFacts() {
        return !metadata.isEmpty() || !tags.isEmpty();
    }

    public boolean matches(ObjectChange change) {
        return key.matches(change.key()) && has(change.userMetadata(), metadata) && has(change.tags(), tags);
    }

    private static boolean has(Map<String, String> values, Map<String, String> wanted) {
        return values.entrySet().containsAll(wanted.entrySet());
    }
}
