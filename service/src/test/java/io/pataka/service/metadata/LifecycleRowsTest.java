package io.pataka.service.metadata;

import static io.pataka.service.metadata.MetadataTestBed.CHANGE;
import static io.pataka.service.metadata.MetadataTestBed.OWNER;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.metadata.LifecycleRows.CurrentFilter;
import io.pataka.service.metadata.LifecycleRows.NoncurrentVersion;
import io.pataka.service.metadata.LifecycleRows.Page;
import io.pataka.service.metadata.LifecycleRows.Place;
import io.pataka.service.metadata.LifecycleRows.Version;
import io.pataka.service.metadata.ObjectIndex.KeyRange;
import io.pataka.service.metadata.ObjectIndex.ListedVersion;
import io.pataka.service.metadata.ObjectIndex.NewVersion;
import io.pataka.service.metadata.ObjectIndex.RemovalRequest;
import io.pataka.service.metadata.ObjectIndex.VersionSelector;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.Content;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.model.ETag;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.VersionId;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.testing.Changes;
import io.pataka.service.testing.SteppedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LifecycleRowsTest {

    private static final KeyRange ALL = new KeyRange(new byte[0], true, Optional.empty());
    private static final Instant NEVER = Instant.EPOCH;
    private static final Set<String> COLD = Set.of("COLD");
    private static final Duration STEP = Duration.ofMinutes(1);

    private static MetadataTestBed bed;
    private static LifecycleRows rows;

    private final SteppedClock clock = new SteppedClock();
    private MariaDbObjectIndex index;

    @BeforeAll
    static void openDatabase() {
        bed = new MetadataTestBed();
        rows = new MariaDbLifecycleRows(bed.database);
    }

    @AfterAll
    static void closeDatabase() {
        bed.close();
    }

    @BeforeEach
    void open() {
        index = new MariaDbObjectIndex(bed.database, clock);
    }

    @AfterEach
    void close() {
        index.close();
    }

    private void put(Bucket bucket, String key, ObjectFacts facts) {
        index.publish(
                bucket,
                new NewVersion(
                        ObjectKey.of(key),
                        key.length(),
                        new ETag("e"),
                        OWNER,
                        new Content.Whole(BlobId.random(0)),
                        facts),
                WriteCondition.NONE,
                CHANGE);
        clock.advance(STEP);
    }

    private void put(Bucket bucket, String... keys) {
        for (String key : keys) {
            put(bucket, key, ObjectFacts.plain());
        }
    }

    private void delete(Bucket bucket, String key) {
        index.remove(bucket, new RemovalRequest(ObjectKey.of(key), Optional.empty(), WriteCondition.NONE), CHANGE);
        clock.advance(STEP);
    }

    private static CurrentFilter expiring(Instant before) {
        return new CurrentFilter(before, NEVER, Set.of(), NEVER, false);
    }

    private static List<String> keys(List<Version> versions) {
        return versions.stream().map(version -> version.key().toString()).toList();
    }

    private static List<String> keys(Bucket bucket, CurrentFilter filter) {
        return keys(rows.current(bucket.id(), ALL, filter, 100, 100).rows());
    }

    @Test
    void findsTheRulesOfABucketAsTheyAreNow() {
        Bucket bucket = bed.bucket(Versioning.OFF);
        assertThat(rows.find(bucket.id())).isEmpty();

        bed.buckets.putDocument(bucket, DocumentKind.LIFECYCLE, "rules", Changes.any());
        Bucket versioned = bed.buckets
                .setVersioning(bucket, Versioning.ENABLED, Changes.any())
                .orElseThrow();

        assertThat(rows.find(bucket.id())).contains(new LifecycleRows.RuledBucket(versioned, "rules"));
        bed.buckets.delete(versioned, Changes.any());
        assertThat(rows.find(bucket.id())).isEmpty();
    }

    @Test
    void aPageHasOnlyWhatWasCreatedBeforeATime() {
        Bucket bucket = bed.bucket(Versioning.OFF);
        put(bucket, "a", "b");
        Instant middle = clock.instant();
        put(bucket, "c", "a");

        assertThat(keys(bucket, expiring(middle))).containsExactly("b");
        assertThat(keys(bucket, expiring(clock.instant()))).containsExactly("a", "b", "c");
        assertThat(keys(bucket, new CurrentFilter(NEVER, NEVER, Set.of(), NEVER, true)))
                .isEmpty();
    }

    @Test
    void aVersionCreatedExactlyThenIsNotBefore() {
        Bucket bucket = bed.bucket(Versioning.OFF);
        Instant exactly = clock.instant();
        put(bucket, "a");
        assertThat(keys(bucket, expiring(exactly))).isEmpty();
        assertThat(keys(bucket, expiring(exactly.plusNanos(1_000)))).containsExactly("a");
    }

    @Test
    void objectsInTheLastStorageClassAreNotReadAgain() {
        Bucket bucket = bed.bucket(Versioning.OFF);
        put(bucket, "warm");
        put(bucket, "cold", ObjectFacts.builder().storageClass("COLD").build());
        Instant moving = clock.instant();
        put(bucket, "young");

        assertThat(keys(bucket, new CurrentFilter(NEVER, moving, COLD, NEVER, false)))
                .containsExactly("warm");
        assertThat(keys(bucket, new CurrentFilter(clock.instant(), moving, COLD, NEVER, false)))
                .containsExactly("cold", "warm", "young");
    }

    @Test
    void onlyDeleteMarkersWithNothingBelowAreRead() {
        Bucket bucket = bed.bucket(Versioning.ENABLED);
        put(bucket, "object", "deleted");
        delete(bucket, "deleted");
        delete(bucket, "lone");
        CurrentFilter markers = new CurrentFilter(NEVER, NEVER, Set.of(), clock.instant(), false);

        assertThat(keys(bucket, markers)).containsExactly("lone");
        assertThat(keys(bucket, expiring(clock.instant()))).containsExactly("object");
    }

    @Test
    void tagsAreReadIfTheyAreWanted() {
        Bucket bucket = bed.bucket(Versioning.ENABLED);
        Map<String, String> tags = Map.of("k", "v");
        put(bucket, "a", ObjectFacts.builder().tags(new TreeMap<>(tags)).build());
        put(bucket, "b");
        put(bucket, "a");
        Instant now = clock.instant();
        CurrentFilter tagged = new CurrentFilter(now, NEVER, Set.of(), NEVER, true);

        assertThat(rows.current(bucket.id(), ALL, tagged, 100, 100).rows())
                .allMatch(version -> version.tags().isEmpty());
        assertThat(noncurrent(bucket, now, true, 10).get(0).version().tags()).isEqualTo(tags);
        assertThat(noncurrent(bucket, now, false, 10).get(0).version().tags()).isEmpty();
        delete(bucket, "b");
        put(bucket, "a", ObjectFacts.builder().tags(new TreeMap<>(tags)).build());
        assertThat(rows.current(
                                bucket.id(),
                                ALL,
                                new CurrentFilter(clock.instant(), NEVER, Set.of(), NEVER, true),
                                100,
                                100)
                        .rows()
                        .get(0)
                        .tags())
                .isEqualTo(tags);
    }

    @Test
    void aPageEndsAfterSoManyVersionsWhateverIsFound() {
        Bucket bucket = bed.bucket(Versioning.OFF);
        put(bucket, "a", "b", "c", "d", "e");
        CurrentFilter nothing = expiring(Instant.EPOCH);

        Page<Version, ObjectKey> first = rows.current(bucket.id(), ALL, nothing, 3, 100);
        assertThat(first).isEqualTo(new Page<>(3, List.of(), Optional.of(ObjectKey.of("c"))));
        KeyRange rest = new KeyRange(first.next().orElseThrow().bytes(), false, Optional.empty());
        assertThat(rows.current(bucket.id(), rest, nothing, 3, 100))
                .isEqualTo(new Page<>(2, List.of(), Optional.empty()));
    }

    @Test
    void aPageEndsWithTheLastVersionThatMayBeRead() {
        Bucket bucket = bed.bucket(Versioning.OFF);
        put(bucket, "a", "b", "c", "d", "e");

        Page<Version, ObjectKey> page = rows.current(bucket.id(), ALL, expiring(clock.instant()), 4, 2);
        assertThat(keys(page.rows())).containsExactly("a", "b");
        assertThat(page.next()).contains(ObjectKey.of("b"));
        assertThat(page.examined()).isEqualTo(2);
    }

    @Test
    void pagesStayInTheirRange() {
        Bucket bucket = bed.bucket(Versioning.OFF);
        put(bucket, "a", "b/1", "b/2", "b0", "c");
        KeyRange folder = new KeyRange("b/".getBytes(UTF_8), true, Optional.of("b0".getBytes(UTF_8)));
        assertThat(keys(rows.current(bucket.id(), folder, expiring(clock.instant()), 100, 100)
                        .rows()))
                .containsExactly("b/1", "b/2");
    }

    private static List<NoncurrentVersion> noncurrent(Bucket bucket, Instant since, boolean tags, int limit) {
        List<NoncurrentVersion> found = new ArrayList<>();
        Optional<Place> place = Optional.empty();
        do {
            Page<NoncurrentVersion, Place> page = rows.noncurrent(bucket.id(), ALL, place, since, tags, limit);
            assertThat(page.examined()).isLessThanOrEqualTo(limit);
            found.addAll(page.rows());
            place = page.next();
        } while (place.isPresent());
        return found;
    }

    @Test
    void aVersionIsNoncurrentSinceTheNextOneWasCreated() {
        Bucket bucket = bed.bucket(Versioning.ENABLED);
        put(bucket, "a");
        Instant second = clock.instant();
        put(bucket, "a");
        Instant marked = clock.instant();
        delete(bucket, "a");

        assertThat(noncurrent(bucket, clock.instant(), false, 10))
                .extracting(NoncurrentVersion::since)
                .containsExactly(marked, second);
        assertThat(noncurrent(bucket, marked, false, 10))
                .extracting(NoncurrentVersion::since)
                .containsExactly(second);
        assertThat(noncurrent(bucket, second, false, 10)).isEmpty();
    }

    /** What a page is to find, by a slow evaluation of the listing. */
    private List<NoncurrentVersion> expected(Bucket bucket, Instant since) {
        List<NoncurrentVersion> due = new ArrayList<>();
        ListedVersion above = null;
        int newer = 0;
        for (ListedVersion line : bed.versions(bucket)) {
            newer = line.current() ? 0 : newer;
            if (!line.current()) {
                if (above.object().lastModified().isBefore(since)) {
                    due.add(new NoncurrentVersion(version(line), above.object().lastModified(), newer, false));
                }
                newer++;
            }
            above = line;
        }
        return due;
    }

    private static Version version(ListedVersion line) {
        return new Version(
                line.object().key(),
                line.id(),
                line.object().lastModified(),
                line.deleteMarker(),
                line.object().size(),
                line.object().storageClass(),
                new TreeMap<>());
    }

    private List<Version> expectedCurrent(Bucket bucket, CurrentFilter filter) {
        List<Version> due = new ArrayList<>();
        List<ListedVersion> all = bed.versions(bucket);
        for (ListedVersion line : all) {
            Version version = version(line);
            long versions = all.stream()
                    .filter(other -> other.object().key().equals(version.key()))
                    .count();
            Instant created = version.createdAt();
            boolean wanted = version.deleteMarker()
                    ? versions == 1 && created.isBefore(filter.markersBefore())
                    : created.isBefore(filter.removedBefore())
                            || (created.isBefore(filter.movedBefore())
                                    && !filter.settledClasses().contains(version.storageClass()));
            if (line.current() && wanted) {
                due.add(version);
            }
        }
        return due;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void pagesOfAnySizeFindWhatTheListingHas(long seed) {
        Random random = new Random(seed);
        Bucket bucket = bed.bucket(seed % 3 == 0 ? Versioning.OFF : Versioning.ENABLED);
        for (int i = 0; i < 120; i++) {
            change(bucket, random);
            if (i == 80 && seed % 3 == 1) {
                bucket = bed.buckets
                        .setVersioning(bucket, Versioning.SUSPENDED, Changes.any())
                        .orElseThrow();
            }
        }
        for (int i = 0; i < 20; i++) {
            Instant since = someTime(random);
            assertThat(noncurrent(bucket, since, random.nextBoolean(), 1 + random.nextInt(20)))
                    .isEqualTo(expected(bucket, since));
            CurrentFilter filter = new CurrentFilter(
                    random.nextBoolean() ? someTime(random) : NEVER,
                    random.nextBoolean() ? someTime(random) : NEVER,
                    random.nextBoolean() ? COLD : Set.of("STANDARD", "OTHER"),
                    random.nextBoolean() ? someTime(random) : NEVER,
                    random.nextBoolean());
            assertThat(current(bucket, filter, 1 + random.nextInt(20), 1 + random.nextInt(10)))
                    .isEqualTo(expectedCurrent(bucket, filter));
        }
    }

    private Instant someTime(Random random) {
        return clock.instant().minus(STEP.multipliedBy(random.nextInt(125)));
    }

    private void change(Bucket bucket, Random random) {
        String key = "key-" + random.nextInt(8);
        if (random.nextInt(4) > 0) {
            put(
                    bucket,
                    key,
                    ObjectFacts.builder()
                            .storageClass(random.nextBoolean() ? "COLD" : "STANDARD")
                            .build());
        } else if (random.nextBoolean()) {
            delete(bucket, key);
        } else {
            List<ListedVersion> all = bed.versions(bucket);
            if (!all.isEmpty()) {
                ListedVersion one = all.get(random.nextInt(all.size()));
                VersionId id = one.id();
                index.remove(
                        bucket,
                        new RemovalRequest(
                                one.object().key(), Optional.of(VersionSelector.of(id)), WriteCondition.NONE),
                        CHANGE);
            }
        }
    }

    private static List<Version> current(Bucket bucket, CurrentFilter filter, int examined, int limit) {
        List<Version> found = new ArrayList<>();
        KeyRange range = ALL;
        while (true) {
            Page<Version, ObjectKey> page = rows.current(bucket.id(), range, filter, examined, limit);
            assertThat(page.examined()).isLessThanOrEqualTo(examined);
            assertThat(page.rows()).hasSizeLessThanOrEqualTo(limit);
            found.addAll(page.rows());
            if (page.next().isEmpty()) {
                return found;
            }
            byte[] next = page.next().get().bytes();
            assertThat(Arrays.compareUnsigned(next, range.from())).isPositive();
            range = new KeyRange(next, false, Optional.empty());
        }
    }
}
