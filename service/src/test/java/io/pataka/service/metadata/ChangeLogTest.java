package io.pataka.service.metadata;

import static io.pataka.service.metadata.MetadataTestBed.CHANGE;
import static io.pataka.service.metadata.MetadataTestBed.OWNER;
import static io.pataka.service.metadata.MetadataTestBed.key;
import static io.pataka.service.metadata.MetadataTestBed.version;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.metadata.ChangeRecords.JournalRecord;
import io.pataka.service.metadata.ChangeRecords.QueuedEvent;
import io.pataka.service.metadata.ObjectIndex.AppendedPart;
import io.pataka.service.metadata.ObjectIndex.NewVersion;
import io.pataka.service.metadata.ObjectIndex.Publication;
import io.pataka.service.metadata.ObjectIndex.Publication.Published;
import io.pataka.service.metadata.ObjectIndex.RemovalRequest;
import io.pataka.service.metadata.ObjectIndex.VersionSelector;
import io.pataka.service.metadata.UploadLedger.Upload;
import io.pataka.service.metadata.UploadLedger.UploadChecksum;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.Checksum;
import io.pataka.service.model.Content;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.model.ETag;
import io.pataka.service.model.ObjectChange;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.Retention;
import io.pataka.service.model.RetentionMode;
import io.pataka.service.model.UploadId;
import io.pataka.service.model.VersionId;
import io.pataka.service.model.WriteCondition;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The records that are committed with changes of objects. */
final class ChangeLogTest {

    private static MetadataTestBed bed;
    private static MariaDbObjectIndex objects;
    private static MariaDbUploadLedger uploads;

    /** Which the rules of these tests send the journal to; empty for none. */
    private static Optional<BucketName> journal = Optional.empty();

    @BeforeAll
    static void open() {
        bed = new MetadataTestBed();
        objects = new MariaDbObjectIndex(bed.database, Clock.systemUTC(), RULES);
        uploads = new MariaDbUploadLedger(bed.database, objects, Clock.systemUTC());
        topic("here");
    }

    @AfterAll
    static void close() {
        objects.close();
        bed.close();
    }

    @BeforeEach
    void forget() {
        journal = Optional.empty();
        bed.database.write(handle -> handle.execute("DELETE FROM event"));
        bed.database.write(handle -> handle.execute("DELETE FROM log_record"));
    }

    /** An event for a topic that is there and for one that is not, and a line of a journal. */
    private static final ChangeRules RULES = bucket -> new ChangeRules.OfBucket() {
        @Override
        public boolean needFactsOfRemoved() {
            return true;
        }

        @Override
        public ChangeRecords records(ObjectChange change) {
            byte[] text = text(change).getBytes(UTF_8);
            return new ChangeRecords(
                    List.of(
                            new QueuedEvent(OWNER.id(), "gone", text),
                            new QueuedEvent(OWNER.id(), "here", text),
                            new QueuedEvent("another-project", "here", text)),
                    journal.map(target -> List.of(new JournalRecord(target, "log/", Duration.ofSeconds(300), text)))
                            .orElse(List.of()));
        }
    };

    private static String text(ObjectChange change) {
        return change.effect() + " " + change.key() + " " + change.size() + change.userMetadata() + change.tags();
    }

    private static void topic(String name) {
        bed.database.write(handle -> handle.execute(
                "INSERT INTO topic (account_id, name, attributes, created_at) VALUES (?, ?, '{}', 0)",
                OWNER.id(),
                name));
    }

    private static Bucket recording(Versioning versioning) {
        Bucket bucket = bed.bucket(versioning);
        bed.buckets.putDocument(bucket, DocumentKind.NOTIFICATION, new BucketCatalog.StoredDocument("x", true), CHANGE);
        return bed.buckets.findFresh(bucket.name()).orElseThrow();
    }

    private static NewVersion described(String key) {
        return new NewVersion(
                key(key),
                5,
                new ETag("e"),
                OWNER,
                new Content.Whole(BlobId.random(0)),
                ObjectFacts.builder()
                        .userMetadata(new TreeMap<>(Map.of("m", "1")))
                        .tags(new TreeMap<>(Map.of("t", "2")))
                        .build());
    }

    private static VersionId put(Bucket bucket, String key) {
        return ((Published) objects.publish(bucket, described(key), WriteCondition.NONE, CHANGE)).id();
    }

    private static void remove(Bucket bucket, String key, Optional<VersionId> version) {
        objects.remove(
                bucket, new RemovalRequest(key(key), version.map(VersionSelector::of), WriteCondition.NONE), CHANGE);
    }

