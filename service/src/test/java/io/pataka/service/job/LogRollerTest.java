package io.pataka.service.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.codahale.metrics.MetricRegistry;
import io.pataka.service.job.Job.Progress;
import io.pataka.service.logging.LogKeyFormat;
import io.pataka.service.logging.LogObjectNames;
import io.pataka.service.metadata.LogRolls;
import io.pataka.service.metadata.MariaDbLogRolls;
import io.pataka.service.metadata.MetadataUnavailableException;
import io.pataka.service.metadata.ObjectIndex.KeyRange;
import io.pataka.service.metadata.ObjectIndex.ListedObject;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Caller;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.Owner;
import io.pataka.service.model.StoredForm;
import io.pataka.service.objects.LogObjects;
import io.pataka.service.objects.ServiceObjects;
import io.pataka.service.operation.StoreTestBed;
import io.pataka.service.testing.Changes;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Log objects on a real database and real blobs. */
final class LogRollerTest {

    private static final Owner OTHER = new Owner("project-2", "other");
    private static final LogObjectNames NAMES = new LogObjectNames("log/", LogKeyFormat.SIMPLE);
    private static final Duration BUDGET = Duration.ofSeconds(10);

    @TempDir
    private Path folder;

    private StoreTestBed bed;
    private Bucket target;
    private LogObjects objects;
    private LogRoller roller;

    /** Of {@link LogRolls}: the process ends before or after it. */
    private String dyingBefore = "";

    private String dyingAfter = "";

    @BeforeEach
    void open() throws IOException {
        bed = new StoreTestBed(folder, UnaryOperator.identity(), UnaryOperator.identity(), UnaryOperator.identity());
        target = bed.bucket("logs", OTHER);
        LogRolls rolls = dying(new MariaDbLogRolls(bed.database));
        objects = new LogObjects(
                rolls,
                new ServiceObjects(bed.contents, bed.writer),
                LogRoller::permit,
                bucket -> StoredForm.PLAIN,
                "test");
        roller = new LogRoller(rolls, objects);
    }

    @AfterEach
    void close() {
        bed.close();
    }

    private static final class Death extends Error {
        private static final long serialVersionUID = 1L;
    }

