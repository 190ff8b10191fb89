package io.pataka.service.metadata;

import static io.pataka.service.metadata.MetadataTestBed.CHANGE;
import static io.pataka.service.metadata.MetadataTestBed.OWNER;
import static io.pataka.service.metadata.MetadataTestBed.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.metadata.ObjectIndex.NewVersion;
import io.pataka.service.metadata.SealedRows.Page;
import io.pataka.service.metadata.SealedRows.Rewrapping;
import io.pataka.service.metadata.SealedRows.Row;
import io.pataka.service.metadata.UploadLedger.UploadChecksum;
import io.pataka.service.metadata.row.Bind;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.Checksum;
import io.pataka.service.model.Content;
import io.pataka.service.model.ETag;
import io.pataka.service.model.EncryptionMode;
import io.pataka.service.model.Envelope;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.SealedSecret;
import io.pataka.service.model.StoredForm;
import io.pataka.service.model.WriteCondition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SealedRowsTest {

    private MetadataTestBed bed;
    private SealedRows rows;
    private Bucket bucket;

    @BeforeEach
    void open() {
        bed = new MetadataTestBed();
        rows = new MariaDbSealedRows(bed.database);
        bucket = bed.bucket(Versioning.ENABLED);
    }

    @AfterEach
    void close() {
        bed.close();
    }

    private static ObjectFacts sealed(EncryptionMode mode, String wrapped) {
        return ObjectFacts.builder()
                .userMetadata(new TreeMap<>(Map.of("note", "\"mode\":\"S3\"", "mode", "S3")))
                .form(new StoredForm.Encrypted(
                        new Envelope(mode, "k1", wrapped, Optional.empty(), false), Optional.empty()))
                .build();
    }

    private static Envelope topic(String wrapped) {
        return new Envelope(EncryptionMode.S3, "k1", wrapped, Optional.empty(), false);
    }

    private static Envelope envelope(String wrapped) {
        return new Envelope(EncryptionMode.S3, "k2", wrapped, Optional.empty(), false);
    }

    private void put(Bucket where, String key, ObjectFacts facts) {
        bed.objects.publish(
                where,
                new NewVersion(key(key), 5, new ETag("etag"), OWNER, new Content.Whole(BlobId.random(0)), facts),
                WriteCondition.NONE,
                CHANGE);
    }

    private void beginUpload(String key, ObjectFacts facts) {
        UploadChecksum none = new UploadChecksum(Optional.empty(), Checksum.Type.COMPOSITE);
        assertThat(bed.uploads.begin(bucket, key(key), OWNER, facts, none, CHANGE))
                .isPresent();
    }

    private List<Row> all(int limit) {
        List<Row> found = new ArrayList<>();
        Optional<String> place = Optional.empty();
        do {
            Page page = rows.page(place, limit);
            assertThat(page.examined()).isLessThanOrEqualTo(limit);
            found.addAll(page.rows());
            place = page.next();
        } while (place.isPresent());
        return found;
    }

    private List<String> wrapped(int limit) {
        return all(limit).stream().map(row -> row.envelope().wrapped()).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 1000})
    void findsUploadsAndVersionsOfAllBuckets(int limit) {
        Bucket other = bed.bucket(Versioning.OFF);
        beginUpload("u", sealed(EncryptionMode.S3, "upload"));
        beginUpload("plain", ObjectFacts.plain());
        for (int i = 1; i <= 4; i++) {
            put(bucket, "k", sealed(EncryptionMode.S3, "k-" + i));
        }
        put(bucket, "a", ObjectFacts.plain());
        put(bucket, "l", sealed(EncryptionMode.S3, "l"));
        put(other, "k", sealed(EncryptionMode.S3, "other"));

        for (String name : List.of("t", "u")) {
            new MariaDbTopics(bed.database)
                    .create("p", name, "{}", Optional.of(new SealedSecret(topic(name), new byte[1])), 9, CHANGE);
        }
        new MariaDbTopics(bed.database).create("p", "plain", "{}", Optional.empty(), 9, CHANGE);

        assertThat(wrapped(limit)).containsExactly("upload", "k-4", "l", "other", "k-3", "k-2", "k-1", "t", "u");
    }

    /** Else a key would be removed from the ring that a version needs. */
    @Test
    void seesAVersionThatMovesWhileAllAreRead() {
        put(bucket, "m", sealed(EncryptionMode.S3, "m"));
        put(bucket, "z", sealed(EncryptionMode.S3, "z"));

        List<String> found = rows.atOneMoment(pages -> {
            List<String> wrapped = new ArrayList<>();
            Optional<String> place = Optional.empty();
            do {
                Page page = pages.page(place, 1);
                page.rows().forEach(row -> wrapped.add(row.envelope().wrapped()));
                if (wrapped.equals(List.of("m"))) {
                    bed.database.write(handle -> handle.createUpdate(
                                    "UPDATE object_current SET object_key = 'a' WHERE object_key = 'z'")
                            .execute());
                }
                place = page.next();
            } while (place.isPresent());
            return wrapped;
        });

        assertThat(found).containsExactly("m", "z");
        assertThat(wrapped(1)).containsExactly("z", "m");
    }

    /** Their keys are not keys of the service. */
    @Test
    void passesOtherModesOver() {
        put(bucket, "kms", sealed(EncryptionMode.KMS, "kms"));
        put(bucket, "customer", sealed(EncryptionMode.CUSTOMER, "customer"));

        assertThat(all(10)).isEmpty();
    }

    @Test
    void changesTheEnvelopeOfATopicAlone() {
        Topics topics = new MariaDbTopics(bed.database);
        topics.create("p", "t", "{}", Optional.of(new SealedSecret(topic("old"), new byte[] {1, 2})), 9, CHANGE);
        Row row = all(10).get(0);

        assertThat(rows.rewrap(List.of(new Rewrapping(row, envelope("new"))))).isEqualTo(1);
        assertThat(rows.rewrap(List.of(new Rewrapping(row, envelope("newer"))))).isZero();

        SealedSecret secret = topics.find("p", "t").orElseThrow().secret().orElseThrow();
        assertThat(secret.envelope()).isEqualTo(envelope("new"));
        assertThat(secret.bytes()).containsExactly(1, 2);
    }

    @Test
    void changesTheEnvelopeAlone() {
        put(bucket, "k", sealed(EncryptionMode.S3, "old"));
        put(bucket, "k", sealed(EncryptionMode.S3, "new"));
        beginUpload("u", sealed(EncryptionMode.S3, "upload"));
        ObjectVersion before = current("k");

        List<Rewrapping> changes = all(10).stream()
                .map(row ->
                        new Rewrapping(row, envelope("again-" + row.envelope().wrapped())))
                .toList();
        assertThat(rows.rewrap(changes)).isEqualTo(3);

        assertThat(all(10)).allSatisfy(row -> assertThat(row.envelope().keyId()).isEqualTo("k2"));
        assertThat(wrapped(10)).containsExactly("again-upload", "again-new", "again-old");
        ObjectVersion after = current("k");
        StoredForm form = before.facts().form();
        assertThat(after.facts().toBuilder().form(form).build()).isEqualTo(before.facts());
        assertThat(after).usingRecursiveComparison().ignoringFields("facts").isEqualTo(before);
    }

    private ObjectVersion current(String key) {
        return bed.objects.current(bucket, key(key)).orElseThrow();
    }

    /** A tag that was set meanwhile would be lost. */
    @Test
    void doesNotChangeARowThatWasChangedMeanwhile() {
        put(bucket, "k", sealed(EncryptionMode.S3, "old"));
        Row row = all(10).get(0);
        bed.database.write(handle -> Bind.all(
                        handle.createUpdate("UPDATE object_current SET facts = REPLACE(facts, 'note', 'text')"))
                .execute());

        assertThat(rows.rewrap(List.of(new Rewrapping(row, envelope("fresh"))))).isZero();
        assertThat(wrapped(10)).containsExactly("old");
        bed.database.write(
                handle -> handle.createUpdate("DELETE FROM object_current").execute());
        assertThat(rows.rewrap(List.of(new Rewrapping(row, envelope("fresh"))))).isZero();
    }

    /** A node of a later release may have written more. */
    @Test
    void keepsMembersThatItDoesNotKnow() {
        put(bucket, "k", sealed(EncryptionMode.S3, "old"));
        bed.database.write(handle -> Bind.all(
                        handle.createUpdate(
                                "UPDATE object_current SET facts = REPLACE(facts, '{\"metadata\"', '{\"later\":[1],\"metadata\"')"))
                .execute());
        Row row = all(10).get(0);

        assertThat(rows.rewrap(List.of(new Rewrapping(row, envelope("fresh"))))).isEqualTo(1);
        assertThat(bed.count("SELECT COUNT(*) FROM object_current WHERE facts LIKE '%\"later\":[1]%'"))
                .isEqualTo(1);
        assertThat(wrapped(10)).containsExactly("fresh");
    }
}
