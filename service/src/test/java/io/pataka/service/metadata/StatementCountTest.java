package io.pataka.service.metadata;

import static io.pataka.service.metadata.MetadataTestBed.CHANGE;
import static io.pataka.service.metadata.MetadataTestBed.key;
import static io.pataka.service.metadata.MetadataTestBed.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.metadata.ObjectIndex.KeyRange;
import io.pataka.service.metadata.ObjectIndex.Removal;
import io.pataka.service.metadata.ObjectIndex.RemovalRequest;
import io.pataka.service.metadata.ObjectIndex.VersionName;
import io.pataka.service.metadata.ObjectIndex.VersionRange;
import io.pataka.service.metadata.ObjectIndex.VersionSelector;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.Content;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.testing.EmbeddedMariaDb;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How many statements, and so round trips, a call costs. */
final class StatementCountTest {

    private static final CountingSource COUNTER = new CountingSource();
    private static final KeyRange ALL = new KeyRange(new byte[0], true, Optional.empty());

    private static MetadataTestBed bed;

    @BeforeAll
    static void open() {
        bed = new MetadataTestBed(EmbeddedMariaDb.shared().freshSchema(), COUNTER::around);
    }

    @AfterAll
    static void close() {
        bed.close();
    }

    @Test
    void readsAnObjectWithOneStatement() {
        Bucket bucket = bed.bucket(Versioning.ENABLED);
        bed.objects.publish(bucket, version("k", BlobId.random(0)), WriteCondition.NONE, CHANGE);

        assertThat(COUNTER.during(() -> bed.objects.current(bucket, key("k")))).isEqualTo(1);
        assertThat(COUNTER.during(() -> bed.objects.version(bucket, key("k"), VersionSelector.NULL)))
                .isEqualTo(1);
        assertThat(COUNTER.during(() -> bed.objects.scan(bucket, ALL, 1000))).isEqualTo(1);
        assertThat(COUNTER.during(() -> bed.objects.scanVersions(bucket, new VersionRange(ALL, Optional.of(5L)), 1000)))
                .isEqualTo(1);
    }

    @Test
    void writesAnObjectToAnUnversionedBucketWithOneStatement() {
        Bucket bucket = bed.bucket(Versioning.OFF);
        for (String occasion : List.of("first", "overwrite")) {
            assertThat(COUNTER.during(() ->
                            bed.objects.publish(bucket, version("k", BlobId.random(0)), WriteCondition.NONE, CHANGE)))
                    .as(occasion)
                    .isEqualTo(1);
        }
        assertThat(COUNTER.during(() -> bed.objects.publish(
                        bucket, version("new", BlobId.random(0)), new WriteCondition.Absent(), CHANGE)))
                .isEqualTo(1);
        assertThat(COUNTER.during(() -> bed.objects.remove(
                        bucket,
                        new ObjectIndex.RemovalRequest(key("k"), Optional.empty(), WriteCondition.NONE),
                        CHANGE)))
                .isEqualTo(1);
    }

    /** Its records are committed with the change, which is one statement all the same. */
    @Test
    void writesAnObjectToABucketThatRecordsItsChanges() {
        Bucket bucket = recording(bed.bucket(Versioning.OFF));
        BlobId first = BlobId.random(0);
        BlobId second = BlobId.random(0);
        assertThat(COUNTER.during(() -> bed.objects.publish(bucket, version("k", first), WriteCondition.NONE, CHANGE)))
                .isEqualTo(1);
        assertThat(current(bucket)).isEqualTo(new Content.Whole(first));
        assertThat(bed.objects.publish(bucket, version("k", second), WriteCondition.NONE, CHANGE))
                .isInstanceOf(ObjectIndex.Publication.Published.class);
        assertThat(current(bucket)).isEqualTo(new Content.Whole(second));
        assertThat(bed.objects.publish(bucket, version("k", first), new WriteCondition.Absent(), CHANGE))
                .isEqualTo(new ObjectIndex.Publication.Refused(Refusal.CONDITION_UNMET));
        assertThat(bed.versions(bucket)).hasSize(1);

        assertThat(COUNTER.during(() -> bed.objects.remove(
                        bucket,
                        new ObjectIndex.RemovalRequest(key("k"), Optional.empty(), WriteCondition.NONE),
                        CHANGE)))
                .isGreaterThan(3);
        assertThat(bed.versions(bucket)).isEmpty();
        assertThat(bed.isRetired(second)).as("in the same transaction").isTrue();
    }

