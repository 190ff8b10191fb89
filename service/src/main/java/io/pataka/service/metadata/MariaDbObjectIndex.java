package io.pataka.service.metadata;

import io.pataka.service.metadata.row.Bind;
import io.pataka.service.metadata.row.ChecksumCodec;
import io.pataka.service.metadata.row.FactsCodec;
import io.pataka.service.metadata.row.LockRow;
import io.pataka.service.metadata.row.SequenceClock;
import io.pataka.service.metadata.row.VersionRow;
import io.pataka.service.model.Actor;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.Content;
import io.pataka.service.model.ETag;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.VersionId;
import io.pataka.service.model.WriteCondition;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** The object index in MariaDB. */
public final class MariaDbObjectIndex implements ObjectIndex, AutoCloseable {

    private static final String CURRENT =
            "SELECT " + VersionRow.COLUMNS + " FROM object_current WHERE bucket_id = ? AND object_key = ?";

    private static final String NUMBERED = CURRENT + " AND sequence = ? AND NOT null_version UNION ALL SELECT "
            + VersionRow.COLUMNS + " FROM object_noncurrent WHERE bucket_id = ? AND object_key = ? AND sequence = ?"
            + " AND NOT null_version";

    private static final String SOLE_NULL = CURRENT + " AND null_version UNION ALL SELECT " + VersionRow.COLUMNS
            + " FROM object_noncurrent WHERE bucket_id = ? AND object_key = ? AND sole_null = 1";

    private static final String TAGGED = " v.object_key, v.sequence, v.null_version, v.facts FROM ";

    private static final String TAGS = "SELECT TRUE," + TAGGED + BatchRows.TABLE
            + " STRAIGHT_JOIN object_current v ON v.bucket_id = ? AND v.object_key = UNHEX(j.k)"
            + " UNION ALL SELECT FALSE," + TAGGED + BatchRows.TABLE
            + " STRAIGHT_JOIN object_noncurrent v ON v.bucket_id = ? AND v.object_key = UNHEX(j.k) AND v.sequence = j.s"
            + " UNION ALL SELECT FALSE," + TAGGED + BatchRows.TABLE
            + " STRAIGHT_JOIN object_noncurrent v ON v.bucket_id = ? AND v.object_key = UNHEX(j.k) AND v.sole_null = 1";

    private static final String PART = "blob_id, starts_at, size, etag, checksums";

    private final Database database;
    private final ChangeLog log;
    private final RetirementQueue retirement;
    private final VersionWriter writer;
    private final VersionRemover remover;
    private final PartAppender appender;
    private final KeyRenamer renamer;
    private final Quotas quotas;

    /** Records no changes and judges no quotas, as is right for readers. */
    public MariaDbObjectIndex(Database database, Clock clock) {
        this(database, clock, ChangeRules.NONE);
    }

    /** Judges no quotas. */
    public MariaDbObjectIndex(Database database, Clock clock, ChangeRules rules) {
        this(database, clock, rules, Quotas.NONE);
    }

    /**
     * @param rules what is recorded of changes
     * @param quotas what new versions must have room in
     */
    public MariaDbObjectIndex(Database database, Clock clock, ChangeRules rules, Quotas quotas) {
        SequenceClock sequences = new SequenceClock(clock);
        this.database = database;
        this.log = new ChangeLog(rules);
        this.quotas = quotas;
        this.retirement = new RetirementQueue(database);
        this.writer = new VersionWriter(database, retirement, sequences, log);
        this.remover = new VersionRemover(database, retirement, sequences, log);
        this.appender = new PartAppender(database, writer, log);
        this.renamer = new KeyRenamer(database, log);
    }

    /** Writes down what was replaced lately; nothing may be written afterwards. */
    @Override
    public void close() {
        retirement.close();
    }

    /** How many removals this node refused since its start because a retention or a legal hold keeps the version. */
    public long refusedByLocks() {
        return remover.refusedByLocks();
    }

    /** For the ledger of uploads, whose completion publishes in a transaction of its own. */
    VersionWriter writer() {
        return writer;
    }

    ChangeLog log() {
        return log;
    }

    Quotas quotas() {
        return quotas;
    }

    RetirementQueue retirement() {
        return retirement;
    }

    @Override
    public Optional<ObjectVersion> current(Bucket bucket, ObjectKey key) {
        return database.read(handle -> Bind.all(handle.createQuery(CURRENT), bucket.id(), key.bytes())
                .map(VersionRow.version(bucket.id(), key))
                .findOne());
    }

