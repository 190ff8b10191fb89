package io.pataka.service.metadata;

import com.google.common.primitives.Longs;
import io.pataka.service.metadata.row.Bind;
import io.pataka.service.metadata.row.FactsCodec;
import io.pataka.service.model.EncryptionMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/** The rows with wrapped data keys in MariaDB: uploads, versions and topics, found by primary keys alone: two statements a page at most, and one for each bucket. */
public final class MariaDbSealedRows implements SealedRows {

    /** A text inside of the document has no quotation mark without a backslash, so this finds the member alone. */
    private static final String SEALED = sealed("facts");

    /**
     * Topics follow all versions, and have positions like those of a bucket with this number, which no bucket has. A node of an earlier
     * release finds nothing there, and ends its round.
     */
    private static final long TOPICS = Long.MAX_VALUE;

    private static final String ESTIMATE = "SELECT COALESCE(SUM(table_rows), 0) FROM information_schema.tables"
            + " WHERE table_schema = DATABASE() AND table_name IN ('topic', 'upload', 'object_current', 'object_noncurrent')";

    private final Database database;

    public MariaDbSealedRows(Database database) {
        this.database = Objects.requireNonNull(database);
    }

    /** The tables, in the order in which they are read: an upload becomes a current version, and that a noncurrent one. */
    private enum Table {
        UPLOAD("upload"),
        CURRENT("object_current"),
        NONCURRENT("object_noncurrent");

        private final String sql;

        Table(String sql) {
            this.sql = sql;
        }
    }

    /** A row, and its facts if it has a wrapped data key. */
    private record Found(String position, byte[] facts) {}

    private static String sealed(String column) {
        return "IF(" + column + " LIKE '%\"mode\":\"S3\"%', " + column + ", NULL)";
    }

    private static boolean isOfTopics(RowPlace place) {
        return place.table().equals(Table.NONCURRENT.name()) && place.number(0) == TOPICS;
    }

    private static long topic(RowPlace place) {
        byte[] id = place.bytes(1);
        return id.length == 0 ? 0 : Longs.fromByteArray(id);
    }

    @Override
    public Page page(Optional<String> after, int limit) {
        return database.read(handle -> page(handle, after, limit));
    }

    @Override
    public <T> T atOneMoment(Function<Pages, T> reader) {
        return database.snapshot(handle -> reader.apply((after, limit) -> page(handle, after, limit)));
    }

    private static Page page(Handle handle, Optional<String> after, int limit) {
        RowPlace place = RowPlace.of(after, Table.UPLOAD);
        Table table = Table.valueOf(place.table());
        if (table == Table.UPLOAD) {
            return uploads(handle, place, limit);
        }
        if (isOfTopics(place)) {
            return topics(handle, place, limit);
        }
        return place.isBeforeBucket() ? nextBucket(handle, table, place) : versions(handle, table, place, limit);
    }

    private static Page uploads(Handle handle, RowPlace after, int limit) {
        List<Found> found = Bind.all(
                        handle.createQuery("SELECT id, " + SEALED + " FROM upload WHERE id > ? ORDER BY id LIMIT ?"),
                        after.key().isEmpty() ? new byte[0] : after.bytes(0),
                        limit)
                .map((row, context) -> new Found(RowPlace.text(Table.UPLOAD, row.getBytes(1)), row.getBytes(2)))
                .list();
        return page(found, limit, Optional.of(RowPlace.text(Table.CURRENT, 0)));
    }

    private static Page nextBucket(Handle handle, Table table, RowPlace after) {
        Optional<String> next = after.nextBucket(handle, table.sql).map(id -> RowPlace.text(table, id, ""));
        if (next.isEmpty() && table == Table.CURRENT) {
            next = Optional.of(RowPlace.text(Table.NONCURRENT, 0));
        } else if (next.isEmpty()) {
            next = Optional.of(RowPlace.text(Table.NONCURRENT, TOPICS, ""));
        }
        return new Page(0, List.of(), next);
    }

    private static Page versions(Handle handle, Table table, RowPlace after, int limit) {
        long bucket = after.number(0);
        List<Found> found = after.versions(
                handle,
                "object_key, sequence, " + SEALED,
                table.sql,
                table == Table.NONCURRENT,
                limit,
                (row, context) ->
                        new Found(RowPlace.text(table, bucket, row.getBytes(1), row.getLong(2)), row.getBytes(3)));
        return page(found, limit, Optional.of(RowPlace.text(table, bucket)));
    }

    private static Page topics(Handle handle, RowPlace after, int limit) {
        List<Found> found = Bind.all(
                        handle.createQuery(
                                "SELECT id, " + sealed("secret") + " FROM topic WHERE id > ? ORDER BY id LIMIT ?"),
                        topic(after),
                        limit)
                .map((row, context) -> new Found(
                        RowPlace.text(Table.NONCURRENT, TOPICS, Longs.toByteArray(row.getLong(1))), row.getBytes(2)))
                .list();
        return page(found, limit, Optional.empty());
    }

    /**
     * @param end where to go on when there are no more of these rows; empty at the end of all
     */
    private static Page page(List<Found> found, int limit, Optional<String> end) {
        List<Row> rows = new ArrayList<>();
        for (Found row : found) {
            if (row.facts() != null) {
                // A client's metadata may have a member that looks like the mode, too.
                FactsCodec.envelope(row.facts())
                        .filter(envelope -> envelope.mode() == EncryptionMode.S3)
                        .ifPresent(envelope -> rows.add(new Row(envelope, row.position(), row.facts())));
            }
        }
        Optional<String> next = found.size() < limit
                ? end
                : Optional.of(found.get(found.size() - 1).position());
        return new Page(found.size(), rows, next);
    }

    @Override
    public int rewrap(List<Rewrapping> changes) {
        return database.transact(handle -> {
            int changed = 0;
            for (Rewrapping change : changes) {
                changed += rewrap(handle, change);
            }
            return changed;
        });
    }

    private static int rewrap(Handle handle, Rewrapping change) {
        byte[] before = change.row().facts();
        byte[] facts = FactsCodec.withEnvelope(before, change.envelope());
        RowPlace place = RowPlace.of(Optional.of(change.row().position()), Table.UPLOAD);
        if (isOfTopics(place)) {
            return Bind.all(
                            handle.createUpdate("UPDATE topic SET secret = ? WHERE secret = ? AND id = ?"),
                            facts,
                            before,
                            topic(place))
                    .execute();
        }
        Table table = Table.valueOf(place.table());
        String update = "UPDATE " + table.sql + " SET facts = ? WHERE facts = ? AND ";
        return table == Table.UPLOAD
                ? Bind.all(handle.createUpdate(update + "id = ?"), facts, before, place.bytes(0))
                        .execute()
                : Bind.all(
                                handle.createUpdate(update + "bucket_id = ? AND object_key = ? AND sequence = ?"),
                                facts,
                                before,
                                place.number(0),
                                place.bytes(1),
                                place.number(2))
                        .execute();
    }

    @Override
    public long estimate() {
        return database.read(
                handle -> handle.createQuery(ESTIMATE).mapTo(Long.class).one());
    }
}
