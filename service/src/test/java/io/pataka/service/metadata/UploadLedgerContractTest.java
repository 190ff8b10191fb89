package io.pataka.service.metadata;

import static io.pataka.service.metadata.MetadataTestBed.CHANGE;
import static io.pataka.service.metadata.MetadataTestBed.OWNER;
import static io.pataka.service.metadata.MetadataTestBed.key;
import static io.pataka.service.metadata.MetadataTestBed.version;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.metadata.ObjectIndex.KeyRange;
import io.pataka.service.metadata.ObjectIndex.NewVersion;
import io.pataka.service.metadata.ObjectIndex.StoredPart;
import io.pataka.service.metadata.UploadLedger.Assembled;
import io.pataka.service.metadata.UploadLedger.Assembly;
import io.pataka.service.metadata.UploadLedger.CompletedUpload;
import io.pataka.service.metadata.UploadLedger.Completion;
import io.pataka.service.metadata.UploadLedger.Completion.Completed;
import io.pataka.service.metadata.UploadLedger.Upload;
import io.pataka.service.metadata.UploadLedger.UploadChecksum;
import io.pataka.service.metadata.UploadLedger.UploadedPart;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.Checksum;
import io.pataka.service.model.ChecksumAlgorithm;
import io.pataka.service.model.Content;
import io.pataka.service.model.ETag;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.UploadId;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.testing.Changes;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class UploadLedgerContractTest {

    private static MetadataTestBed bed;
    private static UploadLedger uploads;

    @BeforeAll
    static void open() {
        bed = new MetadataTestBed();
        uploads = bed.uploads;
    }

    @AfterAll
    static void close() {
        bed.close();
    }

    @Test
    void findsAnUploadByItsBucketAndKeyOnly() {
        Bucket bucket = bed.bucket(Versioning.OFF);
        Upload upload = uploads.begin(
                        bucket,
                        key("k"),
                        OWNER,
                        ObjectFacts.plain().withAcl(Optional.of("{}")),
                        new UploadChecksum(Optional.of(ChecksumAlgorithm.CRC64NVME), Checksum.Type.FULL_OBJECT),
                        CHANGE)
                .orElseThrow();

        assertThat(uploads.find(bucket, key("k"), upload.id())).contains(upload);
        assertThat(uploads.find(bucket, key("other"), upload.id())).isEmpty();
        assertThat(uploads.find(bed.bucket(Versioning.OFF), key("k"), upload.id()))
                .isEmpty();
    }

    @Test
    void beginsNothingInABucketThatIsGone() {
        Bucket bucket = bed.bucket(Versioning.OFF);
        bed.buckets.delete(bucket, Changes.any());
        assertThat(uploads.begin(
                        bucket,
                        key("k"),
                        OWNER,
                        ObjectFacts.plain(),
                        new UploadChecksum(Optional.empty(), Checksum.Type.COMPOSITE),
                        CHANGE))
                .isEmpty();
    }

    @Test
    void replacesAPartAndRetiresItsBlob() throws Exception {
        Upload upload = begin(bed.bucket(Versioning.OFF), "k");
        UploadedPart first = part(2, 5);
        UploadedPart second = part(2, 6);

        assertThat(uploads.putPart(upload, first, CHANGE).refusal()).isEmpty();
        assertThat(uploads.putPart(upload, part(1, 7), CHANGE).refusal()).isEmpty();
        assertThat(uploads.putPart(upload, second, CHANGE).refusal()).isEmpty();

        assertThat(uploads.parts(upload, 1, 10)).containsExactly(second);
        bed.awaitRetired(first.blob());
        assertThat(uploads.parts(upload, 0, 1)).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(Versioning.class)
    void publishesTheNamedPartsAndRetiresTheOthers(Versioning versioning) {
        Bucket bucket = bed.bucket(versioning);
        BlobId before = BlobId.random(0);
        bed.objects.publish(bucket, version("k", before), WriteCondition.NONE, CHANGE);
        Upload upload = begin(bucket, "k");
        List<UploadedPart> parts = List.of(part(3, 10), part(5, 20), part(9, 30), part(10, 0));
        parts.forEach(it -> uploads.putPart(upload, it, CHANGE));
        List<UploadedPart> named = List.of(parts.get(0), parts.get(2), parts.get(3));

        Completed completed = (Completed) complete(bucket, upload, named);

        Content.Parts content = (Content.Parts)
                bed.objects.current(bucket, key("k")).orElseThrow().content();
        assertThat(content).isEqualTo(new Content.Parts(upload.id(), 3));
        assertThat(bed.objects.partsAfter(bucket.id(), content, 0, 10).stream().map(StoredPart::offset))
                .containsExactly(0L, 10L, 40L);
        assertThat(offsets(bed.objects.partsAfter(bucket.id(), content, 1, 1))).containsExactly(10L);
        assertThat(bed.objects.partsAfter(bucket.id(), content, 3, 1)).isEmpty();
        assertThat(offsets(bed.objects.parts(bucket.id(), content, 0, 1))).containsExactly(0L);
        assertThat(offsets(bed.objects.parts(bucket.id(), content, 9, 2))).containsExactly(0L, 10L);
        assertThat(offsets(bed.objects.parts(bucket.id(), content, 10, 1))).containsExactly(10L);
        assertThat(offsets(bed.objects.parts(bucket.id(), content, 39, 100))).containsExactly(10L);
        assertThat(bed.isRetired(parts.get(1).blob())).isTrue();
        assertThat(bed.isRetired(before)).isEqualTo(versioning != Versioning.ENABLED);
        assertThat(uploads.find(bucket, key("k"), upload.id())).isEmpty();
        assertThat(uploads.putPart(upload, part(1, 1), CHANGE).refusal()).contains(Refusal.NO_SUCH_UPLOAD);
        assertThat(uploads.completed(bucket, key("k"), upload.id()))
                .contains(new CompletedUpload(upload.id(), completed.id(), etag(named)));
        assertThat(complete(bucket, upload, named)).isEqualTo(new Completion.Refused(Refusal.NO_SUCH_UPLOAD));
    }

    @Test
    void leavesTheUploadAsItIsWhenTheAssemblyRefusesItsParts() {
        Bucket bucket = bed.bucket(Versioning.OFF);
        Upload upload = begin(bucket, "k");
        UploadedPart replaced = part(1, 5);
        UploadedPart part = part(1, 5);
        uploads.putPart(upload, replaced, CHANGE);
        uploads.putPart(upload, part, CHANGE);
        IllegalArgumentException refusal = new IllegalArgumentException("no such part");

        assertThatThrownBy(() -> uploads.complete(
                        bucket,
                        upload,
                        parts -> {
                            assertThat(parts).containsExactly(part);
                            throw refusal;
                        },
                        WriteCondition.NONE,
                        CHANGE))
                .isSameAs(refusal);

        assertThat(uploads.parts(upload, 0, 10)).containsExactly(part);
        assertThat(bed.objects.current(bucket, key("k"))).isEmpty();
        assertThat(complete(bucket, upload, List.of(part))).isInstanceOf(Completed.class);
    }

    @Test
    void keepsTheUploadWhenTheConditionDoesNotHold() {
        Bucket bucket = bed.bucket(Versioning.OFF);
        bed.objects.publish(bucket, version("k", BlobId.random(0)), WriteCondition.NONE, CHANGE);
        Upload upload = begin(bucket, "k");
        UploadedPart part = part(1, 5);
        uploads.putPart(upload, part, CHANGE);

        assertThat(uploads.complete(bucket, upload, assembly(upload), new WriteCondition.Absent(), CHANGE))
                .isEqualTo(new Completion.Refused(Refusal.CONDITION_UNMET));
        assertThat(uploads.parts(upload, 0, 10)).containsExactly(part);
        assertThat(complete(bucket, upload, List.of(part))).isInstanceOf(Completed.class);
    }

    @Test
    void retiresAnAbortedUploadsPartsInBatches() {
        Bucket bucket = bed.bucket(Versioning.OFF);
        Upload upload = begin(bucket, "k");
        List<UploadedPart> parts =
                IntStream.rangeClosed(1, 25).mapToObj(n -> part(n, 1)).toList();
        parts.forEach(it -> uploads.putPart(upload, it, CHANGE));

        assertThat(uploads.abort(bucket, key("other"), upload.id(), CHANGE)).isFalse();
        assertThat(uploads.abort(bucket, key("k"), upload.id(), CHANGE)).isTrue();
        assertThat(uploads.abort(bucket, key("k"), upload.id(), CHANGE)).isFalse();
        assertThat(bed.blobs.isNeeded(parts.get(24).blob(), bucket.id(), key("k")))
                .isTrue();
        while (bed.blobs.retireParts(10)) {
            // works off what this and other tests left
        }
        parts.forEach(it -> assertThat(bed.isRetired(it.blob())).isTrue());
        assertThat(bed.blobs.isNeeded(parts.get(24).blob(), bucket.id(), key("k")))
                .isFalse();
    }

    @Test
    void removesUploadsWithTheirBucket() {
        Bucket bucket = bed.bucket(Versioning.OFF);
        Upload upload = begin(bucket, "k");
        UploadedPart part = part(1, 5);
        uploads.putPart(upload, part, CHANGE);

        assertThat(bed.buckets.delete(bucket, Changes.any())).isEqualTo(BucketCatalog.Deletion.DELETED);

        assertThat(uploads.putPart(upload, part(2, 5), CHANGE).refusal()).contains(Refusal.NO_SUCH_UPLOAD);
        while (bed.blobs.retireParts(10)) {
            // works off what this and other tests left
        }
        assertThat(bed.isRetired(part.blob())).isTrue();
    }

    @Test
    void pagesThroughUploadsByKeyAndBeginning() throws Exception {
        Bucket bucket = bed.bucket(Versioning.OFF);
        List<UploadId> expected = new ArrayList<>();
        for (String name : List.of("a", "b", "b ", "c/d")) {
            for (int i = 0; i < 3; i++) {
                expected.add(begin(bucket, name).id());
                Thread.sleep(2);
            }
        }
        for (int limit = 1; limit <= 13; limit++) {
            List<UploadId> seen = new ArrayList<>();
            KeyRange range = new KeyRange(new byte[0], true, Optional.empty());
            Optional<UploadId> marker = Optional.empty();
            while (true) {
                List<Upload> page = uploads.scan(bucket, range, marker, limit);
                page.forEach(upload -> seen.add(upload.id()));
                if (page.size() < limit) {
                    break;
                }
                Upload last = page.get(page.size() - 1);
                range = new KeyRange(last.key().bytes(), true, Optional.empty());
                marker = Optional.of(last.id());
            }
            assertThat(seen).as("pages of %s", limit).isEqualTo(expected);
        }
        assertThat(uploads.scan(
                        bucket,
                        new KeyRange("b".getBytes(UTF_8), true, Optional.of("b ".getBytes(UTF_8))),
                        Optional.empty(),
                        100))
                .hasSize(3);
    }

    @Test
    void completesAnUploadOfTenThousandParts() {
        Bucket bucket = bed.bucket(Versioning.OFF);
        Upload upload = begin(bucket, "big");
        List<UploadedPart> parts =
                IntStream.rangeClosed(1, 10_000).mapToObj(n -> part(n, 5)).toList();
        parts.forEach(it -> uploads.putPart(upload, it, CHANGE));

        assertThat(complete(bucket, upload, parts)).isInstanceOf(Completed.class);

        Content.Parts content = (Content.Parts)
                bed.objects.current(bucket, key("big")).orElseThrow().content();
        assertThat(offsets(bed.objects.parts(bucket.id(), content, 49_994, 100)))
                .containsExactly(49_990L, 49_995L);
    }

    @Test
    void forgetsCompletedUploads() {
        Bucket bucket = bed.bucket(Versioning.OFF);
        Upload upload = begin(bucket, "k");
        UploadedPart part = part(1, 5);
        uploads.putPart(upload, part, CHANGE);
        complete(bucket, upload, List.of(part));

        uploads.expireCompleted(Duration.ofDays(1), 1_000);
        assertThat(uploads.completed(bucket, key("k"), upload.id())).isPresent();
        uploads.expireCompleted(Duration.ZERO, 1_000);
        assertThat(uploads.completed(bucket, key("k"), upload.id())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Versioning.class)
    void aConditionIsOnTheVersionThatWasCurrentWhenTheUploadBegan(Versioning versioning) {
        Bucket bucket = bed.bucket(versioning);
        Upload onNothing = begin(bucket, "k");
        bed.objects.publish(bucket, version("k", BlobId.random(0)), WriteCondition.NONE, CHANGE);
        Upload onFirst = begin(bucket, "k");
        bed.objects.publish(bucket, version("k", BlobId.random(0)), WriteCondition.NONE, CHANGE);
        Upload onSecond = begin(bucket, "k");
        UploadedPart part = part(1, 10);
        List.of(onNothing, onFirst, onSecond).forEach(upload -> uploads.putPart(upload, part, CHANGE));
        WriteCondition present = new WriteCondition.Present();

        assertThat(complete(bucket, onNothing, List.of(part), present))
                .isEqualTo(new Completion.Refused(Refusal.CONFLICT));
        assertThat(complete(bucket, onFirst, List.of(part), present))
                .isEqualTo(new Completion.Refused(Refusal.CONFLICT));
        assertThat(complete(bucket, onFirst, List.of(part), new WriteCondition.Absent()))
                .isEqualTo(new Completion.Refused(Refusal.CONDITION_UNMET));
        assertThat(complete(bucket, onSecond, List.of(part), present)).isInstanceOf(Completed.class);
        assertThat(complete(bucket, onFirst, List.of(part), WriteCondition.NONE))
                .isInstanceOf(Completed.class);
    }

    @Test
    void anUploadOfThePreviousReleaseCompletesUnderTheConditionAlone() {
        Bucket bucket = bed.bucket(Versioning.OFF);
        Upload upload = begin(bucket, "k");
        bed.database.write(handle -> handle.execute("UPDATE upload SET base_sequence = NULL WHERE id = ?", (Object)
                upload.id().bytes()));
        bed.objects.publish(bucket, version("k", BlobId.random(0)), WriteCondition.NONE, CHANGE);
        UploadedPart part = part(1, 10);
        uploads.putPart(upload, part, CHANGE);

        assertThat(complete(bucket, upload, List.of(part), new WriteCondition.Present()))
                .isInstanceOf(Completed.class);
    }

    private static Upload begin(Bucket bucket, String name) {
        return uploads.begin(
                        bucket,
                        key(name),
                        OWNER,
                        ObjectFacts.plain(),
                        new UploadChecksum(Optional.empty(), Checksum.Type.COMPOSITE),
                        CHANGE)
                .orElseThrow();
    }

    private static UploadedPart part(int number, long size) {
        BlobId blob = BlobId.random(0);
        return new UploadedPart(
                number,
                blob,
                size,
                new ETag(blob.toString()),
                Instant.now().truncatedTo(ChronoUnit.MICROS),
                List.of(new Checksum(ChecksumAlgorithm.CRC32, Checksum.Type.FULL_OBJECT, "AAAAAA==")));
    }

    private static List<Long> offsets(List<StoredPart> parts) {
        return parts.stream().map(StoredPart::offset).toList();
    }

    private static Completion complete(Bucket bucket, Upload upload, List<UploadedPart> parts) {
        return complete(bucket, upload, parts, WriteCondition.NONE);
    }

    private static Completion complete(
            Bucket bucket, Upload upload, List<UploadedPart> parts, WriteCondition condition) {
        return uploads.complete(bucket, upload, all -> assembled(upload, parts), condition, CHANGE);
    }

    /** Uses all parts that there are. */
    static Assembly assembly(Upload upload) {
        return parts -> assembled(upload, parts);
    }

    private static Assembled assembled(Upload upload, List<UploadedPart> parts) {
        return new Assembled(
                parts.stream().map(UploadedPart::number).collect(Collectors.toSet()), whole(upload, parts));
    }

    private static NewVersion whole(Upload upload, List<UploadedPart> parts) {
        return new NewVersion(
                upload.key(),
                parts.stream().mapToLong(UploadedPart::size).sum(),
                etag(parts),
                OWNER,
                new Content.Parts(upload.id(), parts.size()),
                ObjectFacts.plain());
    }

    private static ETag etag(List<UploadedPart> parts) {
        StringBuilder tags = new StringBuilder();
        parts.forEach(part -> tags.append(part.etag().value()));
        return new ETag(DigestUtils.md5Hex(HexFormat.of().parseHex(tags)) + "-" + parts.size());
    }
}
