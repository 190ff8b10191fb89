package io.pataka.service.metadata;

import io.pataka.service.metadata.ObjectIndex.KeyRange;
import io.pataka.service.metadata.row.Bind;
import io.pataka.service.metadata.row.BucketRow;
import io.pataka.service.metadata.row.FactsCodec;
import io.pataka.service.metadata.row.LockRow;
import io.pataka.service.metadata.row.VersionRow;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.VersionId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;

/**
 * Versions for lifecycle rules in MariaDB, found by primary keys alone. The end of a page of current versions is found first, by its
 * number of rows, because a limit on what is found does not limit how much one statement examines.
 */
public final class MariaDbLifecycleRows implements LifecycleRows {

    private static final String FIND = "SELECT " + BucketRow.COLUMNS
            + ", document FROM bucket JOIN bucket_document ON bucket_id = id AND kind = ? WHERE id = ?";

    private static final String CURRENT = " FROM object_current FORCE INDEX (PRIMARY) WHERE bucket_id = ?";

    private static final String READ =
            "SELECT object_key, sequence, null_version, delete_marker, size, storage_class, ";

    private static final String NONCURRENT = "IF(sequence < ?, %s, NULL), "
            + LockRow.isLocked("object_noncurrent", false)
            + " FROM object_noncurrent FORCE INDEX (PRIMARY) WHERE bucket_id = ?";

    /** Of some keys, those that have a noncurrent version. */
    private static final String WITH_OLDER = "SELECT UNHEX(j.k) FROM " + BatchRows.TABLE
            + " WHERE EXISTS (SELECT 1 FROM object_noncurrent v WHERE v.bucket_id = ? AND v.object_key = UNHEX(j.k))";

    /** How many noncurrent versions of a key there are down to a version, up to a number. */
    private static final String NEWER = "SELECT COUNT(*) FROM (SELECT 1 FROM object_noncurrent FORCE INDEX (PRIMARY)"
            + " WHERE bucket_id = ? AND object_key = ? AND sequence >= ? LIMIT ?) v";

    /** Rules ask for no more newer versions than 100. */
    private static final int COUNTED = 200;

    /** When the current versions of some keys were created. */
    private static final String SUCCESSORS = "SELECT v.object_key, v.sequence FROM " + BatchRows.TABLE
            + " STRAIGHT_JOIN object_current v ON v.bucket_id = ? AND v.object_key = UNHEX(j.k)";

    private final Database database;

    public MariaDbLifecycleRows(Database database) {
        this.database = Objects.requireNonNull(database);
    }

    @Override
    public Optional<RuledBucket> find(long bucketId) {
        return database.read(handle -> Bind.all(handle.createQuery(FIND), DocumentKind.LIFECYCLE.name(), bucketId)
                .map((row, context) -> new RuledBucket(BucketRow.bucket(row), row.getString("document")))
                .findOne());
    }

    @Override
    public Page<Version, ObjectKey> current(
            long bucketId, KeyRange keys, CurrentFilter filter, int examined, int found) {
        return database.read(handle -> {
            Optional<ObjectKey> last = lastOfPage(handle, bucketId, keys, examined);
            List<Version> passed = matches(handle, bucketId, keys, last, filter, found);
            boolean cut = passed.size() == found;
            Optional<ObjectKey> end =
                    cut ? Optional.of(passed.get(passed.size() - 1).key()) : last;
            long counted = cut || last.isEmpty() ? count(handle, bucketId, keys, end) : examined;
            return new Page<>(counted, withoutMarkersOverOthers(handle, bucketId, passed), end);
        });
    }

    /** The key of the last row of a page; empty if there are fewer rows. */
    private static Optional<ObjectKey> lastOfPage(Handle handle, long bucketId, KeyRange keys, int rows) {
        List<Object> values = new ArrayList<>(List.of(bucketId));
        String sql = "SELECT object_key" + CURRENT + MariaDbObjectIndex.within(keys, values)
                + " ORDER BY object_key LIMIT 1 OFFSET ?";
        values.add(rows - 1);
        return Bind.all(handle.createQuery(sql), values)
                .map((row, context) -> ObjectKey.of(row.getBytes(1)))
                .findOne();
    }

    private static List<Version> matches(
            Handle handle, long bucketId, KeyRange keys, Optional<ObjectKey> last, CurrentFilter filter, int limit) {
        List<Object> values = new ArrayList<>(List.of(bucketId));
        String page = CURRENT + MariaDbObjectIndex.within(keys, values) + until(last, values);
        List<String> settled = List.copyOf(filter.settledClasses());
        values.add(VersionRow.sequenceAt(filter.markersBefore()));
        values.add(VersionRow.sequenceAt(filter.removedBefore()));
        values.add(VersionRow.sequenceAt(filter.movedBefore()));
        values.addAll(settled);
        values.add(limit);
        String sql = READ + facts(filter.tags()) + page
                + " AND IF(delete_marker, sequence < ?, sequence < ? OR sequence < ?"
                + (settled.isEmpty() ? "" : " AND storage_class NOT IN (" + Placeholders.list(settled.size()) + ")")
                + ") ORDER BY object_key LIMIT ?";
        return Bind.all(handle.createQuery(sql), values)
                .map((row, context) -> version(row))
                .list();
    }

    private static long count(Handle handle, long bucketId, KeyRange keys, Optional<ObjectKey> last) {
        List<Object> values = new ArrayList<>(List.of(bucketId));
        String sql = "SELECT COUNT(*)" + CURRENT + MariaDbObjectIndex.within(keys, values) + until(last, values);
        return Bind.all(handle.createQuery(sql), values).mapTo(Long.class).one();
    }

