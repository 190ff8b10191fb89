package io.pataka.service.metadata;

import io.pataka.service.metadata.ObjectIndex.FactsUpdate;
import io.pataka.service.metadata.ObjectIndex.VersionSelector;
import io.pataka.service.metadata.row.Bind;
import io.pataka.service.metadata.row.LockRow;
import io.pataka.service.metadata.row.Micros;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.Retention;
import io.pataka.service.model.VersionId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The locks of versions in MariaDB. */
public final class MariaDbVersionLocks implements VersionLocks {

    private static final String OF_VERSION = " WHERE bucket_id = ? AND object_key = ? AND sequence = ?";

    /** A retention that is over forbids nothing; one that is in force may be extended in its mode. */
    private static final String ALLOWED = " AND (COALESCE(retain_until, 0) <= " + Micros.NOW
            + " OR lock_mode = ? AND retain_until <= ? OR ? AND lock_mode = 'GOVERNANCE')";

    private final Database database;

    public MariaDbVersionLocks(Database database) {
        this.database = Objects.requireNonNull(database);
    }

    @Override
    public FactsUpdate setRetention(
            Bucket bucket,
            ObjectKey key,
            Optional<VersionSelector> version,
            Optional<Retention> retention,
            boolean bypassGovernance,
            ChangeContext change) {
        String mode = retention.map(it -> it.mode().name()).orElse(null);
        Long until = retention.map(it -> Micros.of(it.until())).orElse(null);
        return update(
                bucket,
                key,
                version,
                "lock_mode = ?, retain_until = ?",
                Arrays.asList(mode, until),
                ALLOWED,
                Arrays.asList(mode, until, bypassGovernance));
    }

    @Override
    public FactsUpdate setLegalHold(
            Bucket bucket, ObjectKey key, Optional<VersionSelector> version, boolean hold, ChangeContext change) {
        return update(bucket, key, version, "legal_hold = ?", List.of(LockRow.number(hold)), "", List.of());
    }

    private FactsUpdate update(
            Bucket bucket,
            ObjectKey key,
            Optional<VersionSelector> version,
            String assignments,
            List<Object> assigned,
            String condition,
            List<Object> compared) {
        return database.transact(handle -> {
            if (!VersionWriter.lockBucket(handle, bucket)) {
                return new FactsUpdate.Refused(Refusal.BUCKET_CHANGED);
            }
            // Every writer of the key locks its current row first.
            Optional<ObjectVersion> current = VersionWriter.holdWhole(handle, bucket, key);
            Optional<ObjectVersion> meant = version.isEmpty()
                    ? current
                    : current.flatMap(held -> MariaDbObjectIndex.version(handle, bucket, key, version.get()));
            if (meant.filter(held -> !held.deleteMarker()).isEmpty()) {
                return new FactsUpdate.Refused(Refusal.NO_SUCH_VERSION);
            }
            VersionId id = meant.get().id();
            String table = id.equals(current.orElseThrow().id()) ? "object_current" : "object_noncurrent";
            List<Object> values = new ArrayList<>(assigned);
            values.addAll(List.of(bucket.id(), key.bytes(), id.sequence()));
            values.addAll(compared);
            int changed = Bind.all(
                            handle.createUpdate("UPDATE " + table + " SET " + assignments + OF_VERSION + condition),
                            values)
                    .execute();
            return changed == 0 ? new FactsUpdate.Refused(Refusal.LOCKED) : new FactsUpdate.Updated(id);
        });
    }
}
