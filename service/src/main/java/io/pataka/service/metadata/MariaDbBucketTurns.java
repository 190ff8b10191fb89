package io.pataka.service.metadata;

import io.pataka.service.metadata.row.Bind;
import io.pataka.service.metadata.row.Micros;
import io.pataka.service.model.DocumentKind;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The turns of buckets in MariaDB. */
public final class MariaDbBucketTurns implements BucketTurns {

    private static final String DUE =
            "SELECT b.id FROM %s b LEFT JOIN bucket_turn t ON t.job = ? AND t.bucket_id = b.id"
                    + " WHERE b.id > ? AND (t.bucket_id IS NULL OR t.due_at <= " + Micros.NOW
                    + " AND (t.expires_at <= " + Micros.NOW + " OR t.holder = ?)) ORDER BY b.id LIMIT 1";
    private static final String DUE_OF_ALL = DUE.formatted("bucket");
    private static final String DUE_OF_KIND =
            DUE.formatted("(SELECT bucket_id AS id FROM bucket_document WHERE kind = ?)");

    /** Assignments run from left to right: the end is moved if the first one left, or made, the caller the holder. */
    private static final String TAKE = "INSERT INTO bucket_turn (job, bucket_id, holder, expires_at, due_at)"
            + " SELECT ?, id, ?, " + Micros.NOW + " + ?, " + Micros.NOW + " FROM bucket WHERE id = ?"
            + " ON DUPLICATE KEY UPDATE holder = IF(expires_at <= " + Micros.NOW + " AND due_at <= " + Micros.NOW
            + ", VALUES(holder), holder), expires_at = IF(holder = VALUES(holder), VALUES(expires_at), expires_at)"
            + " RETURNING holder, position";

    private static final String LAG = "SELECT MAX(" + Micros.NOW + " - t.due_at) FROM bucket_turn t"
            + " JOIN bucket_document d ON d.bucket_id = t.bucket_id AND d.kind = ? WHERE t.job = ? AND t.due_at <= "
            + Micros.NOW;

    private final Database database;

    public MariaDbBucketTurns(Database database) {
        this.database = Objects.requireNonNull(database);
    }

    @Override
    public Optional<Turn> take(String job, Optional<DocumentKind> kind, long after, String holder, Duration length) {
        long passed = after;
        while (true) {
            long from = passed;
            Optional<Long> due = database.read(handle -> kind.map(
                            only -> Bind.all(handle.createQuery(DUE_OF_KIND), only.name(), job, from, holder))
                    .orElseGet(() -> Bind.all(handle.createQuery(DUE_OF_ALL), job, from, holder))
                    .mapTo(Long.class)
                    .findOne());
            if (due.isEmpty()) {
                return Optional.empty();
            }
            long bucket = due.get();
            Optional<Turn> turn = database.write(handle -> take(handle, job, bucket, holder, length));
            if (turn.isPresent()) {
                return turn;
            }
            // Another process was faster, or the bucket is gone.
            passed = bucket;
        }
    }

    private static Optional<Turn> take(Handle handle, String job, long bucket, String holder, Duration length) {
        record Taken(String holder, String position) {}
        return Bind.all(handle.createQuery(TAKE), job, holder, length.toNanos() / 1_000, bucket)
                .map((row, context) -> new Taken(row.getString(1), row.getString(2)))
                .findOne()
                .filter(taken -> holder.equals(taken.holder()))
                .map(taken -> new Turn(job, bucket, holder, Optional.ofNullable(taken.position())));
    }

    @Override
    public void leave(Turn turn, String position) {
        database.write(handle -> Bind.all(
                        handle.createUpdate("UPDATE bucket_turn SET holder = NULL, expires_at = 0, position = ?"
                                + " WHERE job = ? AND bucket_id = ? AND holder = ?"),
                        position,
                        turn.job(),
                        turn.bucketId(),
                        turn.holder())
                .execute());
    }

    @Override
    public void finish(Turn turn, Duration interval) {
        database.write(handle -> Bind.all(
                        handle.createUpdate("UPDATE bucket_turn SET holder = NULL, expires_at = 0, position = NULL,"
                                + " due_at = " + Micros.NOW + " + ? WHERE job = ? AND bucket_id = ? AND holder = ?"),
                        interval.toNanos() / 1_000,
                        turn.job(),
                        turn.bucketId(),
                        turn.holder())
                .execute());
    }

    @Override
    public Optional<Duration> lag(String job, DocumentKind kind) {
        return database.read(handle -> Bind.all(handle.createQuery(LAG), kind.name(), job)
                .mapTo(Long.class)
                .findOne()
                .map(micros -> Duration.of(micros, ChronoUnit.MICROS)));
    }
}
