package io.pataka.service.metadata;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.Lists;
import io.pataka.service.metadata.row.Bind;
import io.pataka.service.metadata.row.BucketRow;
import io.pataka.service.metadata.row.Micros;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ObjectKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jdbi.v3.core.Handle;

/** Log objects that are made of lines in MariaDB. A line is in the transaction of a change, so nothing here locks lines that wait. */
public final class MariaDbLogRolls implements LogRolls {

    /** Statements with the ids of lines in them have so many. */
    private static final int BATCH = 1_000;

    private static final String DUE = "SELECT target_id, prefix, MIN(due_at) FROM log_record WHERE due_at <= "
            + Micros.NOW + " AND roll_id IS NULL GROUP BY target_id, prefix LIMIT ?";

    private static final String LATEST = "SELECT added_at > ? OR ? <= " + Micros.NOW
            + " FROM log_record WHERE target_id = ? AND prefix = ? AND roll_id IS NULL ORDER BY id DESC LIMIT 1";

    private static final String LARGE =
            "SELECT target_id, prefix FROM log_record GROUP BY target_id, prefix HAVING COUNT(*) > ? LIMIT ?";

    private static final String WAITING = "SELECT id, LENGTH(line) + 1, due_at, added_at FROM log_record"
            + " WHERE target_id = ? AND prefix = ? AND roll_id IS NULL ORDER BY id LIMIT ?";

    private static final String COLUMNS =
            "id, target_id, prefix, object_key," + " (SELECT COUNT(*) FROM log_record r WHERE r.roll_id = log_roll.id)";

    private final Database database;

    public MariaDbLogRolls(Database database) {
        this.database = Objects.requireNonNull(database);
    }

    @Override
    public List<Log> due(Duration idle, int limit) {
        record Due(Log log, long at) {}
        return database.read(handle -> {
            List<Due> due = Bind.all(handle.createQuery(DUE), limit)
                    .map((row, context) -> new Due(log(row, 1), row.getLong(3)))
                    .list();
            return due.stream()
                    .filter(found -> Bind.all(
                                    handle.createQuery(LATEST),
                                    found.at(),
                                    found.at() + micros(idle),
                                    found.log().targetId(),
                                    bytes(found.log()))
                            .mapTo(Boolean.class)
                            .findOne()
                            .orElse(false))
                    .map(Due::log)
                    .toList();
        });
    }

    @Override
    public List<Log> ofMoreLinesThan(int lines, int limit) {
        return database.read(handle -> Bind.all(handle.createQuery(LARGE), lines, limit)
                .map((row, context) -> log(row, 1))
                .list());
    }

    private static Log log(ResultSet row, int first) throws SQLException {
        return new Log(row.getLong(first), new String(row.getBytes(first + 1), UTF_8));
    }

    private static byte[] bytes(Log log) {
        return log.names().getBytes(UTF_8);
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / 1_000;
    }

    @Override
    public Optional<Roll> begin(
            Log log,
            Taking taking,
            Limits limits,
            boolean evenEmpty,
            boolean byDay,
            BiFunction<Instant, Long, ObjectKey> key,
            String holder,
            Duration lease) {
        return database.transact(handle -> {
            Instant now = handle.createQuery("SELECT " + Micros.NOW)
                    .mapTo(Long.class)
                    .map(Micros::toInstant)
                    .one();
            List<Waiting> waiting = waiting(handle, log, limits.lines() + 1);
            List<Waiting> taken = taken(waiting, taking, limits, byDay, now);
            if (taken.isEmpty() && !evenEmpty) {
                return Optional.empty();
            }
            long number = Bind.all(
                            handle.createQuery(
                                    "INSERT INTO log_roll (target_id, prefix, object_key, started_at, holder,"
                                            + " leased_until) VALUES (?, ?, '', " + Micros.NOW + ", ?, " + Micros.NOW
                                            + " + ?) RETURNING id"),
                            log.targetId(),
                            bytes(log),
                            holder,
                            micros(lease))
                    .mapTo(Long.class)
                    .one();
            Instant at =
                    byDay && !taken.isEmpty() ? Micros.toInstant(taken.get(0).addedAt()) : now;
            ObjectKey named = key.apply(at, number);
            Bind.all(handle.createUpdate("UPDATE log_roll SET object_key = ? WHERE id = ?"), named.bytes(), number)
                    .execute();
            take(handle, taken, number);
            return Optional.of(new Roll(number, log, named, taken.size(), taken.size() < waiting.size()));
        });
    }

    private record Waiting(long id, int bytes, long dueAt, long addedAt) {}

    private static List<Waiting> waiting(Handle handle, Log log, int limit) {
        return Bind.all(handle.createQuery(WAITING), log.targetId(), bytes(log), limit)
                .map((row, context) -> new Waiting(row.getLong(1), row.getInt(2), row.getLong(3), row.getLong(4)))
                .list();
    }

