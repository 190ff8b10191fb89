package io.pataka.service.inventory;

import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.Checksum;
import io.pataka.service.model.Envelope;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.Retention;
import io.pataka.service.model.StoredForm;
import io.pataka.service.protocol.PercentCoding;
import io.pataka.service.protocol.S3Time;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The columns of a report, in their order.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory.html">AWS: inventory list</a>
 */
public enum InventoryField {
    BUCKET("Bucket", entry -> entry.bucket().name().text()),
    KEY("Key", entry -> PercentCoding.encodePath(entry.version().key().bytes())),
    VERSION_ID("VersionId", InventoryField::versionId),
    IS_LATEST("IsLatest", entry -> Boolean.toString(entry.latest())),
    IS_DELETE_MARKER("IsDeleteMarker", entry -> Boolean.toString(entry.version().deleteMarker())),
    SIZE("Size", ofObject(version -> Long.toString(version.size()))),
    LAST_MODIFIED_DATE("LastModifiedDate", entry -> S3Time.xml(entry.version().lastModified())),
    ETAG("ETag", ofObject(version -> version.etag().value())),
    STORAGE_CLASS("StorageClass", ofObject(version -> version.facts().storageClass())),
    IS_MULTIPART_UPLOADED(
            "IsMultipartUploaded",
            ofObject(version -> Boolean.toString(version.etag().value().contains("-")))),
    REPLICATION_STATUS("ReplicationStatus", entry -> ""),
    ENCRYPTION_STATUS("EncryptionStatus", ofObject(InventoryField::encryption)),
    OBJECT_LOCK_RETAIN_UNTIL_DATE(
            "ObjectLockRetainUntilDate",
            ofObject(version -> retention(version)
                    .map(retention -> S3Time.xml(retention.until()))
                    .orElse(""))),
    OBJECT_LOCK_MODE(
            "ObjectLockMode",
            ofObject(version ->
                    retention(version).map(retention -> retention.mode().name()).orElse(""))),
    OBJECT_LOCK_LEGAL_HOLD_STATUS("ObjectLockLegalHoldStatus", InventoryField::legalHold),
    INTELLIGENT_TIERING_ACCESS_TIER("IntelligentTieringAccessTier", entry -> ""),
    BUCKET_KEY_STATUS("BucketKeyStatus", ofObject(InventoryField::bucketKey)),
    CHECKSUM_ALGORITHM("ChecksumAlgorithm", ofObject(InventoryField::checksum)),
    OBJECT_ACCESS_CONTROL_LIST("ObjectAccessControlList", ListedEntry::accessControl),
    OBJECT_OWNER("ObjectOwner", entry -> entry.version().owner().id()),
    LIFECYCLE_EXPIRATION_DATE(
            "LifecycleExpirationDate", entry -> entry.expires().map(S3Time::xml).orElse(""));

    /** Columns that a client does not name. */
    private static final Set<InventoryField> ALWAYS = EnumSet.of(BUCKET, KEY);

    private static final Set<InventoryField> OF_ALL_VERSIONS = EnumSet.of(VERSION_ID, IS_LATEST, IS_DELETE_MARKER);

    private final String text;
    private final Function<ListedEntry, String> value;

    InventoryField(String text, Function<ListedEntry, String> value) {
        this.text = text;
        this.value = value;
    }

    /** A column that is empty for a delete marker. */
    private static Function<ListedEntry, String> ofObject(Function<ObjectVersion, String> value) {
        return entry -> entry.version().deleteMarker() ? "" : value.apply(entry.version());
    }

    /** The name of the column. */
    public String text() {
        return text;
    }

    /** The field that a client names so; empty for a text that names no field of its choice. */
    public static Optional<InventoryField> named(String text) {
        return Arrays.stream(values())
                .filter(field -> field.text.equals(text))
                .filter(field -> !ALWAYS.contains(field) && !OF_ALL_VERSIONS.contains(field))
                .findFirst();
    }

    /** The columns of the reports of a configuration. */
    public static List<InventoryField> columns(InventoryConfiguration configuration) {
        Set<InventoryField> columns = EnumSet.copyOf(ALWAYS);
        if (configuration.allVersions()) {
            columns.addAll(OF_ALL_VERSIONS);
        }
        columns.addAll(configuration.fields());
        return List.copyOf(columns);
    }

    /** The value of the column, without quotation marks; it has none itself. */
    public String value(ListedEntry entry) {
        return value.apply(entry);
    }

    private static String versionId(ListedEntry entry) {
        return entry.bucket().versioning() == Versioning.OFF
                ? ""
                : entry.version().id().text();
    }

    private static Optional<Retention> retention(ObjectVersion version) {
        return version.facts().lock().retention();
    }

    private static String legalHold(ListedEntry entry) {
        if (!entry.bucket().objectLock() || entry.version().deleteMarker()) {
            return "";
        }
        return entry.version().facts().lock().legalHold() ? "On" : "Off";
    }

    private static Optional<Envelope> envelope(ObjectVersion version) {
        ObjectFacts facts = version.facts();
        return facts.form() instanceof StoredForm.Encrypted encrypted
                ? Optional.of(encrypted.envelope())
                : Optional.empty();
    }

    private static String encryption(ObjectVersion version) {
        return envelope(version)
                .map(envelope -> switch (envelope.mode()) {
                    case S3 -> "SSE-S3";
                    case KMS -> "SSE-KMS";
                    case CUSTOMER -> "SSE-C";
                })
                .orElse("NOT-SSE");
    }

    private static String bucketKey(ObjectVersion version) {
        return envelope(version)
                .map(envelope -> switch (envelope.mode()) {
                    case KMS -> envelope.bucketKey() ? "ENABLED" : "DISABLED";
                    case S3, CUSTOMER -> "";
                })
                .orElse("");
    }

    private static String checksum(ObjectVersion version) {
        return version.facts().checksums().stream()
                .map(Checksum::algorithm)
                .map(Enum::name)
                .findFirst()
                .orElse("");
    }
}
