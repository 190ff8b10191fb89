package io.pataka.service.metadata;

import io.pataka.service.metadata.ObjectIndex.FactsUpdate;
import io.pataka.service.metadata.ObjectIndex.VersionSelector;
import io.pataka.service.metadata.row.Bind;
import io.pataka.service.metadata.row.LockRow;
import io.pataka.service.metadata.row.Micros;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.Retention;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The locks of versions in MariaDB. */
public final class MariaDbVersionLocks implements VersionLocks {

    /** A retention that is over forbids nothing; one that is in force may be extended in its mode. */
    private static final String ALLOWED = " AND (COALESCE(retain_until, 0) <= " + Micros.NOW
            + " OR lock_mode = ? AND retain_until <= ? OR ? AND lock_mode = 'GOVERNANCE')";

    private final Database database;
    private final ChangeLog log;

    public MariaDbVersionLocks(Database database, ChangeRules rules) {
        this.database = Objects.requireNonNull(database);
        this.log = new ChangeLog(rules);
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
                Arrays.asList(mode, until, bypassGovernance),
                change);
    }

    @Override
    public FactsUpdate setLegalHold(
            Bucket bucket, ObjectKey key, Optional<VersionSelector> version, boolean hold, ChangeContext change) {
        return update(bucket, key, version, "legal_hold = ?", List.of(LockRow.number(hold)), "", List.of(), change);
    }

    private FactsUpdate update(
            Bucket bucket,
            ObjectKey key,
            Optional<VersionSelector> version,
            String assignments,
            List<Object> assigned,
            String condition,
            List<Object> compared,
            ChangeContext change) {
        log.prepare(bucket);
        return HeldVersion.change(database, bucket, key, version, (handle, held) -> {
            List<Object> values = new ArrayList<>(assigned);
            values.addAll(List.of(held.place()));
            values.addAll(compared);
            int changed = Bind.all(
                            handle.createUpdate(
                                    "UPDATE " + held.table() + " SET " + assignments + HeldVersion.WHERE + condition),
                            values)
                    .execute();
            if (changed == 0) {
                return new FactsUpdate.Refused(Refusal.LOCKED);
            }
            log.record(handle, bucket, ChangeLog.changed(held, held.version().facts(), change));
            return new FactsUpdate.Updated(held.version().id());
        });
    }
}
