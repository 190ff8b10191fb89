package io.pataka.service.metadata;

import static io.pataka.service.metadata.MetadataTestBed.CHANGE;
import static io.pataka.service.metadata.MetadataTestBed.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.job.Job;
import io.pataka.service.job.PerBucket;
import io.pataka.service.job.UsageCounter;
import io.pataka.service.metadata.BucketCatalog.Creation;
import io.pataka.service.metadata.BucketCatalog.Usage;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.Owner;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.testing.Changes;
import io.pataka.service.testing.EmbeddedMariaDb;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Usage of buckets that are too large to be counted for a request. */
final class BucketUsageTest {

    private static final Owner OWNER = new Owner("large", "large");
    private static final Instant NOW = Instant.parse("2024-02-03T04:05:06Z");
    private static final int MANY = BucketUsage.COUNTED + 1;

    private MetadataTestBed bed;

    @BeforeEach
    void open() {
        bed = new MetadataTestBed(EmbeddedMariaDb.shared().freshSchema());
    }

    @AfterEach
    void close() {
        bed.close();
    }

    private Bucket bucket(String name) {
        return ((Creation.Created) bed.buckets.create(new BucketName(name), OWNER, false, 0, Map.of(), Changes.any()))
                .bucket();
    }

    private void fill(Bucket bucket, String table, int rows, String key) {
        bed.database.write(handle -> handle.createUpdate("INSERT INTO " + table + " (bucket_id, object_key, sequence,"
                        + " null_version, delete_marker, size, etag, owner_id, owner_name, storage_class, checksums,"
                        + " appendable) SELECT " + bucket.id() + ", " + key
                        + ", seq, FALSE, seq % 2 = 0, 3, '', '', '',"
                        + " 'STANDARD', '', FALSE FROM seq_1_to_" + rows)
                .execute());
    }

    private BucketUsage usageAt(Instant time) {
        return new BucketUsage(bed.database, Clock.fixed(time, ZoneOffset.UTC));
    }

    private Job counter() {
        return new PerBucket(
                new UsageCounter(usageAt(NOW), Clock.fixed(NOW, ZoneOffset.UTC)),
                new MariaDbBucketTurns(bed.database),
                "holder");
    }

    private void count() throws IOException {
        Job counter = counter();
        while (counter.runSlice(Duration.ofMillis(50)) == Job.Progress.BUSY) {
            Thread.onSpinWait();
        }
    }

    @Test
    void isTheSameWhenEachPageIsAddedByAnotherProcess() throws IOException {
        Bucket large = bucket("pages");
        fill(large, "object_current", MANY, "CONCAT('\\n ', LPAD(seq, 6, '0'))");
        fill(large, "object_noncurrent", 2_500, "'one key with many versions'");

        while (counter().runSlice(Duration.ZERO) == Job.Progress.BUSY) {
            Thread.onSpinWait();
        }

        long objects = (MANY + 1) / 2 + 1_250;
        assertThat(bed.buckets.usage(large)).contains(new Usage(objects, 3 * objects, Optional.of(NOW)));
    }

    @Test
    void ofALargeBucketIsTheSumOfTheJob() throws IOException {
        Bucket large = bucket("large");
        fill(large, "object_current", MANY, "LPAD(seq, 6, '0')");
        fill(large, "object_noncurrent", 2_500, "'one key with many versions'");
        assertThat(bed.buckets.usage(large)).isEmpty();
        assertThat(bed.buckets.usage(OWNER)).isEmpty();

        count();

        long objects = (MANY + 1) / 2 + 1_250;
        assertThat(bed.buckets.usage(large)).contains(new Usage(objects, 3 * objects, Optional.of(NOW)));
        assertThat(bed.buckets.usage(OWNER)).contains(new Usage(objects, 3 * objects, Optional.of(NOW)));
    }

    @Test
    void ofAnOwnerHasBucketsThatAreNewerThanTheSums() throws IOException {
        fill(bucket("large-too"), "object_current", MANY, "LPAD(seq, 6, '0')");
        count();
        Bucket fresh = bucket("fresh");
        bed.objects.publish(fresh, version("k", BlobId.random(0)), WriteCondition.NONE, CHANGE);

        assertThat(bed.buckets.usage(fresh)).contains(new Usage(1, 5));
        assertThat(bed.buckets.usage(OWNER).orElseThrow().objects()).isEqualTo((MANY + 1) / 2 + 1);
        assertThat(fresh.versioning()).isEqualTo(Versioning.OFF);
    }

    /** The table holds two versions, so a count would show itself. */
    @Test
    void isNotCountedWhileTheSumOfMuchIsFresh() {
        Bucket large = bucket("summed");
        fill(large, "object_current", 4, "seq");
        usageAt(NOW).keep(large.id(), 20_000, 60_000, NOW);
        Optional<Usage> sum = Optional.of(new Usage(20_000, 60_000, Optional.of(NOW)));

        assertThat(usageAt(NOW.plusSeconds(599)).ofBucket(large.id())).isEqualTo(sum);
        assertThat(usageAt(NOW.plusSeconds(599)).ofOwner(OWNER.id())).isEqualTo(sum);
        assertThat(usageAt(NOW.plusSeconds(600)).ofBucket(large.id())).contains(new Usage(2, 6));
        assertThat(usageAt(NOW.plusSeconds(600)).ofOwner(OWNER.id())).contains(new Usage(2, 6));
    }

    @Test
    void isCountedThoughAFreshSumOfFewExists() {
        Bucket small = bucket("small");
        fill(small, "object_current", 4, "seq");
        usageAt(NOW).keep(small.id(), 10_000, 60_000, NOW);

        assertThat(usageAt(NOW).ofBucket(small.id())).contains(new Usage(2, 6));
        assertThat(usageAt(NOW).ofOwner(OWNER.id())).contains(new Usage(2, 6));
    }

    @Test
    void isDeletedWithItsBucket() throws IOException {
        Bucket gone = bucket("gone");
        count();
        assertThat(bed.count("SELECT COUNT(*) FROM bucket_usage")).isEqualTo(1);
        bed.buckets.delete(gone, Changes.any());
        count();
        assertThat(bed.count("SELECT COUNT(*) FROM bucket_usage")).isZero();
    }
}
