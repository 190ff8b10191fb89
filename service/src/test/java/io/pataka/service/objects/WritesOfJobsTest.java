package io.pataka.service.objects;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.access.ServiceRole;
import io.pataka.service.access.WritePermit;
import io.pataka.service.content.Contents.Piece;
import io.pataka.service.content.IntakePlan;
import io.pataka.service.content.PendingContent;
import io.pataka.service.metadata.ChangeRules;
import io.pataka.service.metadata.ContentMoves;
import io.pataka.service.metadata.MariaDbVersionLocks;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.ObjectIndex.AppendedPart;
import io.pataka.service.metadata.ObjectIndex.FactsUpdate;
import io.pataka.service.metadata.ObjectIndex.NewVersion;
import io.pataka.service.metadata.ObjectIndex.Publication;
import io.pataka.service.metadata.ObjectIndex.Removal;
import io.pataka.service.metadata.ObjectIndex.RemovalRequest;
import io.pataka.service.metadata.ObjectIndex.VersionSelector;
import io.pataka.service.metadata.Refusal;
import io.pataka.service.metadata.VersionLocks;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.ByteSource;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.Content;
import io.pataka.service.model.DataKey;
import io.pataka.service.model.ETag;
import io.pataka.service.model.EncryptionMode;
import io.pataka.service.model.Envelope;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.ObjectLock;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.Owner;
import io.pataka.service.model.Placement;
import io.pataka.service.model.Retention;
import io.pataka.service.model.RetentionMode;
import io.pataka.service.model.StoredForm.Encrypted;
import io.pataka.service.model.UploadId;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.objects.ObjectCopier.Copy;
import io.pataka.service.operation.StoreTestBed;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.xml.XmlElement;
import io.pataka.service.testing.Changes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Writes of jobs, without a request, on a real database and real blobs. Operations then read the objects. */
final class WritesOfJobsTest {

    private static final ServiceRole ROLE = new ServiceRole("lifecycle");
    private static final ObjectKey KEY = ObjectKey.of("k");
    private static final byte[] BODY = "content that a job writes".getBytes(UTF_8);
    private static final WriteCondition ABSENT = new WriteCondition.Absent();
    private static final byte[] NONE = {};
    private static final ObjectLock LOCK = new ObjectLock(
            Optional.of(new Retention(RetentionMode.COMPLIANCE, Instant.parse("2140-01-01T00:00:00.000001Z"))), true);

    @TempDir
    private Path folder;

