package io.pataka.service.notification;

import io.pataka.service.protocol.KeyFilter;
import io.pataka.service.protocol.ObjectTags;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.xml.XmlElement;
import io.pataka.service.protocol.xml.XmlWriter;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * Reads and writes the notifications of a bucket. The errors are Amazon's.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html">AWS:
 *     PutBucketNotificationConfiguration</a>
 * @see <a href="https://docs.ceph.com/en/latest/radosgw/s3/bucketops/#create-notification">Ceph: create notification</a>
 */
public final class NotificationXml {

    /** The most bytes of a document. */
    public static final int MAX_LENGTH = 1 << 20;

    /** The most notifications of a bucket, as on Amazon. */
    private static final int MAX_NOTIFICATIONS = 100;

    /** The most instructions of all regular expressions of a bucket: all of them look at the key of every change. */
    private static final int MAX_COST = 1_000;

    private static final int MAX_ID = 255;

    /** The most rules on metadata, and on tags; an object has no more tags. */
    private static final int MAX_RULES = ObjectTags.MAX_COUNT;

    private static final String ROOT = "NotificationConfiguration";
    private static final String TOPIC_CONFIGURATION = "TopicConfiguration";
    private static final String QUEUE_CONFIGURATION = "QueueConfiguration";
    private static final String FUNCTION_CONFIGURATION = "CloudFunctionConfiguration";
    private static final String EVENT_BRIDGE = "EventBridgeConfiguration";
    private static final String ID = "Id";
    private static final String TOPIC = "Topic";
    private static final String EVENT = "Event";
    private static final String FILTER = "Filter";
    private static final String KEY_FILTER = "S3Key";
    private static final String METADATA_FILTER = "S3Metadata";
    private static final String TAG_FILTER = "S3Tags";
    private static final String RULE = "FilterRule";
    private static final String NAME = "Name";
    private static final String VALUE = "Value";
    private static final String METADATA_PREFIX = "x-amz-meta-";

    private NotificationXml() {}

    /**
     * Reads what a client sent, or what {@link #write} wrote. A notification without an id gets one. One without events is for
     * {@code s3:ObjectCreated:*} and {@code s3:ObjectRemoved:*}, as on Ceph Gateway.
     *
     * @throws S3Exception MalformedXML for a document that does not have the form; InvalidArgument for notifications that cannot be meant,
     *     and for destinations that are no topics; NotImplemented for EventBridge
     */
    public static NotificationConfiguration read(byte[] document) {
        XmlElement root = XmlElement.parse(document, ROOT)
                .only(TOPIC_CONFIGURATION, QUEUE_CONFIGURATION, FUNCTION_CONFIGURATION, EVENT_BRIDGE);
        if (root.first(EVENT_BRIDGE).isPresent()) {
            throw new S3Exception(
                    S3Error.NOT_IMPLEMENTED, "Events cannot be sent to EventBridge. Name a topic to send them to.");
        }
        root.first(QUEUE_CONFIGURATION).ifPresent(queue -> refuse(queue, "Queue"));
        root.first(FUNCTION_CONFIGURATION).ifPresent(function -> refuse(function, "CloudFunction"));
        List<Notification> notifications = root.all(TOPIC_CONFIGURATION).stream()
                .map(NotificationXml::notification)
                .toList();
        requireCount(notifications.size());
        requireDifferentIds(notifications);
        requireCost(notifications);
        return new NotificationConfiguration(notifications);
    }

    /** In the form in which Amazon refuses a destination that does not exist. */
    private static void refuse(XmlElement configuration, String destination) {
        throw invalid("Unable to validate the following destination configurations")
                .with("ArgumentName1", configuration.requiredText(destination))
                .with("ArgumentValue1", "There are no queues and no functions here. Name a topic to send events to.");
    }

    private static void requireCount(int count) {
        if (count > MAX_NOTIFICATIONS) {
            throw invalid("A bucket cannot have more than " + MAX_NOTIFICATIONS + " notifications.");
        }
    }

    private static void requireDifferentIds(List<Notification> notifications) {
        Set<String> ids = new HashSet<>();
        for (Notification notification : notifications) {
            if (!ids.add(notification.id())) {
                throw invalid("Same ID used for multiple configurations. IDs must be unique")
                        .argument(ID, notification.id());
            }
        }
    }

    private static void requireCost(List<Notification> notifications) {
        int cost = notifications.stream()
                .mapToInt(notification -> notification.filter().key().cost())
                .sum();
        if (cost > MAX_COST) {
            throw invalid("The regular expressions of the notifications are too large together");
        }
    }

