package io.pataka.service.inventory;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.inventory.InventoryConfiguration.Destination;
import io.pataka.service.inventory.InventoryConfiguration.Frequency;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.EncryptionChoice;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.xml.XmlElement;
import io.pataka.service.protocol.xml.XmlWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Inventory configurations as XML.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketInventoryConfiguration.html">AWS:
 *     PutBucketInventoryConfiguration</a>
 */
public final class InventoryXml {

    /** The most bytes of one configuration. */
    public static final int MAX_LENGTH = 16 * 1024;

    /** The most bytes of a prefix, so that every key of a report is a key. */
    static final int MAX_PREFIX = 512;

    /** More than a document with the most configurations that a bucket has. */
    private static final int MAX_STORED_ELEMENTS = 100_000;

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private static final String ROOT = "InventoryConfiguration";
    private static final String STORED = "InventoryConfigurations";
    private static final String ID_ELEMENT = "Id";
    private static final String ENABLED = "IsEnabled";
    private static final String DESTINATION = "Destination";
    private static final String BUCKET_DESTINATION = "S3BucketDestination";
    private static final String ACCOUNT = "AccountId";
    private static final String BUCKET = "Bucket";
    private static final String FORMAT = "Format";
    private static final String PREFIX = "Prefix";
    private static final String ENCRYPTION = "Encryption";
    private static final String SSE_S3 = "SSE-S3";
    private static final String SSE_KMS = "SSE-KMS";
    private static final String KEY_ID = "KeyId";
    private static final String SCHEDULE = "Schedule";
    private static final String FREQUENCY = "Frequency";
    private static final String VERSIONS = "IncludedObjectVersions";
    private static final String FIELDS = "OptionalFields";
    private static final String FIELD = "Field";
    private static final String FILTER = "Filter";

    private static final String CSV = "CSV";
    private static final String ALL = "All";
    private static final String CURRENT = "Current";
    private static final String ARN = "arn:aws:s3:::";

    private InventoryXml() {}

    /**
     * Reads what a client sent.
     *
     * @throws S3Exception MalformedXML, InvalidArgument, InvalidS3DestinationBucket, or NotImplemented for a format that is not written
     */
    public static InventoryConfiguration read(byte[] document) {
        return read(XmlElement.parse(document, ROOT));
    }

    private static InventoryConfiguration read(XmlElement root) {
        root.only(ID_ELEMENT, ENABLED, DESTINATION, SCHEDULE, VERSIONS, FIELDS, FILTER)
                .once(ID_ELEMENT, ENABLED, DESTINATION, SCHEDULE, VERSIONS, FIELDS, FILTER);
        return new InventoryConfiguration(
                id(root.requiredText(ID_ELEMENT)),
                flag(root.requiredText(ENABLED)),
                destination(root.required(DESTINATION)),
                frequency(root.required(SCHEDULE)),
                root.first(FILTER).map(InventoryXml::filter),
                allVersions(root.requiredText(VERSIONS)),
                root.first(FIELDS).map(InventoryXml::fields).orElse(List.of()));
    }

    /**
     * An id as a client may choose it.
     *
     * @throws S3Exception InvalidArgument
     */
    public static String id(String text) {
        if (!ID.matcher(text).matches()) {
            throw new S3Exception(
                            S3Error.INVALID_ARGUMENT,
                            "The id must be 1 to 64 letters, digits, dots, dashes and underscores")
                    .argument("id", text);
        }
        return text;
    }

