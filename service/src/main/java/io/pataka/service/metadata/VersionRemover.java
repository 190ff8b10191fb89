package io.pataka.service.metadata;

import io.pataka.service.metadata.ObjectIndex.Removal;
import io.pataka.service.metadata.ObjectIndex.RemovalRequest;
import io.pataka.service.metadata.ObjectIndex.VersionSelector;
import io.pataka.service.metadata.RetirementQueue.Retired;
import io.pataka.service.metadata.row.Bind;
import io.pataka.service.metadata.row.FactsCodec;
import io.pataka.service.metadata.row.LockRow;
import io.pataka.service.metadata.row.SequenceClock;
import io.pataka.service.metadata.row.VersionRow;
import io.pataka.service.metadata.row.VersionRow.Held;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.Content;
import io.pataka.service.model.ObjectChange;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.Owner;
import io.pataka.service.model.VersionId;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.model.WriteCondition.Judged.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAdder;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.NoResultsException;

/**
 * Removes keys and versions. Requests are worked off in waves, each a transaction of a bounded number of statements, and one
 * wave does for every list of keys that a client sends in earnest: only a list that both marks a key as deleted and removes
 * versions of it, or sets conditions on the versions of a key, needs more.
 */
final class VersionRemover {

    private static final String DELETE = "DELETE FROM object_current WHERE bucket_id = ? AND object_key = ?"
            + " AND NOT " + LockRow.isLocked("object_current", false)
            + " AND EXISTS (SELECT 1 FROM bucket WHERE id = ? AND FLOOR(epoch) = ? LOCK IN SHARE MODE)"
            + " RETURNING blob_id, upload_id, part_count";

    private static final String CURRENT =
            BatchRows.TABLE + " STRAIGHT_JOIN object_current v ON v.bucket_id = ? AND v.object_key = UNHEX(j.k)";
    private static final String NONCURRENT =
            BatchRows.TABLE + " STRAIGHT_JOIN object_noncurrent v ON v.bucket_id = ? AND v.object_key = UNHEX(j.k)";
    private static final String NUMBERED = NONCURRENT + " AND v.sequence = j.s";
    private static final String NUMBERED_CURRENT = CURRENT + " AND v.sequence = j.s";
    private static final String SOLE_NULL = NONCURRENT + " AND v.sole_null = 1";

    private static final String HOLD_LOCKS =
            "SELECT " + VersionRow.HELD + ", " + LockRow.isLocked("v", false) + ", " + LockRow.isLocked("v", true);
    private static final String HOLD = HOLD_LOCKS + " FROM ";
    private static final String HOLD_FACTS = HOLD_LOCKS + ", v.facts FROM ";
    private static final String TAGS = "SELECT v.object_key, v.sequence, v.facts FROM ";
    private static final String MOVED = " (bucket_id, object_key, " + VersionRow.COLUMNS
            + ") SELECT bucket_id, object_key, " + VersionRow.COLUMNS + " FROM ";

    private static final String KEEP = "INSERT INTO object_noncurrent" + MOVED + CURRENT;
    private static final String PROMOTE = "INSERT INTO object_current" + MOVED + NUMBERED;
    private static final String DROP_PROMOTED = "DELETE v FROM " + NUMBERED;

    private static final String MARK = "INSERT INTO object_current (bucket_id, object_key, " + VersionRow.COLUMNS
            + ") SELECT ?, UNHEX(j.k), j.s, ?, TRUE, 0, '', ?, ?, NULL, NULL, NULL, '" + ObjectFacts.STANDARD
            + "', '', FALSE, NULL, " + LockRow.NONE + " FROM " + BatchRows.TABLE;

    private static final String NEWEST =
            "SELECT UNHEX(j.k), (SELECT v.sequence FROM object_noncurrent v FORCE INDEX (PRIMARY) WHERE v.bucket_id ="
                    + " ? AND v.object_key = UNHEX(j.k) ORDER BY v.sequence DESC LIMIT 1) AS newest FROM "
                    + BatchRows.TABLE + " HAVING newest IS NOT NULL";

    /** The column that follows those of {@link VersionRow#HELD}. */
    private static final int LOCKED = 10;

    private static final int DUPLICATE = 1062;

