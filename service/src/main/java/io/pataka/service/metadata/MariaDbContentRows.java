package io.pataka.service.metadata;

import com.google.common.base.Splitter;
import io.pataka.service.metadata.row.Bind;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Content;
import io.pataka.service.model.ETag;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.UploadId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The rows that name content in MariaDB, found by primary keys alone: two statements a page at most, and one for each bucket. */
public final class MariaDbContentRows implements ContentRows {

    private static final String PARTS = "SELECT upload_id, part_number, blob_id, size, etag FROM part WHERE ";
    private static final String VERSION =
            "SELECT bucket_id, object_key, sequence, blob_id, upload_id, part_count, size, etag FROM ";
    private static final HexFormat HEX = HexFormat.of();

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

    /** Words of a position: the table, and what is known of the primary key. */
    private record Place(Table table, List<String> key) {

        static Place of(Optional<String> position) {
            List<String> words = Splitter.on(' ').splitToList(position.orElse(Table.PART.name()));
            return new Place(Table.valueOf(words.get(0)), words.subList(1, words.size()));
        }

        static String text(Table table, Object... key) {
            StringBuilder text = new StringBuilder(table.name());
            for (Object word : key) {
                text.append(' ').append(word);
            }
            return text.toString();
        }

        byte[] bytes(int index) {
            return HEX.parseHex(key.get(index));
        }

        long number(int index) {
            return Long.parseLong(key.get(index));
        }
    }

    @Override
    public Page page(Optional<String> after, int limit) {
        Place place = Place.of(after);
        return database.read(handle -> place.table() == Table.PART
                ? parts(handle, place, limit)
                : place.key().size() < 2 ? nextBucket(handle, place) : versions(handle, place, limit));
    }

    private static Page parts(Handle handle, Place after, int limit) {
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
                                ? Place.text(Table.NONCURRENT, 0)
                                : rows.get(rows.size() - 1).position()));
    }

    private static Row part(ResultSet row) throws SQLException {
        return new Row(
                new Content.Whole(BlobId.of(row.getBytes(3))),
                Optional.empty(),
                row.getLong(4),
                new ETag(row.getString(5)),
                Place.text(Table.PART, HEX.formatHex(row.getBytes(1)), row.getInt(2)));
    }

    /** A place in a table that has a bucket only is before all buckets that follow that one. */
    private static Page nextBucket(Handle handle, Place after) {
        Optional<Long> bucket = Bind.all(
                        handle.createQuery("SELECT bucket_id FROM " + after.table().sql
                                + " WHERE bucket_id > ? ORDER BY bucket_id LIMIT 1"),
                        after.number(0))
                .mapTo(Long.class)
                .findOne();
        Optional<String> next = bucket.map(id -> Place.text(after.table(), id, ""));
        if (next.isEmpty() && after.table() == Table.NONCURRENT) {
            next = Optional.of(Place.text(Table.CURRENT, 0));
        }
        return new Page(List.of(), next);
    }

    private static Page versions(Handle handle, Place after, int limit) {
        Table table = after.table();
        long bucket = after.number(0);
        List<Version> found = new ArrayList<>();
        if (table == Table.NONCURRENT && after.key().size() > 2) {
            found.addAll(Bind.all(
                            handle.createQuery(VERSION + table.sql + " WHERE bucket_id = ? AND object_key = ?"
                                    + " AND sequence < ? ORDER BY sequence DESC LIMIT ?"),
                            bucket,
                            after.bytes(1),
                            after.number(2),
                            limit)
                    .map((row, context) -> version(table, row))
                    .list());
        }
        if (found.size() < limit) {
            found.addAll(Bind.all(
                            handle.createQuery(VERSION + table.sql + " WHERE bucket_id = ? AND object_key > ?"
                                    + " ORDER BY object_key, sequence DESC LIMIT ?"),
                            bucket,
                            after.bytes(1),
                            limit - found.size())
                    .map((row, context) -> version(table, row))
                    .list());
        }
        return new Page(
                found.stream().flatMap(version -> version.row().stream()).toList(),
                Optional.of(
                        found.size() < limit
                                ? Place.text(table, bucket)
                                : found.get(found.size() - 1).position()));
    }

    /** A version, and its row unless it is a delete marker. */
    private record Version(String position, Optional<Row> row) {}

    private static Version version(Table table, ResultSet row) throws SQLException {
        long bucket = row.getLong(1);
        byte[] key = row.getBytes(2);
        byte[] blob = row.getBytes(4);
        byte[] upload = row.getBytes(5);
        String position = Place.text(table, bucket, HEX.formatHex(key), row.getLong(3));
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
        Place place = Place.of(Optional.of(row.position()));
        byte[] content = row.content() instanceof Content.Whole whole
                ? whole.blob().bytes()
                : ((Content.Parts) row.content()).upload().bytes();
        String column = row.content() instanceof Content.Whole ? "blob_id" : "upload_id";
        return database.read(handle -> (place.table() == Table.PART
                        ? Bind.all(
                                handle.createQuery("SELECT EXISTS (SELECT 1 FROM part WHERE upload_id = ?"
                                        + " AND part_number = ? AND blob_id = ?)"),
                                place.bytes(0),
                                place.number(1),
                                content)
                        : Bind.all(
                                handle.createQuery("SELECT EXISTS (SELECT 1 FROM " + place.table().sql
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
