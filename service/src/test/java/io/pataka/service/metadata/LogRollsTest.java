package io.pataka.service.metadata;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.metadata.LogRolls.Limits;
import io.pataka.service.metadata.LogRolls.Log;
import io.pataka.service.metadata.LogRolls.Roll;
import io.pataka.service.metadata.LogRolls.Taking;
import io.pataka.service.metadata.row.Bind;
import io.pataka.service.metadata.row.Micros;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Times are those of the database, and lie in the past or the future by whole minutes. */
final class LogRollsTest {

    private static final Limits LIMITS = new Limits(1_000, 1_000_000);
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final Duration IDLE = Duration.ofSeconds(10);

    private static MetadataTestBed bed;
    private static LogRolls rolls;
    private static Bucket target;
    private static Log log;

    @BeforeAll
    static void open() {
        bed = new MetadataTestBed();
        rolls = new MariaDbLogRolls(bed.database);
        target = bed.bucket(Versioning.OFF);
        log = new Log(target.id(), "log/");
    }

    @AfterAll
    static void close() {
        bed.close();
    }

    @BeforeEach
    void forget() {
        bed.database.write(handle -> handle.execute("DELETE FROM log_record"));
        bed.database.write(handle -> handle.execute("DELETE FROM log_roll"));
    }

    /** Adds a line, of minutes from now. */
    private static void add(Log to, String line, int addedAt, int dueAt) {
        bed.database.write(handle -> Bind.all(
                        handle.createUpdate("INSERT INTO log_record (target_id, prefix, added_at, due_at, line) VALUES"
                                + " (?, ?, " + Micros.NOW + " + ?, " + Micros.NOW + " + ?, ?)"),
                        to.targetId(),
                        to.names().getBytes(UTF_8),
                        addedAt * 60_000_000L,
                        dueAt * 60_000_000L,
                        line.getBytes(UTF_8))
                .execute());
    }

    private static Optional<Roll> begin(Log of, Taking taking, Limits limits, boolean evenEmpty, boolean byDay) {
        return rolls.begin(of, taking, limits, evenEmpty, byDay, LogRollsTest::key, "here", LEASE);
    }

    private static Optional<Roll> begin(Taking taking) {
        return begin(log, taking, LIMITS, false, false);
    }

    private static ObjectKey key(Instant time, long number) {
        return ObjectKey.of("log/" + time + "/" + number);
    }

    private static List<String> lines(Roll roll) {
        List<String> lines = new ArrayList<>();
        long after = 0;
        for (LogRolls.Page page = rolls.page(roll, after, 2);
                !page.lines().isEmpty();
                page = rolls.page(roll, page.last(), 2)) {
            page.lines().forEach(line -> lines.add(new String(line, UTF_8)));
        }
        return lines;
    }

    private static List<String> taken(Optional<Roll> roll) {
        return lines(roll.orElseThrow());
    }

    private static long rows(String table) {
        return bed.database.read(handle -> handle.createQuery("SELECT COUNT(*) FROM " + table)
                .mapTo(Long.class)
                .one());
    }

    @Test
    void aRollTakesTheLinesOfOneLogInTheirOrder() {
        Log other = new Log(target.id(), "log2/");
        add(log, "1", 0, 5);
        add(other, "2", 0, 5);
        add(log, "3", 0, 5);
        add(log, "4", 0, 1);
        Roll roll = begin(Taking.ALL).orElseThrow();
        assertThat(lines(roll)).containsExactly("1", "3", "4");
        assertThat(roll.lines()).isEqualTo(3);
        assertThat(begin(Taking.ALL)).isEmpty();
        rolls.finish(roll);
        assertThat(rows("log_record")).isEqualTo(1);
        assertThat(rows("log_roll")).isZero();
        assertThat(taken(begin(other, Taking.ALL, LIMITS, false, false))).containsExactly("2");
    }

    @Test
    void aFlushMayWantAnEmptyObject() {
        Roll empty = begin(log, Taking.ALL, LIMITS, true, false).orElseThrow();
        assertThat(lines(empty)).isEmpty();
        Roll next = begin(log, Taking.ALL, LIMITS, true, true).orElseThrow();
        assertThat(next.number()).isGreaterThan(empty.number());
        assertThat(next.key()).isNotEqualTo(empty.key());
    }

    @Test
    void aLogIsDueAfterTheNextLineOrWhenNoneComes() {
        add(log, "1", -10, -1);
        Log waiting = new Log(target.id(), "waiting/");
        add(waiting, "1", -1, 4);
        assertThat(rolls.due(Duration.ofMinutes(2), 10)).isEmpty();
        assertThat(rolls.due(IDLE, 10)).containsExactly(log);
        add(log, "2", -9, 1);
        assertThat(rolls.due(Duration.ofMinutes(2), 10)).isEmpty();
        add(log, "3", 0, 9);
        assertThat(rolls.due(Duration.ofMinutes(2), 10)).containsExactly(log);
        assertThat(rolls.due(Duration.ofMinutes(2), 0)).isEmpty();
    }

