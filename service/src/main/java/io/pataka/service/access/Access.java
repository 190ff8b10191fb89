package io.pataka.service.access;

import io.pataka.service.model.Bucket;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.ObjectLock;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.protocol.AccessNeed;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a caller wants to do with a bucket or an object.
 *
 * @param versionId as the client names it
 * @param object the version, where it is known; its ACL may then decide
 * @param requestTags tags that the request brings in its body or takes from a copy's source; a policy is asked about them as if they
 *     stood in {@code x-amz-tagging}
 * @param requestLock the lock that the request brings in its body; a policy is asked about it as if it stood in the headers of object
 *     lock
 */
public record Access(
        AccessNeed need,
        Bucket bucket,
        Optional<ObjectKey> key,
        Optional<String> versionId,
        Optional<ObjectVersion> object,
        Optional<Map<String, String>> requestTags,
        Optional<ObjectLock> requestLock) {

    public Access {
        Objects.requireNonNull(need);
        Objects.requireNonNull(bucket);
        Objects.requireNonNull(key);
        Objects.requireNonNull(versionId);
        Objects.requireNonNull(object);
        requestTags = requestTags.map(Map::copyOf);
        Objects.requireNonNull(requestLock);
    }

    public static Access to(AccessNeed need, Bucket bucket) {
        return new Access(
                need, bucket, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The same, for another need. */
    Access to(AccessNeed other) {
        return new Access(other, bucket, key, versionId, object, requestTags, requestLock);
    }

    public Access key(ObjectKey named) {
        return new Access(need, bucket, Optional.of(named), versionId, object, requestTags, requestLock);
    }

    /** An object that is known. */
    public Access object(ObjectVersion version) {
        return new Access(
                need, bucket, Optional.of(version.key()), versionId, Optional.of(version), requestTags, requestLock);
    }

    public Access version(Optional<String> named) {
        return new Access(need, bucket, key, named, object, requestTags, requestLock);
    }

    public Access tags(Map<String, String> tags) {
        return new Access(need, bucket, key, versionId, object, Optional.of(tags), requestLock);
    }

    public Access lock(ObjectLock lock) {
        return new Access(need, bucket, key, versionId, object, requestTags, Optional.of(lock));
    }
}