    private final Database database;
    private final RetirementQueue retirement;
    private final SequenceClock clock;
    private final ChangeLog log;
    private final LongAdder refusedByLocks = new LongAdder();

    VersionRemover(Database database, RetirementQueue retirement, SequenceClock clock, ChangeLog log) {
        this.database = database;
        this.retirement = retirement;
        this.clock = clock;
        this.log = log;
    }

    /** How many removals were refused since the start because a retention or a legal hold keeps the version. */
    long refusedByLocks() {
        return refusedByLocks.sum();
    }

    Removal remove(Bucket bucket, RemovalRequest request, ChangeContext change) {
        if (bucket.versioning() == Versioning.OFF
                && !bucket.recordsChanges()
                && request.condition() instanceof WriteCondition.Always
                && request.version().isEmpty()) {
            Optional<Removal> removal = deleteCurrent(bucket, request.key());
            if (removal.isPresent()) {
                return removal.get();
            }
        }
        return removeAll(bucket, List.of(request), change).get(0);
    }

    /** One statement that commits by itself; empty when there was nothing, or the bucket changed. */
    private Optional<Removal> deleteCurrent(Bucket bucket, ObjectKey key) {
        Optional<Content> content;
        try {
            content = database.write(handle -> Bind.all(
                            handle.createQuery(DELETE), bucket.id(), key.bytes(), bucket.id(), bucket.epoch())
                    .map((row, context) -> VersionRow.content(row, 1))
                    .findOne());
        } catch (NoResultsException bucketChanged) {
            // MariaDB answers without a result set when the condition on the bucket cannot be met.
            return Optional.empty();
        }
        content.ifPresent(gone -> retirement.add(new Retired(bucket.id(), key, gone)));
        return content.map(gone -> new Removal.Gone(Optional.empty(), false));
    }

    List<Removal> removeAll(Bucket bucket, List<RemovalRequest> requests, ChangeContext change) {
        Map<RemovalRequest, Removal> outcomes = new HashMap<>();
        Wave wave = new Wave();
        for (RemovalRequest request : requests) {
            if (!wave.takes(request)) {
                outcomes.putAll(run(bucket, wave, change));
                wave = new Wave();
            }
            wave.add(request);
        }
        outcomes.putAll(run(bucket, wave, change));
        refusedByLocks.add(outcomes.values().stream()
                .filter(outcome -> outcome.refusal().equals(Optional.of(Refusal.LOCKED)))
                .count());
        return requests.stream().map(outcomes::get).toList();
    }

    /** Requests whose order does not matter to each other. */
    private static final class Wave {
        private final Map<ObjectKey, Set<RemovalRequest>> byKey = new TreeMap<>();

        boolean takes(RemovalRequest request) {
            Set<RemovalRequest> others = byKey.get(request.key());
            return others == null
                    || others.contains(request)
                    || (removesVersion(request) && others.stream().allMatch(Wave::removesVersion));
        }

        void add(RemovalRequest request) {
            byKey.computeIfAbsent(request.key(), key -> new LinkedHashSet<>()).add(request);
        }

        private static boolean removesVersion(RemovalRequest request) {
            return request.version().isPresent()
                    && (request.condition() instanceof WriteCondition.Always
                            || isState(request.condition(), State.NONCURRENT));
        }
    }

    private Map<RemovalRequest, Removal> run(Bucket bucket, Wave wave, ChangeContext change) {
        log.prepare(bucket);
        return database.transact(handle -> {
            if (!VersionWriter.lockBucket(handle, bucket)) {
                Map<RemovalRequest, Removal> changed = new HashMap<>();
                wave.byKey
                        .values()
                        .forEach(requests -> requests.forEach(
                                request -> changed.put(request, new Removal.Refused(Refusal.BUCKET_CHANGED))));
                return changed;
            }
            return new Run(handle, bucket, change).of(wave);
        });
    }

    private static boolean isState(WriteCondition condition, State state) {
        return condition instanceof WriteCondition.Judged judged && judged.state() == state;
    }

    /** What keeps a version at the moment it is held. */
    private enum Lock {
        NONE,
        GOVERNANCE,
        FIRM;

        static Lock of(boolean locked, boolean lockedInSpiteOfBypass) {
            return !locked ? NONE : lockedInSpiteOfBypass ? FIRM : GOVERNANCE;
        }

