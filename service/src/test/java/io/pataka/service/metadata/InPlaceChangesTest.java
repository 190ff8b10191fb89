package io.pataka.service.metadata;

import static io.pataka.service.metadata.MetadataTestBed.CHANGE;
import static io.pataka.service.metadata.MetadataTestBed.OWNER;
import static io.pataka.service.metadata.MetadataTestBed.key;
import static io.pataka.service.metadata.MetadataTestBed.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.metadata.ObjectIndex.AppendedPart;
import io.pataka.service.metadata.ObjectIndex.FactsUpdate;
import io.pataka.service.metadata.ObjectIndex.NewVersion;
import io.pataka.service.metadata.ObjectIndex.OnceToken;
import io.pataka.service.metadata.ObjectIndex.Publication;
import io.pataka.service.metadata.ObjectIndex.StoredPart;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.Content;
import io.pataka.service.model.ETag;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.StoredForm;
import io.pataka.service.model.UploadId;
import io.pataka.service.model.WriteCondition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Objects that grow, and objects that get other keys. */
final class InPlaceChangesTest {

    private static MetadataTestBed bed;

    private Bucket bucket;

    @BeforeAll
    static void open() {
        bed = new MetadataTestBed();
    }

    @AfterAll
    static void close() {
        bed.close();
    }

    @BeforeEach
    void makeBucket() {
        bucket = bed.bucket(Versioning.OFF);
    }

    private Optional<ObjectVersion> current(String key) {
        return bed.objects.current(bucket, key(key));
    }

    private BlobId put(String key) {
        BlobId blob = BlobId.random(0);
        bed.objects.publish(bucket, version(key, blob), WriteCondition.NONE, CHANGE);
        return blob;
    }

    /** Adds five bytes. */
    private Publication append(String key, Optional<ObjectVersion> base, BlobId blob) {
        Content content = base.map(ObjectVersion::content).orElse(new Content.None());
        Content.Parts list = content instanceof Content.Parts parts
                ? new Content.Parts(parts.upload(), parts.count() + 1)
                : new Content.Parts(UploadId.random(), base.isPresent() ? 2 : 1);
        long size = base.map(ObjectVersion::size).orElse(0L) + 5;
        NewVersion whole = new NewVersion(key(key), size, new ETag("whole-" + blob), OWNER, list, ObjectFacts.plain());
        AppendedPart part = new AppendedPart(blob, 5, new ETag("part-" + blob), List.of());
        return bed.objects.append(bucket, base, whole, part, WriteCondition.NONE, CHANGE);
    }

    private List<BlobId> blobs(String key) {
        ObjectVersion object = current(key).orElseThrow();
        return bed.objects.parts(bucket.id(), (Content.Parts) object.content(), 0, object.size()).stream()
                .map(StoredPart::blob)
                .toList();
    }

    private boolean isNeeded(BlobId blob, String key) {
        return bed.blobs.isNeeded(blob, bucket.id(), key(key));
    }

    private void retireAll() {
        assertThat(bed.objects.retirement().flush(Duration.ofSeconds(10))).isTrue();
        while (bed.blobs.retireParts(100)) {
            // until no list is due
        }
    }

    @Test
    void anObjectGrowsByPartsThatAllStayNeeded() {
        BlobId one = put("k");
        BlobId two = BlobId.random(0);
        BlobId three = BlobId.random(0);

        assertThat(append("k", current("k"), two)).isInstanceOf(Publication.Published.class);
        assertThat(append("k", current("k"), three)).isInstanceOf(Publication.Published.class);

        assertThat(blobs("k")).containsExactly(one, two, three);
        assertThat(current("k").orElseThrow().size()).isEqualTo(15);
        assertThat(bed.objects.parts(
                        bucket.id(), (Content.Parts) current("k").orElseThrow().content(), 7, 4))
                .extracting(StoredPart::offset)
                .containsExactly(5L, 10L);
        retireAll();
        for (BlobId blob : List.of(one, two, three)) {
            assertThat(isNeeded(blob, "k")).isTrue();
        }
    }

    @Test
    void anObjectMayBeginAsAPart() {
        BlobId one = BlobId.random(0);

        assertThat(append("k", Optional.empty(), one)).isInstanceOf(Publication.Published.class);

        assertThat(blobs("k")).containsExactly(one);
    }

