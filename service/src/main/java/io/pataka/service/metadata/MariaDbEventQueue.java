package io.pataka.service.metadata;

import io.pataka.service.metadata.row.Bind;
import io.pataka.service.metadata.row.Micros;
import io.pataka.service.metadata.row.SecretCodec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The queues of events in MariaDB. */
public final class MariaDbEventQueue implements EventQueue {

    /** The topics of all events are read from an index, which has a few distinct values. */
    private static final String DUE =
            "SELECT t.id, t.account_id, t.failures FROM (SELECT DISTINCT topic_id FROM event) e"
                    + " JOIN topic t ON t.id = e.topic_id WHERE t.leased_until <= " + Micros.NOW + " AND t.retry_at <= "
                    + Micros.NOW + " ORDER BY t.leased_until, t.id LIMIT ?";

    private static final String TAKE = "UPDATE topic SET holder = ?, leased_until = " + Micros.NOW
            + " + ? WHERE id = ? AND (leased_until <= " + Micros.NOW + " OR holder = ?)";

    private static final String USED = "SELECT t.id FROM topic t WHERE t.id > ? AND (NOT t.accepts OR EXISTS"
            + " (SELECT 1 FROM event e WHERE e.topic_id = t.id)) ORDER BY t.id LIMIT ?";

    private static final String STATUS = "SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM event LIMIT 1000000) counted),"
            + " (SELECT " + Micros.NOW + " - queued_at FROM event ORDER BY id LIMIT 1),"
            + " (SELECT COUNT(*) FROM topic WHERE failures > 0), (SELECT COUNT(*) FROM topic WHERE NOT accepts)";

    private final Database database;

    public MariaDbEventQueue(Database database) {
        this.database = Objects.requireNonNull(database);
    }

    @Override
    public List<Due> due(int limit) {
        return database.read(handle -> Bind.all(handle.createQuery(DUE), limit)
                .map((row, context) -> new Due(row.getLong(1), row.getString(2), row.getInt(3)))
                .list());
    }

    @Override
    public Optional<HeldTopic> take(long topic, String holder, Duration length) {
        int taken = database.write(handle -> Bind.all(handle.createUpdate(TAKE), holder, micros(length), topic, holder)
                .execute());
        return taken == 0 ? Optional.empty() : find(topic);
    }

    private Optional<HeldTopic> find(long topic) {
        return database.read(handle -> Bind.all(
                        handle.createQuery(
                                "SELECT id, account_id, name, attributes, secret, failures FROM topic WHERE id = ?"),
                        topic)
                .map((row, context) -> held(row))
                .findOne());
    }

    private static HeldTopic held(ResultSet row) throws SQLException {
        return new HeldTopic(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                Optional.ofNullable(row.getBytes(5)).map(SecretCodec::read),
                row.getInt(6));
    }

    @Override
    public List<Waiting> first(long topic, int limit) {
        return database.read(handle -> Bind.all(
                        handle.createQuery("SELECT id, sequence, " + Micros.NOW
                                + " - queued_at, record FROM event WHERE topic_id = ? ORDER BY id LIMIT ?"),
                        topic,
                        limit)
                .map((row, context) -> new Waiting(
                        row.getLong(1),
                        row.getLong(2),
                        Duration.of(row.getLong(3), ChronoUnit.MICROS),
                        row.getBytes(4)))
                .list());
    }

    @Override
    public void remove(List<Long> ids) {
        if (!ids.isEmpty()) {
            String delete = "DELETE FROM event WHERE id IN (" + Placeholders.list(ids.size()) + ")";
            database.write(handle ->
                    Bind.all(handle.createUpdate(delete), ids.toArray()).execute());
        }
    }

    @Override
    public void succeeded(long topic) {
        database.write(handle -> Bind.all(
                        handle.createUpdate("UPDATE topic SET failures = 0, retry_at = 0 WHERE id = ?"), topic)
                .execute());
    }

    @Override
    public void failed(HeldTopic topic, String holder, int failures, Duration pause) {
        database.write(handle -> Bind.all(
                        handle.createUpdate("UPDATE topic SET failures = ?, retry_at = " + Micros.NOW
                                + " + ? WHERE id = ? AND holder = ? AND attributes = ? AND secret <=> ?"),
                        failures,
                        micros(pause),
                        topic.id(),
                        holder,
                        topic.attributes(),
                        topic.secret().map(SecretCodec::write).orElse(null))
                .execute());
    }

    @Override
    public void release(long topic, String holder) {
        database.write(handle -> Bind.all(
                        handle.createUpdate("UPDATE topic SET holder = NULL, leased_until = " + Micros.NOW
                                + " WHERE id = ? AND holder = ?"),
                        topic,
                        holder)
                .execute());
    }

    @Override
    public List<Long> used(long after, int limit) {
        return database.read(handle -> Bind.all(handle.createQuery(USED), after, limit)
                .mapTo(Long.class)
                .list());
    }

    @Override
    public boolean limit(long topic, int most) {
        long events = database.read(handle -> Bind.all(
                        handle.createQuery(
                                "SELECT COUNT(*) FROM (SELECT 1 FROM event WHERE topic_id = ? LIMIT ?) counted"),
                        topic,
                        most)
                .mapTo(Long.class)
                .one());
        if (events >= most) {
            accept(topic, false);
            return false;
        }
        if (events <= most / 2) {
            accept(topic, true);
            return true;
        }
        return database.read(handle -> Bind.all(handle.createQuery("SELECT accepts FROM topic WHERE id = ?"), topic)
                .mapTo(Boolean.class)
                .findOne()
                .orElse(false));
    }

    private void accept(long topic, boolean accepts) {
        database.write(handle -> Bind.all(
                        handle.createUpdate("UPDATE topic SET accepts = ? WHERE id = ? AND accepts <> ?"),
                        accepts,
                        topic,
                        accepts)
                .execute());
    }

    @Override
    public Status status() {
        return database.read(handle -> handle.createQuery(STATUS)
                .map((row, context) -> {
                    long oldest = row.getLong(2);
                    Optional<Duration> age =
                            row.wasNull() ? Optional.empty() : Optional.of(Duration.of(oldest, ChronoUnit.MICROS));
                    return new Status(row.getLong(1), age, row.getLong(3), row.getLong(4));
                })
                .one());
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / 1_000;
    }
}