    private static List<String> events() {
        return bed.database.read(handle -> handle.createQuery(
                        "SELECT CONVERT(e.record USING utf8mb4) FROM event e JOIN topic t ON t.id = e.topic_id"
                                + " WHERE t.account_id = 'project-1' AND t.name = 'here' ORDER BY e.id")
                .mapTo(String.class)
                .list());
    }

    private static List<Long> sequences() {
        return bed.database.read(handle -> handle.createQuery("SELECT sequence FROM event ORDER BY id")
                .mapTo(Long.class)
                .list());
    }

    @ParameterizedTest
    @EnumSource(Versioning.class)
    void recordsWhatIsWrittenAndRemoved(Versioning versioning) {
        Bucket bucket = recording(versioning);
        VersionId first = put(bucket, "k");
        VersionId second = put(bucket, "k");
        assertThat(second.sequence()).isGreaterThan(first.sequence());
        assertThat(sequences()).containsExactly(first.sequence(), second.sequence());
        remove(bucket, "k", Optional.empty());
        remove(bucket, "absent", Optional.of(first));

        String of = versioning == Versioning.OFF ? "REMOVED_CURRENT k 5" : "MARKED k 0";
        assertThat(events()).containsExactly("CREATED k 5{m=1}{t=2}", "CREATED k 5{m=1}{t=2}", of + "{m=1}{t=2}");
        assertThat(bed.count("SELECT COUNT(*) FROM event"))
                .as("for other topics")
                .isEqualTo(3);
    }

    @Test
    void tellsWhichVersionIsRemoved() {
        Bucket bucket = recording(Versioning.ENABLED);
        VersionId first = put(bucket, "k");
        VersionId second = put(bucket, "k");
        remove(bucket, "k", Optional.empty());
        VersionId marker = bed.versions(bucket).get(0).id();
        forget();
        remove(bucket, "k", Optional.of(first));
        remove(bucket, "k", Optional.of(marker));
        remove(bucket, "k", Optional.of(second));
        assertThat(events())
                .containsExactly(
                        "REMOVED_NONCURRENT k 5{m=1}{t=2}", "REMOVED_MARKER k 0{}{}", "REMOVED_CURRENT k 5{m=1}{t=2}");
        assertThat(sequences()).containsExactly(first.sequence(), marker.sequence(), second.sequence());
    }

