package io.pataka.service.metadata;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.metadata.BucketCatalog.Usage;
import io.pataka.service.metadata.row.Bind;
import io.pataka.service.metadata.row.Micros;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.ObjectKey;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * How much lies in buckets. A bucket with few versions is counted when the usage is requested. For a larger bucket the answer is the
 * sum that a job stored, without a count if the sum is fresh; the job reads the bucket page by page. Writers of objects change no sum.
 */
public final class BucketUsage {

    /** The job that makes the sums, in {@link BucketTurns}. */
    public static final String JOB = "usage-counter";

    /** The most versions that are counted for one request. */
    static final int COUNTED = 10_000;

    private static final String LOOK =
            "(SELECT delete_marker, size FROM %s WHERE bucket_id IN (%s) LIMIT " + (COUNTED + 1) + ")";

    private static final String BUCKET = "?";
    private static final String OWNED = "SELECT id FROM bucket WHERE owner_id = ?";
    private static final String OWNED_AND_NEW =
            "SELECT b.id FROM bucket b LEFT JOIN bucket_usage u ON u.bucket_id = b.id"
                    + " WHERE b.owner_id = ? AND u.bucket_id IS NULL";

    private static final String KEPT_OF_BUCKET =
            "SELECT objects, bytes, counted_at FROM bucket_usage WHERE bucket_id = ?";
    private static final String KEPT_OF_OWNER = "SELECT SUM(u.objects), SUM(u.bytes), MIN(u.counted_at) FROM bucket b"
            + " JOIN bucket_usage u ON u.bucket_id = b.id WHERE b.owner_id = ?";

    private static final String SUM = "COALESCE(u.objects, 0), COALESCE(u.bytes, 0), COALESCE(u.counted_at, 0)";
    private static final String SUMS =
            "COALESCE(SUM(u.objects), 0), COALESCE(SUM(u.bytes), 0) bytes, COALESCE(MIN(u.counted_at), 0)";
    private static final String SUMMED = " FROM bucket b LEFT JOIN bucket_usage u ON u.bucket_id = b.id";
    private static final String LARGEST_PROJECTS =
            "SELECT b.owner_id, MAX(b.owner_name), COUNT(*), COUNT(u.bucket_id), " + SUMS + SUMMED
                    + " GROUP BY b.owner_id ORDER BY bytes DESC, b.owner_id LIMIT ?";
    private static final String LARGEST_BUCKETS =
            "SELECT b.name, " + SUM + SUMMED + " WHERE b.owner_id = ? ORDER BY u.bytes DESC, b.name LIMIT ?";

    /** A round that runs is not begun anew. */
    private static final String MAKE_DUE = "UPDATE bucket_turn SET due_at = " + Micros.NOW + " WHERE job = '" + JOB
            + "' AND position IS NULL AND due_at > " + Micros.NOW + " AND bucket_id IN (%s)";

    /** A sum of much that is not older is answered without a count: two rounds of the job. */
    private static final Duration FRESH = Duration.ofMinutes(10);

    private final Database database;
    private final Clock clock;

    public BucketUsage(Database database, Clock clock) {
        this.database = Objects.requireNonNull(database);
        this.clock = Objects.requireNonNull(clock);
    }

    /** Empty when there is much in the bucket, and it was never added up. */
    Optional<Usage> ofBucket(long bucketId) {
        return database.read(handle -> {
            Optional<Usage> kept = kept(handle, KEPT_OF_BUCKET, bucketId);
            return isMuchAndFresh(kept)
                    ? kept
                    : counted(handle, BUCKET, bucketId).or(() -> kept);
        });
    }

    /** Whether a count would most probably find too much. */
    private boolean isMuchAndFresh(Optional<Usage> kept) {
        return kept.filter(sum -> sum.objects() > COUNTED
                        && sum.asOf().orElseThrow().isAfter(clock.instant().minus(FRESH)))
                .isPresent();
    }

