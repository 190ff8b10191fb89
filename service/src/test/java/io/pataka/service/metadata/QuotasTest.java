package io.pataka.service.metadata;

import static io.pataka.service.metadata.MetadataTestBed.CHANGE;
import static io.pataka.service.metadata.MetadataTestBed.OWNER;
import static io.pataka.service.metadata.MetadataTestBed.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.metadata.ObjectIndex.AppendedPart;
import io.pataka.service.metadata.ObjectIndex.NewVersion;
import io.pataka.service.metadata.ObjectIndex.Publication;
import io.pataka.service.metadata.ObjectIndex.RemovalRequest;
import io.pataka.service.metadata.Quotas.ProjectQuotas;
import io.pataka.service.metadata.UploadLedger.Assembled;
import io.pataka.service.metadata.UploadLedger.Upload;
import io.pataka.service.metadata.UploadLedger.UploadChecksum;
import io.pataka.service.metadata.UploadLedger.UploadedPart;
import io.pataka.service.model.Actor;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.Checksum;
import io.pataka.service.model.Content;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.model.ETag;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.Quota;
import io.pataka.service.model.UploadId;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.testing.Changes;
import io.pataka.service.testing.EmbeddedMariaDb;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Quotas of buckets and projects, at every way to write a version. */
final class QuotasTest {

    private static final ProjectQuotas NO_DEFAULTS = new ProjectQuotas(Quota.UNLIMITED, Quota.UNLIMITED);

    private final CountingSource counter = new CountingSource();
    private MetadataTestBed bed;
    private Node node;

    @BeforeEach
    void open() {
        bed = new MetadataTestBed(EmbeddedMariaDb.shared().freshSchema(), counter::around);
        node = new Node(NO_DEFAULTS);
    }

    @AfterEach
    void close() {
        node.index.close();
        bed.close();
    }

    /** A node of the service with its own memory of what it added. */
    private final class Node {
        final Quotas quotas;
        final MariaDbObjectIndex index;
        final MariaDbUploadLedger uploads;

        Node(ProjectQuotas defaults) {
            Clock clock = Clock.systemUTC();
            quotas = new MariaDbQuotas(
                    bed.database, bed.buckets, bed.accounts, new BucketUsage(bed.database, clock), defaults, clock);
            index = new MariaDbObjectIndex(bed.database, clock, ChangeRules.NONE, quotas);
            uploads = new MariaDbUploadLedger(bed.database, index, clock);
        }

        Optional<Refusal> put(Bucket bucket, String key, long size) {
            return put(bucket, key, size, WriteCondition.NONE);
        }

        Optional<Refusal> put(Bucket bucket, String key, long size, WriteCondition condition) {
            return index.publish(bucket, version(key, size, new Content.Whole(BlobId.random(0))), condition, CHANGE)
                    .refusal();
        }

        void delete(Bucket bucket, String key) {
            index.remove(bucket, new RemovalRequest(key(key), Optional.empty(), WriteCondition.NONE), CHANGE);
        }

        Upload begin(Bucket bucket, String key) {
            return uploads.begin(
                            bucket,
                            key(key),
                            OWNER,
                            ObjectFacts.plain(),
                            new UploadChecksum(Optional.empty(), Checksum.Type.COMPOSITE),
                            CHANGE)
                    .orElseThrow();
        }

        void part(Bucket bucket, Upload upload, int number, long size) {
            UploadedPart part =
                    new UploadedPart(number, BlobId.random(0), size, new ETag("part"), Instant.now(), List.of());
            assertThat(quotas.judged(
                                    bucket,
                                    Growth.ofPart(size),
                                    () -> uploads.putPart(upload, part, CHANGE),
                                    refusal -> new UploadLedger.PartWrite(Optional.of(refusal)))
                            .refusal())
                    .isEmpty();
        }

        Optional<Refusal> complete(Bucket bucket, Upload upload) {
            return uploads.complete(
                            bucket,
                            upload,
                            parts -> new Assembled(
                                    Set.of(1),
                                    version(
                                            upload.key().toString(),
                                            parts.get(0).size(),
                                            new Content.Parts(upload.id(), 1))),
                            WriteCondition.NONE,
                            CHANGE)
                    .refusal();
        }
    }

    private static NewVersion version(String key, long size, Content content) {
        return new NewVersion(key(key), size, new ETag("tag"), OWNER, content, ObjectFacts.plain());
    }

