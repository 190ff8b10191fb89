package io.pataka.service.model;

import java.util.Objects;
import java.util.SortedMap;

/**
 * A change of an object, as records of it are made.
 *
 * @param context by whom and by what
 * @param version that was written, changed or removed; of an upload that is not complete, a number that is greater than those of all
 *     earlier changes of the key
 * @param size of the version's content; 0 for a delete marker and for an upload
 * @param etag of the version; empty for a delete marker and for an upload
 * @param userMetadata as {@link ObjectFacts#userMetadata}; of a removed version only if the rules ask for it, else empty
 * @param tags as {@code userMetadata}
 */
public record ObjectChange(
        ChangeContext context,
        Effect effect,
        ObjectKey key,
        VersionId version,
        long size,
        String etag,
        SortedMap<String, String> userMetadata,
        SortedMap<String, String> tags) {

    /** What became of the version. */
    public enum Effect {
        /** It is the new current version. */
        CREATED,
        /** It is current and its bytes are the same; tags, ACL, lock, storage class or encryption are not. */
        CHANGED,
        /** As above, of a noncurrent version. */
        CHANGED_NONCURRENT,
        /** It was current and is removed. */
        REMOVED_CURRENT,
        /** It was noncurrent and is removed. */
        REMOVED_NONCURRENT,
        /** It was a delete marker and is removed. */
        REMOVED_MARKER,
        /** It is a new delete marker. */
        MARKED,
        UPLOAD_BEGUN,
        UPLOAD_ABORTED
    }

    public ObjectChange {
        Objects.requireNonNull(context);
        Objects.requireNonNull(effect);
        Objects.requireNonNull(key);
        Objects.requireNonNull(version);
        Objects.requireNonNull(etag);
        Objects.requireNonNull(userMetadata);
        Objects.requireNonNull(tags);
    }
}
