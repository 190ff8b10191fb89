package io.pataka.service.operation.notification;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pataka.service.protocol.form.FormBody;
import io.pataka.service.testing.Guest;
import io.pataka.service.testing.NewBucket;
import io.pataka.service.testing.QueuedEvents;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import io.pataka.service.testing.S3Server;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Notifications of buckets over HTTP: their configuration, and the events that wait in the queue after each request. */
class NotificationsIT {

    private static final String OWNER = "development";
    private static final String GUESTS = "guests";
    private static final AtomicInteger TOPICS = new AtomicInteger();

    @RegisterExtension
    static final S3Server SERVER = S3Server.shared();

    private final S3Connection wire;
    private final String bucket;
    private QueuedEvents queue;
    private String topic;

    NotificationsIT(S3Connection wire, @NewBucket String bucket) {
        this.wire = wire;
        this.bucket = bucket;
    }

    @BeforeEach
    void makeTopic() {
        queue = new QueuedEvents(SERVER.database());
        topic = queue.topic(OWNER, newName(), "{}");
    }

    @AfterEach
    void close() throws Exception {
        queue.close();
    }

    private static String newName() {
        return "notifications-it-" + TOPICS.incrementAndGet();
    }

    private Reply send(String method, String query, String body) throws IOException {
        return wire.call(method, "/" + bucket + "?" + query, Map.of(), Body.of(body.getBytes(UTF_8)));
    }

    private static String configuration(String... notifications) {
        return "<NotificationConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                + String.join("", notifications) + "</NotificationConfiguration>";
    }

    private static String notification(String id, String arn, String more) {
        return "<TopicConfiguration><Id>" + id + "</Id><Topic>" + arn + "</Topic>" + more + "</TopicConfiguration>";
    }

    private static String events(String... names) {
        StringBuilder events = new StringBuilder();
        for (String name : names) {
            events.append("<Event>").append(name).append("</Event>");
        }
        return events.toString();
    }