    @Override
    public Optional<ObjectVersion> version(Bucket bucket, ObjectKey key, VersionSelector version) {
        return database.read(handle -> version(handle, bucket, key, version));
    }

    static Optional<ObjectVersion> version(Handle handle, Bucket bucket, ObjectKey key, VersionSelector version) {
        long id = bucket.id();
        byte[] bytes = key.bytes();
        Query query = version.sequence()
                .map(sequence -> Bind.all(handle.createQuery(NUMBERED), id, bytes, sequence, id, bytes, sequence))
                .orElseGet(() -> Bind.all(handle.createQuery(SOLE_NULL), id, bytes, id, bytes));
        return query.map(VersionRow.version(id, key)).findFirst();
    }

    @Override
    public Map<VersionName, SortedMap<String, String>> tags(Bucket bucket, Collection<VersionName> names) {
        Set<ObjectKey> keys = new TreeSet<>();
        BatchRows numbered = new BatchRows();
        Set<ObjectKey> nulls = new TreeSet<>();
        for (VersionName name : names) {
            keys.add(name.key());
            Optional<Long> sequence = name.version().flatMap(VersionSelector::sequence);
            if (sequence.isPresent()) {
                numbered.add(name.key().bytes(), sequence.get());
            } else if (name.version().isPresent()) {
                nulls.add(name.key());
            }
        }
        Map<VersionName, SortedMap<String, String>> tags = new HashMap<>();
        database.read(handle -> {
            tags.clear();
            Query query = Bind.all(
                    handle.createQuery(TAGS),
                    BatchRows.ofKeys(keys).json(),
                    bucket.id(),
                    numbered.json(),
                    bucket.id(),
                    BatchRows.ofKeys(nulls).json(),
                    bucket.id());
            query.map((row, context) -> {
                        ObjectKey key = ObjectKey.of(row.getBytes(2));
                        VersionId id = new VersionId(row.getLong(3), row.getBoolean(4));
                        SortedMap<String, String> ofVersion = FactsCodec.tags(row.getBytes(5));
                        tags.put(new VersionName(key, Optional.of(VersionSelector.of(id))), ofVersion);
                        if (row.getBoolean(1)) {
                            tags.put(new VersionName(key, Optional.empty()), ofVersion);
                        }
                        return key;
                    })
                    .forEach(read -> {});
            return tags;
        });
        return tags;
    }

    @Override
    public Publication publish(Bucket bucket, NewVersion version, WriteCondition condition, ChangeContext change) {
        // A job asks for room itself, before it takes what it will write.
        if (change.actor() instanceof Actor.ServiceJob) {
            return publishJudged(bucket, version, condition, change);
        }
        return quotas.judged(
                bucket,
                Growth.ofVersion(version.key(), version.size()),
                () -> publishJudged(bucket, version, condition, change),
                Publication.Refused::new);
    }

    private Publication publishJudged(
            Bucket bucket, NewVersion version, WriteCondition condition, ChangeContext change) {
        try {
            return writer.publish(bucket, version, condition, change);
        } catch (MetadataUnavailableException e) {
            if (e.mayLearnTheOutcome()) {
                return learn(bucket, version).orElseThrow(() -> e);
            }
            throw e;
        }
    }

    /** Looks for a version whose writer lost the connection before the answer came; its content is like no other's. */
    private Optional<Publication> learn(Bucket bucket, NewVersion version) {
        try {
            return current(bucket, version.key())
                    .filter(current -> current.content().equals(version.content()))
                    .map(current -> VersionWriter.published(current.id()));
        } catch (MetadataUnavailableException stillGone) {
            return Optional.empty();
        }
    }

    @Override
    public Publication append(
            Bucket bucket,
            Optional<ObjectVersion> base,
            NewVersion whole,
            AppendedPart added,
            WriteCondition condition,
            ChangeContext change) {
        return quotas.judged(
                bucket,
                Growth.ofAppend(added.size(), base.isEmpty()),
                () -> appendJudged(bucket, base, whole, added, condition, change),
                Publication.Refused::new);
    }

    private Publication appendJudged(
            Bucket bucket,
            Optional<ObjectVersion> base,
            NewVersion whole,
            AppendedPart added,
            WriteCondition condition,
            ChangeContext change) {
        try {
            return appender.append(bucket, base, whole, added, condition, change);
        } catch (MetadataUnavailableException e) {
            if (e.mayLearnTheOutcome()) {
                return learnOfAppend(bucket, whole, added).orElseThrow(() -> e);
            }
            throw e;
        }
    }