    private static List<Waiting> taken(
            List<Waiting> waiting, Taking taking, Limits limits, boolean byDay, Instant now) {
        List<Waiting> fitting = fitting(waiting, limits, byDay);
        return switch (taking) {
            case ALL -> fitting;
            case FULL -> fitting.size() < waiting.size() ? fitting : List.of();
            case DUE -> {
                long due = fitting.stream().mapToLong(Waiting::dueAt).min().orElse(Long.MAX_VALUE);
                yield due > Micros.of(now)
                        ? List.of()
                        : fitting.stream().filter(line -> line.addedAt() <= due).toList();
            }
        };
    }

    private static List<Waiting> fitting(List<Waiting> waiting, Limits limits, boolean byDay) {
        long bytes = 0;
        for (int i = 0; i < waiting.size(); i++) {
            if (i == limits.lines()
                    || bytes >= limits.bytes()
                    || (byDay && !day(waiting.get(i)).equals(day(waiting.get(0))))) {
                return waiting.subList(0, i);
            }
            bytes += waiting.get(i).bytes();
        }
        return waiting;
    }

    private static Instant day(Waiting line) {
        return Micros.toInstant(line.addedAt()).truncatedTo(ChronoUnit.DAYS);
    }

    /** Another roll that took one of the lines meanwhile lets the transaction run again. */
    private static void take(Handle handle, List<Waiting> lines, long number) {
        for (List<Waiting> batch : Lists.partition(lines, BATCH)) {
            List<Object> values = new ArrayList<>();
            values.add(number);
            batch.forEach(line -> values.add(line.id()));
            int updated = Bind.all(
                            handle.createUpdate("UPDATE log_record SET roll_id = ? WHERE id IN ("
                                    + String.join(", ", Collections.nCopies(batch.size(), "?"))
                                    + ") AND roll_id IS NULL"),
                            values)
                    .execute();
            if (updated != batch.size()) {
                throw new Database.OvertakenException();
            }
        }
    }

    @Override
    public Optional<Roll> takeOver(String holder, Duration lease) {
        return takeOver("", List.of(), holder, lease);
    }

    @Override
    public Optional<Roll> takeOver(Log log, String holder, Duration lease) {
        return takeOver(" AND target_id = ? AND prefix = ?", List.of(log.targetId(), bytes(log)), holder, lease);
    }

    private Optional<Roll> takeOver(String condition, List<Object> values, String holder, Duration lease) {
        return database.transact(handle -> {
            Optional<Roll> abandoned = Bind.all(
                            handle.createQuery("SELECT " + COLUMNS + " FROM log_roll WHERE leased_until <= "
                                    + Micros.NOW + condition + " ORDER BY id LIMIT 1 FOR UPDATE"),
                            values)
                    .map((row, context) ->
                            new Roll(row.getLong(1), log(row, 2), ObjectKey.of(row.getBytes(4)), row.getInt(5), false))
                    .findOne();
            abandoned.ifPresent(roll -> Bind.all(
                            handle.createUpdate("UPDATE log_roll SET holder = ?, leased_until = " + Micros.NOW
                                    + " + ? WHERE id = ?"),
                            holder,
                            micros(lease),
                            roll.number())
                    .execute());
            return abandoned;
        });
    }

    @Override
    public boolean hasRollsBefore(Log log, long number) {
        return database.read(handle -> Bind.all(
                        handle.createQuery(
                                "SELECT 1 FROM log_roll WHERE target_id = ? AND prefix = ? AND id < ? LIMIT 1"),
                        log.targetId(),
                        bytes(log),
                        number)
                .mapTo(Integer.class)
                .findOne()
                .isPresent());
    }

    @Override
    public Page page(Roll roll, long after, int limit) {
        record Line(long id, byte[] text) {}
        List<Line> lines = database.read(handle -> Bind.all(
                        handle.createQuery(
                                "SELECT id, line FROM log_record WHERE roll_id = ? AND id > ? ORDER BY id LIMIT ?"),
                        roll.number(),
                        after,
                        limit)
                .map((row, context) -> new Line(row.getLong(1), row.getBytes(2)))
                .list());
        return new Page(
                lines.stream().map(Line::text).toList(),
                lines.isEmpty() ? after : lines.get(lines.size() - 1).id());
    }

    @Override
    public void finish(Roll roll) {
        database.transact(handle -> {
            Bind.all(handle.createUpdate("DELETE FROM log_record WHERE roll_id = ?"), roll.number())
                    .execute();
            return Bind.all(handle.createUpdate("DELETE FROM log_roll WHERE id = ?"), roll.number())
                    .execute();
        });
    }

    @Override
    public Optional<Bucket> target(Log log) {
        return database.read(handle -> Bind.all(
                        handle.createQuery("SELECT " + BucketRow.COLUMNS + " FROM bucket WHERE id = ?"), log.targetId())
                .map((row, context) -> BucketRow.bucket(row))
                .findOne());
    }

    @Override
    public long waiting() {
        return database.read(handle -> handle.createQuery("SELECT COUNT(*) FROM log_record")
                .mapTo(Long.class)
                .one());
    }
}
