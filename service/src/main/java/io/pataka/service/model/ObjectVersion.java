package io.pataka.service.model;

import java.time.Instant;
import java.util.Objects;

/**
 * One version of a key: an object, or a delete marker.
 *
 * @param size bytes; 0 for a delete marker
 * @param etag of the whole object; of no meaning for a delete marker
 * @param lastModified to the microsecond; clients see milliseconds in XML and seconds in headers
 * @param owner who wrote it
 */
public record ObjectVersion(
        long bucketId,
        ObjectKey key,
        VersionId id,
        boolean deleteMarker,
        long size,
        ETag etag,
        Instant lastModified,
        Owner owner,
        Content content,
        ObjectFacts facts) {

    public ObjectVersion {
        Objects.requireNonNull(key);
        Objects.requireNonNull(id);
        Objects.requireNonNull(etag);
        Objects.requireNonNull(lastModified);
        Objects.requireNonNull(owner);
        Objects.requireNonNull(content);
        Objects.requireNonNull(facts);
        if (size < 0) {
            throw new IllegalArgumentException("a size is not negative");
        }
    }

    public ObjectVersion withFacts(ObjectFacts newFacts) {
        return new ObjectVersion(bucketId, key, id, deleteMarker, size, etag, lastModified, owner, content, newFacts);
    }
}
