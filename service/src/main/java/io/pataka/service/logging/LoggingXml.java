package io.pataka.service.logging;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.logging.LoggingConfiguration.Type;
import io.pataka.service.model.BucketName;
import io.pataka.service.protocol.KeyFilter;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Time;
import io.pataka.service.protocol.WholeNumber;
import io.pataka.service.protocol.xml.XmlElement;
import io.pataka.service.protocol.xml.XmlWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * Reads and writes the document of bucket logging, with Ceph's additions. {@code TargetGrants} are read and have no effect, as in Ceph:
 * log objects belong to the owner of the target, who can grant access by a policy.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLogging.html">AWS: PutBucketLogging</a>
 * @see <a href="https://docs.ceph.com/en/latest/radosgw/s3/bucketops/#enable-bucket-logging">Ceph: enable bucket logging</a>
 */
public final class LoggingXml {

    /** The most bytes of a document. */
    public static final int MAX_LENGTH = 64 * 1024;

    /** Ceph's {@code rgw_bucket_logging_obj_roll_time}. */
    static final Duration ROLL_TIME = Duration.ofMinutes(5);

    private static final Duration MAX_ROLL_TIME = Duration.ofDays(1);

    /** Leaves 256 bytes of a key for the owner, the region and the time. */
    private static final int MAX_PREFIX = 768;

    private static final String ROOT = "BucketLoggingStatus";
    private static final String ENABLED = "LoggingEnabled";
    private static final String BUCKET = "TargetBucket";
    private static final String PREFIX = "TargetPrefix";
    private static final String GRANTS = "TargetGrants";
    private static final String FORMAT = "TargetObjectKeyFormat";
    private static final String SIMPLE = "SimplePrefix";
    private static final String PARTITIONED = "PartitionedPrefix";
    private static final String DATE_SOURCE = "PartitionDateSource";
    private static final String DELIVERY = "DeliveryTime";
    private static final String EVENT = "EventTime";
    private static final String TYPE = "LoggingType";
    private static final String ROLL = "ObjectRollTime";
    private static final String BATCH = "RecordsBatchSize";
    private static final String FILTER = "Filter";
    private static final String KEY = "S3Key";

    /** Only in stored documents. */
    private static final String CHANGED = "ChangedAt";

    private LoggingXml() {}

    /**
     * A configuration as it is stored.
     *
     * @param changedAt when the configuration of the bucket became this one
     */
    public record Stored(LoggingConfiguration configuration, Instant changedAt) {
        public Stored {
            Objects.requireNonNull(configuration);
            Objects.requireNonNull(changedAt);
        }
    }

    /**
     * Empty for a document that turns logging off.
     *
     * @throws S3Exception MalformedXML or InvalidArgument
     */
    public static Optional<LoggingConfiguration> read(byte[] document) {
        return XmlElement.parse(document, ROOT)
                .only(ENABLED)
                .once(ENABLED)
                .first(ENABLED)
                .map(LoggingXml::enabled);
    }

    private static LoggingConfiguration enabled(XmlElement element) {
        element.only(BUCKET, PREFIX, GRANTS, FORMAT, TYPE, ROLL, BATCH, FILTER)
                .once(BUCKET, PREFIX, GRANTS, FORMAT, TYPE, ROLL, BATCH, FILTER);
        Type type = element.textOf(TYPE).map(LoggingXml::type).orElse(Type.STANDARD);
        KeyFilter filter = element.first(FILTER).map(LoggingXml::filter).orElse(KeyFilter.ALL);
        return new LoggingConfiguration(
                target(element.requiredText(BUCKET)),
                prefix(element.textOf(PREFIX).orElse("")),
                element.first(FORMAT).map(LoggingXml::keyFormat).orElse(LogKeyFormat.SIMPLE),
                type,
                element.textOf(ROLL).map(LoggingXml::rollTime).orElse(ROLL_TIME),
                element.textOf(BATCH).map(LoggingXml::batchSize).orElse(0),
                type == Type.JOURNAL ? filter : KeyFilter.ALL);
    }

    private static BucketName target(String text) {
        if (text.isEmpty() || text.length() > 255) {
            throw new S3Exception(S3Error.MALFORMED_XML);
        }
        return new BucketName(text);
    }