    private static Quota bytes(long most) {
        return new Quota(OptionalLong.of(most), OptionalLong.empty());
    }

    private static Quota objects(long most) {
        return new Quota(OptionalLong.empty(), OptionalLong.of(most));
    }

    private Bucket bucket(Quota quota) {
        Bucket bucket = bed.bucket(Versioning.OFF);
        limit(bucket, quota);
        return bucket;
    }

    private void limit(Bucket bucket, Quota quota) {
        bed.buckets.putDocument(bucket, DocumentKind.QUOTA, quota.text(), Changes.any());
    }

    @Test
    void takesWhatFitsExactlyAndNoByteMore() {
        Bucket bucket = bucket(bytes(10));

        assertThat(node.put(bucket, "a", 4)).isEmpty();
        assertThat(node.put(bucket, "b", 7)).contains(Refusal.QUOTA_EXCEEDED);
        assertThat(node.put(bucket, "b", 6)).isEmpty();
        assertThat(node.put(bucket, "c", 1)).contains(Refusal.QUOTA_EXCEEDED);
        assertThat(node.put(bucket, "c", 0)).isEmpty();
        assertThat(bed.versions(bucket)).hasSize(3);
    }

    @Test
    void countsObjects() {
        Bucket bucket = bucket(objects(2));

        assertThat(node.put(bucket, "a", 4)).isEmpty();
        assertThat(node.put(bucket, "b", 4)).isEmpty();
        assertThat(node.put(bucket, "c", 0)).contains(Refusal.QUOTA_EXCEEDED);
        assertThat(node.put(bucket, "b", 5)).isEmpty();
    }

    /** A write that replaces an object needs room for the difference only. */
    @Test
    void anOverwriteNeedsNoRoomForWhatItReplaces() {
        Bucket bucket = bucket(bytes(10));
        assertThat(node.put(bucket, "a", 10)).isEmpty();
        for (int i = 0; i < 5; i++) {
            assertThat(node.put(bucket, "a", 10)).isEmpty();
        }
        assertThat(node.put(bucket, "a", 11)).contains(Refusal.QUOTA_EXCEEDED);

        Bucket versioned = bed.bucket(Versioning.ENABLED);
        limit(versioned, bytes(10));
        assertThat(node.put(versioned, "a", 10)).isEmpty();
        assertThat(node.put(versioned, "a", 1)).contains(Refusal.QUOTA_EXCEEDED);
        Bucket suspended = bed.buckets
                .setVersioning(versioned, Versioning.SUSPENDED, Changes.any())
                .orElseThrow();
        assertThat(node.put(suspended, "a", 1)).contains(Refusal.QUOTA_EXCEEDED);
    }

    @Test
    void whatIsDeletedMakesRoomAtOnceOnAnyNode() {
        Bucket bucket = bucket(bytes(10));
        Node other = new Node(NO_DEFAULTS);
        assertThat(node.put(bucket, "a", 10)).isEmpty();
        assertThat(other.put(bucket, "b", 1)).contains(Refusal.QUOTA_EXCEEDED);

        node.delete(bucket, "a");
        assertThat(other.put(bucket, "b", 10)).isEmpty();
        assertThat(node.put(bucket, "c", 1)).contains(Refusal.QUOTA_EXCEEDED);
        other.delete(bucket, "b");
        assertThat(node.put(bucket, "c", 10)).isEmpty();
        other.index.close();
    }

    @Test
    void aWriteThatIsRefusedTakesNoRoom() {
        Bucket bucket = bucket(bytes(10));
        assertThat(node.put(bucket, "a", 4)).isEmpty();
        for (int i = 0; i < 5; i++) {
            assertThat(node.put(bucket, "a", 6, new WriteCondition.Absent())).contains(Refusal.CONDITION_UNMET);
        }
        assertThat(node.put(bucket, "b", 6)).isEmpty();
    }

    @Test
    void writersAtTheSameTimeDoNotTakeTheSameRoom() {
        Bucket bucket = bucket(objects(5));

        long written = IntStream.range(0, 40)
                .parallel()
                .filter(i -> node.put(bucket, "k" + i, 1).isEmpty())
                .count();

        assertThat(written).isEqualTo(5);
        assertThat(bed.versions(bucket)).hasSize(5);
    }