    private static String until(Optional<ObjectKey> last, List<Object> values) {
        last.ifPresent(key -> values.add(key.bytes()));
        return last.isPresent() ? " AND object_key <= ?" : "";
    }

    private static String facts(boolean tags) {
        return tags ? "facts" : "NULL";
    }

    private static List<Version> withoutMarkersOverOthers(Handle handle, long bucketId, List<Version> versions) {
        List<ObjectKey> markers = versions.stream()
                .filter(Version::deleteMarker)
                .map(Version::key)
                .toList();
        if (markers.isEmpty()) {
            return versions;
        }
        Set<ObjectKey> over = new HashSet<>(Bind.all(
                        handle.createQuery(WITH_OLDER),
                        BatchRows.ofKeys(markers).json(),
                        bucketId)
                .map((row, context) -> ObjectKey.of(row.getBytes(1)))
                .list());
        return versions.stream()
                .filter(version -> !version.deleteMarker() || !over.contains(version.key()))
                .toList();
    }

    @Override
    public Page<NoncurrentVersion, Place> noncurrent(
            long bucketId, KeyRange keys, Optional<Place> after, Instant since, boolean tags, int examined) {
        return database.read(handle -> {
            // What was created later became noncurrent later still.
            long before = VersionRow.sequenceAt(since);
            List<Found> versions = noncurrent(handle, bucketId, keys, after, before, tags, examined);
            Map<ObjectKey, Long> current = successors(handle, bucketId, versions, before);
            List<NoncurrentVersion> due = new ArrayList<>();
            Optional<Place> place = after.map(one -> recounted(handle, bucketId, one));
            for (Found found : versions) {
                Version version = found.version();
                Optional<Place> above = place.filter(newer -> newer.key().equals(version.key()));
                Optional<Long> successor =
                        above.map(Place::sequence).or(() -> Optional.ofNullable(current.get(version.key())));
                int newer = above.map(one -> one.newer() + 1).orElse(0);
                successor
                        .filter(sequence -> sequence < before)
                        .ifPresent(sequence -> due.add(new NoncurrentVersion(
                                version, VersionRow.lastModified(sequence), newer, found.locked())));
                place = Optional.of(new Place(version.key(), version.id().sequence(), newer));
            }
            return new Page<>(versions.size(), due, versions.size() < examined ? Optional.empty() : place);
        });
    }

    /** The place, if newer versions of the key have gone since it was reached. */
    private static Place recounted(Handle handle, long bucketId, Place place) {
        int there = Bind.all(handle.createQuery(NEWER), bucketId, place.key().bytes(), place.sequence(), COUNTED)
                .mapTo(Integer.class)
                .one();
        return there == COUNTED ? place : new Place(place.key(), place.sequence(), Math.min(place.newer(), there - 1));
    }

    private record Found(Version version, boolean locked) {}

    private static Found found(ResultSet row) throws SQLException {
        return new Found(version(row), row.getBoolean(8));
    }

    private static List<Found> noncurrent(
            Handle handle, long bucketId, KeyRange keys, Optional<Place> after, long before, boolean tags, int limit) {
        String select = READ + NONCURRENT.formatted(facts(tags));
        List<Found> versions = new ArrayList<>();
        after.ifPresent(place -> versions.addAll(Bind.all(
                        handle.createQuery(
                                select + " AND object_key = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?"),
                        before,
                        bucketId,
                        place.key().bytes(),
                        place.sequence(),
                        limit)
                .map((row, context) -> found(row))
                .list()));
        if (versions.size() < limit) {
            KeyRange rest = after.map(place -> new KeyRange(place.key().bytes(), false, keys.before()))
                    .orElse(keys);
            List<Object> values = new ArrayList<>(List.of(before, bucketId));
            String sql =
                    select + MariaDbObjectIndex.within(rest, values) + " ORDER BY object_key, sequence DESC LIMIT ?";
            values.add(limit - versions.size());
            versions.addAll(Bind.all(handle.createQuery(sql), values)
                    .map((row, context) -> found(row))
                    .list());
        }
        return versions;
    }

    /** The sequences of the current versions of those keys whose versions may be due. */
    private static Map<ObjectKey, Long> successors(Handle handle, long bucketId, List<Found> versions, long before) {
        Set<ObjectKey> keys = new TreeSet<>();
        for (Found found : versions) {
            if (found.version().id().sequence() < before) {
                keys.add(found.version().key());
            }
        }
        Map<ObjectKey, Long> sequences = new HashMap<>();
        if (!keys.isEmpty()) {
            record Successor(ObjectKey key, long sequence) {}
            Bind.all(handle.createQuery(SUCCESSORS), BatchRows.ofKeys(keys).json(), bucketId)
                    .map((row, context) -> new Successor(ObjectKey.of(row.getBytes(1)), row.getLong(2)))
                    .forEach(one -> sequences.put(one.key(), one.sequence()));
        }
        return sequences;
    }

    private static Version version(ResultSet row) throws SQLException {
        byte[] facts = row.getBytes(7);
        return new Version(
                ObjectKey.of(row.getBytes(1)),
                new VersionId(row.getLong(2), row.getBoolean(3)),
                VersionRow.lastModified(row.getLong(2)),
                row.getBoolean(4),
                row.getLong(5),
                row.getString(6),
                facts == null ? new TreeMap<>() : FactsCodec.tags(facts));
    }
}