    /** Empty when there is much in the owner's buckets, and some of them were never added up. */
    Optional<Usage> ofOwner(String ownerId) {
        return database.read(handle -> {
            Optional<Usage> kept = kept(handle, KEPT_OF_OWNER, ownerId);
            Optional<Usage> counted = isMuchAndFresh(kept) ? Optional.empty() : counted(handle, OWNED, ownerId);
            return counted.or(() ->
                    kept.flatMap(sums -> counted(handle, OWNED_AND_NEW, ownerId).map(fresh -> sum(sums, fresh))));
        });
    }

    /** The job makes the sum of a bucket again as soon as it can. */
    void askForANewSumOfBucket(long bucketId) {
        makeDue(BUCKET, bucketId);
    }

    /** The job makes the sums of all buckets of an owner again as soon as it can. */
    void askForNewSumsOfOwner(String ownerId) {
        makeDue(OWNED, ownerId);
    }

    private void makeDue(String buckets, Object id) {
        database.write(handle ->
                Bind.all(handle.createUpdate(MAKE_DUE.formatted(buckets)), id).execute());
    }

    /**
     * What the job last found in the buckets of a project.
     *
     * @param ownerName of one of the buckets
     * @param buckets that the project has
     * @param summed how many of them the job came to
     * @param usage of those
     */
    public record ProjectSum(String ownerId, String ownerName, long buckets, long summed, Usage usage) {}

    /** The projects with the most bytes, the largest first. */
    public List<ProjectSum> largestProjects(int limit) {
        return database.read(handle -> Bind.all(handle.createQuery(LARGEST_PROJECTS), limit)
                .map((row, context) -> new ProjectSum(
                        row.getString(1), row.getString(2), row.getLong(3), row.getLong(4), usage(row, 5)))
                .list());
    }

    /**
     * What the job last found in a bucket.
     *
     * @param usage without a time if the job did not come there yet
     */
    public record BucketSum(BucketName name, Usage usage) {}

    /** The buckets of a project with the most bytes, the largest first. */
    public List<BucketSum> largestBuckets(String ownerId, int limit) {
        return database.read(handle -> Bind.all(handle.createQuery(LARGEST_BUCKETS), ownerId, limit)
                .map((row, context) -> new BucketSum(new BucketName(new String(row.getBytes(1), UTF_8)), usage(row, 2)))
                .list());
    }

    /** Reads {@link #SUM} or {@link #SUMS}. */
    private static Usage usage(ResultSet row, int first) throws SQLException {
        long at = row.getLong(first + 2);
        return new Usage(
                row.getLong(first),
                row.getBigDecimal(first + 1).longValue(),
                at == 0 ? Optional.empty() : Optional.of(Micros.toInstant(at)));
    }

    private static Usage sum(Usage sums, Usage fresh) {
        return new Usage(sums.objects() + fresh.objects(), sums.bytes() + fresh.bytes(), sums.asOf());
    }

    /** Empty when there is too much to be counted. */
    private static Optional<Usage> counted(Handle handle, String buckets, Object id) {
        String sql =
                "SELECT COUNT(*), COALESCE(SUM(NOT delete_marker), 0), COALESCE(SUM(IF(delete_marker, 0, size)), 0)"
                        + " FROM (" + LOOK.formatted("object_current", buckets) + " UNION ALL "
                        + LOOK.formatted("object_noncurrent", buckets) + ") looked";
        return Bind.all(handle.createQuery(sql), id, id)
                .map((row, context) -> row.getLong(1) > COUNTED
                        ? Optional.<Usage>empty()
                        : Optional.of(new Usage(row.getLong(2), row.getLong(3))))
                .one();
    }

    private static Optional<Usage> kept(Handle handle, String sql, Object id) {
        return Bind.all(handle.createQuery(sql), id)
                .map((row, context) -> new Kept(row.getLong(1), row.getBigDecimal(2), row.getLong(3)))
                .findOne()
                .filter(kept -> kept.bytes() != null)
                .map(kept ->
                        new Usage(kept.objects(), kept.bytes().longValue(), Optional.of(Micros.toInstant(kept.at()))));
    }

    private record Kept(long objects, BigDecimal bytes, long at) {}

