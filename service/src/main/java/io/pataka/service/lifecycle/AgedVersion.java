package io.pataka.service.lifecycle;

import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.VersionId;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What the rules ask about a version.
 *
 * @param createdAt to the microsecond
 * @param noncurrent empty for the current version
 * @param size bytes of the object, as clients see it; 0 for a delete marker
 * @param tags may be empty if no rule asks for tags ({@link KeyStretch#needsTags})
 * @param lone whether a current delete marker is the only version of its key. A caller who does not know says that it is, and removes the
 *     marker only if that holds
 */
public record AgedVersion(
        ObjectKey key,
        VersionId id,
        Instant createdAt,
        Optional<Noncurrent> noncurrent,
        long size,
        Map<String, String> tags,
        String storageClass,
        boolean deleteMarker,
        boolean lone) {

    /**
     * The age of a noncurrent version.
     *
     * @param since when the next newer version of the key was created
     * @param newer how many noncurrent versions of the key are newer
     */
    public record Noncurrent(Instant since, int newer) {
        public Noncurrent {
            Objects.requireNonNull(since);
        }
    }

    public AgedVersion {
        Objects.requireNonNull(key);
        Objects.requireNonNull(id);
        Objects.requireNonNull(createdAt);
        Objects.requireNonNull(noncurrent);
        Objects.requireNonNull(tags);
        Objects.requireNonNull(storageClass);
    }
}
