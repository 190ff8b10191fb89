package io.pataka.service.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.job.LifecycleSweep.Limits;
import io.pataka.service.job.SweepCounts.Of;
import io.pataka.service.lifecycle.AgedVersion;
import io.pataka.service.lifecycle.AgedVersion.Noncurrent;
import io.pataka.service.lifecycle.Due;
import io.pataka.service.lifecycle.Expiration;
import io.pataka.service.lifecycle.LifecycleAction;
import io.pataka.service.lifecycle.LifecycleCalendar;
import io.pataka.service.lifecycle.LifecycleConfiguration;
import io.pataka.service.lifecycle.LifecycleFilter;
import io.pataka.service.lifecycle.LifecycleJudge;
import io.pataka.service.lifecycle.LifecycleRule;
import io.pataka.service.lifecycle.LifecycleXml;
import io.pataka.service.lifecycle.NoncurrentExpiration;
import io.pataka.service.lifecycle.NoncurrentTransition;
import io.pataka.service.lifecycle.Transition;
import io.pataka.service.metadata.ChangeRules;
import io.pataka.service.metadata.LifecycleRows;
import io.pataka.service.metadata.MariaDbLifecycleRows;
import io.pataka.service.metadata.MariaDbVersionLocks;
import io.pataka.service.metadata.ObjectIndex.KeyRange;
import io.pataka.service.metadata.ObjectIndex.ListedVersion;
import io.pataka.service.metadata.ObjectIndex.VersionName;
import io.pataka.service.metadata.ObjectIndex.VersionRange;
import io.pataka.service.metadata.ObjectIndex.VersionSelector;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.VersionId;
import io.pataka.service.objects.ObjectRemover;
import io.pataka.service.objects.StorageClassMover;
import io.pataka.service.operation.StoreTestBed;
import io.pataka.service.testing.Changes;
import io.pataka.service.traffic.MemoryLog;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sweeps over a real database and real blobs. Every unit of a sweep is done by another job, as if the process had ended. */
final class LifecycleSweepTest {

    private static final Duration DAY = Duration.ofDays(1);
    private static final byte[] NONE = {};
    private static final List<String> CLASSES = List.of("STANDARD", StoreTestBed.COLD, StoreTestBed.FROZEN);
    private static final VersionRange ALL =
            new VersionRange(new KeyRange(NONE, true, Optional.empty()), Optional.empty());

    @TempDir
    private Path folder;

    private final SweepCounts counts = new SweepCounts();
    private StoreTestBed bed;
    private MemoryLog logged;
    private Bucket bucket;
    private LifecycleRows rows;
    private Limits limits = Limits.USUAL;

    @BeforeEach
    void open() throws IOException {
        bed = new StoreTestBed(folder, UnaryOperator.identity(), UnaryOperator.identity(), UnaryOperator.identity());
        logged = new MemoryLog(bed.buckets);
        rows = new MariaDbLifecycleRows(bed.database);
        bucket = bed.bucket("bucket");
    }

    @AfterEach
    void close() {
        bed.close();
    }

    private void versioning(Versioning versioning) {
        if (versioning != Versioning.OFF) {
            bucket =
                    bed.buckets.setVersioning(bucket, versioning, Changes.any()).orElseThrow();
        }
    }

    private Bucket lockedBucket() {
        BucketName name = new BucketName("locked");
        bed.buckets.create(name, StoreTestBed.OWNER.account(), true, 0, Map.of(), Changes.any());
        return bed.buckets.findFresh(name).orElseThrow();
    }

    private void put(String... keys) {
        for (String key : keys) {
            put(key, Map.of());
        }
    }

    private void put(String key, Map<String, String> headers) {
        assertThat(bed.send("PUT", "/bucket/" + key, headers, key.getBytes(UTF_8))
                        .status())
                .isEqualTo(200);
    }

    private void delete(String key) {
        bed.send("DELETE", "/bucket/" + key, Map.of(), NONE);
    }

