package io.pataka.service.metadata;

import io.pataka.service.metadata.ObjectIndex.KeyRange;
import io.pataka.service.metadata.ObjectIndex.VersionRange;
import io.pataka.service.metadata.row.Bind;
import io.pataka.service.metadata.row.BucketRow;
import io.pataka.service.metadata.row.VersionRow;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.model.ObjectKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.statement.StatementContext;

/** The rows of inventories in MariaDB. */
public final class MariaDbInventoryRows implements InventoryRows {

    private static final String FIND = "SELECT " + BucketRow.COLUMNS
            + ", (SELECT document FROM bucket_document WHERE bucket_id = bucket.id AND kind = ?) document"
            + " FROM bucket WHERE id = ?";

    private final Database database;

    public MariaDbInventoryRows(Database database) {
        this.database = Objects.requireNonNull(database);
    }

    @Override
    public Optional<InventoriedBucket> find(long bucketId) {
        record Found(Bucket bucket, String document) {}
        return database.read(handle -> Bind.all(handle.createQuery(FIND), DocumentKind.INVENTORY.name(), bucketId)
                .map((row, context) -> new Found(BucketRow.bucket(row), row.getString("document")))
                .findOne()
                .filter(found -> found.document() != null)
                .map(found -> new InventoriedBucket(found.bucket(), found.document())));
    }

    @Override
    public List<Row> current(long bucketId, KeyRange keys, int limit) {
        List<Object> values = new ArrayList<>(List.of(bucketId));
        String sql = select("object_current", true) + MariaDbObjectIndex.within(keys, values)
                + " AND NOT delete_marker ORDER BY object_key LIMIT ?";
        values.add(limit);
        return read(bucketId, sql, values);
    }

    @Override
    public List<Row> all(long bucketId, VersionRange range, int limit) {
        Optional<Long> olderThan = range.olderThan();
        KeyRange keys = olderThan.isPresent()
                ? new KeyRange(range.keys().from(), false, range.keys().before())
                : range.keys();
        List<Object> values = new ArrayList<>();
        List<String> selects = new ArrayList<>();
        for (boolean latest : new boolean[] {true, false}) {
            String select = "(" + select(latest ? "object_current" : "object_noncurrent", latest);
            String end = " ORDER BY object_key" + (latest ? "" : ", sequence DESC") + " LIMIT ?)";
            olderThan.ifPresent(older -> {
                selects.add(select + " AND object_key = ? AND sequence < ?" + end);
                values.addAll(List.of(bucketId, range.keys().from(), older, limit));
            });
            values.add(bucketId);
            selects.add(select + MariaDbObjectIndex.within(keys, values) + end);
            values.add(limit);
        }
        List<Row> rows = new ArrayList<>(read(bucketId, String.join(" UNION ALL ", selects), values));
        rows.sort(Comparator.comparing((Row row) -> row.version().key())
                .thenComparing(row -> row.version().id().sequence(), Comparator.reverseOrder()));
        return List.copyOf(rows.subList(0, Math.min(limit, rows.size())));
    }

    private static String select(String table, boolean latest) {
        return "SELECT " + VersionRow.COLUMNS + ", object_key, " + latest + " latest FROM " + table
                + " WHERE bucket_id = ?";
    }

    private List<Row> read(long bucketId, String sql, List<Object> values) {
        return database.read(handle -> Bind.all(handle.createQuery(sql), values)
                .map((row, context) -> row(bucketId, row, context))
                .list());
    }

    private static Row row(long bucketId, ResultSet row, StatementContext context) throws SQLException {
        ObjectKey key = ObjectKey.of(row.getBytes("object_key"));
        return new Row(VersionRow.version(bucketId, key).map(row, context), row.getBoolean("latest"));
    }
}
