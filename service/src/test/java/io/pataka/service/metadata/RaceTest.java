package io.pataka.service.metadata;

import static io.pataka.service.metadata.MetadataTestBed.CHANGE;
import static io.pataka.service.metadata.MetadataTestBed.OWNER;
import static io.pataka.service.metadata.MetadataTestBed.key;
import static io.pataka.service.metadata.MetadataTestBed.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.metadata.BucketCatalog.Creation;
import io.pataka.service.metadata.BucketCatalog.Deletion;
import io.pataka.service.metadata.BucketCatalog.LockSetting;
import io.pataka.service.metadata.ObjectIndex.FactsUpdate;
import io.pataka.service.metadata.ObjectIndex.ListedVersion;
import io.pataka.service.metadata.ObjectIndex.Publication;
import io.pataka.service.metadata.ObjectIndex.Publication.Published;
import io.pataka.service.metadata.ObjectIndex.Removal;
import io.pataka.service.metadata.ObjectIndex.RemovalRequest;
import io.pataka.service.metadata.ObjectIndex.VersionSelector;
import io.pataka.service.metadata.UploadLedger.Completion;
import io.pataka.service.metadata.UploadLedger.PartWrite;
import io.pataka.service.metadata.UploadLedger.Upload;
import io.pataka.service.metadata.UploadLedger.UploadChecksum;
import io.pataka.service.metadata.UploadLedger.UploadedPart;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.Checksum;
import io.pataka.service.model.Content;
import io.pataka.service.model.ETag;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.Owner;
import io.pataka.service.model.Retention;
import io.pataka.service.model.RetentionMode;
import io.pataka.service.model.VersionId;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.testing.Changes;
import io.pataka.service.testing.EmbeddedMariaDb;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that race each other, from two nodes on one database. */
final class RaceTest {

    private static final int RACES = 100;

    private static final Instant FAR = Instant.parse("2140-01-01T00:00:00Z");

    private static MetadataTestBed one;
    private static MetadataTestBed two;
    private static ExecutorService threads;

    @BeforeAll
    static void open() {
        DatabaseSettings settings = EmbeddedMariaDb.shared().freshSchema();
        one = new MetadataTestBed(settings);
        two = new MetadataTestBed(settings);
        threads = Executors.newFixedThreadPool(8);
    }

    @AfterAll
    static void close() {
        threads.shutdown();
        one.close();
        two.close();
    }

    @ParameterizedTest
    @EnumSource(Versioning.class)
    void oneOfManyWritersFindsTheKeyAbsent(Versioning versioning) throws Exception {
        Bucket bucket = one.bucket(versioning);
        for (int race = 0; race < RACES; race++) {
            String name = "absent-" + race;
            List<Publication> outcomes = race(IntStream.range(0, 4)
                    .<Callable<Publication>>mapToObj(writer -> () -> node(writer)
                            .objects
                            .publish(bucket, version(name, BlobId.random(0)), new WriteCondition.Absent(), CHANGE))
                    .toList());
            assertThat(outcomes.stream().filter(Published.class::isInstance)).hasSize(1);
            assertThat(outcomes.stream().filter(new Publication.Refused(Refusal.CONDITION_UNMET)::equals))
                    .hasSize(3);
        }
        assertThat(one.versions(bucket)).hasSize(RACES);
    }

    @ParameterizedTest
    @EnumSource(Versioning.class)
    void oneOfManyWritersFindsTheEntityTagItExpects(Versioning versioning) throws Exception {
        Bucket bucket = one.bucket(versioning);
        one.objects.publish(bucket, version("k", BlobId.random(0), "etag-0"), WriteCondition.NONE, CHANGE);
        for (int race = 0; race < RACES; race++) {
            WriteCondition expected = new WriteCondition.Matches(List.of(new ETag("etag-" + race)));
            String next = "etag-" + (race + 1);
            List<Publication> outcomes = race(IntStream.range(0, 4)
                    .<Callable<Publication>>mapToObj(writer -> () -> node(writer)
                            .objects
                            .publish(bucket, version("k", BlobId.random(0), next), expected, CHANGE))
                    .toList());
            assertThat(outcomes.stream().filter(Published.class::isInstance)).hasSize(1);
        }
        assertThat(one.versions(bucket)).hasSize(versioning == Versioning.ENABLED ? RACES + 1 : 1);
    }