    @Test
    void anAppendToAVersionThatIsNotCurrentIsAConflict() {
        put("k");
        Optional<ObjectVersion> stale = current("k");
        BlobId newer = put("k");

        assertThat(append("k", stale, BlobId.random(0))).isEqualTo(new Publication.Refused(Refusal.CONFLICT));
        assertThat(append("k", Optional.empty(), BlobId.random(0)))
                .isEqualTo(new Publication.Refused(Refusal.CONFLICT));
        assertThat(append("gone", stale, BlobId.random(0))).isEqualTo(new Publication.Refused(Refusal.CONFLICT));
        assertThat(current("k").orElseThrow().content()).isEqualTo(new Content.Whole(newer));
    }

    /** The append would write back what the base had. */
    @Test
    void anAppendToAVersionWhoseFactsChangedIsAConflict() {
        BlobId blob = put("k");
        Optional<ObjectVersion> stale = current("k");
        bed.objects.updateFacts(
                bucket,
                key("k"),
                Optional.empty(),
                facts -> Optional.of(facts.withTags(new TreeMap<>(Map.of("a", "b")))),
                CHANGE);

        assertThat(append("k", stale, BlobId.random(0))).isEqualTo(new Publication.Refused(Refusal.CONFLICT));

        assertThat(current("k").orElseThrow().facts().tags()).containsEntry("a", "b");
        assertThat(current("k").orElseThrow().content()).isEqualTo(new Content.Whole(blob));
    }

    /** The blob of the append would have another form than the other blobs of the object. */
    @Test
    void anAppendToAVersionWhoseFormChangedIsAConflict() {
        put("k");
        Optional<ObjectVersion> stale = current("k");
        StoredForm form = new StoredForm.Unknown("{\"mode\":\"later\"}");
        bed.objects.updateFacts(
                bucket,
                key("k"),
                Optional.empty(),
                facts -> Optional.of(facts.toBuilder().form(form).build()),
                CHANGE);

        assertThat(append("k", stale, BlobId.random(0))).isEqualTo(new Publication.Refused(Refusal.CONFLICT));

        assertThat(current("k").orElseThrow().facts().form()).isEqualTo(form);
    }

    private MariaDbContentMoves moves() {
        return new MariaDbContentMoves(bed.database, ChangeRules.NONE);
    }

    private List<StoredPart> parts(String key) {
        ObjectVersion object = current(key).orElseThrow();
        return bed.objects.parts(bucket.id(), (Content.Parts) object.content(), 0, object.size());
    }

    /** The append would write back the storage class that the base had. */
    @Test
    void anAppendToAVersionThatWasMovedIsAConflict() {
        put("k");
        append("k", current("k"), BlobId.random(0));
        Optional<ObjectVersion> stale = current("k");
        assertThat(moves().setStorageClass(bucket, stale.orElseThrow(), "COLD", CHANGE)
                        .refusal())
                .isEmpty();

        assertThat(append("k", stale, BlobId.random(0))).isEqualTo(new Publication.Refused(Refusal.CONFLICT));

        assertThat(append("k", current("k"), BlobId.random(0))).isInstanceOf(Publication.Published.class);
        assertThat(blobs("k")).hasSize(3);
    }

    /** The part that the append adds is not in the class to which the others are moved. */
    @Test
    void anAppendBetweenTheMovesOfTwoPartsEndsTheMove() {
        put("k");
        append("k", current("k"), BlobId.random(0));
        ObjectVersion moving = current("k").orElseThrow();
        List<StoredPart> parts = parts("k");
        BlobId moved = BlobId.random(1);
        assertThat(moves().movePart(bucket, moving, parts.get(0), moved, CHANGE).refusal())
                .isEmpty();
        BlobId added = BlobId.random(0);

        assertThat(append("k", Optional.of(moving), added)).isInstanceOf(Publication.Published.class);

        assertThat(moves().movePart(bucket, moving, parts.get(1), BlobId.random(1), CHANGE)
                        .refusal())
                .isPresent();
        assertThat(moves().setStorageClass(bucket, moving, "COLD", CHANGE).refusal())
                .isPresent();
        assertThat(blobs("k")).containsExactly(moved, parts.get(1).blob(), added);
        assertThat(current("k").orElseThrow().facts().storageClass()).isEqualTo("STANDARD");
    }