    private static String prefix(String text) {
        if (text.getBytes(UTF_8).length > MAX_PREFIX) {
            throw invalid("TargetPrefix cannot exceed " + MAX_PREFIX + " bytes in UTF-8 representation", PREFIX, text);
        }
        return text;
    }

    private static Type type(String text) {
        return Arrays.stream(Type.values())
                .filter(type -> type.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new S3Exception(S3Error.MALFORMED_XML));
    }

    private static LogKeyFormat keyFormat(XmlElement element) {
        element.only(SIMPLE, PARTITIONED);
        if (element.children().size() != 1) {
            throw new S3Exception(S3Error.MALFORMED_XML);
        }
        Optional<XmlElement> partitioned = element.first(PARTITIONED);
        if (partitioned.isEmpty()) {
            return LogKeyFormat.SIMPLE;
        }
        String source = partitioned
                .get()
                .only(DATE_SOURCE)
                .once(DATE_SOURCE)
                .textOf(DATE_SOURCE)
                .orElse(DELIVERY);
        return switch (source) {
            case DELIVERY -> LogKeyFormat.PARTITIONED_BY_DELIVERY;
            case EVENT -> LogKeyFormat.PARTITIONED_BY_EVENT;
            default -> throw new S3Exception(S3Error.MALFORMED_XML);
        };
    }

    private static Duration rollTime(String text) {
        Duration time = Duration.ofSeconds(number(text));
        if (time.isZero() || time.compareTo(MAX_ROLL_TIME) > 0) {
            throw invalid("ObjectRollTime must be between 1 and " + MAX_ROLL_TIME.toSeconds() + " seconds", ROLL, text);
        }
        return time;
    }

    private static int batchSize(String text) {
        return number(text);
    }

    private static int number(String text) {
        int number = WholeNumber.ofInt(text.trim()).orElseThrow(() -> new S3Exception(S3Error.MALFORMED_XML));
        if (number < 0) {
            throw new S3Exception(S3Error.MALFORMED_XML);
        }
        return number;
    }

    private static KeyFilter filter(XmlElement element) {
        return element.only(KEY).once(KEY).first(KEY).map(KeyFilter::read).orElse(KeyFilter.ALL);
    }

    private static S3Exception invalid(String message, String argument, String value) {
        return new S3Exception(S3Error.INVALID_ARGUMENT, message).argument(argument, value);
    }

    /** The document for clients. */
    public static byte[] write(Optional<LoggingConfiguration> configuration) {
        XmlWriter xml = XmlWriter.document(ROOT);
        configuration.ifPresent(present -> write(present, xml));
        return xml.toBytes();
    }

    private static void write(LoggingConfiguration configuration, XmlWriter xml) {
        xml.open(ENABLED)
                .leaf(BUCKET, configuration.target().text())
                .leaf(PREFIX, configuration.prefix())
                .leaf(ROLL, configuration.rollTime().toSeconds())
                .leaf(TYPE, configuration.type().text());
        if (!configuration.filter().equals(KeyFilter.ALL)) {
            xml.open(FILTER);
            configuration.filter().write(xml);
            xml.close();
        }
        xml.leaf(BATCH, configuration.batchSize()).open(FORMAT);
        switch (configuration.keyFormat()) {
            case SIMPLE -> xml.leaf(SIMPLE, "");
            case PARTITIONED_BY_DELIVERY ->
                xml.open(PARTITIONED).leaf(DATE_SOURCE, DELIVERY).close();
            case PARTITIONED_BY_EVENT ->
                xml.open(PARTITIONED).leaf(DATE_SOURCE, EVENT).close();
        }
        xml.close().close();
    }

    /** The form to store, as {@link io.pataka.service.model.DocumentKind#LOGGING}. */
    public static String store(Stored stored) {
        XmlWriter xml = XmlWriter.document(ROOT);
        write(stored.configuration(), xml);
        xml.leaf(CHANGED, stored.changedAt().toString());
        return new String(xml.toBytes(), UTF_8);
    }

    /**
     * Reads what {@link #store} wrote.
     *
     * @throws RuntimeException for any other text
     */
    public static Stored load(String text) {
        XmlElement root = XmlElement.parse(text.getBytes(UTF_8), ROOT);
        return new Stored(
                enabled(root.required(ENABLED)),
                S3Time.readXml(root.requiredText(CHANGED)).orElseThrow());
    }
}
