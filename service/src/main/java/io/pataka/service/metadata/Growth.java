package io.pataka.service.metadata;

import io.pataka.service.model.ObjectKey;
import java.util.Objects;
import java.util.Optional;

/**
 * What a change adds to a bucket.
 *
 * @param replaces the key whose current version goes in a bucket that keeps no versions of it; empty if none goes
 * @param objects versions with content
 * @param versionBytes of these versions
 * @param partBytes of parts of uploads in progress; negative when an upload becomes a version
 */
public record Growth(Optional<ObjectKey> replaces, long objects, long versionBytes, long partBytes) {

    static final Growth NONE = new Growth(Optional.empty(), 0, 0, 0);

    public Growth {
        Objects.requireNonNull(replaces);
    }

    public static Growth ofVersion(ObjectKey key, long size) {
        return new Growth(Optional.of(key), 1, size, 0);
    }

    /** Of an object that replaces none. */
    public static Growth ofNew(long size) {
        return new Growth(Optional.empty(), 1, size, 0);
    }

    public static Growth ofPart(long size) {
        return new Growth(Optional.empty(), 0, 0, size);
    }

    /** Of a body that is added to an object. */
    static Growth ofAppend(long size, boolean begins) {
        return new Growth(Optional.empty(), begins ? 1 : 0, size, 0);
    }

    /** Of an upload whose parts become a version of this size. They are in the bucket already. */
    static Growth ofCompletion(ObjectKey key, long size) {
        return new Growth(Optional.of(key), 1, size, -size);
    }

    long bytes() {
        return versionBytes + partBytes;
    }

    Growth plus(Growth other) {
        return new Growth(
                Optional.empty(),
                objects + other.objects,
                versionBytes + other.versionBytes,
                partBytes + other.partBytes);
    }

    Growth minus(Growth other) {
        return new Growth(
                Optional.empty(),
                objects - other.objects,
                versionBytes - other.versionBytes,
                partBytes - other.partBytes);
    }
}