    private static Notification notification(XmlElement element) {
        element.only(ID, TOPIC, EVENT, FILTER).once(ID, TOPIC, FILTER);
        return new Notification(
                element.textOf(ID)
                        .filter(id -> !id.isEmpty())
                        .map(NotificationXml::id)
                        .orElseGet(() -> UUID.randomUUID().toString()),
                topic(element.requiredText(TOPIC)),
                events(element.all(EVENT)),
                element.first(FILTER).map(NotificationXml::filter).orElse(ObjectFilter.ALL));
    }

    private static String id(String text) {
        if (text.length() > MAX_ID) {
            throw invalid("ID length should not exceed allowed limit of " + MAX_ID)
                    .argument(ID, text);
        }
        return text;
    }

    private static TopicArn topic(String text) {
        return TopicArn.parse(text)
                .orElseThrow(() -> invalid("The ARN could not be parsed").argument(TOPIC, text));
    }

    private static List<EventPattern> events(List<XmlElement> elements) {
        return elements.isEmpty()
                ? List.of(EventPattern.CREATED, EventPattern.REMOVED)
                : elements.stream().map(NotificationXml::event).distinct().toList();
    }

    private static EventPattern event(XmlElement element) {
        return EventPattern.parse(element.text())
                .orElseThrow(() -> invalid("A specified event is not supported for notifications.")
                        .argument(EVENT, element.text()));
    }

    private static ObjectFilter filter(XmlElement element) {
        element.only(KEY_FILTER, METADATA_FILTER, TAG_FILTER).once(KEY_FILTER, METADATA_FILTER, TAG_FILTER);
        return new ObjectFilter(
                element.first(KEY_FILTER).map(KeyFilter::read).orElse(KeyFilter.ALL),
                values(element, METADATA_FILTER, NotificationXml::metadataName),
                values(element, TAG_FILTER, UnaryOperator.identity()));
    }

    private static SortedMap<String, String> values(XmlElement filter, String name, UnaryOperator<String> nameOf) {
        SortedMap<String, String> values = new TreeMap<>();
        Optional<XmlElement> element = filter.first(name);
        if (element.isEmpty()) {
            return values;
        }
        for (XmlElement rule : element.get().only(RULE).children()) {
            rule.only(NAME, VALUE).once(NAME, VALUE);
            String key = rule.requiredText(NAME);
            if (values.put(nameOf.apply(key), rule.requiredText(VALUE)) != null) {
                throw invalid("Cannot specify more than one rule of a name in a filter.")
                        .argument("FilterRule.Name", key);
            }
        }
        if (values.size() > MAX_RULES) {
            throw invalid("Cannot specify more than " + MAX_RULES + " rules in " + name);
        }
        return values;
    }

    /** A name without the prefix would select nothing. */
    private static String metadataName(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!lower.startsWith(METADATA_PREFIX)) {
            throw invalid("The name of a filter rule on metadata must begin with " + METADATA_PREFIX)
                    .argument("FilterRule.Name", name);
        }
        return lower.substring(METADATA_PREFIX.length());
    }

    private static S3Exception invalid(String message) {
        return new S3Exception(S3Error.INVALID_ARGUMENT, message);
    }

    /** The document for clients, and for storage. */
    public static byte[] write(NotificationConfiguration configuration) {
        XmlWriter xml = XmlWriter.document(ROOT);
        configuration.notifications().forEach(notification -> write(notification, xml));
        return xml.toBytes();
    }

    private static void write(Notification notification, XmlWriter xml) {
        xml.open(TOPIC_CONFIGURATION)
                .leaf(ID, notification.id())
                .leaf(TOPIC, notification.topic().text());
        notification.events().forEach(event -> xml.leaf(EVENT, event.text()));
        ObjectFilter filter = notification.filter();
        if (!filter.equals(ObjectFilter.ALL)) {
            xml.open(FILTER);
            filter.key().write(xml);
            write(xml, METADATA_FILTER, METADATA_PREFIX, filter.metadata());
            write(xml, TAG_FILTER, "", filter.tags());
            xml.close();
        }
        xml.close();
    }

    private static void write(XmlWriter xml, String element, String prefix, SortedMap<String, String> values) {
        if (values.isEmpty()) {
            return;
        }
        xml.open(element);
        values.forEach((name, value) ->
                xml.open(RULE).leaf(NAME, prefix + name).leaf(VALUE, value).close());
        xml.close();
    }
}