    @Test
    void aProjectHasOneQuotaForAllItsBuckets() {
        Bucket one = bed.bucket(Versioning.OFF);
        Bucket two = bed.bucket(Versioning.OFF);
        bed.accounts.put(OWNER.id(), DocumentKind.QUOTA, bytes(10).text(), Changes.any());

        assertThat(node.put(one, "a", 6)).isEmpty();
        assertThat(node.put(two, "a", 6)).contains(Refusal.QUOTA_EXCEEDED);
        assertThat(node.put(two, "a", 4)).isEmpty();
        assertThat(node.put(one, "b", 1)).contains(Refusal.QUOTA_EXCEEDED);

        bed.accounts.delete(OWNER.id(), DocumentKind.QUOTA, Changes.any());
        assertThat(node.put(one, "b", 1_000)).isEmpty();
    }

    /** What the bucket's quota has begun to count is given back when the project's quota refuses. */
    @Test
    void aRefusalByTheProjectTakesNoRoomOfTheBucket() {
        Bucket bucket = bucket(bytes(10));
        bed.accounts.put(OWNER.id(), DocumentKind.QUOTA, objects(0).text(), Changes.any());
        assertThat(node.put(bucket, "a", 10)).contains(Refusal.QUOTA_EXCEEDED);

        bed.accounts.delete(OWNER.id(), DocumentKind.QUOTA, Changes.any());
        assertThat(node.put(bucket, "a", 10)).isEmpty();
    }

    @Test
    void theNearestQuotaCounts() {
        Quotas quotas = new Node(new ProjectQuotas(bytes(100), bytes(30))).quotas;
        Bucket bucket = bed.bucket(Versioning.OFF);
        assertThat(quotas.ofBucket(bucket)).isEqualTo(bytes(30));
        assertThat(quotas.ofProject(OWNER.id())).isEqualTo(new ProjectQuotas(bytes(100), bytes(30)));

        bed.accounts.put(OWNER.id(), DocumentKind.BUCKET_QUOTA, objects(20).text(), Changes.any());
        bed.accounts.put(OWNER.id(), DocumentKind.QUOTA, bytes(200).text(), Changes.any());
        assertThat(quotas.ofBucket(bucket)).isEqualTo(objects(20));
        assertThat(quotas.ofProject(OWNER.id())).isEqualTo(new ProjectQuotas(bytes(200), objects(20)));

        limit(bucket, Quota.UNLIMITED);
        assertThat(quotas.ofBucket(bucket)).isEqualTo(Quota.UNLIMITED);
    }

    @Test
    void partsOfUploadsCountUntilTheyAreCompletedOrAborted() {
        Bucket bucket = bucket(bytes(10));
        Upload first = node.begin(bucket, "first");
        Upload second = node.begin(bucket, "second");
        node.part(bucket, first, 1, 4);
        node.part(bucket, second, 1, 6);
        assertThat(node.quotas.hasRoom(bucket, Growth.ofPart(1))).isFalse();
        assertThat(node.put(bucket, "k", 1)).contains(Refusal.QUOTA_EXCEEDED);

        assertThat(node.complete(bucket, first)).isEmpty();
        assertThat(node.put(bucket, "k", 1)).contains(Refusal.QUOTA_EXCEEDED);

        node.uploads.abort(bucket, key("second"), second.id(), CHANGE);
        assertThat(node.put(bucket, "k", 7)).contains(Refusal.QUOTA_EXCEEDED);
        assertThat(node.put(bucket, "k", 6)).isEmpty();
    }

    @Test
    void anUploadThatWouldBeOneObjectTooManyIsNotCompleted() {
        Bucket bucket = bucket(objects(1));
        Upload upload = node.begin(bucket, "upload");
        node.part(bucket, upload, 1, 4);
        assertThat(node.put(bucket, "k", 1)).isEmpty();

        assertThat(node.complete(bucket, upload)).contains(Refusal.QUOTA_EXCEEDED);
        node.delete(bucket, "k");
        assertThat(node.complete(bucket, upload)).isEmpty();
    }

    @Test
    void judgesAppends() {
        Bucket bucket = bucket(new Quota(OptionalLong.of(10), OptionalLong.of(1)));
        Content.Parts list = new Content.Parts(UploadId.random(), 1);
        assertThat(append(bucket, version("log", 6, list), 6).refusal()).isEmpty();

        NewVersion longer = version("log", 11, new Content.Parts(list.upload(), 2));
        assertThat(append(bucket, longer, 5).refusal()).contains(Refusal.QUOTA_EXCEEDED);
        NewVersion full = version("log", 10, new Content.Parts(list.upload(), 2));
        assertThat(append(bucket, full, 4).refusal()).isEmpty();
    }