    private static boolean flag(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw malformed();
        };
    }

    private static Destination destination(XmlElement element) {
        XmlElement bucket =
                element.only(BUCKET_DESTINATION).once(BUCKET_DESTINATION).required(BUCKET_DESTINATION);
        bucket.only(ACCOUNT, BUCKET, FORMAT, PREFIX, ENCRYPTION).once(ACCOUNT, BUCKET, FORMAT, PREFIX, ENCRYPTION);
        requireCsv(bucket.requiredText(FORMAT));
        return new Destination(
                bucketName(bucket.requiredText(BUCKET)),
                bucket.textOf(ACCOUNT),
                bucket.textOf(PREFIX).map(InventoryXml::prefix),
                bucket.first(ENCRYPTION).flatMap(InventoryXml::encryption));
    }

    private static void requireCsv(String format) {
        switch (format) {
            case CSV -> {
                return;
            }
            case "ORC", "Parquet" ->
                throw new S3Exception(
                        S3Error.NOT_IMPLEMENTED,
                        "Inventories are written as CSV. The format " + format + " is not written.");
            default -> throw malformed();
        }
    }

    private static BucketName bucketName(String arn) {
        String name = arn.startsWith(ARN) ? arn.substring(ARN.length()) : "";
        if (name.isEmpty() || name.length() > 255 || name.contains("/") || name.contains(":")) {
            throw new S3Exception(
                            S3Error.INVALID_S3_DESTINATION_BUCKET,
                            "The destination must be the ARN of a bucket: " + ARN + "name.")
                    .argument(BUCKET, arn);
        }
        return new BucketName(name);
    }

    private static String prefix(String text) {
        if (text.getBytes(UTF_8).length > MAX_PREFIX) {
            throw new S3Exception(
                            S3Error.INVALID_ARGUMENT, "The prefix of reports has at most " + MAX_PREFIX + " bytes.")
                    .argument(PREFIX, text);
        }
        return text;
    }

    private static Optional<EncryptionChoice> encryption(XmlElement element) {
        element.only(SSE_S3, SSE_KMS).once(SSE_S3, SSE_KMS);
        if (element.children().size() > 1) {
            throw malformed();
        }
        Optional<XmlElement> kms = element.first(SSE_KMS);
        if (kms.isPresent()) {
            String key = kms.get().only(KEY_ID).once(KEY_ID).requiredText(KEY_ID);
            if (key.isEmpty() || key.length() > 255) {
                throw malformed();
            }
            return Optional.of(new EncryptionChoice.Kms(key, Optional.empty(), false));
        }
        return element.first(SSE_S3).map(none -> new EncryptionChoice.S3());
    }

    private static Frequency frequency(XmlElement schedule) {
        String text = schedule.only(FREQUENCY).once(FREQUENCY).requiredText(FREQUENCY);
        return Arrays.stream(Frequency.values())
                .filter(frequency -> frequency.text().equals(text))
                .findFirst()
                .orElseThrow(InventoryXml::malformed);
    }

    private static String filter(XmlElement element) {
        String prefix = element.only(PREFIX).once(PREFIX).requiredText(PREFIX);
        if (prefix.getBytes(UTF_8).length > 1024) {
            throw new S3Exception(S3Error.INVALID_ARGUMENT, "The prefix of a filter has at most 1024 bytes.")
                    .argument(PREFIX, prefix);
        }
        return prefix;
    }

    private static boolean allVersions(String text) {
        return switch (text) {
            case ALL -> true;
            case CURRENT -> false;
            default -> throw malformed();
        };
    }

    private static List<InventoryField> fields(XmlElement element) {
        List<InventoryField> fields = new ArrayList<>();
        for (XmlElement field : element.only(FIELD).all(FIELD)) {
            fields.add(InventoryField.named(field.text()).orElseThrow(InventoryXml::malformed));
        }
        if (new HashSet<>(fields).size() != fields.size()) {
            throw malformed();
        }
        return fields;
    }

    private static S3Exception malformed() {
        return new S3Exception(S3Error.MALFORMED_XML);
    }

    /** The document of one configuration. */
    public static byte[] write(InventoryConfiguration configuration) {
        XmlWriter writer = XmlWriter.document(ROOT);
        content(writer, configuration);
        return writer.toBytes();
    }

    /** Adds an element to a document. */
    public static void write(XmlWriter writer, InventoryConfiguration configuration) {
        writer.open(ROOT);
        content(writer, configuration);
        writer.close();
    }

    private static void content(XmlWriter writer, InventoryConfiguration configuration) {
        Destination destination = configuration.destination();
        writer.leaf(ID_ELEMENT, configuration.id())
                .leaf(ENABLED, configuration.enabled())
                .open(DESTINATION)
                .open(BUCKET_DESTINATION)
                .leaf(FORMAT, CSV)
                .leaf(ACCOUNT, destination.account())
                .leaf(BUCKET, ARN + destination.bucket().text())
                .leaf(PREFIX, destination.prefix());
        destination.encryption().ifPresent(encryption -> encryption(writer, encryption));
        writer.close()
                .close()
                .open(SCHEDULE)
                .leaf(FREQUENCY, configuration.frequency().text())
                .close()
                .leaf(VERSIONS, configuration.allVersions() ? ALL : CURRENT);
        if (!configuration.fields().isEmpty()) {
            writer.open(FIELDS);
            configuration.fields().forEach(field -> writer.leaf(FIELD, field.text()));
            writer.close();
        }
        configuration
                .prefix()
                .ifPresent(prefix -> writer.open(FILTER).leaf(PREFIX, prefix).close());
    }

    private static void encryption(XmlWriter writer, EncryptionChoice encryption) {
        writer.open(ENCRYPTION);
        if (encryption instanceof EncryptionChoice.Kms kms) {
            writer.open(SSE_KMS).leaf(KEY_ID, kms.keyId()).close();
        } else {
            writer.open(SSE_S3).close();
        }
        writer.close();
    }

    /** All configurations of a bucket, as they are stored. */
    public static String store(Collection<InventoryConfiguration> configurations) {
        XmlWriter writer = XmlWriter.document(STORED);
        configurations.forEach(configuration -> write(writer, configuration));
        return new String(writer.toBytes(), UTF_8);
    }

    /**
     * Reads what {@link #store} wrote.
     *
     * @return the configurations by id
     * @throws S3Exception for any other text
     */
    public static SortedMap<String, InventoryConfiguration> load(String stored) {
        SortedMap<String, InventoryConfiguration> all = new TreeMap<>();
        for (XmlElement element : XmlElement.parse(stored.getBytes(UTF_8), STORED, MAX_STORED_ELEMENTS)
                .all(ROOT)) {
            InventoryConfiguration configuration = read(element);
            all.put(configuration.id(), configuration);
        }
        return all;
    }
}
