package io.pataka.service.metadata;

import static io.pataka.service.metadata.MetadataTestBed.CHANGE;
import static io.pataka.service.metadata.MetadataTestBed.key;
import static io.pataka.service.metadata.MetadataTestBed.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.metadata.BucketCatalog.LockSetting;
import io.pataka.service.metadata.ObjectIndex.FactsUpdate;
import io.pataka.service.metadata.ObjectIndex.NewVersion;
import io.pataka.service.metadata.ObjectIndex.Publication;
import io.pataka.service.metadata.ObjectIndex.Removal;
import io.pataka.service.metadata.ObjectIndex.RemovalRequest;
import io.pataka.service.metadata.ObjectIndex.VersionSelector;
import io.pataka.service.metadata.row.Bind;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.DefaultRetention;
import io.pataka.service.model.ObjectLock;
import io.pataka.service.model.Retention;
import io.pataka.service.model.RetentionMode;
import io.pataka.service.model.VersionId;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.model.WriteCondition.Judged;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Locks of versions, and what they keep, in a real database. */
final class VersionLocksTest {

    private static final Instant FAR = Instant.parse("9999-12-31T23:59:59.000001Z");

    private static MetadataTestBed bed;
    private static VersionLocks locks;

    @BeforeAll
    static void open() {
        bed = new MetadataTestBed();
        locks = new MariaDbVersionLocks(bed.database, ChangeRules.NONE);
    }

    @AfterAll
    static void close() throws Exception {
        bed.close();
    }

    private static Bucket locking(Optional<DefaultRetention> standard) {
        Bucket bucket = bed.bucket(Versioning.ENABLED);
        assertThat(bed.buckets.setObjectLock(bucket, standard, CHANGE)).isEqualTo(LockSetting.SET);
        return bed.buckets.findFresh(bucket.name()).orElseThrow();
    }

    private static VersionId publish(Bucket bucket, String name, ObjectLock lock) {
        NewVersion version = version(name, BlobId.random(0));
        NewVersion locked = new NewVersion(
                version.key(),
                version.size(),
                version.etag(),
                version.owner(),
                version.content(),
                version.facts().withLock(lock));
        return ((Publication.Published) bed.objects.publish(bucket, locked, WriteCondition.NONE, CHANGE)).id();
    }

    private static ObjectLock retained(RetentionMode mode, Instant until) {
        return new ObjectLock(Optional.of(new Retention(mode, until)), false);
    }

    private static Removal remove(Bucket bucket, String name, VersionId id, boolean bypass) {
        return bed.objects.remove(
                bucket,
                new RemovalRequest(key(name), Optional.of(VersionSelector.of(id)), WriteCondition.NONE, bypass),
                CHANGE);
    }

    private static ObjectLock lockOf(Bucket bucket, String name, VersionId id) {
        return bed.objects
                .version(bucket, key(name), VersionSelector.of(id))
                .orElseThrow()
                .facts()
                .lock();
    }

    private static final Removal LOCKED = new Removal.Refused(Refusal.LOCKED);

    @Test
    void keepsALockThroughOverwritesAndPromotions() {
        Bucket bucket = locking(Optional.empty());
        ObjectLock firm = retained(RetentionMode.COMPLIANCE, FAR);
        VersionId old = publish(bucket, "k", firm);
        VersionId plain = publish(bucket, "k", ObjectLock.NONE);
        assertThat(lockOf(bucket, "k", old)).isEqualTo(firm);
        assertThat(lockOf(bucket, "k", plain)).isEqualTo(ObjectLock.NONE);
        assertThat(remove(bucket, "k", old, true)).isEqualTo(LOCKED);
        assertThat(remove(bucket, "k", plain, false)).isInstanceOf(Removal.Gone.class);
        assertThat(bed.objects.current(bucket, key("k")).orElseThrow().id())
                .as("a locked version becomes current again")
                .isEqualTo(old);
        assertThat(lockOf(bucket, "k", old)).isEqualTo(firm);
        assertThat(remove(bucket, "k", old, true)).isEqualTo(LOCKED);

        Removal marker =
                bed.objects.remove(bucket, new RemovalRequest(key("k"), Optional.empty(), WriteCondition.NONE), CHANGE);
        VersionId markerId = ((Removal.Marked) marker).marker();
        assertThat(lockOf(bucket, "k", old)).isEqualTo(firm);
        assertThat(remove(bucket, "k", old, true)).isEqualTo(LOCKED);
        assertThat(remove(bucket, "k", markerId, false))
                .as("a delete marker has no lock")
                .isEqualTo(new Removal.Gone(Optional.of(markerId), true));
        assertThat(remove(bucket, "k", old, false)).isEqualTo(LOCKED);
    }

