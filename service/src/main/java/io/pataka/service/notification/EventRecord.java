package io.pataka.service.notification;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.pataka.service.model.Actor;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.ObjectChange;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.protocol.PercentCoding;
import io.pataka.service.protocol.S3Time;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Writes the record of an event as it is queued: a message of Amazon's form with Ceph's additions, without what is known only when it is
 * sent ({@link EventMessage}).
 *
 * <p>As on Amazon, the key is URL-encoded as in a form, a removal has no size and no ETag, and events of tags, ACLs and transitions have no
 * sequencer. What the bucket's lifecycle does is done by {@code s3.amazonaws.com}, and has no request id.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html">AWS: event message structure</a>
 * @see <a href="https://docs.ceph.com/en/latest/radosgw/notifications/#events">Ceph: events</a>
 */
final class EventRecord {

    /** Where {@link EventMessage} writes the sequencer. */
    static final String SEQUENCER = "sequencer";

    private static final String SERVICE = "s3.amazonaws.com";
    private static final String PRINCIPAL = "principalId";
    private static final JsonFactory JSON = new JsonFactory();

    private final String region;
    private final String node;
    private final Clock clock;

    /**
     * @param node the beginning of {@code x-amz-id-2} in all answers of this server
     */
    EventRecord(String region, String node, Clock clock) {
        this.region = Objects.requireNonNull(region);
        this.node = Objects.requireNonNull(node);
        this.clock = Objects.requireNonNull(clock);
    }

    /** The message, in UTF-8. */
    byte[] write(Notification notification, EventName name, Bucket bucket, ObjectChange change) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = JSON.createGenerator(bytes, JsonEncoding.UTF8)) {
            json.writeStartObject();
            json.writeArrayFieldStart("Records");
            json.writeStartObject();
            json.writeStringField("eventVersion", version(name));
            json.writeStringField("eventSource", "aws:s3");
            json.writeStringField("awsRegion", region);
            json.writeStringField("eventTime", S3Time.withMillis(clock.instant()));
            json.writeStringField("eventName", name.text());
            request(json, change);
            json.writeObjectFieldStart("s3");
            json.writeStringField("s3SchemaVersion", "1.0");
            json.writeStringField("configurationId", notification.id());
            bucket(json, bucket);
            object(json, name, bucket, change);
            json.writeEndObject();
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static String version(EventName name) {
        return hasSequencer(name) && !isOfLifecycle(name) ? "2.1" : "2.3";
    }

    private static boolean isOfLifecycle(EventName name) {
        return name.text().startsWith("Lifecycle") || name.text().startsWith("ObjectLifecycle");
    }

    /** Only a write and a removal have a place among the versions of the key. */
    private static boolean hasSequencer(EventName name) {
        return switch (name) {
            case TAGGED,
                    UNTAGGED,
                    ACL_SET,
                    TRANSITION,
                    CEPH_TRANSITION_OF_CURRENT,
                    CEPH_TRANSITION_OF_NONCURRENT,
                    CEPH_EXPIRED_UPLOAD -> false;
            default -> true;
        };
    }

    private void request(JsonGenerator json, ObjectChange change) throws IOException {
        json.writeObjectFieldStart("userIdentity");
        json.writeStringField(PRINCIPAL, principal(change.context().actor()));
        json.writeEndObject();
        json.writeObjectFieldStart("requestParameters");
        json.writeStringField("sourceIPAddress", change.context().address().orElse(SERVICE));
        json.writeEndObject();
        json.writeObjectFieldStart("responseElements");
        Optional<String> requestId = change.context().requestId();
        if (requestId.isPresent()) {
            json.writeStringField("x-amz-request-id", requestId.get());
        }
        json.writeStringField("x-amz-id-2", node);
        json.writeEndObject();
    }

    private static String principal(Actor actor) {
        return actor instanceof Actor.Requester requester
                ? requester.caller().user().id()
                : SERVICE;
    }

    private static void bucket(JsonGenerator json, Bucket bucket) throws IOException {
        json.writeObjectFieldStart("bucket");
        json.writeStringField("name", bucket.name().text());
        json.writeObjectFieldStart("ownerIdentity");
        json.writeStringField(PRINCIPAL, bucket.owner().id());
        json.writeEndObject();
        json.writeStringField("arn", "arn:aws:s3:::" + bucket.name().text());
        json.writeStringField("id", Long.toString(bucket.id()));
        json.writeEndObject();
    }

    private static void object(JsonGenerator json, EventName name, Bucket bucket, ObjectChange change)
            throws IOException {
        json.writeObjectFieldStart("object");
        json.writeStringField("key", encoded(change.key()));
        switch (change.effect()) {
            case CREATED -> {
                json.writeNumberField("size", change.size());
                json.writeStringField("eTag", change.etag());
            }
            case CHANGED, CHANGED_NONCURRENT -> json.writeStringField("eTag", change.etag());
            default -> {
                // Amazon tells nothing of what is removed.
            }
        }
        if (bucket.versioning() != Versioning.OFF && name != EventName.CEPH_EXPIRED_UPLOAD) {
            json.writeStringField("versionId", change.version().text());
        }
        if (hasSequencer(name)) {
            json.writeStringField(SEQUENCER, "");
        }
        facts(json, change);
        json.writeEndObject();
    }

    /** Of what is removed they are known only in some buckets, so they are left out in all. */
    private static void facts(JsonGenerator json, ObjectChange change) throws IOException {
        switch (change.effect()) {
            case CREATED, CHANGED, CHANGED_NONCURRENT -> {
                pairs(json, "metadata", "x-amz-meta-", change.userMetadata());
                pairs(json, "tags", "", change.tags());
            }
            default -> {
                // Nothing is known.
            }
        }
    }

    private static void pairs(JsonGenerator json, String field, String prefix, Map<String, String> values)
            throws IOException {
        json.writeArrayFieldStart(field);
        for (Map.Entry<String, String> value : values.entrySet()) {
            json.writeStartObject();
            json.writeStringField("key", prefix + value.getKey());
            json.writeStringField("val", value.getValue());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** The key as in a form, but with its slashes: a space is a plus. */
    private static String encoded(ObjectKey key) {
        return PercentCoding.encodePath(key.bytes()).replace("%20", "+");
    }
}