    private List<ListedVersion> versions() {
        return bed.index.scanVersions(bucket, ALL, 10_000);
    }

    /** The versions of the bucket: with a star the current ones, with a dagger the delete markers. */
    private List<String> listing() {
        return versions().stream()
                .map(line -> line.object().key() + (line.current() ? "*" : "") + (line.deleteMarker() ? "†" : ""))
                .toList();
    }

    private Map<String, String> classes() {
        Map<String, String> classes = new TreeMap<>();
        versions()
                .forEach(line -> classes.put(
                        line.object().key() + (line.current() ? "*" : ""),
                        line.object().storageClass()));
        return classes;
    }

    // What a rule does.

    private static Optional<Expiration> expiration(int days) {
        return Optional.of(new Expiration(Optional.of(new Due.Days(days)), Optional.empty()));
    }

    private static Optional<Expiration> loneMarkers() {
        return Optional.of(new Expiration(Optional.empty(), Optional.of(true)));
    }

    private static LifecycleFilter prefix(String prefix) {
        return new LifecycleFilter(
                Optional.of(prefix), Collections.emptySortedMap(), OptionalLong.empty(), OptionalLong.empty(), false);
    }

    private static LifecycleFilter tag(String key, String value) {
        SortedMap<String, String> tags = new TreeMap<>(Map.of(key, value));
        return new LifecycleFilter(Optional.empty(), tags, OptionalLong.empty(), OptionalLong.empty(), false);
    }

    private static LifecycleRule expires(LifecycleFilter filter, Optional<Expiration> expiration) {
        return rule(filter, expiration, List.of(), Optional.empty(), List.of(), OptionalInt.empty());
    }

    private static LifecycleRule noncurrent(int days, OptionalInt newer) {
        return rule(
                LifecycleFilter.ALL,
                Optional.empty(),
                List.of(),
                Optional.of(new NoncurrentExpiration(days, newer)),
                List.of(),
                OptionalInt.empty());
    }

    private static LifecycleRule moves(int days, int noncurrentDays) {
        return rule(
                LifecycleFilter.ALL,
                Optional.empty(),
                List.of(new Transition(new Due.Days(days), StoreTestBed.COLD)),
                Optional.empty(),
                List.of(new NoncurrentTransition(noncurrentDays, OptionalInt.empty(), StoreTestBed.COLD)),
                OptionalInt.empty());
    }

    private static LifecycleRule aborts(int days) {
        return rule(
                LifecycleFilter.ALL, Optional.empty(), List.of(), Optional.empty(), List.of(), OptionalInt.of(days));
    }

    private static LifecycleRule rule(
            LifecycleFilter filter,
            Optional<Expiration> expiration,
            List<Transition> transitions,
            Optional<NoncurrentExpiration> noncurrentExpiration,
            List<NoncurrentTransition> noncurrentTransitions,
            OptionalInt abortDays) {
        return new LifecycleRule(
                "rule",
                true,
                filter,
                false,
                expiration,
                transitions,
                noncurrentExpiration,
                noncurrentTransitions,
                abortDays);
    }

    private void rules(LifecycleRule... rules) {
        LifecycleConfiguration configuration = new LifecycleConfiguration(List.of(rules), Optional.empty());
        bed.buckets.putDocument(bucket, DocumentKind.LIFECYCLE, LifecycleXml.store(configuration), Changes.any());
    }

    /** A job at a time that is so many days from now. */
    private LifecycleSweep job(int days) {
        LifecycleActions actions = new LifecycleActions(
                bed.index,
                new ObjectRemover(bed.index, bed.retry),
                new StorageClassMover(bed.index, bed.moves, bed.copier, bed.retry),
                bed.uploads,
                counts,
                logged.log(),
                Clock.systemUTC());
        return new LifecycleSweep(rows, bed.uploads, actions, DAY, CLASSES, at(days), limits);
    }

    private static Clock at(int days) {
        return Clock.offset(Clock.systemUTC(), DAY.multipliedBy(days));
    }