    /** Another request may have appended since, so this looks for the part with the blob of this append. */
    private Optional<Publication> learnOfAppend(Bucket bucket, NewVersion whole, AppendedPart added) {
        try {
            return current(bucket, whole.key())
                    .filter(current -> current.content().equals(whole.content()))
                    .filter(current ->
                            parts(bucket.id(), (Content.Parts) whole.content(), whole.size() - added.size(), 1).stream()
                                    .anyMatch(part -> part.blob().equals(added.blob())))
                    .map(current -> VersionWriter.published(current.id()));
        } catch (MetadataUnavailableException stillGone) {
            return Optional.empty();
        }
    }

    @Override
    public Publication rename(
            Bucket bucket,
            ObjectVersion source,
            ObjectKey to,
            WriteCondition condition,
            Optional<OnceToken> once,
            ChangeContext change) {
        return renamer.rename(bucket, source, to, condition, once, change);
    }

    @Override
    public Optional<OnceToken> renamed(Bucket bucket, String token) {
        return renamer.renamed(bucket, token);
    }

    @Override
    public boolean expireRenames(Duration age, int limit) {
        return renamer.expire(age, limit);
    }

    @Override
    public Removal remove(Bucket bucket, RemovalRequest request, ChangeContext change) {
        return remover.remove(bucket, request, change);
    }

    @Override
    public List<Removal> removeAll(Bucket bucket, List<RemovalRequest> requests, ChangeContext change) {
        return requests.isEmpty() ? List.of() : remover.removeAll(bucket, requests, change);
    }

    @Override
    public List<ListedObject> scan(Bucket bucket, KeyRange range, int limit) {
        List<Object> values = new ArrayList<>(List.of(bucket.id()));
        String sql = "SELECT " + VersionRow.LISTED + " FROM object_current WHERE bucket_id = ?" + within(range, values)
                + " AND NOT delete_marker ORDER BY object_key LIMIT ?";
        values.add(limit);
        return database.read(handle -> Bind.all(handle.createQuery(sql), values)
                .map((row, context) -> VersionRow.listed(row))
                .list());
    }

    @Override
    public List<ListedVersion> scanVersions(Bucket bucket, VersionRange range, int limit) {
        Optional<Long> olderThan =
                range.olderThan().filter(older -> isKey(range.keys().from()));
        KeyRange keys = olderThan.isPresent()
                ? new KeyRange(range.keys().from(), false, range.keys().before())
                : range.keys();
        List<Object> values = new ArrayList<>();
        List<String> selects = new ArrayList<>();
        for (VersionTable table : VersionTable.values()) {
            olderThan.ifPresent(older -> {
                selects.add(table.select + " AND object_key = ? AND sequence < ?" + table.orderAndLimit);
                values.addAll(List.of(bucket.id(), range.keys().from(), older, limit));
            });
            values.add(bucket.id());
            selects.add(table.select + within(keys, values) + table.orderAndLimit);
            values.add(limit);
        }
        List<ListedVersion> versions = new ArrayList<>(database.read(
                handle -> Bind.all(handle.createQuery(String.join(" UNION ALL ", selects)), values)
                        .map((row, context) -> VersionRow.listedVersion(row))
                        .list()));
        versions.sort(Comparator.comparing((ListedVersion line) -> line.object().key())
                .thenComparing(line -> line.id().sequence(), Comparator.reverseOrder()));
        return List.copyOf(versions.subList(0, Math.min(limit, versions.size())));
    }

    /** The two tables of versions, each read in the order of its primary key. */
    private enum VersionTable {
        CURRENT("object_current", "object_key"),
        NONCURRENT("object_noncurrent", "object_key, sequence DESC");

        private final String select;
        private final String orderAndLimit;

        VersionTable(String table, String order) {
            select = "(SELECT " + VersionRow.LISTED + ", null_version, delete_marker, " + table.equals("object_current")
                    + " FROM " + table + " WHERE bucket_id = ?";
            orderAndLimit = " ORDER BY " + order + " LIMIT ?)";
        }
    }

    private static boolean isKey(byte[] bytes) {
        return bytes.length > 0 && bytes.length <= ObjectKey.MAX_LENGTH;
    }