        boolean keeps(boolean bypassGovernance) {
            return this == FIRM || this == GOVERNANCE && !bypassGovernance;
        }
    }

    /** A version to be deleted. */
    private record Dropped(Held version, boolean isCurrent, boolean bypassGovernance) {}

    private record Newest(ObjectKey key, long sequence) {}

    /** One wave in its transaction: lock and read, decide, write. */
    private final class Run {
        private final Handle handle;
        private final Bucket bucket;
        private final ChangeContext change;
        private final Map<RemovalRequest, Removal> outcomes = new HashMap<>();
        private final List<Dropped> drop = new ArrayList<>();
        private final List<Held> keepAsNoncurrent = new ArrayList<>();
        private final Map<Held, Lock> locks = new HashMap<>();
        private final Set<ObjectKey> notLone = new TreeSet<>();
        private final Map<ObjectKey, Map<Long, SortedMap<String, String>>> tags = new HashMap<>();
        private final Map<ObjectKey, VersionId> markOver = new LinkedHashMap<>();
        private final Map<ObjectKey, VersionId> markNew = new LinkedHashMap<>();
        private final List<Retired> retired = new ArrayList<>();
        private final List<ObjectChange> changes = new ArrayList<>();
        private final Map<Held, ObjectFacts> facts = new HashMap<>();
        private final boolean needsFacts;
        private Map<ObjectKey, Held> current = Map.of();
        private Map<ObjectKey, Held> nulls = Map.of();
        private Map<ObjectKey, Map<Long, Held>> noncurrent = Map.of();

        Run(Handle handle, Bucket bucket, ChangeContext change) {
            this.handle = handle;
            this.bucket = bucket;
            this.change = change;
            this.needsFacts = log.needsFactsOfRemoved(bucket);
        }

        Map<RemovalRequest, Removal> of(Wave wave) {
            read(wave);
            wave.byKey
                    .values()
                    .forEach(requests -> requests.forEach(request -> outcomes.put(request, decide(request))));
            write();
            return outcomes;
        }

        private void read(Wave wave) {
            current = new HashMap<>();
            hold(CURRENT, BatchRows.ofKeys(wave.byKey.keySet())).forEach(held -> current.put(held.key(), held));
            if (bucket.versioning() != Versioning.OFF) {
                readNoncurrent(wave);
            }
            readTags(wave);
        }

        private void readNoncurrent(Wave wave) {
            nulls = new HashMap<>();
            noncurrent = new HashMap<>();
            Set<ObjectKey> wantNull = new TreeSet<>();
            BatchRows numbered = new BatchRows();
            wave.byKey.forEach((key, requests) -> requests.forEach(request -> {
                Optional<Long> sequence = request.version().flatMap(VersionSelector::sequence);
                if (sequence.isPresent()) {
                    numbered.add(key.bytes(), sequence.get());
                } else if (request.version().isPresent() || bucket.versioning() == Versioning.SUSPENDED) {
                    wantNull.add(key);
                }
            }));
            hold(SOLE_NULL, BatchRows.ofKeys(wantNull)).forEach(held -> nulls.put(held.key(), held));
            hold(NUMBERED, numbered)
                    .forEach(held -> noncurrent
                            .computeIfAbsent(held.key(), key -> new HashMap<>())
                            .put(held.id().sequence(), held));
            Set<ObjectKey> mustBeLone = new TreeSet<>();
            wave.byKey.forEach((key, requests) -> {
                if (requests.stream().anyMatch(request -> isState(request.condition(), State.LONE_MARKER))) {
                    mustBeLone.add(key);
                }
            });
            newest(BatchRows.ofKeys(mustBeLone)).forEach(newest -> notLone.add(newest.key()));
        }

        /** The tags of versions that were judged by theirs, after the versions are held. */
        private void readTags(Wave wave) {
            BatchRows judgedByTags = new BatchRows();
            wave.byKey.forEach((key, requests) -> requests.forEach(request -> {
                if (request.condition() instanceof WriteCondition.Judged judged
                        && judged.tags().isPresent()) {
                    judgedByTags.add(key.bytes(), judged.version().sequence());
                }
            }));
            if (judgedByTags.isEmpty()) {
                return;
            }
            for (String versions : List.of(NUMBERED_CURRENT, NUMBERED)) {
                Bind.all(handle.createQuery(TAGS + versions + " FOR UPDATE"), judgedByTags.json(), bucket.id())
                        .map((row, context) -> tags.computeIfAbsent(
                                        ObjectKey.of(row.getBytes(1)), key -> new HashMap<>())
                                .put(row.getLong(2), FactsCodec.tags(row.getBytes(3))))
                        .list();
            }
        }