    private void sweep(int days) {
        Optional<String> position = Optional.empty();
        do {
            position = job(days).work(bucket.id(), position);
        } while (position.isPresent());
    }

    @Test
    void objectsOfAnUnversionedBucketAreDeletedWhenTheyAreDue() throws IOException {
        put("a", "logs/1", "logs/2", "logs0", "z");
        rules(expires(prefix("logs/"), expiration(3)));

        sweep(3);
        assertThat(listing()).as("before the next midnight").hasSize(5);
        sweep(4);

        assertThat(listing()).containsExactly("a*", "logs0*", "z*");
        assertThat(counts.get(Of.REMOVED)).isEqualTo(2);
        assertThat(counts.get(Of.MARKED)).isZero();
        assertThat(logged.lines()).containsExactly("S3.EXPIRE.OBJECT logs/1 -", "S3.EXPIRE.OBJECT logs/2 -");
        assertThat(bed.read("/bucket/a")).isEqualTo("a".getBytes(UTF_8));
        awaitWaiting(2);
    }

    /** The content of what was deleted waits for its collection. */
    private void awaitWaiting(int blobs) {
        for (int i = 0; i < 100 && bed.blobs.waiting() < blobs; i++) {
            LockSupport.parkNanos(20_000_000);
        }
        assertThat(bed.blobs.waiting()).isEqualTo(blobs);
    }

    @Test
    void objectsOfAVersionedBucketGetADeleteMarkerOnce() {
        versioning(Versioning.ENABLED);
        put("a", "b");
        delete("b");
        rules(expires(LifecycleFilter.ALL, expiration(1)));

        sweep(2);
        sweep(3);

        assertThat(listing()).containsExactly("a*†", "a", "b*†", "b");
        assertThat(counts.get(Of.MARKED)).isEqualTo(1);
        assertThat(logged.lines())
                .containsExactly(
                        "S3.CREATE.DELETEMARKER a " + versions().get(0).id().text());
    }

    @Test
    void theNullVersionOfASuspendedBucketIsReplacedByANullMarker() {
        put("null");
        versioning(Versioning.ENABLED);
        put("numbered");
        versioning(Versioning.SUSPENDED);
        rules(expires(LifecycleFilter.ALL, expiration(1)));

        sweep(2);

        assertThat(listing()).containsExactly("null*†", "numbered*†", "numbered");
        assertThat(versions().get(0).id().isNull()).isTrue();
        sweep(5);
        assertThat(listing()).as("the marker is alone and old").containsExactly("numbered*†", "numbered");
    }

    @Test
    void aDeleteMarkerThatASweepLeavesAloneGoesInTheSameSweep() {
        versioning(Versioning.ENABLED);
        put("k", "k");
        delete("k");
        put("kept");
        rules(expires(LifecycleFilter.ALL, loneMarkers()), noncurrent(1, OptionalInt.empty()));

        sweep(2);

        assertThat(listing()).containsExactly("kept*");
        assertThat(counts.get(Of.REMOVED)).isEqualTo(3);
    }

    /** The first page of the sweep ends among the versions that stay. */
    @Test
    void versionsThatGoBetweenTwoPagesAreNotCountedAsNewer() {
        versioning(Versioning.ENABLED);
        for (int i = 0; i < 9; i++) {
            put("k");
        }
        limits = new Limits(2, 10, 3, 10, Duration.ofNanos(1));
        rules(noncurrent(1, OptionalInt.of(5)));
        Optional<String> position = job(2).work(bucket.id(), Optional.empty());
        assertThat(position).isPresent();
        for (int i = 0; i < 2; i++) {
            bed.send("DELETE", "/bucket/k?versionId=" + versions().get(1).id().text(), Map.of(), NONE);
        }

        do {
            position = job(2).work(bucket.id(), position);
        } while (position.isPresent());

        assertThat(listing()).as("the current one and five").hasSize(6);
    }

