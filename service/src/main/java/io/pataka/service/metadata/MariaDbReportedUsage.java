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

/** How much of the counts of requests was reported, in MariaDB. */
public final class MariaDbReportedUsage implements ReportedUsage {

    private static final String UNREPORTED = "SELECT u.account_id, u.hour, u.ops, u.sent, u.received,"
            + " COALESCE(r.ops, 0), COALESCE(r.bytes_sent, 0), COALESCE(r.bytes_received, 0) FROM"
            + " (SELECT account_id, hour, SUM(ops) AS ops, SUM(bytes_sent) AS sent, SUM(bytes_received) AS received"
            + " FROM request_usage WHERE account_id > ? AND hour >= ? GROUP BY account_id, hour) u"
            + " LEFT JOIN reported_usage r ON r.account_id = u.account_id AND r.hour = u.hour"
            + " WHERE u.ops > COALESCE(r.ops, 0) OR u.sent > COALESCE(r.bytes_sent, 0)"
            + " OR u.received > COALESCE(r.bytes_received, 0) ORDER BY u.account_id, u.hour LIMIT ?";

    private final Database database;

    public MariaDbReportedUsage(Database database) {
        this.database = Objects.requireNonNull(database);
    }

    @Override
    public List<Line> unreported(String after, Instant from, int limit) {
        return database.read(handle -> Bind.all(handle.createQuery(UNREPORTED), after, Micros.of(from), limit)
                .map((row, context) -> new Line(
                        row.getString(1),
                        Micros.toInstant(row.getLong(2)),
                        new Traffic(row.getLong(3), row.getLong(4), row.getLong(5)),
                        new Traffic(row.getLong(6), row.getLong(7), row.getLong(8))))
                .list());
    }

    /** Of two nodes that report the same at the same time, the one that had counted less changes nothing. */
    @Override
    public void reported(List<Line> lines) {
        if (lines.isEmpty()) {
            return;
        }
        List<Object> values = new ArrayList<>();
        for (Line line : lines) {
            values.add(line.account());
            values.add(Micros.of(line.hour()));
            values.add(line.counted().requests());
            values.add(line.counted().bytesSent());
            values.add(line.counted().bytesReceived());
        }
        String insert = "INSERT INTO reported_usage (account_id, hour, ops, bytes_sent, bytes_received) VALUES "
                + String.join(", ", Collections.nCopies(lines.size(), "(?, ?, ?, ?, ?)"))
                + " ON DUPLICATE KEY UPDATE ops = GREATEST(ops, VALUES(ops)),"
                + " bytes_sent = GREATEST(bytes_sent, VALUES(bytes_sent)),"
                + " bytes_received = GREATEST(bytes_received, VALUES(bytes_received))";
        database.write(handle -> Bind.all(handle.createUpdate(insert), values).execute());
    }

    @Override
    public boolean expire(Duration age, int limit) {
        int deleted = database.write(handle -> Bind.all(
                        handle.createUpdate(
                                "DELETE FROM reported_usage WHERE hour < " + Micros.NOW + " - ? ORDER BY hour LIMIT ?"),
                        TimeUnit.SECONDS.toMicros(age.toSeconds()),
                        limit)
                .execute());
        return deleted == limit;
    }
}