    private StoreTestBed bed;
    private String failingMove = "";
    private final List<String> statements = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        bed = new StoreTestBed(folder, UnaryOperator.identity(), this::remembering, UnaryOperator.identity());
    }

    @AfterEach
    void close() {
        bed.close();
    }

    /** Remembers which methods of the index are called. */
    private ObjectIndex remembering(ObjectIndex real) {
        return remembering(ObjectIndex.class, real);
    }

    /** Remembers which methods are called. That of the name {@link #failingMove} fails once, after its commit. */
    private <T> T remembering(Class<T> type, T real) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, values) -> {
                    statements.add(method.getName());
                    try {
                        Object result = method.invoke(real, values);
                        if (method.getName().equals(failingMove)) {
                            failingMove = "";
                            throw new IllegalStateException("after the commit");
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private StorageClassMover mover() {
        return new StorageClassMover(bed.index, remembering(ContentMoves.class, bed.moves), bed.copier, bed.retry);
    }

    private Bucket bucket(Versioning versioning) {
        Bucket bucket = bed.bucket("bucket");
        return versioning == Versioning.OFF
                ? bucket
                : bed.buckets.setVersioning(bucket, versioning, Changes.any()).orElseThrow();
    }

    private static Target target(Bucket bucket, ObjectKey key, Kind kind) {
        return new Target(bucket, key, bucket.owner(), ROLE.permit(bucket), kind);
    }

    private Publication put(Bucket bucket, byte[] bytes, WriteCondition condition) throws IOException {
        IntakePlan plan = new IntakePlan(
                bucket.id(),
                KEY,
                ObjectFacts.plain().placement(),
                OptionalLong.of(bytes.length),
                1_000_000,
                Optional.empty(),
                Set.of(),
                List::of);
        ObjectFacts facts = ObjectFacts.plain().withTags(new TreeMap<>(Map.of("by", "job")));
        try (PendingContent content = bed.contents.receive(new ByteArrayInputStream(bytes), plan)) {
            return bed.writer.put(target(bucket, KEY, Kind.PUT), content, facts, condition);
        }
    }

    private ObjectVersion current(Bucket bucket) {
        return bed.index.current(bucket, KEY).orElseThrow();
    }

    @Test
    void aJobPutsAnObjectUnderACondition() throws IOException {
        Bucket bucket = bucket(Versioning.OFF);

        assertThat(put(bucket, BODY, ABSENT).refusal()).isEmpty();
        assertThat(put(bucket, "other".getBytes(UTF_8), ABSENT).refusal()).contains(Refusal.CONDITION_UNMET);

        assertThat(bed.read("/bucket/k")).isEqualTo(BODY);
        assertThat(current(bucket).facts().tags()).containsEntry("by", "job");
        assertThat(bed.blobFiles()).isEqualTo(1);
    }

    @Test
    void aJobWritesToABucketWhoseSettingsHaveChanged() throws IOException {
        Bucket stale = bucket(Versioning.OFF);
        assertThat(bed.buckets.setVersioning(stale, Versioning.ENABLED, Changes.any()))
                .isPresent();

        Publication.Published published = (Publication.Published) put(stale, BODY, ABSENT);

        assertThat(published.id().isNull()).isFalse();
        assertThat(bed.read("/bucket/k")).isEqualTo(BODY);
    }

    @Test
    void aJobLearnsThatTheBucketIsGone() throws IOException {
        Bucket bucket = bucket(Versioning.OFF);
        bed.buckets.delete(bucket, Changes.any());
        assertThat(put(bucket, BODY, ABSENT).refusal()).contains(Refusal.BUCKET_GONE);

        bed.bucket("bucket");
        assertThat(put(bucket, BODY, ABSENT).refusal()).contains(Refusal.BUCKET_REPLACED);
        assertThat(bed.blobFiles()).isZero();
    }

    @Test
    void aPermitIsForOneBucket() {
        Bucket bucket = bucket(Versioning.OFF);
        WritePermit permit = ROLE.permit(bed.bucket("other"));

        assertThatThrownBy(() -> permit.change(bucket, Kind.PUT)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @EnumSource(Versioning.class)
    void aJobDeletesAnObject(Versioning versioning) throws IOException {
        Bucket bucket = bucket(versioning);
        put(bucket, BODY, WriteCondition.NONE);
        ObjectRemover remover = new ObjectRemover(bed.index, bed.retry);
        WriteCondition other = new WriteCondition.Matches(List.of(new ETag("0".repeat(32))));
        WriteCondition same = new WriteCondition.Matches(List.of(current(bucket).etag()));

        assertThat(remove(remover, bucket, other).refusal()).contains(Refusal.CONDITION_UNMET);
        Removal removal = remove(remover, bucket, same);

        assertThat(removal.refusal()).isEmpty();
        Optional<ObjectVersion> marker = bed.index.current(bucket, KEY);
        assertThat(marker.isPresent()).isEqualTo(versioning != Versioning.OFF);
        assertThat(marker.map(ObjectVersion::owner)).isEqualTo(marker.map(version -> bucket.owner()));
    }

    private static Removal remove(ObjectRemover remover, Bucket bucket, WriteCondition condition) {
        return remover.remove(
                bucket,
                new RemovalRequest(KEY, Optional.empty(), condition),
                ROLE.permit(bucket),
                Kind.LIFECYCLE_EXPIRATION);
    }

    @ParameterizedTest
    @EnumSource(
            value = Versioning.class,
            names = {"OFF", "ENABLED"})
    void aJobDeletesWhatItJudgedAndNothingNewer(Versioning versioning) throws IOException {
        Bucket bucket = bucket(versioning);
        put(bucket, BODY, WriteCondition.NONE);
        WriteCondition judged =
                new WriteCondition.Matches(List.of(current(bucket).etag()));
        byte[] newer = "newer".getBytes(UTF_8);
        put(bucket, newer, WriteCondition.NONE);

        Removal removal = remove(new ObjectRemover(bed.index, bed.retry), bucket, judged);

        assertThat(removal.refusal()).contains(Refusal.CONDITION_UNMET);
        assertThat(bed.read("/bucket/k")).isEqualTo(newer);
    }

    @ParameterizedTest
    @EnumSource(
            value = Versioning.class,
            names = {"OFF", "ENABLED"})
    void aJobCopiesAnObjectByItsBlobOrByItsBytes(Versioning versioning) throws IOException {
        Bucket bucket = bucket(versioning);
        put(bucket, BODY, WriteCondition.NONE);
        ObjectVersion source = current(bucket);

        for (String storageClass : List.of("STANDARD", StoreTestBed.COLD)) {
            ObjectKey key = ObjectKey.of("copy-" + storageClass);
            ObjectFacts facts = of(storageClass);
            Copy copy = bed.copier.copy(target(bucket, key, Kind.COPY), source, facts, Optional.empty(), ABSENT);
            assertThat(copy.refusal()).isEmpty();
            assertThat(bed.read("/bucket/" + key)).isEqualTo(BODY);
            Copy again = bed.copier.copy(target(bucket, key, Kind.COPY), source, facts, Optional.empty(), ABSENT);
            assertThat(again.refusal()).contains(Refusal.CONDITION_UNMET);
        }
        assertThat(bed.blobFiles())
                .as("one blob that is shared, and one that was copied")
                .isEqualTo(2);
    }

    private static ObjectFacts of(String storageClass) {
        return ObjectFacts.builder().storageClass(storageClass).build();
    }

    private FactsUpdate move(Bucket bucket, ObjectVersion version) throws IOException {
        return mover().move(bucket, version, StoreTestBed.COLD, ROLE.permit(bucket));
    }

    @ParameterizedTest
    @EnumSource(Versioning.class)
    void aJobMovesAnObjectAndNothingElseOfItChanges(Versioning versioning) throws IOException {
        Bucket bucket = bucket(versioning);
        put(bucket, BODY, WriteCondition.NONE);
        ObjectVersion before = current(bucket);

        assertThat(move(bucket, before)).isEqualTo(new FactsUpdate.Updated(before.id()));

        assertMoved(before, current(bucket));
        assertThat(bed.read("/bucket/k")).isEqualTo(BODY);
        assertThat(bed.blobs.waiting())
                .as("the old blob waits for the collector")
                .isEqualTo(1);
        assertThat(move(bucket, before).refusal()).as("it is there already").contains(Refusal.CONFLICT);
        assertThat(bed.blobFiles()).isEqualTo(2);
    }

    private static void assertMoved(ObjectVersion before, ObjectVersion after) {
        assertThat(after)
                .usingRecursiveComparison()
                .ignoringFields("content", "facts.storageClass")
                .isEqualTo(before);
        // A list of parts stays, and its parts get other blobs.
        assertThat(after.content().equals(before.content())).isEqualTo(before.content() instanceof Content.Parts);
        assertThat(after.facts().storageClass()).isEqualTo(StoreTestBed.COLD);
    }

    /** As with SSE-C: the job has the envelope in the row, and no key. */
    @ParameterizedTest
    @ValueSource(ints = {0, 11, 200_000})
    void aJobMovesAnEncryptedObjectWithoutItsKey(int length) throws IOException {
        Bucket bucket = bucket(Versioning.OFF);
        byte[] bytes = random(length);
        Encrypted form = encrypted();
        try (PendingContent content = receive(bucket, bytes, form)) {
            ObjectFacts facts = ObjectFacts.builder().form(form).build();
            bed.writer.put(target(bucket, KEY, Kind.PUT), content, facts, ABSENT);
        }
        ObjectVersion before = current(bucket);
        assertThat(before.facts().form()).isEqualTo(new Encrypted(form.envelope(), Optional.empty()));

        assertThat(move(bucket, before).refusal()).isEmpty();

        assertMoved(before, current(bucket));
        assertThat(read(current(bucket), form)).isEqualTo(bytes);
    }

    @Test
    void aJobMovesAnEncryptedObjectInPartsWithoutItsKey() throws IOException {
        Bucket bucket = bucket(Versioning.OFF);
        byte[] bytes = random(200_000);
        Encrypted form = encrypted();
        for (int i = 1; i <= 2; i++) {
            Optional<ObjectVersion> base = bed.index.current(bucket, KEY);
            Content.Parts list = base.map(version -> (Content.Parts) version.content())
                    .map(parts -> new Content.Parts(parts.upload(), 2))
                    .orElse(new Content.Parts(UploadId.random(), 1));
            PendingContent part = receive(bucket, bytes, form);
            part.keep();
            NewVersion whole = new NewVersion(
                    KEY,
                    (long) i * bytes.length,
                    part.etag(),
                    bucket.owner(),
                    list,
                    ObjectFacts.builder().form(form).build());
            AppendedPart added = new AppendedPart(part.blob(), part.size(), part.etag(), List.of());
            bed.index.append(bucket, base, whole, added, WriteCondition.NONE, Changes.any());
        }
        ObjectVersion before = current(bucket);

        assertThat(move(bucket, before).refusal()).isEmpty();

        assertMoved(before, current(bucket));
        assertThat(read(current(bucket), form))
                .isEqualTo(ByteBuffer.allocate(400_000).put(bytes).put(bytes).array());
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static Encrypted encrypted() {
        Envelope envelope = new Envelope(EncryptionMode.CUSTOMER, "", "d3JhcHBlZA==", Optional.empty(), false);
        return new Encrypted(envelope, Optional.of(DataKey.random()));
    }

    private PendingContent receive(Bucket bucket, byte[] bytes, Encrypted form) throws IOException {
        IntakePlan plan = new IntakePlan(
                bucket.id(),
                KEY,
                new Placement("STANDARD", form),
                OptionalLong.of(bytes.length),
                1_000_000,
                Optional.empty(),
                Set.of(),
                List::of);
        return bed.contents.receive(new ByteArrayInputStream(bytes), plan);
    }

    /** Reads a version as an operation does that has unwrapped the data key. */
    private byte[] read(ObjectVersion version, Encrypted form) throws IOException {
        List<Piece> pieces = version.content() instanceof Content.Whole whole
                ? List.of(new Piece(whole.blob(), form, version.size(), 0, version.size()))
                : bed.index.parts(version.bucketId(), (Content.Parts) version.content(), 0, version.size()).stream()
                        .map(part -> new Piece(part.blob(), form, part.size(), 0, part.size()))
                        .toList();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ByteSource source = bed.contents.open(pieces)) {
            source.transferTo(out);
        }
        return out.toByteArray();
    }

    @Test
    void aJobMovesAVersionThatIsNotCurrent() throws IOException {
        Bucket bucket = bucket(Versioning.ENABLED);
        put(bucket, BODY, WriteCondition.NONE);
        ObjectVersion old = current(bucket);
        put(bucket, "newer".getBytes(UTF_8), WriteCondition.NONE);
        ObjectVersion newer = current(bucket);

        assertThat(move(bucket, old).refusal()).isEmpty();

        assertMoved(
                old,
                bed.index.version(bucket, KEY, VersionSelector.of(old.id())).orElseThrow());
        assertThat(current(bucket)).isEqualTo(newer);
        assertThat(bed.read("/bucket/k?versionId=" + old.id().text())).isEqualTo(BODY);
    }

    @Test
    void aJobMovesAnObjectInPartsPartByPart() throws IOException {
        Bucket bucket = bucket(Versioning.OFF);
        byte[] whole = new byte[(5 << 20) + 11];
        Arrays.fill(whole, (byte) 'p');
        whole[whole.length - 1] = 'q';
        upload(whole);
        ObjectVersion before = current(bucket);

        assertThat(move(bucket, before).refusal()).isEmpty();

        assertMoved(before, current(bucket));
        assertThat(bed.read("/bucket/k")).isEqualTo(whole);
        assertThat(bed.read("/bucket/k?partNumber=2")).isEqualTo(Arrays.copyOfRange(whole, 5 << 20, whole.length));
    }

    @Test
    void theMoveOfAnObjectReadsItsPartsPageByPage() throws IOException {
        Bucket bucket = bucket(Versioning.OFF);
        byte[] whole = new byte[(5 << 20) + 11];
        whole[whole.length - 1] = 'q';
        upload(whole);
        ObjectVersion before = current(bucket);
        statements.clear();

        for (int page : List.of(1, 2)) {
            FactsUpdate moved = new StorageClassMover(
                            bed.index, remembering(ContentMoves.class, bed.moves), bed.copier, bed.retry, page)
                    .move(bucket, before, StoreTestBed.COLD, ROLE.permit(bucket));
            statements.add(moved.refusal().toString());
        }

        assertThat(statements)
                .containsExactly(
                        "partsAfter",
                        "movePart",
                        "partsAfter",
                        "movePart",
                        "setStorageClass",
                        "Optional.empty",
                        "partsAfter",
                        "setStorageClass",
                        "Optional.empty");
        assertThat(bed.read("/bucket/k")).isEqualTo(whole);
    }

    @Test
    void aMoveThatEndedBetweenTwoPartsGoesOnWithTheOthers() throws IOException {
        Bucket bucket = bucket(Versioning.OFF);
        byte[] whole = new byte[(5 << 20) + 11];
        whole[whole.length - 1] = 'q';
        upload(whole);
        ObjectVersion before = current(bucket);
        failingMove = "movePart";

        assertThatThrownBy(() -> move(bucket, before)).isInstanceOf(IllegalStateException.class);

        assertThat(current(bucket)).as("the class is said last").isEqualTo(before);
        assertThat(bed.read("/bucket/k")).isEqualTo(whole);
        statements.clear();
        assertThat(move(bucket, before).refusal()).isEmpty();
        assertThat(statements).containsExactly("partsAfter", "movePart", "setStorageClass");
        assertMoved(before, current(bucket));
        assertThat(bed.read("/bucket/k")).isEqualTo(whole);
        assertThat(bed.blobFiles())
                .as("two parts, and the two that they replaced")
                .isEqualTo(4);
    }

    @Test
    void anObjectInPartsThatGrewMeanwhileIsNotMoved() throws IOException {
        Bucket bucket = bucket(Versioning.OFF);
        upload(new byte[(5 << 20) + 11]);
        ObjectVersion before = current(bucket);
        bed.send("PUT", "/bucket/k", Map.of("x-amz-write-offset-bytes", Long.toString(before.size())), BODY);

        assertThat(move(bucket, before).refusal()).contains(Refusal.CONFLICT);

        assertThat(current(bucket).facts().storageClass()).isEqualTo("STANDARD");
        assertThat(move(bucket, current(bucket)).refusal()).isEmpty();
        assertThat(current(bucket).facts().storageClass()).isEqualTo(StoreTestBed.COLD);
    }

    @Test
    void bytesThatAreOnAVolumeOfTheClassStayThere() throws IOException {
        Bucket bucket = bucket(Versioning.OFF);
        for (int i = 0; i < 2; i++) {
            if (i == 0) {
                put(bucket, BODY, WriteCondition.NONE);
            } else {
                upload(new byte[(5 << 20) + 11]);
            }
            ObjectVersion before = current(bucket);
            long blobs = bed.blobFiles();

            assertThat(mover().move(bucket, before, StoreTestBed.WARM, ROLE.permit(bucket))
                            .refusal())
                    .isEmpty();

            assertThat(current(bucket))
                    .usingRecursiveComparison()
                    .ignoringFields("facts.storageClass")
                    .isEqualTo(before);
            assertThat(current(bucket).facts().storageClass()).isEqualTo(StoreTestBed.WARM);
            assertThat(bed.blobFiles()).isEqualTo(blobs);
        }
    }

    private void upload(byte[] whole) throws IOException {
        S3Response begun = bed.send("POST", "/bucket/k?uploads", Map.of(), NONE);
        String upload = XmlElement.parse(StoreTestBed.bytes(begun), "InitiateMultipartUploadResult")
                .requiredText("UploadId");
        StringBuilder list = new StringBuilder("<CompleteMultipartUpload>");
        int number = 1;
        for (byte[] part : List.of(Arrays.copyOf(whole, 5 << 20), Arrays.copyOfRange(whole, 5 << 20, whole.length))) {
            bed.send("PUT", "/bucket/k?partNumber=" + number + "&uploadId=" + upload, Map.of(), part);
            list.append("<Part><PartNumber>").append(number++).append("</PartNumber><ETag>");
            list.append(DigestUtils.md5Hex(part)).append("</ETag></Part>");
        }
        byte[] document = list.append("</CompleteMultipartUpload>").toString().getBytes(UTF_8);
        bed.send("POST", "/bucket/k?uploadId=" + upload, Map.of(), document);
    }

    /** A locked version may be moved, and stays locked. */
    @Test
    void aJobMovesALockedVersionWithItsLock() throws IOException {
        Bucket versioned = bucket(Versioning.ENABLED);
        put(versioned, BODY, WriteCondition.NONE);
        bed.buckets.setObjectLock(versioned, Optional.empty(), Changes.any());
        Bucket bucket = bed.buckets.findFresh(versioned.name()).orElseThrow();
        lock(bucket);
        ObjectVersion old = current(bucket);
        upload(new byte[(5 << 20) + 11]);
        lock(bucket);
        ObjectVersion inParts = current(bucket);
        assertThat(List.of(old, inParts))
                .allMatch(version -> version.facts().lock().equals(LOCK));

        for (ObjectVersion version : List.of(old, inParts)) {
            assertThat(move(bucket, version).refusal()).isEmpty();

            VersionSelector selector = VersionSelector.of(version.id());
            assertMoved(version, bed.index.version(bucket, KEY, selector).orElseThrow());
            RemovalRequest removal = new RemovalRequest(KEY, Optional.of(selector), WriteCondition.NONE, true);
            assertThat(bed.index.remove(bucket, removal, Changes.any()).refusal())
                    .contains(Refusal.LOCKED);
        }
    }

    private void lock(Bucket bucket) {
        VersionLocks locks = new MariaDbVersionLocks(bed.database, ChangeRules.NONE);
        locks.setRetention(bucket, KEY, Optional.empty(), LOCK.retention(), false, Changes.any());
        locks.setLegalHold(bucket, KEY, Optional.empty(), LOCK.legalHold(), Changes.any());
    }

    @Test
    void anObjectThatWasRemovedOrReplacedIsNotMoved() throws IOException {
        Bucket bucket = bucket(Versioning.OFF);
        put(bucket, BODY, WriteCondition.NONE);
        ObjectVersion replaced = current(bucket);
        put(bucket, "newer".getBytes(UTF_8), WriteCondition.NONE);
        long blobs = bed.blobFiles();

        assertThat(move(bucket, replaced).refusal()).isPresent();
        remove(new ObjectRemover(bed.index, bed.retry), bucket, WriteCondition.NONE);
        assertThat(move(bucket, replaced).refusal()).contains(Refusal.NO_SUCH_VERSION);

        assertThat(bed.blobFiles()).isEqualTo(blobs);
    }

    @Test
    void anObjectReadsBackWhenItsMoveFailsAfterTheCommit() throws IOException {
        Bucket bucket = bucket(Versioning.OFF);
        put(bucket, BODY, WriteCondition.NONE);
        ObjectVersion before = current(bucket);
        failingMove = "moveWhole";

        assertThatThrownBy(() -> move(bucket, before)).isInstanceOf(IllegalStateException.class);

        assertMoved(before, current(bucket));
        assertThat(bed.read("/bucket/k")).isEqualTo(BODY);
    }

    @Test
    void theTargetNamesTheOwnerOfWhatAJobWrites() throws IOException {
        Bucket bucket = bucket(Versioning.OFF);
        put(bucket, BODY, WriteCondition.NONE);
        Owner other = new Owner("project-2", "other");
        Target target = new Target(bucket, ObjectKey.of("copy"), other, ROLE.permit(bucket), Kind.COPY);

        bed.copier.copy(target, current(bucket), ObjectFacts.plain(), Optional.empty(), ABSENT);

        assertThat(bed.index.current(bucket, ObjectKey.of("copy")).orElseThrow().owner())
                .isEqualTo(other);
    }
}