        private List<Held> hold(String versions, BatchRows rows) {
            if (rows.isEmpty()) {
                return List.of();
            }
            return Bind.all(
                            handle.createQuery((needsFacts ? HOLD_FACTS : HOLD) + versions + " FOR UPDATE"),
                            rows.json(),
                            bucket.id())
                    .map((row, context) -> {
                        Held held = VersionRow.held(row);
                        locks.put(held, Lock.of(row.getBoolean(LOCKED), row.getBoolean(LOCKED + 1)));
                        if (needsFacts) {
                            facts.put(held, FactsCodec.settings(row.getBytes(LOCKED + 2)));
                        }
                        return held;
                    })
                    .list();
        }

        private Removal decide(RemovalRequest request) {
            Optional<Held> target = request.version()
                    .map(selector -> selected(request.key(), selector))
                    .orElseGet(() -> Optional.ofNullable(current.get(request.key())));
            if (!isInJudgedState(request.condition(), target)) {
                return new Removal.Refused(Refusal.CONDITION_UNMET);
            }
            return switch (Judgement.of(request.condition(), target)) {
                case UNMET -> new Removal.Refused(Refusal.CONDITION_UNMET);
                case NOTHING_TO_MATCH ->
                    new Removal.Refused(target.isPresent() ? Refusal.MARKER_TO_MATCH : Refusal.NOTHING_TO_MATCH);
                case HOLDS -> carryOut(request, target);
            };
        }

        private Removal carryOut(RemovalRequest request, Optional<Held> target) {
            if (request.version().isPresent()) {
                return target.map(held -> drop(held, request.bypassGovernance()))
                        .orElseGet(() -> new Removal.Gone(Optional.empty(), false));
            }
            return bucket.versioning() == Versioning.OFF ? deleteOnly(target) : mark(request.key(), target);
        }

        private boolean isInJudgedState(WriteCondition condition, Optional<Held> target) {
            if (!(condition instanceof WriteCondition.Judged judged) || target.isEmpty()) {
                return true;
            }
            return hasJudgedTags(target.get(), judged) && isIn(judged.state(), target.get());
        }

        private boolean hasJudgedTags(Held target, WriteCondition.Judged judged) {
            return judged.tags().isEmpty()
                    || judged.tags()
                            .get()
                            .equals(tags.getOrDefault(target.key(), Map.of())
                                    .get(target.id().sequence()));
        }

        private boolean isIn(State state, Held target) {
            boolean isCurrent = target.equals(current.get(target.key()));
            return switch (state) {
                case CURRENT -> isCurrent;
                case NONCURRENT -> !isCurrent;
                case LONE_MARKER -> isCurrent && target.deleteMarker() && !notLone.contains(target.key());
            };
        }

        private Optional<Held> selected(ObjectKey key, VersionSelector selector) {
            Optional<Held> newest = Optional.ofNullable(current.get(key));
            if (selector.sequence().isEmpty()) {
                return newest.filter(held -> held.id().isNull()).or(() -> Optional.ofNullable(nulls.get(key)));
            }
            long sequence = selector.sequence().get();
            return newest.filter(held -> held.id().sequence() == sequence)
                    .or(() -> Optional.ofNullable(
                            noncurrent.getOrDefault(key, Map.of()).get(sequence)))
                    .filter(held -> !held.id().isNull());
        }

        private Removal drop(Held version, boolean bypassGovernance) {
            if (locks.get(version).keeps(bypassGovernance)) {
                return new Removal.Refused(Refusal.LOCKED);
            }
            retire(version, bypassGovernance);
            recordRemoval(version);
            return new Removal.Gone(Optional.of(version.id()), version.deleteMarker());
        }

        private void recordRemoval(Held version) {
            changes.add(ChangeLog.removed(
                    version,
                    version.equals(current.get(version.key())),
                    Optional.ofNullable(facts.get(version)),
                    change));
        }

