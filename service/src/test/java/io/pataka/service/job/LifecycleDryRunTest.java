package io.pataka.service.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.job.LifecycleDryRun.Finding;
import io.pataka.service.job.LifecycleDryRun.Result;
import io.pataka.service.job.SweepCounts.Of;
import io.pataka.service.metadata.ChangeRules;
import io.pataka.service.metadata.LifecycleRows;
import io.pataka.service.metadata.MariaDbContentMoves;
import io.pataka.service.metadata.MariaDbLifecycleRows;
import io.pataka.service.metadata.MariaDbVersionLocks;
import io.pataka.service.metadata.ObjectIndex.VersionSelector;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.objects.ObjectRemover;
import io.pataka.service.objects.StorageClassMover;
import io.pataka.service.operation.StoreTestBed;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.xml.XmlElement;
import io.pataka.service.testing.Changes;
import io.pataka.service.traffic.MemoryLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a dry run tells, and whether the sweep does the same. */
final class LifecycleDryRunTest {

    private static final Duration DAY = Duration.ofDays(1);
    private static final Clock IN_TEN_DAYS = Clock.offset(Clock.systemUTC(), DAY.multipliedBy(10));
    private static final List<String> CLASSES = List.of("STANDARD", StoreTestBed.COLD);
    private static final byte[] NONE = {};

    @TempDir
    private Path folder;

    private StoreTestBed bed;
    private Bucket bucket;
    private LifecycleRows rows;

    @BeforeEach
    void open() throws IOException {
        bed = new StoreTestBed(folder, UnaryOperator.identity(), UnaryOperator.identity(), UnaryOperator.identity());
        rows = new MariaDbLifecycleRows(bed.database);
        BucketName name = new BucketName("bucket");
        bed.buckets.create(name, StoreTestBed.OWNER.account(), true, 0, Map.of(), Changes.any());
        bucket = bed.buckets.findFresh(name).orElseThrow();
    }

    @AfterEach
    void close() {
        bed.close();
    }

    private void rules(String... rules) {
        bed.buckets.putDocument(
                bucket,
                DocumentKind.LIFECYCLE,
                "<LifecycleConfiguration>" + String.join("", rules) + "</LifecycleConfiguration>",
                Changes.any());
    }

    private static String rule(String id, String prefix, String actions) {
        return "<Rule><ID>" + id + "</ID><Filter><Prefix>" + prefix + "</Prefix></Filter><Status>Enabled</Status>"
                + actions + "</Rule>";
    }

    private String put(String key) {
        bed.send("PUT", "/bucket/" + key, Map.of(), key.getBytes(UTF_8));
        return current(key);
    }

    private String delete(String key) {
        bed.send("DELETE", "/bucket/" + key, Map.of(), NONE);
        return current(key);
    }

    private String current(String key) {
        return bed.index.current(bucket, ObjectKey.of(key)).orElseThrow().id().text();
    }

    private void hold(String key, String version) {
        new MariaDbVersionLocks(bed.database, ChangeRules.NONE)
                .setLegalHold(bucket, ObjectKey.of(key), VersionSelector.named(version), true, Changes.any());
    }

    private Result run(int limit, List<String> told) {
        return new LifecycleDryRun(rows, bed.uploads, DAY, CLASSES, IN_TEN_DAYS)
                .run(bucket.id(), limit, finding -> told.add(text(finding)));
    }

    private static String text(Finding finding) {
        return finding.action() + " " + finding.key() + " " + finding.id() + (finding.isKept() ? " kept" : "");
    }

    private SweepCounts sweep() {
        SweepCounts counts = new SweepCounts();
        LifecycleActions actions = new LifecycleActions(
                bed.index,
                new ObjectRemover(bed.index, bed.retry),
                new StorageClassMover(
                        bed.index, new MariaDbContentMoves(bed.database, ChangeRules.NONE), bed.copier, bed.retry),
                bed.uploads,
                counts,
                new MemoryLog(bed.buckets).log(),
                Clock.systemUTC());
        LifecycleSweep sweep = new LifecycleSweep(rows, bed.uploads, actions, DAY, CLASSES, IN_TEN_DAYS);
        Optional<String> position = Optional.empty();
        do {
            position = sweep.work(bucket.id(), position);
        } while (position.isPresent());
        return counts;
    }