    private void put(String... notifications) throws IOException {
        Reply reply = send("PUT", "notification=", configuration(notifications));
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.text()).isEmpty();
    }

    private String get(String query) throws IOException {
        Reply reply = wire.call("GET", "/" + bucket + "?" + query);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.text();
    }

    private Reply object(String method, String target, String body) throws IOException {
        return object(method, target, Map.of(), body);
    }

    private Reply object(String method, String target, Map<String, String> headers, String body) throws IOException {
        Reply reply = wire.call(method, "/" + bucket + "/" + target, headers, Body.of(body.getBytes(UTF_8)));
        assertThat(reply.status()).as(reply.text()).isBetween(200, 204);
        return reply;
    }

    private List<String> names(String arn) {
        return queue.of(arn).stream()
                .map(record -> record.get("eventName").asText() + " "
                        + record.at("/s3/object/key").asText())
                .toList();
    }

    @Test
    void aBucketHasTheNotificationsThatWerePutLast() throws IOException {
        assertThat(get("notification=")).contains("<NotificationConfiguration").doesNotContain("<TopicConfiguration>");
        String first = notification("a", topic, events("s3:ObjectCreated:*"));
        String second = notification(
                "b",
                topic,
                events("s3:ObjectRemoved:Delete")
                        + "<Filter><S3Key><FilterRule><Name>suffix</Name><Value>.jpg</Value></FilterRule></S3Key></Filter>");
        put(first, second);
        assertThat(get("notification=")).contains(first + second);
        assertThat(get("notification=b")).contains(second).doesNotContain(first);
        assertThat(get("notification=&notification-id=a")).contains(first).doesNotContain(second);

        put(second);
        assertThat(get("notification=")).contains(second).doesNotContain(first);
        put();
        assertThat(get("notification=")).doesNotContain("<TopicConfiguration>");
    }

    @Test
    void notificationsAreDeletedByIdOrAllTogether() throws IOException {
        String a = notification("a", topic, events("s3:ObjectCreated:*"));
        String b = notification("b", topic, events("s3:ObjectCreated:*"));
        String c = notification("c", topic, events("s3:ObjectCreated:*"));
        put(a, b, c);
        assertThat(send("DELETE", "notification=a", "").status()).isEqualTo(204);
        assertThat(get("notification=")).contains(b + c).doesNotContain(a);
        assertThat(send("DELETE", "notification=&notification-id=b", "").status())
                .isEqualTo(204);
        assertThat(get("notification=")).contains(c).doesNotContain(b);
        assertThat(send("DELETE", "notification=unknown", "").status()).isEqualTo(204);
        assertThat(get("notification=")).contains(c);
        object("PUT", "k", "x");
        assertThat(send("DELETE", "notification=", "").status()).isEqualTo(204);
        assertThat(send("DELETE", "notification=", "").status()).isEqualTo(204);
        assertThat(get("notification=")).doesNotContain("<TopicConfiguration>");
        object("PUT", "k", "x");
        assertThat(names(topic)).containsExactly("ObjectCreated:Put k");
    }

    @Test
    void anUnknownIdIsNotFound() throws IOException {
        Reply reply = wire.call("GET", "/" + bucket + "?notification=unknown");
        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.text()).contains("<Code>NoSuchKey</Code>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE"})
    void aBucketThatDoesNotExistHasNone(String method) throws IOException {
        Reply reply = wire.call(
                method,
                "/no-such-bucket?notification=",
                Map.of(),
                Body.of(configuration().getBytes(UTF_8)));
        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.text()).contains("<Code>NoSuchBucket</Code>");
    }

    @Test
    void nothingIsStoredOfARefusedDocument() throws IOException {
        String good = notification("a", topic, events("s3:ObjectCreated:*"));
        put(good);
        refused(400, "InvalidArgument", notification("b", topic, events("s3:Unknown")));
        refused(400, "InvalidArgument", notification("b", "topic", ""));
        refused(404, "NoSuchKey", notification("b", topic + "-other", ""));
        refused(
                404,
                "NoSuchKey",
                notification("b", topic, ""),
                notification("c", "arn:aws:sns:us-east-1:development:none", ""));
        refused(501, "NotImplemented", "<EventBridgeConfiguration/>");
        Reply none = wire.call("PUT", "/" + bucket + "?notification=");
        assertThat(none.text()).contains("<Code>MissingRequestBodyError</Code>");
        assertThat(get("notification=")).contains(good);
    }

    private void refused(int status, String code, String... notifications) throws IOException {
        Reply reply = send("PUT", "notification=", configuration(notifications));
        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
        assertThat(reply.text()).contains("<Code>" + code + "</Code>");
    }

    @Test
    void aTopicOfAnotherProjectMustAllowIt() throws IOException {
        refused(403, "AccessDenied", notification("a", queue.topic(GUESTS, newName(), "{}"), ""));
        refused(403, "AccessDenied", notification("a", "arn:aws:sns:us-east-1:guests:no-such-topic", ""));
        String name = newName();
        String allowing = queue.topic(
                GUESTS,
                name,
                "{\"Policy\":\"{\\\"Version\\\":\\\"2012-10-17\\\",\\\"Statement\\\":[{\\\"Effect\\\":\\\"Allow\\\","
                        + "\\\"Principal\\\":{\\\"AWS\\\":\\\"arn:aws:iam::development:root\\\"},"
                        + "\\\"Action\\\":\\\"sns:Publish\\\",\\\"Resource\\\":\\\"arn:aws:sns:us-east-1:guests:" + name
                        + "\\\"}]}\"}");
        put(notification("a", allowing, ""));
        object("PUT", "k", "x");
        assertThat(names(allowing)).containsExactly("ObjectCreated:Put k");
    }

    @Test
    void strangersSetAndReadNothing(@Guest S3Connection guest) throws IOException {
        for (String method : List.of("GET", "PUT", "DELETE")) {
            Reply reply = guest.call(
                    method,
                    "/" + bucket + "?notification=",
                    Map.of(),
                    Body.of(configuration().getBytes(UTF_8)));
            assertThat(reply.text()).contains("<Code>AccessDenied</Code>");
        }
    }

    @Test
    void theRecordTellsWhoDidWhat() throws IOException {
        put(notification("id", topic, ""));
        Reply made = object("PUT", "a%20b", Map.of("x-amz-meta-colour", "red", "x-amz-tagging", "t=v"), "hello");
        JsonNode record = queue.of(topic).get(0);
        assertThat(record.at("/responseElements/x-amz-request-id").asText())
                .isEqualTo(made.header("x-amz-request-id").orElseThrow());
        assertThat(made.header("x-amz-id-2").orElseThrow())
                .startsWith(record.at("/responseElements/x-amz-id-2").asText())
                .isNotEqualTo(record.at("/responseElements/x-amz-id-2").asText());
        assertThat(record.at("/requestParameters/sourceIPAddress").asText()).isEqualTo("127.0.0.1");
        assertThat(record.at("/userIdentity/principalId").asText()).isNotEmpty();
        assertThat(record.at("/s3/configurationId").asText()).isEqualTo("id");
        assertThat(record.at("/s3/bucket/name").asText()).isEqualTo(bucket);
        assertThat(record.at("/s3/bucket/ownerIdentity/principalId").asText()).isEqualTo(OWNER);
        assertThat(record.at("/s3/object/key").asText()).isEqualTo("a+b");
        assertThat(record.at("/s3/object/size").asLong()).isEqualTo(5);
        assertThat("\"" + record.at("/s3/object/eTag").asText() + "\"")
                .isEqualTo(made.header("etag").orElseThrow());
        assertThat(record.at("/s3/object").has("versionId")).isFalse();
        assertThat(record.at("/s3/object/metadata").toString())
                .isEqualTo("[{\"key\":\"x-amz-meta-colour\",\"val\":\"red\"}]");
        assertThat(record.at("/s3/object/tags").toString()).isEqualTo("[{\"key\":\"t\",\"val\":\"v\"}]");
    }

    @Test
    void everyWriteOfAnObjectIsAnEvent() throws Exception {
        put(notification(
                "all",
                topic,
                events("s3:ObjectCreated:*", "s3:ObjectRemoved:*", "s3:ObjectTagging:*", "s3:ObjectAcl:Put")));
        object("PUT", "k", "1");
        object("PUT", "k", "2");
        object("PUT", "copy", Map.of("x-amz-copy-source", "/" + bucket + "/k"), "");
        object("PUT", "log?append=&position=0", "a");
        object("PUT", "log?append=&position=1", "b");
        object("PUT", "moved?renameObject=", Map.of("x-amz-rename-source", "/" + bucket + "/copy"), "");
        post("form");
        upload("parts");
        object("PUT", "k?tagging=", "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>");
        object("DELETE", "k?tagging=", "");
        object("DELETE", "k", "");
        object("DELETE", "k", "");
        Reply batch = wire.call(
                "POST",
                "/" + bucket + "?delete=",
                Map.of("x-amz-checksum-algorithm", "CRC32", "x-amz-checksum-crc32", crc32(BATCH)),
                Body.of(BATCH.getBytes(UTF_8)));
        assertThat(batch.text()).contains("<Deleted>");
        assertThat(names(topic))
                .containsExactly(
                        "ObjectCreated:Put k",
                        "ObjectCreated:Put k",
                        "ObjectCreated:Copy copy",
                        "ObjectCreated:Put log",
                        "ObjectCreated:Put log",
                        "ObjectRemoved:Delete copy",
                        "ObjectCreated:Copy moved",
                        "ObjectCreated:Post form",
                        "ObjectCreated:CompleteMultipartUpload parts",
                        "ObjectTagging:Put k",
                        "ObjectTagging:Delete k",
                        "ObjectRemoved:Delete k",
                        "ObjectRemoved:Delete form",
                        "ObjectRemoved:Delete moved");
    }

    private static final String BATCH = "<Delete><Object><Key>moved</Key></Object><Object><Key>absent</Key></Object>"
            + "<Object><Key>form</Key></Object></Delete>";

    private static String crc32(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(UTF_8));
        return Base64.getEncoder()
                .encodeToString(
                        ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    /** A browser's form, by an anonymous sender whom the bucket's policy allows it. */
    private void post(String key) throws Exception {
        Reply policy = send(
                "PUT",
                "policy=",
                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\","
                        + "\"Action\":\"s3:PutObject\",\"Resource\":\"arn:aws:s3:::" + bucket + "/*\"}]}");
        assertThat(policy.status()).as(policy.text()).isEqualTo(204);
        HttpRequest form = HttpRequest.newBuilder(URI.create(SERVER.endpoint() + "/" + bucket))
                .header("content-type", FormBody.MEDIA_TYPE)
                .POST(BodyPublishers.ofByteArray(
                        FormBody.of(Map.of("key", key)).file("f", "hello").bytes()))
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(form, BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(204);
    }

    private void upload(String key) throws IOException {
        String begun = object("POST", key + "?uploads=", "").text();
        String id = begun.replaceAll("(?s).*<UploadId>(.*)</UploadId>.*", "$1");
        String etag = object("PUT", key + "?partNumber=1&uploadId=" + id, "part")
                .header("etag")
                .orElseThrow();
        object(
                "POST",
                key + "?uploadId=" + id,
                "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>" + etag
                        + "</ETag></Part></CompleteMultipartUpload>");
        String other =
                object("POST", key + "?uploads=", "").text().replaceAll("(?s).*<UploadId>(.*)</UploadId>.*", "$1");
        object("DELETE", key + "?uploadId=" + other, "");
    }

    @Test
    void markersAndVersionsHaveTheirIds() throws IOException {
        put(notification("all", topic, ""));
        send("PUT", "versioning=", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>");
        String first = object("PUT", "k", "1").header("x-amz-version-id").orElseThrow();
        String marker = object("DELETE", "k", "").header("x-amz-version-id").orElseThrow();
        object("DELETE", "k?versionId=" + first, "");
        object("DELETE", "k?versionId=" + marker, "");
        assertThat(queue.of(topic))
                .extracting(record -> record.get("eventName").asText() + " "
                        + record.at("/s3/object/versionId").asText())
                .containsExactly(
                        "ObjectCreated:Put " + first,
                        "ObjectRemoved:DeleteMarkerCreated " + marker,
                        "ObjectRemoved:Delete " + first,
                        "ObjectRemoved:Delete " + marker);
        assertThat(queue.of(topic))
                .extracting(record -> record.at("/s3/object/sequencer").asText())
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource({"a/1.jpg, true", "a/1.png, false", "b/1.jpg, false"})
    void filtersOfKeysAndTagsSelectObjects(String key, boolean selected) throws IOException {
        put(notification(
                "filtered",
                topic,
                "<Filter><S3Key><FilterRule><Name>prefix</Name><Value>a/</Value></FilterRule>"
                        + "<FilterRule><Name>regex</Name><Value>.*\\.jpg</Value></FilterRule></S3Key>"
                        + "<S3Tags><FilterRule><Name>t</Name><Value>v</Value></FilterRule></S3Tags></Filter>"));
        object("PUT", key, Map.of("x-amz-tagging", "t=v"), "x");
        object("PUT", key + "-untagged.jpg", "x");
        object("DELETE", key, "");
        assertThat(names(topic))
                .isEqualTo(selected ? List.of("ObjectCreated:Put " + key, "ObjectRemoved:Delete " + key) : List.of());
    }

    @Test
    void aDeletedTopicGetsNothingAndTheWriteSucceeds() throws IOException {
        put(notification("a", topic, ""), notification("b", queue.topic(OWNER, newName(), "{}"), ""));
        queue.delete(topic);
        object("PUT", "k", "x");
        assertThat(names(topic)).isEmpty();
    }
}
