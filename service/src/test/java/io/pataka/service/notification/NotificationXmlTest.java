package io.pataka.service.notification;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pataka.service.protocol.S3Exception;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NotificationXmlTest {

    private static final String TOPIC = "<Topic>arn:aws:sns:us-east-1:project:topic</Topic>";
    private static final String EVENT = "<Event>s3:ObjectCreated:*</Event>";

    private static NotificationConfiguration read(String elements) {
        return NotificationXml.read(("<NotificationConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                        + elements + "</NotificationConfiguration>")
                .getBytes(UTF_8));
    }

    private static String notification(String elements) {
        return "<TopicConfiguration>" + elements + "</TopicConfiguration>";
    }

    private static String rule(String name, String value) {
        return "<FilterRule><Name>" + name + "</Name><Value>" + value + "</Value></FilterRule>";
    }

    private static String filter(String elements) {
        return notification("<Id>i</Id>" + TOPIC + EVENT + "<Filter>" + elements + "</Filter>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<TopicConfiguration><Id>a</Id><Topic>arn:aws:sns::p:t</Topic><Event>s3:ObjectCreated:Put</Event>"
                        + "</TopicConfiguration>",
                "<TopicConfiguration><Id>a &amp; ü</Id><Topic>arn:aws:sns:r:p:t</Topic>"
                        + "<Event>s3:ObjectRemoved:*</Event><Event>s3:ObjectLifecycle:Expiration:*</Event>"
                        + "<Filter><S3Key><FilterRule><Name>prefix</Name><Value>x/</Value></FilterRule></S3Key>"
                        + "<S3Metadata><FilterRule><Name>x-amz-meta-a</Name><Value/></FilterRule>"
                        + "<FilterRule><Name>x-amz-meta-b</Name><Value>2</Value></FilterRule></S3Metadata>"
                        + "<S3Tags><FilterRule><Name>t</Name><Value>v</Value></FilterRule></S3Tags></Filter>"
                        + "</TopicConfiguration>"
                        + "<TopicConfiguration><Id>b</Id><Topic>arn:aws:sns:r:p:t</Topic>"
                        + "<Event>s3:ObjectRemoved:*</Event></TopicConfiguration>"
            })
    void aDocumentIsWrittenAsItWasRead(String elements) {
        NotificationConfiguration configuration = read(elements);
        byte[] written = NotificationXml.write(configuration);
        assertThat(new String(written, UTF_8)).contains(">" + elements + "</NotificationConfiguration>");
        assertThat(NotificationXml.read(written)).isEqualTo(configuration);
    }

    @Test
    void aNotificationWithoutAnIdGetsOne() {
        List<Notification> notifications = read(notification(TOPIC + EVENT) + notification("<Id/>" + TOPIC + EVENT))
                .notifications();
        assertThat(notifications)
                .extracting(Notification::id)
                .doesNotContain("")
                .doesNotHaveDuplicates();
    }

    @Test
    void aNotificationWithoutEventsIsForWritesAndRemovals() {
        assertThat(read(notification(TOPIC)).notifications().get(0).events())
                .extracting(EventPattern::text)
                .containsExactly("s3:ObjectCreated:*", "s3:ObjectRemoved:*");
    }

    @Test
    void anEventThatIsNamedTwiceCountsOnce() {
        assertThat(read(notification(TOPIC + EVENT + EVENT))
                        .notifications()
                        .get(0)
                        .events())
                .hasSize(1);
    }

    @Test
    void theNamesOfMetadataAreInLowerCase() {
        assertThat(read(filter("<S3Metadata>" + rule("X-Amz-Meta-Colour", "Red") + "</S3Metadata>"))
                        .notifications()
                        .get(0)
                        .filter()
                        .metadata())
                .isEqualTo(Map.of("colour", "Red"));
    }

    @Test
    void notificationsAreFoundAndRemovedById() {
        NotificationConfiguration both = read(notification("<Id>a</Id>" + TOPIC) + notification("<Id>b</Id>" + TOPIC));
        assertThat(both.withId("b").orElseThrow().id()).isEqualTo("b");
        assertThat(both.withId("c")).isEmpty();
        assertThat(both.without("a").notifications())
                .extracting(Notification::id)
                .containsExactly("b");
        assertThat(both.without("c")).isEqualTo(both);
        assertThat(both.without("a").without("b").isEmpty()).isTrue();
    }

    static List<Arguments> broken() {
        List<Arguments> rows = new ArrayList<>();
        row(rows, "<Other/>", "MalformedXML", "");
        row(rows, notification(EVENT), "MalformedXML", "");
        row(rows, notification(TOPIC + TOPIC + EVENT), "MalformedXML", "");
        row(rows, notification("<Id>a</Id><Id>b</Id>" + TOPIC), "MalformedXML", "");
        row(rows, notification(TOPIC + "<Queue>x</Queue>"), "MalformedXML", "");
        row(rows, filter("<S3Other/>"), "MalformedXML", "");
        row(rows, filter("<S3Key/><S3Key/>"), "MalformedXML", "");
        row(rows, filter("<S3Metadata><Rule/></S3Metadata>"), "MalformedXML", "");
        row(rows, filter("<S3Tags><FilterRule><Name>a</Name></FilterRule></S3Tags>"), "MalformedXML", "");
        String arn = "The ARN could not be parsed";
        row(rows, notification("<Topic>topic</Topic>" + EVENT), "InvalidArgument", arn);
        row(rows, notification("<Topic/>"), "InvalidArgument", arn);
        row(rows, notification("<Topic>arn:aws:sqs:r:p:t</Topic>"), "InvalidArgument", arn);
        row(rows, notification("<Topic>arn:aws:sns:r::t</Topic>"), "InvalidArgument", arn);
        row(rows, notification("<Topic>arn:aws:sns:r:p:</Topic>"), "InvalidArgument", arn);
        row(rows, notification("<Topic>arn:aws:sns:r:p:t:x</Topic>"), "InvalidArgument", arn);
        String event = "A specified event is not supported for notifications.";
        row(rows, notification(TOPIC + "<Event>s3:ObjectAccessed:Get</Event>"), "InvalidArgument", event);
        row(rows, notification(TOPIC + EVENT + "<Event/>"), "InvalidArgument", event);
        String same = "Same ID used for multiple configurations. IDs must be unique";
        row(rows, notification("<Id>a</Id>" + TOPIC).repeat(2), "InvalidArgument", same);
        row(
                rows,
                notification("<Id>" + "i".repeat(256) + "</Id>" + TOPIC),
                "InvalidArgument",
                "ID length should not exceed allowed limit of 255");
        row(
                rows,
                notification(TOPIC).repeat(101),
                "InvalidArgument",
                "A bucket cannot have more than 100 notifications.");
        row(
                rows,
                filter("<S3Key>" + rule("other", "x") + "</S3Key>"),
                "InvalidArgument",
                "filter rule name must be either prefix or suffix");
        row(
                rows,
                filter("<S3Key>" + rule("regex", "a{300}") + "</S3Key>")
                        .replace("<Id>i</Id>", "")
                        .repeat(4),
                "InvalidArgument",
                "The regular expressions of the notifications are too large together");
        row(
                rows,
                filter("<S3Metadata>" + rule("colour", "red") + "</S3Metadata>"),
                "InvalidArgument",
                "The name of a filter rule on metadata must begin with x-amz-meta-");
        row(
                rows,
                filter("<S3Tags>" + rule("a", "1") + rule("a", "2") + "</S3Tags>"),
                "InvalidArgument",
                "Cannot specify more than one rule of a name in a filter.");
        row(
                rows,
                filter("<S3Tags>"
                        + IntStream.range(0, 11)
                                .mapToObj(i -> rule("t" + i, "v"))
                                .collect(Collectors.joining())
                        + "</S3Tags>"),
                "InvalidArgument",
                "Cannot specify more than 10 rules in S3Tags");
        String destination = "Unable to validate the following destination configurations";
        row(
                rows,
                "<QueueConfiguration><Queue>arn:aws:sqs:r:p:q</Queue>" + EVENT + "</QueueConfiguration>",
                "InvalidArgument",
                destination);
        row(
                rows,
                "<CloudFunctionConfiguration><CloudFunction>arn:aws:lambda:r:p:function:f</CloudFunction>" + EVENT
                        + "</CloudFunctionConfiguration>",
                "InvalidArgument",
                destination);
        row(
                rows,
                notification(TOPIC) + "<EventBridgeConfiguration/>",
                "NotImplemented",
                "Events cannot be sent to EventBridge. Name a topic to send them to.");
        return rows;
    }

    private static void row(List<Arguments> rows, String elements, String code, String message) {
        rows.add(Arguments.of(elements, code, message));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void aDocumentThatCannotBeMeantIsRefused(String elements, String code, String message) {
        S3Exception refusal = catchThrowableOfType(S3Exception.class, () -> read(elements));
        assertThat(refusal.error().code()).isEqualTo(code);
        assertThat(refusal.getMessage()).contains(message);
    }
}