    private Publication append(Bucket bucket, NewVersion whole, long size) {
        return node.index.append(
                bucket,
                node.index.current(bucket, whole.key()),
                whole,
                new AppendedPart(BlobId.random(0), size, new ETag("part"), List.of()),
                WriteCondition.NONE,
                CHANGE);
    }

    /** The tables hold less than the sum, so a count would show itself. */
    @Test
    void ofMuchItIsTheSumOfTheJobAndWhatThisNodeAddedSince() {
        Bucket bucket = bucket(bytes(1_000));
        new BucketUsage(bed.database, Clock.systemUTC())
                .keep(bucket.id(), 20_000, 900, Instant.now().minusSeconds(60));

        assertThat(node.put(bucket, "a", 60)).isEmpty();
        assertThat(node.put(bucket, "b", 60)).contains(Refusal.QUOTA_EXCEEDED);
        assertThat(node.put(bucket, "b", 40)).isEmpty();
        assertThat(node.put(bucket, "c", 1)).contains(Refusal.QUOTA_EXCEEDED);
    }

    @Test
    void aRefusalByAnOldSumAsksForANewOne() {
        Bucket bucket = bucket(bytes(1_000));
        BucketTurns turns = new MariaDbBucketTurns(bed.database);
        BucketTurns.Turn turn = turns.take(BucketUsage.JOB, Optional.empty(), 0, "node", Duration.ofMinutes(1))
                .orElseThrow();
        turns.finish(turn, Duration.ofHours(1));
        BucketUsage usage = new BucketUsage(bed.database, Clock.systemUTC());
        String due = "SELECT COUNT(*) FROM bucket_turn WHERE due_at <= (SELECT UNIX_TIMESTAMP(NOW(6)) * 1000000)";

        usage.keep(bucket.id(), 20_000, 1_000, Instant.now().minusSeconds(5));
        assertThat(node.put(bucket, "a", 1)).contains(Refusal.QUOTA_EXCEEDED);
        assertThat(bed.count(due)).isZero();

        usage.keep(bucket.id(), 20_000, 1_000, Instant.now().minusSeconds(60));
        assertThat(node.put(bucket, "a", 1)).contains(Refusal.QUOTA_EXCEEDED);
        assertThat(bed.count(due)).isEqualTo(1);
    }

    @Test
    void whatWasNeverAddedUpRefusesNothing() {
        Bucket bucket = bucket(objects(5));
        bed.database.write(handle -> handle.createUpdate("INSERT INTO object_current (bucket_id, object_key, sequence,"
                        + " null_version, delete_marker, size, etag, owner_id, owner_name, storage_class, checksums,"
                        + " appendable) SELECT " + bucket.id() + ", seq, seq, TRUE, FALSE, 3, '', '', '',"
                        + " 'STANDARD', '', FALSE FROM seq_1_to_" + (BucketUsage.COUNTED + 1))
                .execute());
        assertThat(node.put(bucket, "a", 1)).isEmpty();
    }

    /** A job asks for room before it takes what it will write, and must not lose what it took. */
    @Test
    void aJobIsNotRefusedWhenItWrites() {
        Bucket bucket = bucket(bytes(0));
        ChangeContext ofJob = new ChangeContext(
                new Actor.ServiceJob("log-roller"), Optional.empty(), Optional.empty(), ChangeContext.Kind.PUT);

        assertThat(node.quotas.hasRoom(bucket, Growth.ofNew(1))).isFalse();
        assertThat(node.index
                        .publish(
                                bucket,
                                version("log", 5, new Content.Whole(BlobId.random(0))),
                                WriteCondition.NONE,
                                ofJob)
                        .refusal())
                .isEmpty();
    }

    @Test
    void aBucketWithoutAQuotaCostsNothing() {
        Bucket bucket = bed.bucket(Versioning.OFF);
        // Every request reads the documents of its bucket, for access.
        node.put(bucket, "k", 5);
        assertThat(counter.during(() -> node.put(bucket, "k", 5))).isEqualTo(1);
    }

    @Test
    void aBucketWithRoomIsNotCountedForEachWrite() {
        Bucket bucket = bucket(bytes(1_000));
        node.put(bucket, "k", 5);
        assertThat(counter.during(() -> node.put(bucket, "k", 5))).isEqualTo(1);
    }
}