    /** As ceph/s3-tests want it: the line that comes after the time is in the next object (test_bucket_logging_roll_time). */
    @Test
    void anObjectEndsWithTheLinesThatWereAddedBeforeItWasDue() {
        add(log, "1", -10, -1);
        add(log, "2", -2, 7);
        add(log, "3", 0, 9);
        assertThat(taken(begin(Taking.DUE))).containsExactly("1", "2");
        assertThat(begin(Taking.DUE)).isEmpty();
        assertThat(taken(begin(Taking.ALL))).containsExactly("3");
    }

    @Test
    void anObjectHasNoMoreLinesAndBytesThanItMay() {
        IntStream.range(0, 5).forEach(i -> add(log, "line " + i, 0, 5));
        assertThat(begin(log, Taking.FULL, LIMITS, false, false)).isEmpty();
        assertThat(rolls.ofMoreLinesThan(5, 10)).isEmpty();
        assertThat(rolls.ofMoreLinesThan(4, 10)).containsExactly(log);
        Roll first = begin(log, Taking.FULL, new Limits(2, 1_000), false, false).orElseThrow();
        assertThat(lines(first)).containsExactly("line 0", "line 1");
        assertThat(first.leavesMore()).isTrue();
        assertThat(taken(begin(log, Taking.FULL, new Limits(10, 8), false, false)))
                .containsExactly("line 2", "line 3");
        Roll last = begin(log, Taking.ALL, new Limits(1, 1), false, false).orElseThrow();
        assertThat(lines(last)).containsExactly("line 4");
        assertThat(last.leavesMore()).isFalse();
    }

    @Test
    void anObjectHasLinesOfOneDayIfItMust() {
        int day = 24 * 60;
        add(log, "1", -2 * day, 5);
        add(log, "2", -2 * day, 5);
        add(log, "3", -day, 5);
        Roll first = begin(log, Taking.ALL, LIMITS, false, true).orElseThrow();
        assertThat(lines(first)).containsExactly("1", "2");
        assertThat(first.key().toString())
                .startsWith("log/"
                        + Instant.now().minus(Duration.ofDays(2)).toString().substring(0, 10));
        assertThat(taken(begin(log, Taking.ALL, LIMITS, false, true))).containsExactly("3");
    }

    @Test
    void aRollWhoseLeaseIsOverIsTakenOverWithItsLinesAndItsKey() {
        add(log, "1", 0, 5);
        Roll begun = begin(Taking.ALL).orElseThrow();
        add(log, "2", 0, 5);
        assertThat(rolls.takeOver("there", LEASE)).isEmpty();
        assertThat(rolls.hasRollsBefore(log, begun.number())).isFalse();
        assertThat(rolls.hasRollsBefore(log, begun.number() + 1)).isTrue();
        assertThat(rolls.hasRollsBefore(new Log(target.id(), "log2/"), begun.number() + 1))
                .isFalse();
        bed.database.write(handle -> handle.execute("UPDATE log_roll SET leased_until = 1"));
        assertThat(rolls.takeOver(new Log(target.id(), "log2/"), "there", LEASE))
                .isEmpty();
        assertThat(rolls.takeOver(log, "there", LEASE)).contains(begun);
        assertThat(rolls.takeOver("here", LEASE)).isEmpty();
        assertThat(lines(begun)).containsExactly("1");
    }

    @Test
    void noLineIsInTwoRollsThatBeginAtOnce() throws Exception {
        IntStream.range(0, 300).forEach(i -> add(log, "line " + i, 0, 5));
        Set<String> all = ConcurrentHashMap.newKeySet();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<Integer> some = () -> {
                int lines = 0;
                Optional<Roll> roll = begin(log, Taking.ALL, new Limits(40, 1_000_000), false, false);
                while (roll.isPresent()) {
                    lines += roll.get().lines();
                    all.addAll(lines(roll.get()));
                    roll = begin(log, Taking.ALL, new Limits(40, 1_000_000), false, false);
                }
                return lines;
            };
            int lines = 0;
            for (Future<Integer> part : threads.invokeAll(List.of(some, some, some, some))) {
                lines += part.get();
            }
            assertThat(lines).isEqualTo(300);
        } finally {
            threads.shutdown();
        }
        assertThat(all)
                .isEqualTo(IntStream.range(0, 300).mapToObj(i -> "line " + i).collect(Collectors.toSet()));
    }

    @Test
    void theTargetIsFoundByItsIdAndNotByItsName() {
        assertThat(rolls.target(log)).map(Bucket::name).contains(target.name());
        assertThat(rolls.target(new Log(Long.MAX_VALUE, "log/"))).isEmpty();
        Stream.of("1", "2").forEach(line -> add(log, line, 0, 5));
        assertThat(rolls.waiting()).isEqualTo(2);
    }
}
