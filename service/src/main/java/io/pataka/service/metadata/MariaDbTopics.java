package io.pataka.service.metadata;

import io.pataka.service.metadata.row.Bind;
import io.pataka.service.metadata.row.Micros;
import io.pataka.service.metadata.row.SecretCodec;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.SealedSecret;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Topics in MariaDB. */
public final class MariaDbTopics implements Topics {

    private static final String SELECT = "SELECT id, account_id, name, attributes, secret FROM topic";

    /** Events that one statement deletes. */
    private static final int BATCH = 1_000;

    private static final int DUPLICATE = 1062;

    private final Database database;

    public MariaDbTopics(Database database) {
        this.database = Objects.requireNonNull(database);
    }

    private static Topic topic(ResultSet row) throws SQLException {
        return new Topic(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                Optional.ofNullable(row.getBytes(5)).map(SecretCodec::read));
    }

    @Override
    public Optional<Topic> find(String accountId, String name) {
        return database.read(
                handle -> Bind.all(handle.createQuery(SELECT + " WHERE account_id = ? AND name = ?"), accountId, name)
                        .map((row, context) -> topic(row))
                        .findOne());
    }

    @Override
    public List<Topic> page(String accountId, String after, int limit) {
        return database.read(handle -> Bind.all(
                        handle.createQuery(SELECT + " WHERE account_id = ? AND name > ? ORDER BY name LIMIT ?"),
                        accountId,
                        after,
                        limit)
                .map((row, context) -> topic(row))
                .list());
    }

    @Override
    public Creation create(
            String accountId,
            String name,
            String attributes,
            Optional<SealedSecret> secret,
            int most,
            ChangeContext change) {
        return database.transact(handle -> {
            if (isTaken(handle, accountId, name)) {
                return Creation.EXISTS;
            }
            insert(handle, accountId, name, attributes, column(secret));
            // Waits for topics that other requests are creating. If they wait for this one, one of them runs again.
            long topics = Bind.all(
                            handle.createQuery("SELECT COUNT(*) FROM topic WHERE account_id = ? LOCK IN SHARE MODE"),
                            accountId)
                    .mapTo(Long.class)
                    .one();
            if (topics <= most) {
                return Creation.CREATED;
            }
            Bind.all(handle.createUpdate("DELETE FROM topic WHERE account_id = ? AND name = ?"), accountId, name)
                    .execute();
            return Creation.TOO_MANY;
        });
    }

    private static boolean isTaken(Handle handle, String accountId, String name) {
        return Bind.all(handle.createQuery("SELECT id FROM topic WHERE account_id = ? AND name = ?"), accountId, name)
                .mapTo(Long.class)
                .findOne()
                .isPresent();
    }

    private static void insert(Handle handle, String accountId, String name, String attributes, byte[] secret) {
        try {
            Bind.all(
                            handle.createUpdate("INSERT INTO topic (account_id, name, attributes, secret, created_at)"
                                    + " VALUES (?, ?, ?, ?, " + Micros.NOW + ")"),
                            accountId,
                            name,
                            attributes,
                            secret)
                    .execute();
        } catch (RuntimeException e) {
            if (Database.errorCode(e).filter(code -> code == DUPLICATE).isPresent()) {
                throw new Database.OvertakenException();
            }
            throw e;
        }
    }

    private static byte[] column(Optional<SealedSecret> secret) {
        return secret.map(SecretCodec::write).orElse(null);
    }

    @Override
    public boolean replace(Topic known, String attributes, Optional<SealedSecret> secret, ChangeContext change) {
        return database.write(handle -> Bind.all(
                                handle.createUpdate(
                                        "UPDATE topic SET attributes = ?, secret = ?, retry_at = 0, failures = 0"
                                                + " WHERE id = ? AND attributes = ? AND secret <=> ?"),
                                attributes,
                                column(secret),
                                known.id(),
                                known.attributes(),
                                column(known.secret()))
                        .execute()
                == 1);
    }

    @Override
    public void delete(String accountId, String name, ChangeContext change) {
        Optional<Long> deleted = database.write(handle -> Bind.all(
                        handle.createQuery("DELETE FROM topic WHERE account_id = ? AND name = ? RETURNING id"),
                        accountId,
                        name)
                .mapTo(Long.class)
                .findOne());
        if (deleted.isPresent()) {
            while (deleteEvents(deleted.get(), BATCH) == BATCH) {
                // There may be more.
            }
        }
    }

    private int deleteEvents(long topic, int limit) {
        return database.write(
                handle -> Bind.all(handle.createUpdate("DELETE FROM event WHERE topic_id = ? LIMIT ?"), topic, limit)
                        .execute());
    }

    /** The topics of all events are read from an index, which has a few distinct values. */
    @Override
    public boolean deleteEventsWithoutTopic(int limit) {
        List<Long> gone = database.read(handle -> handle.createQuery("SELECT e.topic_id FROM (SELECT DISTINCT topic_id"
                        + " FROM event) e LEFT JOIN topic t ON t.id = e.topic_id WHERE t.id IS NULL")
                .mapTo(Long.class)
                .list());
        int left = limit;
        for (long topic : gone) {
            left -= deleteEvents(topic, left);
            if (left <= 0) {
                return true;
            }
        }
        return false;
    }
}
