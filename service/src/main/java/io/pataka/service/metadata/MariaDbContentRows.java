package io.pataka.service.metadata;

import io.pataka.service.metadata.row.Bind;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Content;
import io.pataka.service.model.ETag;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.UploadId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The rows that name content in MariaDB, found by primary keys alone: two statements a page at most, and one for each bucket. */
public final class MariaDbContentRows implements ContentRows {

    private static final String PARTS = "SELECT upload_id, part_number, blob_id, size, etag FROM part WHERE ";
    private static final String VERSION = "bucket_id, object_key, sequence, blob_id, upload_id, part_count, size, etag";

    private final Database database;

    public MariaDbContentRows(Database database) {
        this.database = Objects.requireNonNull(database);
    }

    /** The tables, in the order in which they are read. Parts come first, so that lost ones are known when their objects come. */
    private enum Table {
        PART("part"),
        NONCURRENT("object_noncurrent"),
        CURRENT("object_current");

        private final String sql;

        Table(String sql) {
            this.sql = sql;
        }
    }

    @Override
    public Page page(Optional<String> after, int limit) {
        RowPlace place = RowPlace.of(after, Table.PART);
        Table table = Table.valueOf(place.table());
        return database.read(handle -> table == Table.PART
                ? parts(handle, place, limit)
                : place.isBeforeBucket() ? nextBucket(handle, table, place) : versions(handle, table, place, limit));
    }

    private static Page parts(Handle handle, RowPlace after, int limit) {
        List<Row> rows = new ArrayList<>();
        byte[] upload = {};
        if (!after.key().isEmpty()) {
            upload = after.bytes(0);
            rows.addAll(Bind.all(
                            handle.createQuery(
                                    PARTS + "upload_id = ? AND part_number > ? ORDER BY part_number LIMIT ?"),
                            upload,
                            after.number(1),
                            limit)
                    .map((row, context) -> part(row))
                    .list());
        }
        if (rows.size() < limit) {
            rows.addAll(Bind.all(
                            handle.createQuery(PARTS + "upload_id > ? ORDER BY upload_id, part_number LIMIT ?"),
                            upload,
                            limit - rows.size())
                    .map((row, context) -> part(row))
                    .list());
        }
        return new Page(
                rows,
                Optional.of(
                        rows.size() < limit
                                ? RowPlace.text(Table.NONCURRENT, 0)
                                : rows.get(rows.size() - 1).position()));
    }

    private static Row part(ResultSet row) throws SQLException {
        return new Row(
                new Content.Whole(BlobId.of(row.getBytes(3))),
                Optional.empty(),
                row.getLong(4),
                new ETag(row.getString(5)),
                RowPlace.text(Table.PART, row.getBytes(1), row.getInt(2)));
    }

    private static Page nextBucket(Handle handle, Table table, RowPlace after) {
        Optional<String> next = after.nextBucket(handle, table.sql).map(id -> RowPlace.text(table, id, ""));
        if (next.isEmpty() && table == Table.NONCURRENT) {
            next = Optional.of(RowPlace.text(Table.CURRENT, 0));
        }
        return new Page(List.of(), next);
    }

    private static Page versions(Handle handle, Table table, RowPlace after, int limit) {
        List<Version> found = after.versions(
                handle, VERSION, table.sql, table == Table.NONCURRENT, limit, (row, context) -> version(table, row));
        return new Page(
                found.stream().flatMap(version -> version.row().stream()).toList(),
                Optional.of(
                        found.size() < limit
                                ? RowPlace.text(table, after.number(0))
                                : found.get(found.size() - 1).position()));
    }

    /** A version, and its row unless it is a delete marker. */
    private record Version(String position, Optional<Row> row) {}

    private static Version version(Table table, ResultSet row) throws SQLException {
        long bucket = row.getLong(1);
        byte[] key = row.getBytes(2);
        byte[] blob = row.getBytes(4);
        byte[] upload = row.getBytes(5);
        String position = RowPlace.text(table, bucket, key, row.getLong(3));
        if (blob == null && upload == null) {
            return new Version(position, Optional.empty());
        }
        Content content = blob != null
                ? new Content.Whole(BlobId.of(blob))
                : new Content.Parts(UploadId.of(upload), row.getInt(6));
        return new Version(
                position,
                Optional.of(new Row(
                        content,
                        Optional.of(new Owner(bucket, ObjectKey.of(key))),
                        row.getLong(7),
                        new ETag(row.getString(8)),
                        position)));
    }

    @Override
    public boolean isThere(Row row) {
        RowPlace place = RowPlace.of(Optional.of(row.position()), Table.PART);
        Table table = Table.valueOf(place.table());
        byte[] content = row.content() instanceof Content.Whole whole
                ? whole.blob().bytes()
                : ((Content.Parts) row.content()).upload().bytes();
        String column = row.content() instanceof Content.Whole ? "blob_id" : "upload_id";
        return database.read(handle -> (table == Table.PART
                        ? Bind.all(
                                handle.createQuery("SELECT EXISTS (SELECT 1 FROM part WHERE upload_id = ?"
                                        + " AND part_number = ? AND blob_id = ?)"),
                                place.bytes(0),
                                place.number(1),
                                content)
                        : Bind.all(
                                handle.createQuery("SELECT EXISTS (SELECT 1 FROM " + table.sql
                                        + " WHERE bucket_id = ? AND object_key = ? AND sequence = ? AND " + column
                                        + " = ?)"),
                                place.number(0),
                                place.bytes(1),
                                place.number(2),
                                content))
                .mapTo(Boolean.class)
                .one());
    }
}