    /** Otherwise a change that is not recorded could follow one that is. */
    @Test
    void refusesAWriterWhoDoesNotKnowThatTheBucketRecordsItsChanges() {
        Bucket unaware = bed.bucket(Versioning.OFF);
        recording(unaware);
        assertThat(bed.objects.publish(unaware, version("k", BlobId.random(0)), WriteCondition.NONE, CHANGE))
                .isEqualTo(new ObjectIndex.Publication.Refused(Refusal.BUCKET_CHANGED));
        assertThat(bed.objects.remove(
                        unaware,
                        new ObjectIndex.RemovalRequest(key("k"), Optional.empty(), WriteCondition.NONE),
                        CHANGE))
                .isEqualTo(new Removal.Refused(Refusal.BUCKET_CHANGED));
    }

    private static Content current(Bucket bucket) {
        return bed.objects.current(bucket, key("k")).orElseThrow().content();
    }

    private static Bucket recording(Bucket bucket) {
        bed.database.write(handle -> handle.execute(
                "UPDATE bucket SET records_changes = TRUE, epoch = epoch + 1 WHERE id = ?", bucket.id()));
        Bucket recording = bed.buckets.findFresh(bucket.name()).orElseThrow();
        assertThat(recording.recordsChanges()).isTrue();
        return recording;
    }

    @Test
    void findsABucketWithoutAStatementWhileItIsRemembered() {
        Bucket bucket = bed.bucket(Versioning.OFF);
        assertThat(COUNTER.during(() -> bed.buckets.find(bucket.name()))).isEqualTo(1);
        assertThat(COUNTER.during(() -> bed.buckets.find(bucket.name()))).isZero();
        assertThat(COUNTER.during(() -> bed.buckets.document(bucket, DocumentKind.POLICY)))
                .isEqualTo(1);
        assertThat(COUNTER.during(() -> bed.buckets.document(bucket, DocumentKind.CORS)))
                .isZero();
    }

    @ParameterizedTest
    @EnumSource(Versioning.class)
    void removesAThousandKeysWithAFewStatements(Versioning versioning) {
        Bucket bucket = bed.bucket(versioning);
        List<RemovalRequest> requests = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            String name = "folder/" + i;
            bed.objects.publish(bucket, version(name, BlobId.random(0)), WriteCondition.NONE, CHANGE);
            requests.add(new RemovalRequest(key(name), Optional.empty(), WriteCondition.NONE));
        }
        assertThat(COUNTER.during(() -> assertThat(bed.objects.removeAll(bucket, requests, CHANGE))
                        .hasSize(1000)
                        .allMatch(removal -> removal instanceof Removal.Gone || removal instanceof Removal.Marked)))
                .isLessThanOrEqualTo(10);
        assertThat(bed.objects.scan(bucket, ALL, 1000)).isEmpty();
    }

    @Test
    void readsTheTagsOfAThousandVersionsWithOneStatement() {
        Bucket bucket = bed.bucket(Versioning.ENABLED);
        List<VersionName> names = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            ObjectIndex.Publication.Published published = (ObjectIndex.Publication.Published)
                    bed.objects.publish(bucket, version("folder/" + i, BlobId.random(0)), WriteCondition.NONE, CHANGE);
            names.add(new VersionName(key("folder/" + i), Optional.empty()));
            names.add(new VersionName(key("folder/" + i), Optional.of(VersionSelector.of(published.id()))));
        }

        assertThat(COUNTER.during(() ->
                        assertThat(bed.objects.tags(bucket, names)).containsKeys(names.toArray(VersionName[]::new))))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 1000})
    void removesAThousandVersionsWithAFewStatements(int keys) {
        Bucket bucket = bed.bucket(Versioning.ENABLED);
        List<RemovalRequest> requests = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            String name = "folder/" + i % keys;
            ObjectIndex.Publication.Published published = (ObjectIndex.Publication.Published)
                    bed.objects.publish(bucket, version(name, BlobId.random(0)), WriteCondition.NONE, CHANGE);
            requests.add(new RemovalRequest(
                    key(name), Optional.of(VersionSelector.of(published.id())), WriteCondition.NONE));
        }
        assertThat(COUNTER.during(() -> assertThat(bed.objects.removeAll(bucket, requests, CHANGE))
                        .hasSize(1000)))
                .isLessThanOrEqualTo(20);
        assertThat(bed.versions(bucket)).isEmpty();
    }
}