        private Removal deleteOnly(Optional<Held> target) {
            target.ifPresent(held -> {
                retire(held, false);
                recordRemoval(held);
            });
            return new Removal.Gone(Optional.empty(), false);
        }

        private Removal mark(ObjectKey key, Optional<Held> target) {
            boolean asNull = bucket.versioning() == Versioning.SUSPENDED;
            long sequence = Math.max(
                    clock.next(), target.map(held -> held.id().sequence() + 1).orElse(1L));
            VersionId marker = new VersionId(sequence, asNull);
            (target.isPresent() ? markOver : markNew).put(key, marker);
            changes.add(ChangeLog.marked(key, marker, target.map(facts::get), change));
            target.ifPresent(held -> {
                if (asNull && held.id().isNull()) {
                    retired.add(new Retired(bucket.id(), key, held.content()));
                } else {
                    keepAsNoncurrent.add(held);
                }
            });
            if (asNull && nulls.containsKey(key)) {
                retire(nulls.get(key), false);
            }
            return new Removal.Marked(marker);
        }

        private void retire(Held version, boolean bypassGovernance) {
            drop.add(new Dropped(version, version.equals(current.get(version.key())), bypassGovernance));
            retired.add(new Retired(bucket.id(), version.key(), version.content()));
        }

        private void write() {
            drop(false);
            update(KEEP, BatchRows.ofKeysOf(keepAsNoncurrent));
            insertMarkers(markOver, MARK + VersionWriter.OVER);
            insertMarkers(markNew, MARK);
            drop(true);
            if (bucket.versioning() != Versioning.OFF) {
                promote();
            }
            RetiredContent.insert(handle, retired);
            log.record(handle, bucket, changes);
        }

        private void drop(boolean ofCurrent) {
            for (boolean bypassGovernance : new boolean[] {false, true}) {
                List<Held> versions = drop.stream()
                        .filter(one -> one.isCurrent() == ofCurrent && one.bypassGovernance() == bypassGovernance)
                        .map(Dropped::version)
                        .toList();
                if (!versions.isEmpty()) {
                    int dropped = Bind.all(
                                    handle.createUpdate("DELETE v FROM " + (ofCurrent ? CURRENT : NUMBERED)
                                            + " AND NOT " + LockRow.isLocked("v", bypassGovernance)),
                                    BatchRows.ofVersions(versions).json(),
                                    bucket.id())
                            .execute();
                    if (dropped != versions.size()) {
                        // The database's clock was set back, and a retention is in force again.
                        throw new Database.OvertakenException();
                    }
                }
            }
        }

        private void update(String sql, BatchRows rows) {
            if (!rows.isEmpty()) {
                Bind.all(handle.createUpdate(sql), rows.json(), bucket.id()).execute();
            }
        }

        private void insertMarkers(Map<ObjectKey, VersionId> markers, String sql) {
            if (markers.isEmpty()) {
                return;
            }
            BatchRows rows = new BatchRows();
            markers.forEach((key, id) -> rows.add(key.bytes(), id.sequence()));
            boolean asNull = bucket.versioning() == Versioning.SUSPENDED;
            try {
                Owner by = change.actor().owner(bucket);
                Bind.all(handle.createUpdate(sql), bucket.id(), asNull, by.id(), by.displayName(), rows.json())
                        .execute();
            } catch (RuntimeException e) {
                if (Database.errorCode(e).filter(code -> code == DUPLICATE).isPresent()) {
                    throw new Database.OvertakenException();
                }
                throw e;
            }
        }

        /** Makes the newest version that is left of each key its current one. */
        private void promote() {
            BatchRows newest = new BatchRows();
            newest(BatchRows.ofKeysOf(drop.stream()
                            .filter(Dropped::isCurrent)
                            .map(Dropped::version)
                            .toList()))
                    .forEach(it -> newest.add(it.key().bytes(), it.sequence()));
            update(PROMOTE, newest);
            update(DROP_PROMOTED, newest);
        }

        /** The newest noncurrent version of each key that has one. */
        private List<Newest> newest(BatchRows keys) {
            return keys.isEmpty()
                    ? List.of()
                    : Bind.all(handle.createQuery(NEWEST), bucket.id(), keys.json())
                            .map((row, context) -> new Newest(ObjectKey.of(row.getBytes(1)), row.getLong(2)))
                            .list();
        }
    }
}