    @Test
    void recordsEachOfManyRemovals() {
        Bucket bucket = recording(Versioning.OFF);
        List<RemovalRequest> requests = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            put(bucket, "k" + i);
            requests.add(new RemovalRequest(key("k" + i), Optional.empty(), WriteCondition.NONE));
        }
        requests.add(new RemovalRequest(key("absent"), Optional.empty(), WriteCondition.NONE));
        forget();
        objects.removeAll(bucket, requests, CHANGE);
        assertThat(events()).hasSize(250).allMatch(event -> event.startsWith("REMOVED_CURRENT k"));
    }

    @Test
    void recordsChangesOfRows() {
        Bucket bucket = recording(Versioning.ENABLED);
        VersionId first = put(bucket, "k");
        put(bucket, "k");
        forget();
        objects.updateFacts(
                bucket,
                key("k"),
                Optional.empty(),
                facts -> Optional.of(facts.withTags(new TreeMap<>(Map.of("new", "3")))),
                CHANGE);
        objects.updateFacts(bucket, key("k"), Optional.empty(), facts -> Optional.empty(), CHANGE);
        new MariaDbVersionLocks(bed.database, RULES)
                .setRetention(
                        bucket,
                        key("k"),
                        Optional.of(VersionSelector.of(first)),
                        Optional.of(new Retention(RetentionMode.GOVERNANCE, Instant.now())),
                        false,
                        CHANGE);
        ObjectVersion version = objects.current(bucket, key("k")).orElseThrow();
        MariaDbContentMoves moves = new MariaDbContentMoves(bed.database, RULES);
        moves.moveWhole(bucket, version, BlobId.random(0), "COLD", CHANGE);
        assertThat(events())
                .containsExactly(
                        "CHANGED k 5{m=1}{new=3}", "CHANGED_NONCURRENT k 5{m=1}{t=2}", "CHANGED k 5{m=1}{new=3}");
    }

    @Test
    void recordsAppendsAndRenames() {
        Bucket bucket = recording(Versioning.OFF);
        NewVersion whole = new NewVersion(
                key("k"), 5, new ETag("e"), OWNER, new Content.Parts(UploadId.random(), 1), ObjectFacts.plain());
        objects.append(
                bucket,
                Optional.empty(),
                whole,
                new AppendedPart(BlobId.random(0), 5, new ETag("p"), List.of()),
                WriteCondition.NONE,
                CHANGE);
        ObjectVersion source = objects.current(bucket, key("k")).orElseThrow();
        assertThat(objects.rename(bucket, source, key("to"), WriteCondition.NONE, Optional.empty(), CHANGE))
                .isInstanceOf(Published.class);
        assertThat(events()).containsExactly("CREATED k 5{}{}", "REMOVED_CURRENT k 5{}{}", "CREATED to 5{}{}");
    }

    @Test
    void recordsUploads() {
        Bucket bucket = recording(Versioning.OFF);
        Upload upload = uploads.begin(
                        bucket,
                        key("k"),
                        OWNER,
                        described("k").facts(),
                        new UploadChecksum(Optional.empty(), Checksum.Type.COMPOSITE),
                        CHANGE)
                .orElseThrow();
        assertThat(uploads.abort(bucket, key("k"), upload.id(), CHANGE)).isTrue();
        assertThat(uploads.abort(bucket, key("k"), upload.id(), CHANGE)).isFalse();
        assertThat(events()).containsExactly("UPLOAD_BEGUN k 0{m=1}{t=2}", "UPLOAD_ABORTED k 0{m=1}{t=2}");
    }

    @Test
    void recordsNothingOfAChangeThatIsRefused() {
        Bucket bucket = recording(Versioning.OFF);
        put(bucket, "k");
        forget();
        assertThat(objects.publish(bucket, described("k"), new WriteCondition.Absent(), CHANGE))
                .isInstanceOf(Publication.Refused.class);
        bed.buckets.putDocument(bucket, DocumentKind.NOTIFICATION, new BucketCatalog.StoredDocument("y", true), CHANGE);
        assertThat(objects.publish(bucket, described("k"), WriteCondition.NONE, CHANGE))
                .isEqualTo(new Publication.Refused(Refusal.BUCKET_CHANGED));
        assertThat(bed.count("SELECT COUNT(*) FROM event")).isZero();
    }

    @Test
    void recordsNothingForATopicWhoseQueueIsFull() {
        Bucket bucket = recording(Versioning.OFF);
        bed.database.write(handle -> handle.execute("UPDATE topic SET accepts = FALSE"));
        put(bucket, "k");
        assertThat(events()).isEmpty();
        bed.database.write(handle -> handle.execute("UPDATE topic SET accepts = TRUE"));
        put(bucket, "k");
        assertThat(events()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Versioning.class,
            names = {"OFF", "ENABLED"})
    void changesNothingWithoutTheJournal(Versioning versioning) {
        Bucket bucket = recording(versioning);
        Bucket target = bed.bucket(Versioning.OFF);
        journal = Optional.of(target.name());
        put(bucket, "k");
        assertThat(bed.count(
                        "SELECT COUNT(*) FROM log_record WHERE prefix = 'log/' AND roll_id IS NULL AND target_id = "
                                + target.id()))
                .isEqualTo(1);
        long size = bed.versions(bucket).size();

        bed.buckets.delete(target, CHANGE);
        assertThatThrownBy(() -> put(bucket, "k")).isInstanceOf(JournalRefusedException.class);
        assertThatThrownBy(() -> put(bucket, "other")).isInstanceOf(JournalRefusedException.class);
        assertThat(bed.versions(bucket)).hasSize((int) size);
        assertThat(bed.count("SELECT COUNT(*) FROM log_record")).isEqualTo(1);
        assertThat(events()).as("of changes that were rolled back").hasSize(1);
    }

    @Test
    void recordsNothingForOtherBuckets() {
        put(bed.bucket(Versioning.OFF), "k");
        put(bed.bucket(Versioning.ENABLED), "k");
        assertThat(bed.count("SELECT COUNT(*) FROM event")).isZero();
    }

    /** The unversioned fast path keeps the row's content in the same way as others. */
    @Test
    void retiresWhatIsReplaced() throws InterruptedException {
        Bucket bucket = recording(Versioning.OFF);
        BlobId first = BlobId.random(0);
        objects.publish(bucket, version("k", first), WriteCondition.NONE, CHANGE);
        put(bucket, "k");
        bed.awaitRetired(first);
    }
}