    private LogRolls dying(LogRolls real) {
        return (LogRolls) Proxy.newProxyInstance(
                LogRolls.class.getClassLoader(), new Class<?>[] {LogRolls.class}, (proxy, method, values) -> {
                    die(method.getName().equals(dyingBefore));
                    try {
                        Object result = method.invoke(real, values);
                        die(method.getName().equals(dyingAfter));
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static void die(boolean now) {
        if (now) {
            throw new Death();
        }
    }

    private void add(Bucket to, String line, int dueInSeconds) {
        bed.database.write(
                handle -> handle.createUpdate("INSERT INTO log_record (target_id, prefix, due_at, line) VALUES"
                                + " (?, 'log/', CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS SIGNED) + ? * 1000000, ?)")
                        .bind(0, to.id())
                        .bind(1, dueInSeconds)
                        .bind(2, line.getBytes(UTF_8))
                        .execute());
    }

    private List<ListedObject> objects() {
        return bed.index.scan(target, new KeyRange(new byte[0], true, Optional.empty()), 100);
    }

    private List<String> contents() throws IOException {
        List<String> contents = new ArrayList<>();
        for (ListedObject object : objects()) {
            contents.add(new String(
                    StoreTestBed.bytes(bed.sendAs(
                            new Caller(OTHER, OTHER, "default", Set.of("member"), Optional.of("K")),
                            "GET",
                            "/logs/" + object.key(),
                            Map.of(),
                            new byte[0])),
                    UTF_8));
        }
        return contents;
    }

    private long rows(String table) {
        return bed.database.read(handle -> handle.createQuery("SELECT COUNT(*) FROM " + table)
                .mapTo(Long.class)
                .one());
    }

    private void letLeasesEnd() {
        bed.database.write(handle -> handle.execute("UPDATE log_roll SET leased_until = 1"));
    }

    @Test
    void anObjectBelongsToTheOwnerOfItsBucketAndHasALineForEachRecord() throws IOException {
        String lines = IntStream.range(0, 1_100).mapToObj(i -> "line " + i).collect(Collectors.joining("\n"));
        lines.lines().forEach(line -> add(target, line, 300));
        Optional<ObjectKey> key = objects.flush(target, NAMES, false);
        assertThat(contents()).containsExactly(lines + "\n");
        ListedObject object = objects().get(0);
        assertThat(key).contains(object.key());
        assertThat(object.owner()).isEqualTo(OTHER);
        assertThat(object.key().toString()).matches("log/\\d{4}(-\\d{2}){5}-\\d{10}[0-9A-Z]{6}");
        assertThat(rows("log_record")).isZero();
        assertThat(rows("log_roll")).isZero();
    }

    @Test
    void aFlushOfNothingWritesAnEmptyObjectIfItMust() throws IOException {
        assertThat(objects.flush(target, NAMES, false)).isEmpty();
        assertThat(contents()).isEmpty();
        Optional<ObjectKey> first = objects.flush(target, NAMES, true);
        Optional<ObjectKey> second = objects.flush(target, NAMES, true);
        assertThat(first.orElseThrow()).isLessThan(second.orElseThrow());
        assertThat(contents()).containsExactly("", "");
    }

    @Test
    void theJobWritesWhatIsDue() throws IOException {
        add(target, "waiting", 300);
        assertThat(roller.runSlice(BUDGET)).isEqualTo(Progress.IDLE);
        assertThat(contents()).isEmpty();
        add(target, "due", -20);
        assertThat(roller.runSlice(BUDGET)).isEqualTo(Progress.IDLE);
        assertThat(contents()).isEmpty();
        bed.database.write(handle -> handle.execute("UPDATE log_record SET added_at = added_at - 60000000"));
        assertThat(roller.runSlice(BUDGET)).isEqualTo(Progress.BUSY);
        assertThat(contents()).containsExactly("waiting\ndue\n");
        assertThat(roller.runSlice(BUDGET)).isEqualTo(Progress.IDLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"after begin", "before page", "before finish", "after finish"})
    void aProcessThatEndsLosesNothingAndDoublesNothing(String death) throws IOException {
        add(target, "1", 300);
        String[] words = death.split(" ");
        dyingBefore = words[0].equals("before") ? words[1] : "";
        dyingAfter = words[0].equals("after") ? words[1] : "";
        assertThatThrownBy(() -> objects.flush(target, NAMES, false)).isInstanceOf(Death.class);
        dyingBefore = "";
        dyingAfter = "";
        add(target, "2", 300);
        letLeasesEnd();
        roller.runSlice(BUDGET);
        assertThat(contents()).containsExactly("1\n");
        objects.flush(target, NAMES, false);
        assertThat(contents()).containsExactly("1\n", "2\n");
        assertThat(rows("log_record")).isZero();
        assertThat(rows("log_roll")).isZero();
        assertThat(bed.blobIds()).hasSize(2);
    }

    @Test
    void aFlushWritesWhatAnotherProcessBeganToWrite() throws IOException {
        add(target, "1", 300);
        dyingAfter = "begin";
        assertThatThrownBy(() -> objects.flush(target, NAMES, false)).isInstanceOf(Death.class);
        dyingAfter = "";
        letLeasesEnd();
        add(target, "2", 300);
        objects.flush(target, NAMES, false);
        assertThat(contents()).containsExactlyInAnyOrder("1\n", "2\n");
    }

    @Test
    void theLinesOfADeletedBucketAreDeleted() throws IOException {
        add(target, "of the old bucket", -20);
        bed.database.write(handle -> handle.execute("UPDATE log_record SET added_at = added_at - 60000000"));
        bed.buckets.delete(target, Changes.any());
        target = bed.bucket("logs", OTHER);
        add(target, "of the new bucket", 300);
        roller.runSlice(BUDGET);
        objects.flush(target, NAMES, false);
        assertThat(contents()).containsExactly("of the new bucket\n");
        assertThat(rows("log_record")).isZero();
    }

    @Test
    void aLogThatCannotBeWrittenDelaysNoOther() throws IOException {
        Bucket broken = bed.bucket("broken", OTHER);
        LogRolls rolls = new MariaDbLogRolls(bed.database);
        LogObjects failing = new LogObjects(
                rolls,
                new ServiceObjects(bed.contents, bed.writer),
                LogRoller::permit,
                bucket -> {
                    if (bucket.id() == broken.id()) {
                        throw new IOException("no key");
                    }
                    return StoredForm.PLAIN;
                },
                "test");
        LogRoller job = new LogRoller(rolls, failing);
        add(broken, "1", -20);
        add(target, "2", -20);
        bed.database.write(handle -> handle.execute("UPDATE log_record SET added_at = added_at - 60000000"));
        job.runSlice(BUDGET);
        assertThat(contents()).containsExactly("2\n");
        assertThat(rows("log_record")).isEqualTo(1);
        MetricRegistry metrics = new MetricRegistry();
        new JobMeters(metrics).register(job);
        assertThat(metrics.getGauges().get("pataka.logging.failed").getValue()).isEqualTo(1L);
        letLeasesEnd();
        roller.runSlice(BUDGET);
        assertThat(rows("log_record")).isZero();
    }

    @Test
    void anOutageOfTheDatabaseFailsTheSlice() {
        LogRolls down = (LogRolls) Proxy.newProxyInstance(
                LogRolls.class.getClassLoader(), new Class<?>[] {LogRolls.class}, (proxy, method, values) -> {
                    throw new MetadataUnavailableException("down", null);
                });
        LogObjects unable = new LogObjects(
                down,
                new ServiceObjects(bed.contents, bed.writer),
                LogRoller::permit,
                bucket -> StoredForm.PLAIN,
                "test");
        assertThatThrownBy(() -> new LogRoller(down, unable).runSlice(BUDGET))
                .isInstanceOf(MetadataUnavailableException.class);
    }
}
