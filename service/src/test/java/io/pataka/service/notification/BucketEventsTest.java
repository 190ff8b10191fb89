package io.pataka.service.notification;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.ObjectChange;
import io.pataka.service.model.ObjectChange.Effect;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.Owner;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BucketEventsTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-28T23:01:02.345678Z"), ZoneOffset.UTC);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CREATED = "<Event>s3:ObjectCreated:*</Event>";
    private static final String TAG_T =
            "<Filter><S3Tags><FilterRule><Name>t</Name><Value>v</Value></FilterRule></S3Tags></Filter>";

    private static Bucket bucket(Versioning versioning) {
        return new Bucket(
                12,
                new BucketName("bucket"),
                new Owner("owner-1", "Owner"),
                Instant.EPOCH,
                versioning,
                false,
                Optional.empty(),
                true,
                0);
    }

    private static BucketEvents events(String... notifications) {
        StringBuilder document = new StringBuilder("<NotificationConfiguration>");
        for (int i = 0; i < notifications.length; i++) {
            document.append("<TopicConfiguration><Id>n").append(i).append("</Id>");
            document.append("<Topic>arn:aws:sns:r:p:t").append(i).append("</Topic>");
            document.append(notifications[i]).append("</TopicConfiguration>");
        }
        document.append("</NotificationConfiguration>");
        return new BucketEvents(NotificationXml.read(document.toString().getBytes(UTF_8)), "region-1", "NODE", CLOCK);
    }

    private static JsonNode only(BucketEvents events, Versioning versioning, ObjectChange change) throws IOException {
        List<BucketEvents.TopicEvent> made = events.of(bucket(versioning), change);
        assertThat(made).hasSize(1);
        return sent(made.get(0).record());
    }

    private static JsonNode sent(byte[] record) throws IOException {
        return JSON.readTree(EventMessage.of(record, 255, ChangeSamples.VERSION.sequence(), "opaque")
                .body());
    }

    private static JsonNode only(String notification, ObjectChange change) throws IOException {
        return only(events(notification), Versioning.OFF, change);
    }

    private static List<String> topics(BucketEvents events, ObjectChange change) {
        return events.of(bucket(Versioning.OFF), change).stream()
                .map(event -> event.topic().name().text())
                .toList();
    }

    @Test
    void theRecordOfAWriteHasEveryField() throws IOException {
        ObjectChange change = ChangeSamples.with(
                ChangeSamples.request(Kind.PUT),
                Effect.CREATED,
                ObjectKey.of("a b/ü@\".txt"),
                Map.of("colour", "red"),
                Map.of("t", "v"));

        assertThat(only(events(CREATED), Versioning.ENABLED, change))
                .isEqualTo(JSON.readTree("""
                        {"Records": [{
                          "eventVersion": "2.1",
                          "eventSource": "aws:s3",
                          "awsRegion": "region-1",
                          "eventTime": "2026-11-28T23:01:02.345Z",
                          "eventName": "ObjectCreated:Put",
                          "userIdentity": {"principalId": "user-1"},
                          "requestParameters": {"sourceIPAddress": "192.0.2.7"},
                          "responseElements": {"x-amz-request-id": "REQUEST1", "x-amz-id-2": "NODE"},
                          "s3": {
                            "s3SchemaVersion": "1.0",
                            "configurationId": "n0",
                            "bucket": {
                              "name": "bucket",
                              "ownerIdentity": {"principalId": "owner-1"},
                              "arn": "arn:aws:s3:::bucket",
                              "id": "12"
                            },
                            "object": {
                              "key": "a+b/%C3%BC%40%22.txt",
                              "size": 7,
                              "eTag": "etag-1",
                              "versionId": "VERSION",
                              "sequencer": "00000000000000FF",
                              "metadata": [{"key": "x-amz-meta-colour", "val": "red"}],
                              "tags": [{"key": "t", "val": "v"}]
                            }
                          },
                          "eventId": "000000123456789A-00000000000000FF",
                          "opaqueData": "opaque"
                        }]}
                        """.replace("VERSION", ChangeSamples.VERSION.text())));
    }

    @Test
    void aRemovalHasNeitherSizeNorETag() throws IOException {
        JsonNode object =
                only("", ChangeSamples.of(Kind.DELETE, Effect.REMOVED_CURRENT)).at("/Records/0/s3/object");
        assertThat(object.fieldNames()).toIterable().containsExactly("key", "sequencer");
    }

    @Test
    void aMarkerHasItsVersion() throws IOException {
        JsonNode record = only(events(""), Versioning.ENABLED, ChangeSamples.of(Kind.DELETE, Effect.MARKED))
                .at("/Records/0");
        assertThat(record.get("eventName").asText()).isEqualTo("ObjectRemoved:DeleteMarkerCreated");
        assertThat(record.at("/s3/object").fieldNames()).toIterable().containsExactly("key", "versionId", "sequencer");
        assertThat(record.at("/s3/object/versionId").asText()).isEqualTo(ChangeSamples.VERSION.text());
    }

    @ParameterizedTest
    @CsvSource({
        "PUT_TAGGING, s3:ObjectTagging:*",
        "DELETE_TAGGING, s3:ObjectTagging:Delete",
        "PUT_ACL, s3:ObjectAcl:Put",
        "LIFECYCLE_TRANSITION, s3:LifecycleTransition"
    })
    void aChangeOfAVersionHasNoSequencer(Kind kind, String event) throws IOException {
        JsonNode record = only("<Event>" + event + "</Event>", ChangeSamples.of(kind, Effect.CHANGED))
                .at("/Records/0");
        assertThat(record.get("eventVersion").asText()).isEqualTo("2.3");
        assertThat(record.at("/s3/object").fieldNames())
                .toIterable()
                .containsExactly("key", "eTag", "metadata", "tags");
    }

    @Test
    void theServiceExpiresObjects() throws IOException {
        ObjectChange change =
                ChangeSamples.of(ChangeSamples.job(Kind.LIFECYCLE_EXPIRATION), Effect.REMOVED_CURRENT, "k");
        JsonNode record =
                only("<Event>s3:LifecycleExpiration:*</Event>", change).at("/Records/0");
        assertThat(record.get("eventVersion").asText()).isEqualTo("2.3");
        assertThat(record.get("eventName").asText()).isEqualTo("LifecycleExpiration:Delete");
        assertThat(record.at("/userIdentity/principalId").asText()).isEqualTo("s3.amazonaws.com");
        assertThat(record.at("/requestParameters/sourceIPAddress").asText()).isEqualTo("s3.amazonaws.com");
        assertThat(record.get("responseElements").has("x-amz-request-id")).isFalse();
        assertThat(record.at("/s3/object").has("sequencer")).isTrue();
    }

    @Test
    void aNotificationThatNamesBothNamesOfAnEventGetsItOnceUnderAmazonsName() throws IOException {
        ObjectChange change =
                ChangeSamples.of(ChangeSamples.job(Kind.LIFECYCLE_EXPIRATION), Effect.REMOVED_MARKER, "k");
        String ceph = "<Event>s3:ObjectLifecycle:Expiration:*</Event>";
        assertThat(only(ceph + "<Event>s3:LifecycleExpiration:*</Event>", change)
                        .at("/Records/0/eventName")
                        .asText())
                .isEqualTo("LifecycleExpiration:Delete");
        assertThat(only(ceph, change).at("/Records/0/eventName").asText())
                .isEqualTo("ObjectLifecycle:Expiration:DeleteMarker");
    }

    @Test
    void eachNotificationThatSelectsAChangeGetsAnEvent() {
        String prefixA = "<Filter><S3Key><FilterRule><Name>prefix</Name><Value>a</Value></FilterRule></S3Key></Filter>";
        BucketEvents events = events(CREATED + prefixA, CREATED, "<Event>s3:ObjectRemoved:*</Event>", prefixA);
        assertThat(topics(events, ChangeSamples.of(ChangeSamples.request(Kind.PUT), Effect.CREATED, "a")))
                .containsExactly("t0", "t1", "t3");
        assertThat(topics(events, ChangeSamples.of(ChangeSamples.request(Kind.PUT), Effect.CREATED, "b")))
                .containsExactly("t1");
        assertThat(topics(events, ChangeSamples.of(ChangeSamples.request(Kind.PUT_LEGAL_HOLD), Effect.CHANGED, "a")))
                .isEmpty();
    }

    @Test
    void metadataAndTagsSelectObjects() {
        BucketEvents events = events(
                "<Filter><S3Metadata><FilterRule><Name>x-amz-meta-m</Name><Value>1</Value></FilterRule></S3Metadata>"
                        + "</Filter>",
                TAG_T);
        assertThat(topics(events, created(Map.of("m", "1", "x", "y"), Map.of("t", "v"))))
                .containsExactly("t0", "t1");
        assertThat(topics(events, created(Map.of("m", "1"), Map.of("t", "w")))).containsExactly("t0");
        assertThat(topics(events, created(Map.of("m", "2"), Map.of("u", "v")))).isEmpty();
    }

    private static ObjectChange created(Map<String, String> metadata, Map<String, String> tags) {
        return ChangeSamples.with(ChangeSamples.request(Kind.PUT), Effect.CREATED, ObjectKey.of("k"), metadata, tags);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<Event>s3:ObjectRemoved:Delete</Event>",
                "<Event>s3:ObjectRemoved:DeleteMarkerCreated</Event>",
                "<Event>s3:LifecycleExpiration:*</Event>",
                "<Event>s3:ObjectLifecycle:Expiration:NonCurrent</Event>"
            })
    void factsOfRemovedVersionsAreNeededOnlyToSelectRemovals(String removals) {
        assertThat(events(removals + TAG_T).needsFactsOfRemoved()).isTrue();
        assertThat(events(removals, CREATED + TAG_T).needsFactsOfRemoved()).isFalse();
    }

    @Test
    void theHeadersOfACloudEventNameTheEvent() {
        byte[] record = events(CREATED)
                .of(bucket(Versioning.OFF), ChangeSamples.of(ChangeSamples.request(Kind.COPY), Effect.CREATED, "a/ü b"))
                .get(0)
                .record();
        EventMessage message = EventMessage.of(record, 1, 2, "");
        assertThat(message.encodedKey()).isEqualTo("a/%C3%BC+b");
        assertThat(message.cloudEventHeaders())
                .isEqualTo(Map.of(
                        "ce-specversion", "1.0",
                        "ce-type", "com.amazonaws.ObjectCreated:Copy",
                        "ce-time", "2026-11-28T23:01:02.345Z",
                        "ce-id", "REQUEST1.0000000000000002-0000000000000001",
                        "ce-source", "aws:s3.region-1.bucket",
                        "ce-subject", "a/%C3%BC+b"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "{}", "{\"Records\":[]}", "{\"Records\":[{\"s3\":{}}]}"})
    void whatIsNoRecordIsNoMessage(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> EventMessage.of(text.getBytes(UTF_8), 1, 1, ""));
    }
}
