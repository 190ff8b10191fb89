package io.pataka.service.metadata;

import io.pataka.service.metadata.ObjectIndex.FactsUpdate;
import io.pataka.service.metadata.ObjectIndex.VersionSelector;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.ObjectVersion;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jdbi.v3.core.Handle;

/**
 * A version, not a delete marker, that no other transaction changes or removes until this one ends.
 *
 * @param table in which its row is
 */
record HeldVersion(ObjectVersion version, String table) {

    private static final String CURRENT = "object_current";

    /** Of the row, with the values of {@link #place}. */
    static final String WHERE = " WHERE bucket_id = ? AND object_key = ? AND sequence = ?";

    boolean isCurrent() {
        return table.equals(CURRENT);
    }

    Object[] place() {
        return new Object[] {
            version.bucketId(), version.key().bytes(), version.id().sequence()
        };
    }

    /**
     * Changes the row of a version in a transaction.
     *
     * @param selector empty for the current version
     * @return what the change returns, or {@link Refusal#BUCKET_CHANGED} or {@link Refusal#NO_SUCH_VERSION}
     */
    static FactsUpdate change(
            Database database,
            Bucket bucket,
            ObjectKey key,
            Optional<VersionSelector> selector,
            BiFunction<Handle, HeldVersion, FactsUpdate> change) {
        return database.transact(handle -> {
            if (!VersionWriter.lockBucket(handle, bucket)) {
                return new FactsUpdate.Refused(Refusal.BUCKET_CHANGED);
            }
            return hold(handle, bucket, key, selector)
                    .map(held -> change.apply(handle, held))
                    .orElseGet(() -> new FactsUpdate.Refused(Refusal.NO_SUCH_VERSION));
        });
    }

    private static Optional<HeldVersion> hold(
            Handle handle, Bucket bucket, ObjectKey key, Optional<VersionSelector> selector) {
        // Every writer of the key locks its current row first.
        Optional<ObjectVersion> current = VersionWriter.holdWhole(handle, bucket, key);
        Optional<ObjectVersion> meant = selector.isEmpty()
                ? current
                : current.flatMap(held -> MariaDbObjectIndex.version(handle, bucket, key, selector.get()));
        return meant.filter(version -> !version.deleteMarker())
                .map(version -> new HeldVersion(
                        version, version.id().equals(current.orElseThrow().id()) ? CURRENT : "object_noncurrent"));
    }
}