    @Test
    void aPartIsMovedOnceAndItsOldBlobIsRetired() {
        put("k");
        append("k", current("k"), BlobId.random(0));
        ObjectVersion version = current("k").orElseThrow();
        StoredPart second = parts("k").get(1);
        BlobId moved = BlobId.random(1);

        assertThat(moves().movePart(bucket, version, second, moved, CHANGE))
                .isEqualTo(new FactsUpdate.Updated(version.id()));
        assertThat(moves().movePart(bucket, version, second, BlobId.random(1), CHANGE)
                        .refusal())
                .contains(Refusal.CONFLICT);

        assertThat(parts("k").get(1))
                .isEqualTo(new StoredPart(moved, second.offset(), second.size(), second.etag(), second.checksums()));
        assertThat(current("k")).contains(version);
        assertThat(isNeeded(moved, "k")).isTrue();
        assertThat(isNeeded(second.blob(), "k")).isFalse();
        assertThat(bed.blobs.isRetired(second.blob())).isTrue();
        assertThat(bed.blobs.isRetired(moved)).isFalse();
    }

    /** Publishes a copy with the key {@code copy}, which shares the blobs. */
    private void copy(ObjectVersion source) {
        Content shared = bed.blobs
                .share(bucket.id(), source.content(), bucket.id(), key("copy"))
                .orElseThrow();
        bed.objects.publish(
                bucket,
                new NewVersion(key("copy"), source.size(), source.etag(), OWNER, shared, source.facts()),
                WriteCondition.NONE,
                CHANGE);
    }

    /** A copy that shares the blobs has a part list of its own. */
    @Test
    void aCopyKeepsTheBlobsWhenItsSourceIsMoved() {
        put("k");
        append("k", current("k"), BlobId.random(0));
        ObjectVersion source = current("k").orElseThrow();
        copy(source);
        List<BlobId> before = blobs("k");

        for (StoredPart part : parts("k")) {
            moves().movePart(bucket, source, part, BlobId.random(1), CHANGE);
        }

        assertThat(blobs("copy")).isEqualTo(before);
        assertThat(blobs("k")).doesNotContainAnyElementsOf(before);
        assertThat(before).allMatch(blob -> isNeeded(blob, "copy"));
    }

    @Test
    void anOverwrittenListIsTakenApart() {
        BlobId one = put("k");
        BlobId two = BlobId.random(0);
        append("k", current("k"), two);
        BlobId last = put("k");
        retireAll();

        assertThat(isNeeded(one, "k")).isFalse();
        assertThat(isNeeded(two, "k")).isFalse();
        assertThat(isNeeded(last, "k")).isTrue();
        assertThat(bed.blobs.due(Duration.ZERO, 1000)).contains(one, two).doesNotContain(last);
    }

    @Test
    void aCopyOfAListDoesNotGrowWithIt() {
        put("k");
        append("k", current("k"), BlobId.random(0));
        ObjectVersion source = current("k").orElseThrow();
        copy(source);

        append("k", current("k"), BlobId.random(0));

        assertThat(blobs("copy")).hasSize(2);
        assertThat(blobs("k")).hasSize(3).containsAll(blobs("copy"));
    }

    @Test
    void aRenamedObjectKeepsTimeAndContentWhichFollowsIt() {
        BlobId blob = put("from");
        BlobId replaced = put("to");
        ObjectVersion source = current("from").orElseThrow();

        Publication outcome =
                bed.objects.rename(bucket, source, key("to"), WriteCondition.NONE, Optional.empty(), CHANGE);

        ObjectVersion renamed = current("to").orElseThrow();
        assertThat(outcome).isEqualTo(new Publication.Published(renamed.id(), renamed.lastModified()));
        assertThat(renamed.content()).isEqualTo(new Content.Whole(blob));
        assertThat(current("from")).isEmpty();
        retireAll();
        assertThat(isNeeded(replaced, "to")).isFalse();
        // The file has the old key in its descriptor.
        assertThat(isNeeded(blob, "from")).isTrue();
        assertThat(bed.objects.rename(bucket, renamed, key("third"), WriteCondition.NONE, Optional.empty(), CHANGE))
                .isEqualTo(new Publication.Published(renamed.id(), renamed.lastModified()));
    }