    @Test
    void judgesALockByModeBypassAndTime() {
        Bucket bucket = locking(Optional.empty());
        VersionId governed = publish(bucket, "g", retained(RetentionMode.GOVERNANCE, FAR));
        assertThat(remove(bucket, "g", governed, false)).isEqualTo(LOCKED);
        assertThat(remove(bucket, "g", governed, true)).isInstanceOf(Removal.Gone.class);

        VersionId held = publish(bucket, "h", new ObjectLock(Optional.empty(), true));
        assertThat(remove(bucket, "h", held, true)).isEqualTo(LOCKED);
        assertThat(locks.setLegalHold(bucket, key("h"), Optional.empty(), false, CHANGE))
                .isEqualTo(new FactsUpdate.Updated(held));
        assertThat(remove(bucket, "h", held, false)).isInstanceOf(Removal.Gone.class);

        VersionId over = publish(
                bucket, "o", retained(RetentionMode.COMPLIANCE, Instant.now().minusSeconds(1)));
        assertThat(remove(bucket, "o", over, false)).isInstanceOf(Removal.Gone.class);
    }

    @Test
    void answersForEachOfManyRemovals() {
        Bucket bucket = locking(Optional.empty());
        VersionId governed = publish(bucket, "a", retained(RetentionMode.GOVERNANCE, FAR));
        VersionId plain = publish(bucket, "b", ObjectLock.NONE);
        long before = bed.objects.refusedByLocks();
        List<Removal> outcomes = bed.objects.removeAll(
                bucket,
                List.of(
                        new RemovalRequest(
                                key("a"), Optional.of(VersionSelector.of(governed)), WriteCondition.NONE, false),
                        new RemovalRequest(
                                key("b"), Optional.of(VersionSelector.of(plain)), WriteCondition.NONE, false)),
                CHANGE);
        assertThat(outcomes).containsExactly(LOCKED, new Removal.Gone(Optional.of(plain), false));
        assertThat(bed.objects.refusedByLocks() - before).isEqualTo(1);
        assertThat(bed.versions(bucket)).hasSize(1);
    }

    @Test
    void retentionInForceIsOnlyExtendedUnlessGovernanceIsBypassed() {
        Bucket bucket = locking(Optional.empty());
        Retention governance = new Retention(RetentionMode.GOVERNANCE, FAR);
        Retention compliance = new Retention(RetentionMode.COMPLIANCE, FAR);
        Retention shorter = new Retention(RetentionMode.GOVERNANCE, FAR.minusSeconds(1));
        Retention longer = new Retention(RetentionMode.COMPLIANCE, FAR.plusSeconds(1));
        VersionId id = publish(bucket, "k", ObjectLock.NONE);
        FactsUpdate updated = new FactsUpdate.Updated(id);
        FactsUpdate refused = new FactsUpdate.Refused(Refusal.LOCKED);

        assertThat(set(bucket, Optional.of(governance), false)).isEqualTo(updated);
        assertThat(set(bucket, Optional.of(governance), false)).as("the same").isEqualTo(updated);
        assertThat(set(bucket, Optional.of(shorter), false)).isEqualTo(refused);
        assertThat(set(bucket, Optional.empty(), false)).isEqualTo(refused);
        assertThat(set(bucket, Optional.of(compliance), false)).isEqualTo(refused);
        assertThat(set(bucket, Optional.of(shorter), true)).isEqualTo(updated);
        assertThat(set(bucket, Optional.empty(), true)).isEqualTo(updated);
        assertThat(lockOf(bucket, "k", id)).isEqualTo(ObjectLock.NONE);

        assertThat(set(bucket, Optional.of(compliance), false)).isEqualTo(updated);
        assertThat(set(bucket, Optional.of(longer), false)).isEqualTo(updated);
        assertThat(set(bucket, Optional.of(compliance), true)).isEqualTo(refused);
        assertThat(set(bucket, Optional.of(governance), true)).isEqualTo(refused);
        assertThat(set(bucket, Optional.empty(), true)).isEqualTo(refused);
        assertThat(lockOf(bucket, "k", id)).isEqualTo(retained(RetentionMode.COMPLIANCE, longer.until()));
    }

    private static FactsUpdate set(Bucket bucket, Optional<Retention> retention, boolean bypass) {
        return locks.setRetention(bucket, key("k"), Optional.empty(), retention, bypass, CHANGE);
    }

    /** The database's clock begins the retention, as it ends it: else a node that is behind would make versions that are not kept. */
    @ParameterizedTest
    @ValueSource(longs = {-3, 3})
    void countsTheDefaultRetentionFromThePresentOfTheDatabase(long daysAhead) {
        Bucket bucket =
                locking(Optional.of(new DefaultRetention(RetentionMode.COMPLIANCE, 1, DefaultRetention.Unit.DAYS)));
        Instant before = Instant.now();
        try (MariaDbObjectIndex wrong =
                new MariaDbObjectIndex(bed.database, Clock.offset(Clock.systemUTC(), Duration.ofDays(daysAhead)))) {
            for (int i = 0; i < 2; i++) {
                VersionId id = ((Publication.Published)
                                wrong.publish(bucket, version("k", BlobId.random(0)), WriteCondition.NONE, CHANGE))
                        .id();
                Retention retention = lockOf(bucket, "k", id).retention().orElseThrow();
                assertThat(retention.until())
                        .isBetween(
                                before.plus(Duration.ofDays(1)),
                                Instant.now().plus(Duration.ofDays(1)).plusSeconds(60));
                assertThat(remove(bucket, "k", id, true)).isEqualTo(LOCKED);
            }
        }
    }

