package io.pataka.service.metadata;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.metadata.row.Bind;
import io.pataka.service.metadata.row.Micros;
import io.pataka.service.model.BucketName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;

/** Lines of bucket logs in MariaDB. */
public final class MariaDbLogRecords implements LogRecords {

    private static final String ROW = "(?, ?, " + Micros.NOW + " + ?, ?)";

    private final Database database;

    public MariaDbLogRecords(Database database) {
        this.database = Objects.requireNonNull(database);
    }

    @Override
    public int add(List<LogLine> lines) {
        Map<BucketName, Long> targets =
                targets(lines.stream().map(LogLine::target).distinct().toList());
        List<Object> values = new ArrayList<>();
        for (LogLine line : lines) {
            Long target = targets.get(line.target());
            if (target != null) {
                values.add(target);
                values.add(line.prefix().getBytes(UTF_8));
                values.add(TimeUnit.NANOSECONDS.toMicros(line.rollAfter().toNanos()));
                values.add(line.line());
            }
        }
        int rows = values.size() / 4;
        if (rows > 0) {
            String insert = "INSERT INTO log_record (target_id, prefix, due_at, line) VALUES "
                    + String.join(", ", Collections.nCopies(rows, ROW));
            database.write(
                    handle -> Bind.all(handle.createUpdate(insert), values).execute());
        }
        return rows;
    }

    private Map<BucketName, Long> targets(List<BucketName> names) {
        if (names.isEmpty()) {
            return Map.of();
        }
        String select = "SELECT name, id FROM bucket WHERE name IN ("
                + String.join(", ", Collections.nCopies(names.size(), "?")) + ")";
        return database.read(handle -> targets(handle, select, names));
    }

    private static Map<BucketName, Long> targets(Handle handle, String select, List<BucketName> names) {
        Map<BucketName, Long> ids = new HashMap<>();
        Bind.all(
                        handle.createQuery(select),
                        names.stream().<Object>map(BucketName::text).toList())
                .map((row, context) -> Map.entry(new BucketName(row.getString(1)), row.getLong(2)))
                .forEach(found -> ids.put(found.getKey(), found.getValue()));
        return ids;
    }
}