    /**
     * How far a bucket was added up.
     *
     * @param noncurrent whether the current versions are all added
     * @param key the last one that was added; null at the beginning
     * @param sequence of the last version that was added of a key with several
     */
    public record Position(boolean noncurrent, ObjectKey key, Optional<Long> sequence) {

        public static final Position START = new Position(false, null, Optional.empty());

        /** As {@link #parse} reads it: ASCII without spaces. */
        public String text() {
            return (noncurrent ? "N" : "C")
                    + "/" + (key == null ? "" : HexFormat.of().formatHex(key.bytes()))
                    + "/" + sequence.map(Object::toString).orElse("");
        }

        /**
         * Reads {@link #text}.
         *
         * @throws IllegalArgumentException for any other text
         */
        public static Position parse(String text) {
            String[] fields = text.split("/", -1);
            if (fields.length != 3) {
                throw new IllegalArgumentException("not a position: " + text);
            }
            return new Position(
                    fields[0].equals("N"),
                    fields[1].isEmpty() ? null : ObjectKey.of(HexFormat.of().parseHex(fields[1])),
                    fields[2].isEmpty() ? Optional.empty() : Optional.of(Long.valueOf(fields[2])));
        }
    }

    /**
     * A page of versions.
     *
     * @param next where to go on; empty after the last version
     */
    public record Page(long objects, long bytes, Optional<Position> next) {}

    private record Line(ObjectKey key, long sequence, boolean marker, long size) {}

    /** Adds up the next versions of a bucket, at most as many as that. */
    public Page add(long bucketId, Position from, int limit) {
        List<Line> lines = lines(bucketId, from, limit);
        long objects = lines.stream().filter(line -> !line.marker()).count();
        long bytes = lines.stream()
                .filter(line -> !line.marker())
                .mapToLong(Line::size)
                .sum();
        return new Page(objects, bytes, next(from, lines, limit));
    }

    private static Optional<Position> next(Position from, List<Line> lines, int limit) {
        if (lines.size() == limit) {
            Line last = lines.get(limit - 1);
            return Optional.of(new Position(
                    from.noncurrent(),
                    last.key(),
                    from.noncurrent() ? Optional.of(last.sequence()) : Optional.empty()));
        }
        if (from.sequence().isPresent()) {
            return Optional.of(new Position(true, from.key(), Optional.empty()));
        }
        return from.noncurrent() ? Optional.empty() : Optional.of(new Position(true, null, Optional.empty()));
    }

    private List<Line> lines(long bucketId, Position from, int limit) {
        String sql = "SELECT object_key, sequence, delete_marker, size FROM "
                + (from.noncurrent() ? "object_noncurrent" : "object_current") + " WHERE bucket_id = ?";
        List<Object> values = new ArrayList<>(List.of(bucketId));
        if (from.sequence().isPresent()) {
            sql += " AND object_key = ? AND sequence < ?";
            values.addAll(List.of(from.key().bytes(), from.sequence().get()));
        } else if (from.key() != null) {
            sql += " AND object_key > ?";
            values.add(from.key().bytes());
        }
        values.add(limit);
        String page = sql + " ORDER BY object_key" + (from.noncurrent() ? ", sequence DESC" : "") + " LIMIT ?";
        return database.read(handle -> Bind.all(handle.createQuery(page), values)
                .map((row, context) ->
                        new Line(ObjectKey.of(row.getBytes(1)), row.getLong(2), row.getBoolean(3), row.getLong(4)))
                .list());
    }

    /** Keeps what a bucket came to; nothing happens when it is gone. */
    public void keep(long bucketId, long objects, long bytes, Instant at) {
        database.write(handle -> Bind.all(
                        handle.createUpdate("INSERT INTO bucket_usage (bucket_id, objects, bytes, counted_at)"
                                + " SELECT id, ?, ?, ? FROM bucket WHERE id = ? ON DUPLICATE KEY UPDATE"
                                + " objects = VALUES(objects), bytes = VALUES(bytes), counted_at = VALUES(counted_at)"),
                        objects,
                        bytes,
                        Micros.of(at),
                        bucketId)
                .execute());
    }
}