    @Test
    void aRenamedPartListIsNotTakenApartUnderItsOldKey() {
        put("k");
        append("k", current("k"), BlobId.random(0));
        ObjectVersion source = current("k").orElseThrow();
        // A shared list stays in the queue, because its copy may never be published.
        Content.Parts shared = (Content.Parts) bed.blobs
                .share(bucket.id(), source.content(), bucket.id(), key("copy"))
                .orElseThrow();
        bed.objects.publish(
                bucket,
                new NewVersion(key("copy"), source.size(), source.etag(), OWNER, shared, source.facts()),
                WriteCondition.NONE,
                CHANGE);

        bed.objects.rename(
                bucket, current("copy").orElseThrow(), key("renamed"), WriteCondition.NONE, Optional.empty(), CHANGE);
        bed.database.write(handle -> handle.execute("UPDATE retired_parts SET due_at = 0"));
        retireAll();

        assertThat(blobs("renamed")).hasSize(2);
    }

    @Test
    void onlyTheNewestIsRenamedAndOnlyUnderItsCondition() {
        put("from");
        ObjectVersion stale = current("from").orElseThrow();
        put("from");
        put("to");

        assertThat(bed.objects.rename(bucket, stale, key("to"), WriteCondition.NONE, Optional.empty(), CHANGE))
                .isEqualTo(new Publication.Refused(Refusal.CONFLICT));
        assertThat(bed.objects.rename(
                        bucket,
                        current("from").orElseThrow(),
                        key("to"),
                        new WriteCondition.Absent(),
                        Optional.empty(),
                        CHANGE))
                .isEqualTo(new Publication.Refused(Refusal.CONDITION_UNMET));
        assertThat(bed.objects.rename(
                        bucket,
                        current("from").orElseThrow(),
                        key("new"),
                        new WriteCondition.Matches(List.of(new ETag("e"))),
                        Optional.empty(),
                        CHANGE))
                .isEqualTo(new Publication.Refused(Refusal.NOTHING_TO_MATCH));
        assertThat(current("from")).isPresent();
    }

    @Test
    void aTokenIsRememberedWithItsRenamingAndNoOther() {
        OnceToken once = new OnceToken("t", "0a".repeat(32));
        put("from");
        put("to");

        bed.objects.rename(
                bucket,
                current("from").orElseThrow(),
                key("to"),
                new WriteCondition.Absent(),
                Optional.of(once),
                CHANGE);
        assertThat(bed.objects.renamed(bucket, "t")).isEmpty();

        rename("from", "new", once);
        assertThat(bed.objects.renamed(bucket, "t")).contains(once);

        assertThat(rename("to", "newer", new OnceToken("t", "0b".repeat(32))))
                .isEqualTo(new Publication.Refused(Refusal.CONFLICT));
        assertThat(current("to")).isPresent();
        assertThat(current("newer")).isEmpty();
    }

    @Test
    void tokensAreForgottenBatchByBatchOnceTheyAreOld() {
        bed.objects.expireRenames(Duration.ZERO, 1000);
        for (String name : List.of("a", "b", "c")) {
            put(name);
            rename(name, "new-" + name, new OnceToken(name, "00".repeat(32)));
        }
        assertThat(bed.objects.expireRenames(Duration.ofDays(1), 2)).isFalse();
        assertThat(bed.objects.renamed(bucket, "a")).isPresent();

        assertThat(bed.objects.expireRenames(Duration.ZERO, 2)).isTrue();
        assertThat(bed.objects.renamed(bucket, "a")).isEmpty();
        assertThat(bed.objects.renamed(bucket, "c")).isPresent();
        assertThat(bed.objects.expireRenames(Duration.ZERO, 2)).isFalse();
        assertThat(bed.objects.renamed(bucket, "c")).isEmpty();
    }

    private Publication rename(String from, String to, OnceToken once) {
        return bed.objects.rename(
                bucket, current(from).orElseThrow(), key(to), WriteCondition.NONE, Optional.of(once), CHANGE);
    }
}
