package io.pataka.service.metadata;

import io.pataka.service.metadata.row.Bind;
import io.pataka.service.metadata.row.Micros;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** How many requests there were, in MariaDB. */
public final class MariaDbRequestUsage implements RequestUsage {

    private static final String SUMS =
            "SUM(ops), SUM(successful_ops), SUM(bytes_sent), SUM(bytes_received) FROM request_usage"
                    + " WHERE account_id = ? AND hour >= ? AND hour < ?";
    private static final String HOURS = "SELECT hour, bucket, category, " + SUMS
            + " GROUP BY hour, bucket, category ORDER BY hour, bucket, category LIMIT ?";
    private static final String WHOLE = "SELECT ? AS hour, bucket, category, " + SUMS
            + " GROUP BY bucket, category ORDER BY bucket, category LIMIT ?";

    private final Database database;

    public MariaDbRequestUsage(Database database) {
        this.database = Objects.requireNonNull(database);
    }

    @Override
    public void put(byte[] node, List<Line> lines) {
        if (lines.isEmpty()) {
            return;
        }
        List<Object> values = new ArrayList<>();
        for (Line line : lines) {
            values.add(line.subject().account());
            values.add(Micros.of(line.subject().hour()));
            values.add(line.subject().bucket());
            values.add(line.subject().category());
            values.add(node);
            values.add(line.counts().ops());
            values.add(line.counts().successfulOps());
            values.add(line.counts().bytesSent());
            values.add(line.counts().bytesReceived());
        }
        String insert = "INSERT INTO request_usage"
                + " (account_id, hour, bucket, category, node, ops, successful_ops, bytes_sent, bytes_received) VALUES "
                + String.join(", ", Collections.nCopies(lines.size(), "(?, ?, ?, ?, ?, ?, ?, ?, ?)"))
                + " ON DUPLICATE KEY UPDATE ops = VALUES(ops), successful_ops = VALUES(successful_ops),"
                + " bytes_sent = VALUES(bytes_sent), bytes_received = VALUES(bytes_received)";
        database.write(handle -> Bind.all(handle.createUpdate(insert), values).execute());
    }

    @Override
    public List<Line> hours(String account, Instant from, Instant to, int limit) {
        return lines(account, HOURS, List.of(account, Micros.of(from), Micros.of(to), limit));
    }

    @Override
    public List<Line> sums(String account, Instant from, Instant to, int limit) {
        return lines(account, WHOLE, List.of(Micros.of(from), account, Micros.of(from), Micros.of(to), limit));
    }

    private List<Line> lines(String account, String sql, List<Object> values) {
        return database.read(handle -> Bind.all(handle.createQuery(sql), values)
                .map((row, context) -> new Line(
                        new Subject(account, Micros.toInstant(row.getLong(1)), row.getString(2), row.getString(3)),
                        new Counts(row.getLong(4), row.getLong(5), row.getLong(6), row.getLong(7))))
                .list());
    }

    @Override
    public boolean expire(Duration age, int limit) {
        int deleted = database.write(handle -> Bind.all(
                        handle.createUpdate(
                                "DELETE FROM request_usage WHERE hour < " + Micros.NOW + " - ? ORDER BY hour LIMIT ?"),
                        TimeUnit.SECONDS.toMicros(age.toSeconds()),
                        limit)
                .execute());
        return deleted == limit;
    }
}
