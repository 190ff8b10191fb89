package io.pataka.service.access;

import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.ObjectIndex.VersionName;
import io.pataka.service.metadata.ObjectIndex.VersionSelector;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ObjectKey;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * The tags of the objects that the body of one request names. They are fetched when a policy first asks for those of one of them,
 * of all objects in one statement. For one thread.
 */
final class NamedTags {

    private final ObjectIndex index;
    private final Bucket bucket;
    private final Collection<NamedObject> objects;
    private Map<VersionName, SortedMap<String, String>> fetched;

    NamedTags(ObjectIndex index, Bucket bucket, Collection<NamedObject> objects) {
        this.index = index;
        this.bucket = bucket;
        this.objects = objects;
    }

    /**
     * @param object one of those that the request names
     * @return empty for an object that is not there or has no tags
     */
    Map<String, String> of(NamedObject object) {
        if (fetched == null) {
            Set<VersionName> names =
                    objects.stream().flatMap(named -> name(named).stream()).collect(Collectors.toSet());
            fetched = index.tags(bucket, names);
        }
        Optional<SortedMap<String, String>> tags = name(object).map(fetched::get);
        return tags.isPresent() ? tags.get() : Map.of();
    }

    /** Empty for a version id that no version ever had. */
    private static Optional<VersionName> name(NamedObject object) {
        ObjectKey key = object.key();
        return object.versionId().isEmpty()
                ? Optional.of(new VersionName(key, Optional.empty()))
                : VersionSelector.named(object.versionId().get())
                        .map(version -> new VersionName(key, Optional.of(version)));
    }
}
