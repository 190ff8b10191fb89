package io.pataka.service.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.model.BlobId;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.Checksum;
import io.pataka.service.model.ChecksumAlgorithm;
import io.pataka.service.model.Content;
import io.pataka.service.model.ETag;
import io.pataka.service.model.EncryptionMode;
import io.pataka.service.model.Envelope;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.ObjectLock;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.Owner;
import io.pataka.service.model.Retention;
import io.pataka.service.model.RetentionMode;
import io.pataka.service.model.StoredForm;
import io.pataka.service.model.VersionId;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every column of a report, of an object that has something in each, and of one that has as little as can be. */
final class InventoryFieldTest {

    private static final Owner OWNER = new Owner("p1", "one");
    private static final Instant TIME = Instant.parse("2024-02-03T04:05:06.789123Z");

    private static Bucket bucket(Versioning versioning, boolean lock) {
        return new Bucket(1, new BucketName("b"), OWNER, TIME, versioning, lock, Optional.empty(), false, 1);
    }

    private static ObjectVersion version(VersionId id, boolean marker, String tag, ObjectFacts facts) {
        return new ObjectVersion(
                1,
                ObjectKey.of("dir/a b,\"\n"),
                id,
                marker,
                marker ? 0 : 12,
                new ETag(tag),
                TIME,
                OWNER,
                marker ? new Content.None() : new Content.Whole(BlobId.random(1)),
                facts);
    }

    private static Map<String, String> columns(ListedEntry entry) {
        return Arrays.stream(InventoryField.values())
                .collect(Collectors.toMap(
                        InventoryField::text, field -> field.value(entry), (one, other) -> one, LinkedHashMap::new));
    }

    @Test
    void ofAnObjectThatHasEverything() {
        VersionId id = new VersionId(5, false);
        Envelope envelope = new Envelope(EncryptionMode.KMS, "key", "wrapped", Optional.empty(), true);
        ObjectFacts facts = ObjectFacts.builder()
                .storageClass("COLD")
                .checksums(List.of(new Checksum(ChecksumAlgorithm.SHA256, Checksum.Type.COMPOSITE, "x-2")))
                .form(new StoredForm.Encrypted(envelope, Optional.empty()))
                .lock(new ObjectLock(
                        Optional.of(new Retention(RetentionMode.COMPLIANCE, Instant.parse("2030-01-01T00:00:00Z"))),
                        true))
                .build();
        ListedEntry entry = new ListedEntry(
                bucket(Versioning.ENABLED, true),
                version(id, false, "abc-2", facts),
                true,
                Optional.of(Instant.parse("2024-03-01T00:00:00Z")),
                "e30=");

        Map<String, String> expected = new LinkedHashMap<>();
        expected.put("Bucket", "b");
        expected.put("Key", "dir/a%20b%2C%22%0A");
        expected.put("VersionId", id.text());
        expected.put("IsLatest", "true");
        expected.put("IsDeleteMarker", "false");
        expected.put("Size", "12");
        expected.put("LastModifiedDate", "2024-02-03T04:05:06.000Z");
        expected.put("ETag", "abc-2");
        expected.put("StorageClass", "COLD");
        expected.put("IsMultipartUploaded", "true");
        expected.put("ReplicationStatus", "");
        expected.put("EncryptionStatus", "SSE-KMS");
        expected.put("ObjectLockRetainUntilDate", "2030-01-01T00:00:00.000Z");
        expected.put("ObjectLockMode", "COMPLIANCE");
        expected.put("ObjectLockLegalHoldStatus", "On");
        expected.put("IntelligentTieringAccessTier", "");
        expected.put("BucketKeyStatus", "ENABLED");
        expected.put("ChecksumAlgorithm", "SHA256");
        expected.put("ObjectAccessControlList", "e30=");
        expected.put("ObjectOwner", "p1");
        expected.put("LifecycleExpirationDate", "2024-03-01T00:00:00.000Z");
        assertThat(columns(entry)).isEqualTo(expected);
    }

    @Test
    void ofAPlainObjectWithoutVersioning() {
        ListedEntry entry = new ListedEntry(
                bucket(Versioning.OFF, false),
                version(new VersionId(5, true), false, "abc", ObjectFacts.plain()),
                true,
                Optional.empty(),
                "");
        assertThat(columns(entry))
                .containsEntry("VersionId", "")
                .containsEntry("IsMultipartUploaded", "false")
                .containsEntry("EncryptionStatus", "NOT-SSE")
                .containsEntry("BucketKeyStatus", "")
                .containsEntry("StorageClass", "STANDARD")
                .containsEntry("ObjectLockLegalHoldStatus", "")
                .containsEntry("ObjectLockMode", "")
                .containsEntry("ChecksumAlgorithm", "")
                .containsEntry("LifecycleExpirationDate", "");
    }

    @Test
    void ofADeleteMarkerTheColumnsOfContentAreEmpty() {
        ListedEntry entry = new ListedEntry(
                bucket(Versioning.SUSPENDED, false),
                version(new VersionId(5, true), true, "", ObjectFacts.plain()),
                false,
                Optional.empty(),
                "");
        assertThat(columns(entry))
                .containsEntry("VersionId", "null")
                .containsEntry("IsLatest", "false")
                .containsEntry("IsDeleteMarker", "true")
                .containsEntry("LastModifiedDate", "2024-02-03T04:05:06.000Z");
        assertThat(List.of(
                        "Size", "ETag", "StorageClass", "IsMultipartUploaded", "EncryptionStatus", "ChecksumAlgorithm"))
                .allSatisfy(column -> assertThat(columns(entry)).containsEntry(column, ""));
    }

    @Test
    void encryptionHasAmazonsWords() {
        Map<EncryptionMode, String> words =
                Map.of(EncryptionMode.S3, "SSE-S3", EncryptionMode.KMS, "SSE-KMS", EncryptionMode.CUSTOMER, "SSE-C");
        for (EncryptionMode mode : EncryptionMode.values()) {
            Envelope envelope = new Envelope(mode, "key", "wrapped", Optional.empty(), false);
            ObjectFacts facts = ObjectFacts.builder()
                    .form(new StoredForm.Encrypted(envelope, Optional.empty()))
                    .build();
            ListedEntry entry = new ListedEntry(
                    bucket(Versioning.OFF, false),
                    version(new VersionId(5, true), false, "abc", facts),
                    true,
                    Optional.empty(),
                    "");
            assertThat(columns(entry)).containsEntry("EncryptionStatus", words.get(mode));
            assertThat(columns(entry)).containsEntry("BucketKeyStatus", mode == EncryptionMode.KMS ? "DISABLED" : "");
        }
    }
}