    @Test
    void theSweepDoesWhatTheDryRunTells() throws IOException {
        String old = put("exp/k");
        String held = put("exp/k");
        String newest = put("exp/k");
        hold("exp/k", held);
        String moved = put("move/k");
        put("other");
        String marker = delete("exp/marker");
        S3Response begun = bed.send("POST", "/bucket/abort/k?uploads", Map.of(), NONE);
        String upload = XmlElement.parse(StoreTestBed.bytes(begun), "InitiateMultipartUploadResult")
                .requiredText("UploadId");
        rules(
                rule("expire", "exp/", "<Expiration><Days>3</Days></Expiration>"),
                rule(
                        "noncurrent",
                        "exp/",
                        "<NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays></NoncurrentVersionExpiration>"),
                rule("move", "move/", "<Transition><Days>2</Days><StorageClass>COLD</StorageClass></Transition>"),
                rule("later", "other", "<Expiration><Days>30</Days></Expiration>"),
                rule(
                        "abort",
                        "abort/",
                        "<AbortIncompleteMultipartUpload><DaysAfterInitiation>1</DaysAfterInitiation>"
                                + "</AbortIncompleteMultipartUpload>"));
        List<String> told = new ArrayList<>();

        Result result = run(100, told);

        assertThat(told)
                .containsExactlyInAnyOrder(
                        "DeleteNoncurrent[ruleId=noncurrent] exp/k " + old,
                        "DeleteNoncurrent[ruleId=noncurrent] exp/k " + held + " kept",
                        "DeleteCurrent[ruleId=expire] exp/k " + newest,
                        "DeleteLoneMarker[ruleId=expire] exp/marker " + marker,
                        "Transition[ruleId=move, storageClass=COLD] move/k " + moved,
                        "AbortUpload[ruleId=abort] abort/k " + upload);
        assertThat(result.due()).isEqualTo(6);
        assertThat(result.isComplete()).isTrue();
        assertThat(List.of(current("exp/k"), current("exp/marker")))
                .as("nothing is changed")
                .containsExactly(newest, marker);

        SweepCounts counts = sweep();
        assertThat(List.of(
                        counts.get(Of.REMOVED),
                        counts.get(Of.LOCKED),
                        counts.get(Of.MARKED),
                        counts.get(Of.MOVED),
                        counts.get(Of.ABORTED)))
                .containsExactly(2L, 1L, 1L, 1L, 1L);
        assertThat(counts.get(Of.SEEN)).isEqualTo(result.examined());
        List<String> rest = new ArrayList<>();
        run(100, rest);
        assertThat(rest)
                .as("what the lock keeps, and what the sweep made noncurrent ten days ago by this clock")
                .containsExactlyInAnyOrder(
                        "DeleteNoncurrent[ruleId=noncurrent] exp/k " + held + " kept",
                        "DeleteNoncurrent[ruleId=noncurrent] exp/k " + newest);
    }

    @Test
    void itEndsAfterTheFirstFindings() {
        put("k");
        for (int i = 0; i < 5; i++) {
            put("k");
        }
        rules(rule(
                "noncurrent",
                "",
                "<NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays></NoncurrentVersionExpiration>"));
        List<String> told = new ArrayList<>();

        Result result = run(2, told);

        assertThat(told).hasSize(2);
        assertThat(result.isComplete()).isFalse();
        assertThat(run(100, new ArrayList<>()).due()).isEqualTo(5);
    }

    @Test
    void aBucketWithoutRulesHasNothingDue() {
        put("k");

        assertThat(run(2, new ArrayList<>())).isEqualTo(new Result(0, 0, true));
    }
}