    /** A rule for tags removes some of the versions that another rule counts. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 50})
    void versionsThatGoAreNotCountedAsNewer(int page) {
        versioning(Versioning.ENABLED);
        for (int i = 0; i < 9; i++) {
            put("k", Map.of("x-amz-tagging", "t=" + i % 2));
        }
        limits = new Limits(page, 10, page, 10, Limits.USUAL.unit());
        rules(
                rule(
                        tag("t", "1"),
                        Optional.empty(),
                        List.of(),
                        Optional.of(new NoncurrentExpiration(1, OptionalInt.empty())),
                        List.of(),
                        OptionalInt.empty()),
                noncurrent(1, OptionalInt.of(3)));

        sweep(2);

        assertThat(listing()).as("the current one and three").hasSize(4);
    }

    @ParameterizedTest
    @EnumSource(Versioning.class)
    void aVersionWhoseTagsChangeMeanwhileStays(Versioning versioning) throws IOException {
        versioning(versioning);
        put("k", Map.of("x-amz-tagging", "temporary=yes"));
        rules(expires(tag("temporary", "yes"), expiration(1)));
        VersionId id = versions().get(0).id();
        afterReading(() -> retag(id));

        sweep(2);

        assertThat(bed.read("/bucket/k")).isEqualTo("k".getBytes(UTF_8));
        assertThat(counts.get(Of.CHANGED)).isEqualTo(1);
    }

    @Test
    void aNoncurrentVersionWhoseTagsChangeMeanwhileStays() {
        versioning(Versioning.ENABLED);
        put("k", Map.of("x-amz-tagging", "temporary=yes"));
        put("k");
        VersionId older = versions().get(1).id();
        rules(rule(
                tag("temporary", "yes"),
                Optional.empty(),
                List.of(),
                Optional.of(new NoncurrentExpiration(1, OptionalInt.empty())),
                List.of(),
                OptionalInt.empty()));
        afterReading(() -> retag(older));

        sweep(2);

        assertThat(listing()).containsExactly("k*", "k");
        assertThat(counts.get(Of.CHANGED)).isEqualTo(1);
    }

    private void retag(VersionId id) {
        bed.index.updateFacts(
                bucket,
                ObjectKey.of("k"),
                Optional.of(VersionSelector.of(id)),
                facts -> Optional.of(facts.withTags(new TreeMap<>(Map.of("temporary", "no")))),
                Changes.any());
    }

    /** A thousand stretches of keys are not a thousand units, each of which works out the stretches. */
    @Test
    void stretchesWithoutVersionsAreOneUnit() {
        LifecycleRule[] rules = new LifecycleRule[1_000];
        for (int i = 0; i < rules.length; i++) {
            rules[i] = expires(prefix("p" + (1_000 + i) + "/"), expiration(1));
        }
        rules(rules);
        limits = new Limits(200, 10_000, 2_000, 400, Duration.ofMinutes(10));

        assertThat(job(2).work(bucket.id(), Optional.empty())).isEmpty();
    }

    @Test
    void aLockedVersionIsCountedIfItsPageIsCut() {
        bucket = lockedBucket();
        for (int i = 0; i < 210; i++) {
            bed.send("PUT", "/locked/k", Map.of(), NONE);
        }
        ListedVersion held = versions().get(1);
        new MariaDbVersionLocks(bed.database, ChangeRules.NONE)
                .setLegalHold(
                        bucket, ObjectKey.of("k"), Optional.of(VersionSelector.of(held.id())), true, Changes.any());
        rules(noncurrent(1, OptionalInt.empty()));
        limits = new Limits(300, 300, 300, 300, Duration.ofNanos(1));

        sweep(2);

        assertThat(listing()).containsExactly("k*", "k");
        assertThat(counts.get(Of.LOCKED)).isEqualTo(1);
    }

    /** More than a page of a key with many versions. */
    @Test
    void theNewestNoncurrentVersionsStay() {
        versioning(Versioning.ENABLED);
        for (int i = 0; i < 260; i++) {
            put("k");
        }
        put("l", "l");
        rules(noncurrent(1, OptionalInt.of(5)));
        List<ListedVersion> before = versions();

        sweep(2);

        assertThat(versions()).isEqualTo(concat(before.subList(0, 6), before.subList(260, 262)));
    }

