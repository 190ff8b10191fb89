package io.pataka.service.metadata;

import static io.pataka.service.metadata.MetadataTestBed.CHANGE;
import static io.pataka.service.metadata.MetadataTestBed.OWNER;
import static io.pataka.service.metadata.MetadataTestBed.key;
import static io.pataka.service.metadata.MetadataTestBed.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.metadata.ObjectIndex.NewVersion;
import io.pataka.service.metadata.UploadLedger.Completion.Completed;
import io.pataka.service.metadata.UploadLedger.Upload;
import io.pataka.service.metadata.UploadLedger.UploadChecksum;
import io.pataka.service.metadata.UploadLedger.UploadedPart;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.Checksum;
import io.pataka.service.model.Content;
import io.pataka.service.model.ETag;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.WriteCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class BlobLedgerContractTest {

    private static final Duration DAYS = Duration.ofDays(2);

    private static MetadataTestBed bed;
    private static BlobLedger ledger;

    @BeforeAll
    static void open() {
        bed = new MetadataTestBed();
        ledger = bed.blobs;
    }

    @AfterAll
    static void close() {
        bed.close();
    }

    @Test
    void handsOutRetiredBlobsAfterTheirGraceOldestFirst() {
        List<BlobId> blobs = List.of(BlobId.random(0), BlobId.random(1), BlobId.random(2));
        for (BlobId blob : blobs) {
            ledger.retire(List.of(blob));
        }
        ledger.retire(blobs);

        assertThat(ledger.due(Duration.ofHours(1), 100)).doesNotContainAnyElementsOf(blobs);
        assertThat(ledger.due(Duration.ZERO, 100)).containsSubsequence(blobs);
        long waiting = ledger.waiting();
        ledger.unlist(blobs);
        assertThat(ledger.due(Duration.ZERO, 100)).doesNotContainAnyElementsOf(blobs);
        assertThat(ledger.waiting()).isEqualTo(waiting - 3);
    }

    @Test
    void needsTheBlobsOfCurrentAndNoncurrentVersions() {
        Bucket bucket = bed.bucket(Versioning.ENABLED);
        BlobId old = BlobId.random(0);
        BlobId present = BlobId.random(0);
        publish(bucket, "k", old);
        publish(bucket, "k", present);

        assertThat(ledger.isNeeded(old, bucket.id(), key("k"))).isTrue();
        assertThat(ledger.isNeeded(present, bucket.id(), key("k"))).isTrue();
        assertThat(ledger.isNeeded(BlobId.random(0), bucket.id(), key("k"))).isFalse();
    }

    @Test
    void needsASharedBlobUntilTheLastKeyLosesIt() {
        Bucket bucket = bed.bucket(Versioning.OFF);
        BlobId blob = BlobId.random(0);
        publish(bucket, "source", blob);
        Content content = ledger.share(bucket.id(), new Content.Whole(blob), bucket.id(), key("copy"))
                .orElseThrow();
        remove(bucket, "source");
        assertThat(ledger.isNeeded(blob, bucket.id(), key("source")))
                .as("before it is published")
                .isTrue();
        publish(bucket, "copy", content);
        age("blob_link", "linked_at");
        ledger.unlist(List.of(blob));
        assertThat(ledger.isNeeded(blob, bucket.id(), key("source")))
                .as("while the copy is there")
                .isTrue();

        remove(bucket, "copy");
        assertThat(ledger.isNeeded(blob, bucket.id(), key("source")))
                .as("at the end")
                .isFalse();
        ledger.unlist(List.of(blob));
        assertThat(bed.count("SELECT COUNT(*) FROM blob_link WHERE HEX(blob_id) = '" + blob + "'"))
                .isZero();
    }

    @Test
    void letsAShareLapseThatIsNotPublished() {
        Bucket bucket = bed.bucket(Versioning.OFF);
        BlobId blob = BlobId.random(0);
        assertThat(ledger.share(bucket.id(), new Content.Whole(blob), bucket.id(), key("copy")))
                .isPresent();
        assertThat(ledger.isNeeded(blob, bucket.id(), key("source"))).isTrue();
        age("blob_link", "linked_at");
        assertThat(ledger.isNeeded(blob, bucket.id(), key("source"))).isFalse();
    }

    @Test
    void comesBackToABlobThatOnlyALapsingShareKept() {
        Bucket bucket = bed.bucket(Versioning.OFF);
        BlobId blob = BlobId.random(0);
        publish(bucket, "source", blob);
        publish(
                bucket,
                "copy",
                ledger.share(bucket.id(), new Content.Whole(blob), bucket.id(), key("copy"))
                        .orElseThrow());
        remove(bucket, "source");
        remove(bucket, "copy");
        ledger.retire(List.of(blob));

        ledger.unlist(List.of(blob));
        assertThat(ledger.isRetired(blob)).isTrue();
        assertThat(ledger.due(Duration.ZERO, 1000))
                .as("before the share has lapsed")
                .doesNotContain(blob);

        age("blob_link", "linked_at");
        age("retired_blob", "retired_at");
        assertThat(ledger.due(Duration.ZERO, 1000)).contains(blob);
        ledger.unlist(List.of(blob));
        assertThat(ledger.isRetired(blob)).isFalse();
    }

    @Test
    void retiresSharedPartsWithTheLastListThatHasThem() {
        Bucket bucket = bed.bucket(Versioning.OFF);
        UploadedPart part = new UploadedPart(
                1, BlobId.random(0), 5, new ETag("00000000000000000000000000000000"), Instant.EPOCH, List.of());
        NewVersion source = completed(bucket, "source", part);
        Content copied = ledger.share(bucket.id(), source.content(), bucket.id(), key("copy"))
                .orElseThrow();
        publish(bucket, "copy", copied);
        Content lapsed = ledger.share(bucket.id(), source.content(), bucket.id(), key("never"))
                .orElseThrow();
        remove(bucket, "source");

        awaitRetiredParts();
        assertThat(bed.isRetired(part.blob())).isTrue();
        assertThat(ledger.isNeeded(part.blob(), bucket.id(), key("source"))).isTrue();
        assertThat(ledger.share(bucket.id(), source.content(), bucket.id(), key("late")))
                .isEmpty();
        age("retired_parts", "due_at");
        awaitRetiredParts();
        assertThat(bed.objects.partsAfter(bucket.id(), (Content.Parts) copied, 0, 10))
                .hasSize(1);
        assertThat(bed.objects.partsAfter(bucket.id(), (Content.Parts) lapsed, 0, 10))
                .isEmpty();

        remove(bucket, "copy");
        awaitRetiredParts();
        assertThat(ledger.isNeeded(part.blob(), bucket.id(), key("source"))).isFalse();
    }

    private static NewVersion completed(Bucket bucket, String name, UploadedPart part) {
        Upload upload = bed.uploads
                .begin(
                        bucket,
                        key(name),
                        OWNER,
                        ObjectFacts.plain(),
                        new UploadChecksum(Optional.empty(), Checksum.Type.COMPOSITE),
                        CHANGE)
                .orElseThrow();
        bed.uploads.putPart(upload, part, CHANGE);
        return ((Completed) bed.uploads.complete(
                        bucket, upload, UploadLedgerContractTest.assembly(upload), WriteCondition.NONE, CHANGE))
                .version();
    }

    /** Removes a multi-part object's row and works off every list that is due, also those of other tests. */
    private static void awaitRetiredParts() {
        assertThat(bed.objects.retirement().flush(Duration.ofSeconds(10))).isTrue();
        while (ledger.retireParts(1)) {
            // one part after the other
        }
    }

    private static void age(String table, String column) {
        bed.database.write(handle ->
                handle.execute("UPDATE " + table + " SET " + column + " = " + column + " - ?", DAYS.toNanos() / 1_000));
    }

    private static void publish(Bucket bucket, String name, BlobId blob) {
        bed.objects.publish(bucket, version(name, blob), WriteCondition.NONE, CHANGE);
    }

    private static void publish(Bucket bucket, String name, Content content) {
        bed.objects.publish(
                bucket,
                new NewVersion(key(name), 5, new ETag("e"), OWNER, content, ObjectFacts.plain()),
                WriteCondition.NONE,
                CHANGE);
    }

    private static void remove(Bucket bucket, String name) {
        bed.objects.remove(
                bucket, new ObjectIndex.RemovalRequest(key(name), Optional.empty(), WriteCondition.NONE), CHANGE);
    }
}