    @Test
    void givesNewVersionsTheDefaultRetentionOfTheBucket() {
        Bucket bucket =
                locking(Optional.of(new DefaultRetention(RetentionMode.COMPLIANCE, 2, DefaultRetention.Unit.YEARS)));
        VersionId id = publish(bucket, "k", ObjectLock.NONE);
        Instant made = bed.objects.current(bucket, key("k")).orElseThrow().lastModified();
        Retention standard = lockOf(bucket, "k", id).retention().orElseThrow();
        assertThat(standard.mode()).isEqualTo(RetentionMode.COMPLIANCE);
        assertThat(standard.until())
                .isBetween(
                        made.plus(Duration.ofDays(730)),
                        made.plus(Duration.ofDays(730)).plusSeconds(60));
        VersionId own = publish(bucket, "k", retained(RetentionMode.GOVERNANCE, FAR));
        assertThat(lockOf(bucket, "k", own)).isEqualTo(retained(RetentionMode.GOVERNANCE, FAR));
        VersionId held = publish(bucket, "k", new ObjectLock(Optional.empty(), true));
        assertThat(lockOf(bucket, "k", held).retention()).isPresent();
        assertThat(lockOf(bucket, "k", held).legalHold()).isTrue();
    }

    @Test
    void aBucketWithoutVersioningGetsNoLockAndOneWithALockKeepsVersioning() {
        Bucket plain = bed.bucket(Versioning.SUSPENDED);
        assertThat(bed.buckets.setObjectLock(plain, Optional.empty(), CHANGE)).isEqualTo(LockSetting.NOT_VERSIONED);
        Bucket bucket = locking(Optional.empty());
        assertThat(bed.buckets
                        .setVersioning(bucket, Versioning.SUSPENDED, CHANGE)
                        .orElseThrow()
                        .versioning())
                .isEqualTo(Versioning.ENABLED);
    }

    /** The previous release reads the epoch as a whole number, and compares it with the column in every statement that writes. */
    @Test
    void noWriteOfTheReleaseBeforeMeetsTheEpochOfABucketWithALock() {
        for (Bucket bucket : List.of(
                locking(Optional.empty()),
                ((BucketCatalog.Creation.Created) bed.buckets.create(
                                new BucketName("made-with-a-lock"), MetadataTestBed.OWNER, true, 0, Map.of(), CHANGE))
                        .bucket())) {
            assertThat(metByThePreviousRelease(bucket)).isFalse();
        }
        assertThat(metByThePreviousRelease(bed.bucket(Versioning.ENABLED))).isTrue();
    }

    private static boolean metByThePreviousRelease(Bucket bucket) {
        int read = bed.database.read(
                handle -> Bind.all(handle.createQuery("SELECT epoch FROM bucket WHERE id = ?"), bucket.id())
                        .map((row, context) -> row.getInt(1))
                        .one());
        assertThat(read).isEqualTo(bucket.epoch());
        return bed.database.read(handle -> Bind.all(
                        handle.createQuery("SELECT 1 FROM bucket WHERE id = ? AND epoch = ? LOCK IN SHARE MODE"),
                        bucket.id(),
                        read)
                .mapTo(Integer.class)
                .findOne()
                .isPresent());
    }

    @Test
    void removesOnlyWhatIsStillAsItWasJudged() {
        Bucket bucket = locking(Optional.empty());
        VersionId first = publish(bucket, "j", ObjectLock.NONE);
        VersionId second = publish(bucket, "j", ObjectLock.NONE);
        Removal unmet = new Removal.Refused(Refusal.CONDITION_UNMET);
        assertThat(judged(bucket, Optional.empty(), first, Judged.State.CURRENT))
                .as("overwritten since")
                .isEqualTo(unmet);
        assertThat(judged(bucket, Optional.of(second), second, Judged.State.NONCURRENT))
                .isEqualTo(unmet);
        VersionId marker = ((Removal.Marked) judged(bucket, Optional.empty(), second, Judged.State.CURRENT)).marker();
        assertThat(judged(bucket, Optional.of(marker), marker, Judged.State.LONE_MARKER))
                .isEqualTo(unmet);
        for (VersionId old : List.of(first, second)) {
            assertThat(judged(bucket, Optional.of(old), old, Judged.State.NONCURRENT))
                    .isEqualTo(new Removal.Gone(Optional.of(old), false));
        }
        assertThat(judged(bucket, Optional.of(marker), marker, Judged.State.LONE_MARKER))
                .isEqualTo(new Removal.Gone(Optional.of(marker), true));
        assertThat(bed.versions(bucket)).isEmpty();
    }

    private static Removal judged(Bucket bucket, Optional<VersionId> named, VersionId version, Judged.State state) {
        return bed.objects.remove(
                bucket,
                new RemovalRequest(key("j"), named.map(VersionSelector::of), new Judged(version, state)),
                CHANGE);
    }
}