    private static <T> List<T> concat(List<T> first, List<T> second) {
        List<T> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    @Test
    void aVersionThatALockKeepsStaysAndIsCounted() {
        bucket = lockedBucket();
        assertThat(bucket.versioning()).isEqualTo(Versioning.ENABLED);
        for (int i = 0; i < 3; i++) {
            bed.send("PUT", "/locked/k", Map.of(), NONE);
        }
        ListedVersion held = versions().get(1);
        new MariaDbVersionLocks(bed.database, ChangeRules.NONE)
                .setLegalHold(
                        bucket, ObjectKey.of("k"), Optional.of(VersionSelector.of(held.id())), true, Changes.any());
        rules(expires(LifecycleFilter.ALL, expiration(1)), noncurrent(1, OptionalInt.empty()));

        sweep(2);

        assertThat(listing()).as("the current one got a marker").containsExactly("k*†", "k", "k");
        assertThat(versions()).extracting(ListedVersion::id).contains(held.id());
        assertThat(counts.get(Of.LOCKED)).isEqualTo(1);
        sweep(5);
        assertThat(versions()).extracting(ListedVersion::id).contains(held.id()).hasSize(2);
    }

    /** The lock comes after the page was read. */
    @Test
    void aVersionThatIsLockedMeanwhileStays() {
        bucket = lockedBucket();
        bed.send("PUT", "/locked/k", Map.of(), NONE);
        bed.send("PUT", "/locked/k", Map.of(), NONE);
        ListedVersion held = versions().get(1);
        rules(noncurrent(1, OptionalInt.empty()));
        afterReading(() -> new MariaDbVersionLocks(bed.database, ChangeRules.NONE)
                .setLegalHold(
                        bucket, ObjectKey.of("k"), Optional.of(VersionSelector.of(held.id())), true, Changes.any()));

        sweep(2);

        assertThat(versions()).hasSize(2);
        assertThat(counts.get(Of.LOCKED)).isEqualTo(1);
    }

    /** Does something after each page that is read, before it is acted on. */
    private void afterReading(Runnable change) {
        LifecycleRows real = rows;
        rows = (LifecycleRows) Proxy.newProxyInstance(
                LifecycleRows.class.getClassLoader(), new Class<?>[] {LifecycleRows.class}, (proxy, method, values) -> {
                    try {
                        Object result = method.invoke(real, values);
                        if (result instanceof LifecycleRows.Page) {
                            change.run();
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @ParameterizedTest
    @EnumSource(Versioning.class)
    void anObjectThatIsOverwrittenMeanwhileSurvives(Versioning versioning) throws IOException {
        versioning(versioning);
        put("k");
        rules(expires(LifecycleFilter.ALL, expiration(1)), moves(0, 0));
        afterReading(() -> bed.send("PUT", "/bucket/k", Map.of(), "newer".getBytes(UTF_8)));

        sweep(2);

        assertThat(bed.read("/bucket/k")).isEqualTo("newer".getBytes(UTF_8));
        assertThat(versions().get(0).deleteMarker()).isFalse();
        assertThat(counts.get(Of.REMOVED) + counts.get(Of.MARKED)).isZero();
    }

    @Test
    void aVersionThatBecomesCurrentMeanwhileSurvives() throws IOException {
        versioning(Versioning.ENABLED);
        put("k");
        delete("k");
        String marker = versions().get(0).id().text();
        rules(noncurrent(1, OptionalInt.empty()));
        afterReading(() -> bed.send("DELETE", "/bucket/k?versionId=" + marker, Map.of(), NONE));

        sweep(2);

        assertThat(bed.read("/bucket/k")).isEqualTo("k".getBytes(UTF_8));
        assertThat(counts.get(Of.CHANGED)).isEqualTo(1);
    }

    @Test
    void aMarkerThatGetsAnObjectMeanwhileStaysBelowIt() throws IOException {
        versioning(Versioning.ENABLED);
        delete("k");
        rules(expires(LifecycleFilter.ALL, loneMarkers()));
        afterReading(() -> put("k"));

        sweep(0);

        assertThat(listing()).containsExactly("k*", "k†");
    }

    @Test
    void uploadsAreAbortedWhenTheyAreDue() {
        bed.send("POST", "/bucket/a?uploads", Map.of(), NONE);
        bed.send("POST", "/bucket/a?uploads", Map.of(), NONE);
        bed.send("POST", "/bucket/b?uploads", Map.of(), NONE);
        rules(aborts(2));

        sweep(2);
        assertThat(uploads()).isEqualTo(3);
        sweep(3);

        assertThat(uploads()).isZero();
        assertThat(counts.get(Of.ABORTED)).isEqualTo(3);
        assertThat(logged.lines())
                .containsExactly("S3.DELETE.UPLOAD a -", "S3.DELETE.UPLOAD a -", "S3.DELETE.UPLOAD b -");
    }

    private int uploads() {
        return bed.uploads
                .scan(bucket, new KeyRange(NONE, true, Optional.empty()), Optional.empty(), 1000)
                .size();
    }

    @Test
    void versionsMoveToAnotherStorageClassAndKeepAllElse() throws IOException {
        put("before-versioning");
        versioning(Versioning.ENABLED);
        put("k", Map.of("x-amz-tagging", "a=b", "x-amz-meta-m", "n"));
        ObjectVersion first = bed.index.current(bucket, ObjectKey.of("k")).orElseThrow();
        put("k");
        rules(moves(1, 1));

        sweep(2);

        assertThat(classes())
                .isEqualTo(Map.of(
                        "before-versioning*", StoreTestBed.COLD, "k*", StoreTestBed.COLD, "k", StoreTestBed.COLD));
        assertThat(bed.index.version(bucket, ObjectKey.of("k"), VersionSelector.of(first.id())))
                .get()
                .usingRecursiveComparison()
                .ignoringFields("content", "facts.storageClass")
                .isEqualTo(first);
        assertThat(bed.read("/bucket/before-versioning")).isEqualTo("before-versioning".getBytes(UTF_8));
        assertThat(counts.get(Of.MOVED)).isEqualTo(3);
        sweep(3);
        assertThat(counts.get(Of.MOVED)).as("once").isEqualTo(3);
    }

    @Test
    void anObjectWhoseBytesAreLostDelaysNoOther() throws IOException {
        put("lost");
        loseContent();
        put("kept");
        rules(moves(1, 1));

        sweep(2);

        assertThat(classes()).isEqualTo(Map.of("kept*", StoreTestBed.COLD, "lost*", "STANDARD"));
        assertThat(counts.get(Of.FAILED)).isEqualTo(1);
    }

    private void loseContent() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(path -> path.getFileName().toString().matches("[0-9a-f]{24,}.*"))
                    .toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void onlyTheVersionsWithTheTagsGo() {
        put("a", Map.of("x-amz-tagging", "temporary=yes"));
        put("b", Map.of("x-amz-tagging", "temporary=no"));
        put("c");
        rules(expires(tag("temporary", "yes"), expiration(1)));
        sweep(2);
        assertThat(listing()).containsExactly("b*", "c*");
    }

    @Test
    void otherRulesBeginFromTheFirstKey() {
        for (int i = 0; i < 450; i++) {
            put("k" + (1000 + i));
        }
        rules(expires(prefix("z"), expiration(1)), expires(prefix("k14"), expiration(1)));
        Optional<String> half = job(2).work(bucket.id(), Optional.empty());
        assertThat(half).isPresent();
        rules(expires(prefix("k10"), expiration(1)));

        Optional<String> position = half;
        do {
            position = job(2).work(bucket.id(), position);
        } while (position.isPresent());

        assertThat(listing()).doesNotContain("k1000*", "k1099*").contains("k1100*");
    }

    @Test
    void aBucketWithoutRulesOrGoneIsDone() {
        put("k");
        assertThat(job(2).work(bucket.id(), Optional.empty())).isEmpty();
        assertThat(job(2).work(bucket.id() + 1, Optional.empty())).isEmpty();
        assertThat(listing()).containsExactly("k*");
    }

    @Test
    void theNextSweepBeginsWithTheNextDay() {
        assertThat(job(0).untilNextRound(Optional.empty())).isPositive().isLessThanOrEqualTo(DAY);
    }

    @Test
    void aSweepThatEndsOnAnotherDayIsFollowedByTheNextAtOnce() {
        put("k");
        rules(expires(LifecycleFilter.ALL, expiration(1)), aborts(1));
        Optional<String> position = job(2).work(bucket.id(), Optional.empty());
        assertThat(position).isPresent();
        assertThat(job(3).untilNextRound(position)).isZero();
        assertThat(job(2).work(bucket.id(), position)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rule 5 CURRENT x", "", "x"})
    void aPositionThatIsNoneIsRefused(String text) {
        assertThatThrownBy(() -> SweepPosition.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    /** A version as the test expects it; a new delete marker has the id "new". */
    private record Line(String key, String id, boolean deleteMarker, String storageClass) {}

    private static Line line(ListedVersion version, String storageClass) {
        return new Line(
                version.object().key().toString(),
                version.id() + " " + version.id().sequence(),
                version.deleteMarker(),
                storageClass);
    }

    /** A slow evaluation of all rules for all versions, key by key. */
    private List<Line> expected(LifecycleJudge judge, Instant now) {
        Map<ObjectKey, List<ListedVersion>> byKey = new TreeMap<>();
        for (ListedVersion version : versions()) {
            byKey.computeIfAbsent(version.object().key(), key -> new ArrayList<>())
                    .add(version);
        }
        List<Line> lines = new ArrayList<>();
        byKey.values().forEach(versions -> lines.addAll(expected(judge, now, versions)));
        return lines;
    }

    private List<Line> expected(LifecycleJudge judge, Instant now, List<ListedVersion> versions) {
        List<Line> older = new ArrayList<>();
        for (int i = 1; i < versions.size(); i++) {
            Instant since = versions.get(i - 1).object().lastModified();
            Optional<LifecycleAction> action =
                    judge.judge(aged(versions.get(i), Optional.of(new Noncurrent(since, older.size())), false), now);
            if (action.isEmpty() || action.get() instanceof LifecycleAction.Transition) {
                older.add(line(versions.get(i), storageClass(versions.get(i), action)));
            }
        }
        ListedVersion newest = versions.get(0);
        Optional<LifecycleAction> action = judge.judge(aged(newest, Optional.empty(), older.isEmpty()), now);
        List<Line> all = new ArrayList<>();
        boolean stays = action.isEmpty() || action.get() instanceof LifecycleAction.Transition;
        boolean marked =
                action.filter(LifecycleAction.DeleteCurrent.class::isInstance).isPresent()
                        && bucket.versioning() != Versioning.OFF;
        if (marked) {
            all.add(new Line(newest.object().key().toString(), "new", true, "STANDARD"));
        }
        boolean marksAsNull = marked && bucket.versioning() == Versioning.SUSPENDED;
        if (stays || (marked && !(marksAsNull && newest.id().isNull()))) {
            all.add(line(newest, storageClass(newest, action)));
        }
        all.addAll(older.stream()
                .filter(line -> !(marksAsNull && line.id().startsWith("null")))
                .toList());
        return all;
    }

    private AgedVersion aged(ListedVersion version, Optional<Noncurrent> noncurrent, boolean lone) {
        VersionName name = new VersionName(version.object().key(), Optional.of(VersionSelector.of(version.id())));
        return new AgedVersion(
                version.object().key(),
                version.id(),
                version.object().lastModified(),
                noncurrent,
                version.object().size(),
                bed.index.tags(bucket, List.of(name)).getOrDefault(name, new TreeMap<>()),
                version.object().storageClass(),
                version.deleteMarker(),
                lone);
    }

    private static String storageClass(ListedVersion version, Optional<LifecycleAction> action) {
        return action.filter(LifecycleAction.Transition.class::isInstance)
                .map(move -> ((LifecycleAction.Transition) move).storageClass())
                .orElse(version.object().storageClass());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9})
    void aSweepDoesWhatASlowEvaluationOfAllVersionsDoes(long seed) {
        Random random = new Random(seed);
        limits = new Limits(
                1 + random.nextInt(5),
                1 + random.nextInt(9),
                1 + random.nextInt(9),
                1 + random.nextInt(5),
                Limits.USUAL.unit());
        history(random, (int) seed % 3);
        LifecycleRule[] rules = new LifecycleRule[1 + random.nextInt(4)];
        for (int i = 0; i < rules.length; i++) {
            rules[i] = randomRule(random);
        }
        rules(rules);
        LifecycleJudge judge = new LifecycleJudge(
                new LifecycleConfiguration(List.of(rules), Optional.empty()),
                new LifecycleCalendar(DAY),
                CLASSES,
                bucket.versioning());
        Set<String> known = new HashSet<>();
        versions().forEach(version -> known.add(line(version, "").id()));
        List<Line> expected = expected(judge, at(2).instant());

        sweep(2);

        assertThat(versions().stream()
                        .map(version -> line(version, version.object().storageClass()))
                        .map(line -> known.contains(line.id())
                                ? line
                                : new Line(line.key(), "new", line.deleteMarker(), line.storageClass())))
                .as("rules %s", List.of(rules))
                .isEqualTo(expected);
        assertThat(counts.get(Of.CHANGED) + counts.get(Of.FAILED)).isZero();
    }

    /** Puts and deletions, with versioning off, enabled, or suspended in the end. */
    private void history(Random random, int kind) {
        for (int i = 0; i < 120; i++) {
            if (i == 20 && kind > 0) {
                versioning(Versioning.ENABLED);
            } else if (i == 90 && kind > 1) {
                versioning(Versioning.SUSPENDED);
            }
            String key = (random.nextBoolean() ? "a/" : "b/") + random.nextInt(6);
            if (random.nextInt(4) == 0) {
                delete(key);
            } else {
                put(
                        key,
                        Map.of(
                                "x-amz-tagging",
                                "t=" + random.nextInt(2),
                                "x-amz-storage-class",
                                random.nextBoolean() ? StoreTestBed.COLD : "STANDARD"));
            }
        }
    }

    private static LifecycleRule randomRule(Random random) {
        Optional<String> prefix =
                random.nextBoolean() ? Optional.empty() : Optional.of(random.nextBoolean() ? "a/" : "b");
        SortedMap<String, String> tags = random.nextInt(3) > 0 ? new TreeMap<>() : new TreeMap<>(Map.of("t", "1"));
        LifecycleFilter filter = new LifecycleFilter(prefix, tags, OptionalLong.empty(), OptionalLong.empty(), false);
        OptionalInt newer = random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(1 + random.nextInt(3));
        return rule(
                filter,
                random.nextBoolean()
                        ? Optional.empty()
                        : tags.isEmpty() && random.nextBoolean() ? loneMarkers() : expiration(1 + random.nextInt(2)),
                random.nextBoolean()
                        ? List.of()
                        : List.of(new Transition(
                                new Due.Days(random.nextInt(3)), random.nextBoolean() ? "COLD" : StoreTestBed.FROZEN)),
                random.nextBoolean()
                        ? Optional.empty()
                        : Optional.of(new NoncurrentExpiration(1 + random.nextInt(2), newer)),
                random.nextBoolean()
                        ? List.of()
                        : List.of(new NoncurrentTransition(random.nextInt(3), newer, StoreTestBed.FROZEN)),
                OptionalInt.empty());
    }
}