    /** The condition that a key is in a range, whose ends may be longer than a key or a column. */
    static String within(KeyRange range, List<Object> values) {
        String condition = "";
        byte[] from = range.from();
        if (from.length > 0) {
            boolean inclusive = range.inclusive() && from.length <= ObjectKey.MAX_LENGTH;
            condition += inclusive ? " AND object_key >= ?" : " AND object_key > ?";
            values.add(cut(from));
        }
        if (range.before().isPresent()) {
            byte[] before = range.before().get();
            condition += before.length > ObjectKey.MAX_LENGTH ? " AND object_key <= ?" : " AND object_key < ?";
            values.add(cut(before));
        }
        return condition;
    }

    private static byte[] cut(byte[] bytes) {
        return bytes.length > ObjectKey.MAX_LENGTH ? Arrays.copyOf(bytes, ObjectKey.MAX_LENGTH) : bytes;
    }

    @Override
    public FactsUpdate updateFacts(
            Bucket bucket,
            ObjectKey key,
            Optional<VersionSelector> version,
            Function<ObjectFacts, Optional<ObjectFacts>> update,
            ChangeContext change) {
        return update(bucket, key, version, update, table -> "", change);
    }

    @Override
    public FactsUpdate updateUnlocked(
            Bucket bucket,
            ObjectKey key,
            Optional<VersionSelector> version,
            Function<ObjectFacts, Optional<ObjectFacts>> update,
            ChangeContext change) {
        return update(bucket, key, version, update, table -> " AND NOT " + LockRow.isLocked(table, false), change);
    }

    /**
     * @param condition on the row of the version in a table; a row that does not meet it is locked
     */
    private FactsUpdate update(
            Bucket bucket,
            ObjectKey key,
            Optional<VersionSelector> version,
            Function<ObjectFacts, Optional<ObjectFacts>> update,
            UnaryOperator<String> condition,
            ChangeContext change) {
        log.prepare(bucket);
        return HeldVersion.change(database, bucket, key, version, (handle, held) -> {
            Optional<ObjectFacts> facts = update.apply(held.version().facts());
            if (facts.isEmpty()) {
                return new FactsUpdate.Refused(Refusal.CONFLICT);
            }
            if (!setFacts(handle, held, facts.get(), condition.apply(held.table()))) {
                return new FactsUpdate.Refused(Refusal.LOCKED);
            }
            log.record(handle, bucket, ChangeLog.changed(held, facts.get(), change));
            return new FactsUpdate.Updated(held.version().id());
        });
    }

    private static boolean setFacts(Handle handle, HeldVersion held, ObjectFacts facts, String condition) {
        List<Object> values = new ArrayList<>(Arrays.asList(
                facts.storageClass(),
                ChecksumCodec.encode(facts.checksums()),
                facts.appendable(),
                FactsCodec.encode(facts)));
        values.addAll(List.of(held.place()));
        return Bind.all(
                                handle.createUpdate("UPDATE " + held.table()
                                        + " SET storage_class = ?, checksums = ?, appendable = ?, facts = ?"
                                        + HeldVersion.WHERE + condition),
                                values)
                        .execute()
                == 1;
    }

    @Override
    public List<StoredPart> parts(long bucketId, Content.Parts content, long offset, long length) {
        byte[] upload = content.upload().bytes();
        return database.read(handle -> Bind.all(
                        handle.createQuery(
                                "SELECT " + PART + " FROM part WHERE upload_id = ? AND starts_at >= COALESCE((SELECT"
                                        + " MAX(starts_at) FROM part WHERE upload_id = ? AND starts_at <= ?),"
                                        + " 0) AND starts_at < ? AND starts_at + size > ? AND size > 0 ORDER"
                                        + " BY starts_at, part_number"),
                        upload,
                        upload,
                        offset,
                        offset + length,
                        offset)
                .map((row, context) -> part(row))
                .list());
    }

    @Override
    public List<StoredPart> partsAfter(long bucketId, Content.Parts content, int skip, int limit) {
        return database.read(handle -> Bind.all(
                        handle.createQuery("SELECT " + PART + " FROM part WHERE upload_id = ?"
                                + " AND starts_at IS NOT NULL ORDER BY part_number LIMIT ? OFFSET ?"),
                        content.upload().bytes(),
                        limit,
                        skip)
                .map((row, context) -> part(row))
                .list());
    }

    private static StoredPart part(ResultSet row) throws SQLException {
        return new StoredPart(
                BlobId.of(row.getBytes(1)),
                row.getLong(2),
                row.getLong(3),
                new ETag(row.getString(4)),
                ChecksumCodec.decode(row.getString(5)));
    }
}