    @ParameterizedTest
    @EnumSource(Versioning.class)
    void aWriteAndTheDeletionOfItsBucketHaveOneOutcome(Versioning versioning) throws Exception {
        Set<Deletion> seen = new HashSet<>();
        for (int race = 0; race < RACES; race++) {
            Bucket bucket = one.bucket(versioning);
            WriteCondition condition = race % 2 == 0 ? WriteCondition.NONE : new WriteCondition.Absent();
            List<Object> outcomes = race(List.of(
                    () -> one.objects.publish(bucket, version("k", BlobId.random(0)), condition, CHANGE),
                    () -> two.buckets.delete(bucket, Changes.any())));
            seen.add((Deletion) outcomes.get(1));
            if (outcomes.get(1) == Deletion.DELETED) {
                assertThat(outcomes.get(0)).isEqualTo(new Publication.Refused(Refusal.BUCKET_CHANGED));
                assertThat(one.versions(bucket)).isEmpty();
            } else {
                assertThat(outcomes.get(1)).isEqualTo(Deletion.NOT_EMPTY);
                assertThat(outcomes.get(0)).isInstanceOf(Published.class);
                assertThat(one.versions(bucket)).hasSize(1);
            }
        }
        assertThat(seen).as("both outcomes were tried").contains(Deletion.DELETED, Deletion.NOT_EMPTY);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aVersionIsEitherDeletedOrLocked(boolean byRetention) throws Exception {
        Bucket bucket = locking();
        VersionLocks locks = new MariaDbVersionLocks(two.database, ChangeRules.NONE);
        Optional<Retention> retention = Optional.of(new Retention(RetentionMode.GOVERNANCE, FAR));
        Set<Boolean> seen = new HashSet<>();
        for (int race = 0; race < RACES; race++) {
            String name = "locked-" + race;
            VersionId first = publish(bucket, name);
            VersionId second = publish(bucket, name);
            VersionId id = race % 2 == 0 ? first : second;
            Optional<VersionSelector> version = Optional.of(VersionSelector.of(id));
            List<Object> outcomes = race(List.of(
                    () -> one.objects.remove(
                            bucket, new RemovalRequest(key(name), version, WriteCondition.NONE), CHANGE),
                    () -> byRetention
                            ? locks.setRetention(bucket, key(name), version, retention, false, CHANGE)
                            : locks.setLegalHold(bucket, key(name), version, true, CHANGE)));
            boolean locked = outcomes.get(1) instanceof FactsUpdate.Updated;
            seen.add(locked);
            assertThat(outcomes)
                    .isEqualTo(
                            locked
                                    ? List.of(new Removal.Refused(Refusal.LOCKED), new FactsUpdate.Updated(id))
                                    : List.of(
                                            new Removal.Gone(Optional.of(id), false),
                                            new FactsUpdate.Refused(Refusal.NO_SUCH_VERSION)));
            assertThat(one.objects.version(bucket, key(name), version.get()).isPresent())
                    .isEqualTo(locked);
        }
        assertThat(seen).as("both outcomes were tried").contains(true, false);
    }

    @Test
    void aHoldStaysOnAVersionThatBecomesCurrentMeanwhile() throws Exception {
        Bucket bucket = locking();
        VersionLocks locks = new MariaDbVersionLocks(two.database, ChangeRules.NONE);
        for (int race = 0; race < RACES; race++) {
            String name = "promoted-" + race;
            VersionId old = publish(bucket, name);
            VersionId current = publish(bucket, name);
            List<Object> outcomes = race(List.of(
                    () -> one.objects.remove(
                            bucket,
                            new RemovalRequest(
                                    key(name), Optional.of(VersionSelector.of(current)), WriteCondition.NONE),
                            CHANGE),
                    () -> locks.setLegalHold(bucket, key(name), Optional.of(VersionSelector.of(old)), true, CHANGE)));
            assertThat(outcomes)
                    .containsExactly(new Removal.Gone(Optional.of(current), false), new FactsUpdate.Updated(old));
            ObjectVersion now = one.objects.current(bucket, key(name)).orElseThrow();
            assertThat(now.id()).isEqualTo(old);
            assertThat(now.facts().lock().legalHold()).isTrue();
        }
    }

    @Test
    void aBucketGetsALockOrSuspendsVersioningAndNeverBoth() throws Exception {
        Set<LockSetting> seen = new HashSet<>();
        for (int race = 0; race < RACES; race++) {
            Bucket bucket = one.bucket(Versioning.ENABLED);
            List<Object> outcomes = race(List.of(
                    () -> one.buckets.setVersioning(bucket, Versioning.SUSPENDED, Changes.any()),
                    () -> two.buckets.setObjectLock(bucket, Optional.empty(), Changes.any())));
            LockSetting lock = (LockSetting) outcomes.get(1);
            seen.add(lock);
            Bucket now = two.buckets.findFresh(bucket.name()).orElseThrow();
            assertThat(now.objectLock()).isEqualTo(lock == LockSetting.SET);
            assertThat(now.versioning()).isEqualTo(lock == LockSetting.SET ? Versioning.ENABLED : Versioning.SUSPENDED);
            assertThat(one.objects.publish(bucket, version("k", BlobId.random(0)), WriteCondition.NONE, CHANGE))
                    .as("a write that knows nothing of it")
                    .isEqualTo(new Publication.Refused(Refusal.BUCKET_CHANGED));
        }
        assertThat(seen).as("both outcomes were tried").contains(LockSetting.SET, LockSetting.NOT_VERSIONED);
    }

    private static Bucket locking() {
        Bucket bucket = one.bucket(Versioning.ENABLED);
        one.buckets.setObjectLock(bucket, Optional.empty(), Changes.any());
        return one.buckets.findFresh(bucket.name()).orElseThrow();
    }

    private static VersionId publish(Bucket bucket, String name) {
        return ((Published) one.objects.publish(bucket, version(name, BlobId.random(0)), WriteCondition.NONE, CHANGE))
                .id();
    }

    @Test
    void aWriteThatKnowsNothingOfVersioningReplacesNoVersion() throws Exception {
        for (int race = 0; race < RACES; race++) {
            Bucket before = one.bucket(Versioning.OFF);
            one.objects.publish(before, version("k", BlobId.random(0), "first"), WriteCondition.NONE, CHANGE);
            List<Object> outcomes = race(List.of(
                    () -> one.objects.publish(
                            before, version("k", BlobId.random(0), "unaware"), WriteCondition.NONE, CHANGE),
                    () -> {
                        Bucket versioned = two.buckets
                                .setVersioning(before, Versioning.ENABLED, Changes.any())
                                .orElseThrow();
                        return two.objects.publish(
                                versioned, version("k", BlobId.random(0), "aware"), WriteCondition.NONE, CHANGE);
                    },
                    () -> two.objects.remove(
                            before,
                            new ObjectIndex.RemovalRequest(key("none"), Optional.empty(), WriteCondition.NONE),
                            CHANGE)));
            boolean unawareWasFirst = outcomes.get(0) instanceof Published;
            assertThat(one.versions(before).stream()
                            .map(line -> line.object().etag().value()))
                    .containsExactly("aware", unawareWasFirst ? "unaware" : "first");
        }
    }

    @Test
    void aRemovalThatKnowsNothingOfVersioningRemovesNoVersion() throws Exception {
        for (int race = 0; race < RACES; race++) {
            Bucket before = one.bucket(Versioning.OFF);
            one.objects.publish(before, version("k", BlobId.random(0)), WriteCondition.NONE, CHANGE);
            List<Object> outcomes = race(List.of(
                    () -> one.objects.remove(
                            before,
                            new ObjectIndex.RemovalRequest(key("k"), Optional.empty(), WriteCondition.NONE),
                            CHANGE),
                    () -> two.buckets
                            .setVersioning(before, Versioning.ENABLED, Changes.any())
                            .orElseThrow()));
            if (((Removal) outcomes.get(0)).isBucketChanged()) {
                assertThat(one.versions(before)).hasSize(1);
            } else {
                assertThat(one.versions(before)).isEmpty();
            }
        }
    }

    @Test
    void concurrentWritersOfAVersionedKeyLoseNoVersion() throws Exception {
        Bucket bucket = one.bucket(Versioning.ENABLED);
        List<Callable<Publication>> writes = new ArrayList<>();
        for (int writer = 0; writer < 8; writer++) {
            MetadataTestBed node = node(writer);
            writes.add(() -> {
                Publication last = null;
                for (int i = 0; i < 50; i++) {
                    last = node.objects.publish(bucket, version("k", BlobId.random(0)), WriteCondition.NONE, CHANGE);
                    assertThat(last).isInstanceOf(Published.class);
                }
                return last;
            });
        }
        race(writes);
        List<ListedVersion> versions = one.versions(bucket);
        assertThat(versions).hasSize(400);
        assertThat(versions.stream().filter(ListedVersion::current)).hasSize(1);
        assertThat(versions.get(0).current()).isTrue();
    }

    @Test
    void writersAndRemoversLeaveNoKeyWithoutACurrentVersion() throws Exception {
        Bucket bucket = one.bucket(Versioning.ENABLED);
        List<Callable<Object>> work = new ArrayList<>();
        for (int worker = 0; worker < 8; worker++) {
            MetadataTestBed node = node(worker);
            boolean writes = worker % 2 == 0;
            work.add(() -> {
                for (int i = 0; i < 60; i++) {
                    if (writes) {
                        node.objects.publish(
                                bucket, version("k" + i % 3, BlobId.random(0)), WriteCondition.NONE, CHANGE);
                    } else {
                        List<ObjectIndex.RemovalRequest> requests = node.versions(bucket).stream()
                                .limit(5)
                                .map(line -> new ObjectIndex.RemovalRequest(
                                        line.object().key(),
                                        Optional.of(ObjectIndex.VersionSelector.of(line.id())),
                                        WriteCondition.NONE))
                                .toList();
                        node.objects.removeAll(bucket, requests, CHANGE);
                    }
                }
                return true;
            });
        }
        race(work);
        assertThat(one.count("SELECT COUNT(*) FROM object_noncurrent n LEFT JOIN object_current c"
                        + " ON c.bucket_id = n.bucket_id AND c.object_key = n.object_key"
                        + " WHERE c.sequence IS NULL OR c.sequence <= n.sequence"))
                .isZero();
    }

    private static Upload begin(Bucket bucket, String name) {
        return one.uploads
                .begin(
                        bucket,
                        key(name),
                        OWNER,
                        ObjectFacts.plain(),
                        new UploadChecksum(Optional.empty(), Checksum.Type.COMPOSITE),
                        CHANGE)
                .orElseThrow();
    }

    @Test
    void completionsAndAnAbortOfOneUploadHaveOneOutcome() throws Exception {
        Bucket bucket = one.bucket(Versioning.OFF);
        for (int race = 0; race < RACES; race++) {
            String name = "upload-" + race;
            Upload upload = begin(bucket, name);
            UploadedPart part = new UploadedPart(
                    1, BlobId.random(0), 5, new ETag("00000000000000000000000000000000"), Instant.EPOCH, List.of());
            one.uploads.putPart(upload, part, CHANGE);
            List<Object> outcomes = race(List.of(
                    () -> one.uploads.complete(
                            bucket, upload, UploadLedgerContractTest.assembly(upload), WriteCondition.NONE, CHANGE),
                    () -> two.uploads.complete(
                            bucket, upload, UploadLedgerContractTest.assembly(upload), WriteCondition.NONE, CHANGE),
                    () -> two.uploads.abort(bucket, key(name), upload.id(), CHANGE)));
            long completed = outcomes.stream()
                    .filter(Completion.Completed.class::isInstance)
                    .count();
            long aborted = outcomes.get(2).equals(true) ? 1 : 0;
            assertThat(completed + aborted).isEqualTo(1);
            assertThat(one.objects.current(bucket, key(name)).isPresent()).isEqualTo(completed == 1);
        }
    }

    @Test
    void aPartIsInTheObjectOrRefused() throws Exception {
        Bucket bucket = one.bucket(Versioning.OFF);
        for (int race = 0; race < RACES; race++) {
            String name = "part-" + race;
            Upload upload = begin(bucket, name);
            ETag tag = new ETag("00000000000000000000000000000000");
            UploadedPart first = new UploadedPart(1, BlobId.random(0), 5, tag, Instant.EPOCH, List.of());
            UploadedPart again = new UploadedPart(1, BlobId.random(0), 5, tag, Instant.EPOCH, List.of());
            one.uploads.putPart(upload, first, CHANGE);
            List<Object> outcomes = race(List.of(
                    () -> one.uploads.complete(
                            bucket, upload, UploadLedgerContractTest.assembly(upload), WriteCondition.NONE, CHANGE),
                    () -> two.uploads.putPart(upload, again, CHANGE)));
            assertThat(outcomes.get(0)).isInstanceOf(Completion.Completed.class);
            BlobId expected = outcomes.get(1).equals(PartWrite.DONE) ? again.blob() : first.blob();
            assertThat(one.objects.partsAfter(bucket.id(), new Content.Parts(upload.id(), 1), 0, 10).stream()
                            .map(ObjectIndex.StoredPart::blob))
                    .containsExactly(expected);
        }
    }

    @Test
    void oneOfManyCreatorsGetsTheName() throws Exception {
        for (int race = 0; race < RACES; race++) {
            BucketName name = new BucketName("raced-" + race);
            List<Creation> outcomes = race(IntStream.range(0, 4)
                    .<Callable<Creation>>mapToObj(creator -> () -> node(creator)
                            .buckets
                            .create(name, new Owner("o" + creator, "o"), false, 0, Map.of(), Changes.any()))
                    .toList());
            assertThat(outcomes.stream().filter(Creation.Created.class::isInstance))
                    .hasSize(1);
            assertThat(outcomes.stream().filter(Creation.Taken.class::isInstance))
                    .hasSize(3);
        }
    }

    @Test
    void theLimitOfBucketsHoldsAgainstManyCreators() throws Exception {
        for (int race = 0; race < 20; race++) {
            Owner owner = new Owner("greedy-" + race, "greedy");
            int number = race;
            race(IntStream.range(0, 8)
                    .<Callable<Creation>>mapToObj(creator -> () -> node(creator)
                            .buckets
                            .create(
                                    new BucketName("greedy-" + number + "-" + creator),
                                    owner,
                                    false,
                                    3,
                                    Map.of(),
                                    Changes.any()))
                    .toList());
            assertThat(one.buckets.page(owner.id(), "", "", 100)).hasSizeBetween(1, 3);
            for (int creator = 0; creator < 3; creator++) {
                one.buckets.create(
                        new BucketName("greedy-" + number + "-late-" + creator),
                        owner,
                        false,
                        3,
                        Map.of(),
                        Changes.any());
            }
            assertThat(one.buckets.page(owner.id(), "", "", 100)).hasSize(3);
        }
    }

    private static MetadataTestBed node(int caller) {
        return caller % 2 == 0 ? one : two;
    }

    /** Lets the calls go at the same moment. */
    private static <T> List<T> race(List<? extends Callable<? extends T>> calls) throws Exception {
        CyclicBarrier start = new CyclicBarrier(calls.size());
        List<Future<T>> futures = new ArrayList<>();
        for (Callable<? extends T> call : calls) {
            futures.add(threads.submit(() -> {
                start.await();
                return call.call();
            }));
        }
        List<T> outcomes = new ArrayList<>();
        for (Future<T> future : futures) {
            outcomes.add(future.get());
        }
        return outcomes;
    }
}
