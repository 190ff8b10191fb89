package io.pataka.service.operation.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.testing.KeyRings;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Server;
import io.pataka.service.testing.TopicClient;
import io.pataka.service.testing.TopicClient.Reply;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Topics over HTTP, with requests as SDKs of SNS send them. */
class TopicsIT {

    private static final String ARN = "arn:aws:sns:us-east-1:development:";

    @RegisterExtension
    static final S3Server SERVER = S3Server.shared();

    private final TopicClient owner = new TopicClient(SERVER, S3Server.KEYS, "sns");
    private final TopicClient guest = new TopicClient(SERVER, S3Server.GUEST, "sns");
    private final String name = "t-" + UUID.randomUUID();
    private final String arn = ARN + name;

    private Reply create(String... attributes) throws Exception {
        List<String> parameters = new ArrayList<>(List.of("Name", name));
        for (int i = 0; i < attributes.length; i += 2) {
            // Any number in any order.
            String number = Integer.toString(100 - i);
            parameters.addAll(List.of("Attributes.entry." + number + ".value", attributes[i + 1]));
            parameters.addAll(List.of("Attributes.entry." + number + ".key", attributes[i]));
        }
        return owner.call("CreateTopic", parameters.toArray(new String[0]));
    }

    private Reply attributes() throws Exception {
        return owner.call("GetTopicAttributes", "TopicArn", arn);
    }

    private Reply set(String attribute, String value) throws Exception {
        return owner.call("SetTopicAttributes", "TopicArn", arn, "AttributeName", attribute, "AttributeValue", value);
    }

    private static void refused(Reply reply, int status, String code) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
        assertThat(reply.text())
                .contains(
                        "<ErrorResponse xmlns=\"https://sns.amazonaws.com/doc/2010-03-31/\"><Error><Type>Sender</Type>"
                                + "<Code>" + code + "</Code><Message>");
        assertThat(reply.element("RequestId")).isNotEmpty();
    }

    @Test
    void aTopicIsCreatedReadAndDeleted() throws Exception {
        Reply created = create();

        assertThat(created.status()).as(created.text()).isEqualTo(200);
        assertThat(created.text())
                .contains("<CreateTopicResponse xmlns=\"https://sns.amazonaws.com/doc/2010-03-31/\"><CreateTopicResult>"
                        + "<TopicArn>" + arn + "</TopicArn></CreateTopicResult><ResponseMetadata><RequestId>");
        assertThat(attributes().text())
                .contains(
                        "<GetTopicAttributesResult><Attributes><entry><key>User</key><value>development</value></entry>"
                                + "<entry><key>Name</key><value>" + name
                                + "</value></entry><entry><key>EndPoint</key><value>"
                                + "{&quot;EndpointAddress&quot;:&quot;&quot;,&quot;EndpointArgs&quot;:&quot;&quot;,"
                                + "&quot;EndpointTopic&quot;:&quot;" + name
                                + "&quot;,&quot;HasStoredSecret&quot;:false,"
                                + "&quot;Persistent&quot;:false,&quot;TimeToLive&quot;:&quot;None&quot;,&quot;MaxRetries&quot;:"
                                + "&quot;None&quot;,&quot;RetrySleepDuration&quot;:&quot;None&quot;}</value></entry>"
                                + "<entry><key>TopicArn</key><value>" + arn + "</value></entry>"
                                + "<entry><key>OpaqueData</key><value/></entry><entry><key>Policy</key><value/></entry>"
                                + "</Attributes></GetTopicAttributesResult>");
        Reply deleted = owner.call("DeleteTopic", "TopicArn", arn);
        assertThat(deleted.status()).isEqualTo(200);
        assertThat(deleted.text()).contains("<DeleteTopicResponse", "<ResponseMetadata><RequestId>");
        refused(attributes(), 404, "NotFound");
        refused(set("OpaqueData", "x"), 404, "NotFound");
        assertThat(owner.call("DeleteTopic", "TopicArn", arn).status()).isEqualTo(200);
    }

    @Test
    void creatingATopicAgainReplacesItsAttributesUnlessThereAreNone() throws Exception {
        create("push-endpoint", "http://sink.example/a?b=c&d", "OpaqueData", "one", "verify-ssl", "false");
        assertThat(attributes().text())
                .contains("http://sink.example/a?b=c&amp;d", "<value>one</value>", "verify-ssl=false");

        assertThat(create().status()).isEqualTo(200);
        assertThat(attributes().text()).contains("<value>one</value>", "http://sink.example/a");

        create("OpaqueData", "two");
        assertThat(attributes().text()).contains("<value>two</value>").doesNotContain("sink.example", "verify-ssl");
    }

    @Test
    void attributesMayBeParametersOfTheirOwnAsInCephsOlderReleases() throws Exception {
        Reply created = owner.call(
                "CreateTopic",
                "Name",
                name,
                "push-endpoint",
                "amqp://rabbit",
                "amqp-exchange",
                "ex",
                "amqp-ack-level",
                "routable",
                "persistent",
                "true",
                "max_retries",
                "5");

        assertThat(created.status()).as(created.text()).isEqualTo(200);
        Reply topic = owner.call("GetTopic", "TopicArn", arn);
        assertThat(topic.text())
                .contains(
                        "<GetTopicResponse",
                        "<GetTopicResult><Topic><User>development</User><Name>" + name + "</Name>"
                                + "<EndPoint><EndpointAddress>amqp://rabbit</EndpointAddress><EndpointArgs>"
                                + "amqp-ack-level=routable&amp;amqp-exchange=ex</EndpointArgs><EndpointTopic>" + name
                                + "</EndpointTopic><HasStoredSecret>false</HasStoredSecret><Persistent>true</Persistent>"
                                + "<TimeToLive>None</TimeToLive><MaxRetries>5</MaxRetries>"
                                + "<RetrySleepDuration>None</RetrySleepDuration></EndPoint><TopicArn>" + arn
                                + "</TopicArn>");
    }

    @Test
    void anAttributeIsSetAlone() throws Exception {
        create("push-endpoint", "http://sink.example/", "OpaqueData", "one");

        Reply changed = set("time_to_live", "60");

        assertThat(changed.status()).as(changed.text()).isEqualTo(200);
        assertThat(changed.text()).contains("<SetTopicAttributesResponse");
        assertThat(attributes().text()).contains("one", "sink.example", "&quot;TimeToLive&quot;:&quot;60&quot;");
        set("OpaqueData", "");
        assertThat(attributes().text()).contains("<key>OpaqueData</key><value/>");
    }

    @Test
    void topicsAreListedByPages() throws Exception {
        try (S3Server server =
                S3Server.own("notifications: {topicsPerProject: 101}").start()) {
            TopicClient client = new TopicClient(server, S3Server.KEYS, "sns");
            List<String> wanted = new ArrayList<>();
            for (int i = 0; i < 101; i++) {
                String topic = "topic-%03d".formatted(i);
                wanted.add(ARN + topic);
                assertThat(client.call("CreateTopic", "Name", topic).status()).isEqualTo(200);
            }
            Reply first = client.call("ListTopics");
            assertThat(first.text()).contains("<ListTopicsResponse", "<ListTopicsResult><Topics><member><User>");
            assertThat(first.elements("TopicArn")).hasSize(100);
            // Inside of the result, where SDKs look for it.
            assertThat(first.text()).contains("</Topics><NextToken>");
            Reply second = client.call("ListTopics", "NextToken", first.element("NextToken"));
            assertThat(second.element("NextToken")).isEmpty();
            List<String> all = new ArrayList<>(first.elements("TopicArn"));
            all.addAll(second.elements("TopicArn"));
            assertThat(all).isEqualTo(wanted);

            refused(client.call("ListTopics", "NextToken", "made-up"), 400, "InvalidParameter");
            refused(client.call("CreateTopic", "Name", "one-more"), 403, "TopicLimitExceeded");
            assertThat(client.call("CreateTopic", "Name", "topic-007", "OpaqueData", "x")
                            .status())
                    .isEqualTo(200);
            TopicClient other = new TopicClient(server, S3Server.GUEST, "sns");
            assertThat(other.call("ListTopics").text()).contains("<Topics></Topics>");
            assertThat(other.call("CreateTopic", "Name", "topic-007").element("TopicArn"))
                    .isEqualTo("arn:aws:sns:us-east-1:guests:topic-007");
        }
    }

    @Test
    void anotherProjectNeedsThePolicy() throws Exception {
        create();

        refused(guest.call("GetTopicAttributes", "TopicArn", arn), 403, "AuthorizationError");
        refused(guest.call("GetTopic", "TopicArn", arn), 403, "AuthorizationError");
        refused(
                guest.call("SetTopicAttributes", "TopicArn", arn, "AttributeName", "Policy", "AttributeValue", ""),
                403,
                "AuthorizationError");
        refused(guest.call("DeleteTopic", "TopicArn", arn), 403, "AuthorizationError");
        refused(guest.call("GetTopic", "TopicArn", arn + "-absent"), 403, "AuthorizationError");

        String policy = """
                {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::guests:root"},
                 "Action": ["sns:GetTopicAttributes", "sns:SetTopicAttributes"], "Resource": "%s"}]}
                """.formatted(arn);
        assertThat(set("Policy", policy).status()).isEqualTo(200);

        assertThat(attributes().text()).contains("arn:aws:iam::guests:root");
        assertThat(guest.call("GetTopicAttributes", "TopicArn", arn).status()).isEqualTo(200);
        assertThat(guest.call(
                                "SetTopicAttributes",
                                "TopicArn",
                                arn,
                                "AttributeName",
                                "OpaqueData",
                                "AttributeValue",
                                "of a guest")
                        .status())
                .isEqualTo(200);
        assertThat(attributes().text()).contains("of a guest", "<value>development</value>");
        refused(guest.call("DeleteTopic", "TopicArn", arn), 403, "AuthorizationError");
        assertThat(guest.call("ListTopics").text()).doesNotContain(arn);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CreateTopic| | | Missing required element Name",
                "CreateTopic| Name| a b| Name must be made up of",
                "CreateTopic| Name| t.fifo| Name must be made up of",
                "GetTopic| | | Missing required element TopicArn",
                "GetTopicAttributes| TopicArn| t| Invalid value for TopicArn",
                "DeleteTopic| TopicArn| arn:aws:sqs:r:p:t| Invalid value for TopicArn",
                "SetTopicAttributes| TopicArn| arn:aws:sns:r:development:t| Missing required element AttributeName"
            })
    void wrongParameters(String action, String parameter, String value, String message) throws Exception {
        Reply reply = parameter == null ? owner.call(action) : owner.call(action, parameter, value);

        refused(reply, 400, "InvalidParameter");
        assertThat(reply.element("Message")).startsWith("Invalid parameter: " + message);
    }

    @ParameterizedTest
    @CsvSource({
        "push-endpoint, ftp://x",
        "push-endpoint, amqp://needs-an-exchange",
        "DisplayName, d",
        "max_retries, many",
        "Policy, {}",
        "Policy, nonsense"
    })
    void wrongAttributesStoreNothing(String attribute, String value) throws Exception {
        refused(create(attribute, value), 400, "InvalidParameter");
        refused(attributes(), 404, "NotFound");
        create("OpaqueData", "before");
        refused(set(attribute, value), 400, "InvalidParameter");
        refused(create("OpaqueData", "after", attribute, value), 400, "InvalidParameter");
        assertThat(attributes().text()).contains("before");
    }

    @Test
    void aPolicyOfAnotherTopicIsRefused() throws Exception {
        create();
        String policy = "{\"Statement\": [{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"sns:Publish\","
                + " \"Resource\": \"" + arn + "-other\"}]}";

        refused(set("Policy", policy), 400, "InvalidParameter");
    }

    @Test
    void attributesThatAreThereTwiceOrHaveNoKeyAreRefused() throws Exception {
        refused(owner.call("CreateTopic", "Name", name, "OpaqueData", "a", "OpaqueData", "b"), 400, "InvalidParameter");
        refused(owner.call("CreateTopic", "Name", name, "Attributes.entry.1.value", "a"), 400, "InvalidParameter");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Subscribe", "Publish", "GetTopics", "AssumeRole", ""})
    void otherActionsAreRefused(String action) throws Exception {
        refused(owner.call(action), 400, "InvalidAction");
    }

    @Test
    void theSignatureCoversTheForm() throws Exception {
        String form = TopicClient.form("CreateTopic", "Name", name);

        refused(owner.sendAltered("", form, form.replace(name, name + "x")), 403, "SignatureDoesNotMatch");
        refused(owner.sendAltered("", form.replace("Create", "Delete"), form), 403, "SignatureDoesNotMatch");
        refused(owner.unsigned(form), 403, "AuthorizationError");
        assertThat(owner.call("ListTopics").text()).doesNotContain(name);
    }

    @Test
    void aSignatureForS3IsAcceptedAsWell() throws Exception {
        TopicClient signsForS3 = new TopicClient(SERVER, S3Server.KEYS, "s3");
        assertThat(signsForS3.call("CreateTopic", "Name", name).status()).isEqualTo(200);
        TopicClient signsForAnother = new TopicClient(SERVER, S3Server.KEYS, "sqs");
        refused(signsForAnother.call("ListTopics"), 400, "AuthorizationHeaderMalformed");

        refused(owner.send("", "a=b"), 400, "MissingAction");
    }

    @Test
    void theActionMayBeInTheQuery() throws Exception {
        assertThat(owner.send("Action=CreateTopic&Name=" + name, "").status()).isEqualTo(200);
        try (S3Connection wire = SERVER.connect()) {
            assertThat(wire.call("POST", "/?Action=ListTopics").text()).contains(arn);
        }
    }

    @Test
    void aFormThatIsTooLongIsRefused() throws Exception {
        refused(
                owner.call("CreateTopic", "Name", name, "OpaqueData", "x".repeat(128 * 1024)),
                400,
                "MaxMessageLengthExceeded");
    }

    @Test
    void aPasswordIsRefusedWithoutTls() throws Exception {
        Reply created = create("push-endpoint", "https://user:geheim@sink.example/");

        refused(created, 400, "InvalidParameter");
        assertThat(created.element("Message")).contains("must be transmitted over a secure transport");
        assertThat(created.text()).doesNotContain("geheim");
        refused(attributes(), 404, "NotFound");
    }

    /** The queue of the cloud's own services is not for every project. */
    @Test
    void theNotificationsOfTheCloudAreForProjectsOfTheSettings() throws Exception {
        Reply without = create("push-endpoint", "oslo:");
        refused(without, 400, "InvalidParameter");
        assertThat(without.element("Message")).contains("push-endpoint", "does not let project development");
        create();
        refused(set("push-endpoint", "oslo:"), 400, "InvalidParameter");
        owner.call("DeleteTopic", "TopicArn", arn);

        String oslo = "{url: 'rabbit://guest:guest@127.0.0.1:1/', projects: [development]}";
        try (S3Server server =
                S3Server.own("notifications: {delivery: {oslo: " + oslo + "}}").start()) {
            Reply created = new TopicClient(server, S3Server.KEYS, "sns")
                    .call("CreateTopic", "Name", name, "push-endpoint", "oslo:");
            assertThat(created.status()).as(created.text()).isEqualTo(200);
            refused(
                    new TopicClient(server, S3Server.GUEST, "sns")
                            .call("CreateTopic", "Name", name, "push-endpoint", "oslo:"),
                    400,
                    "InvalidParameter");
        }
    }

    @Test
    void aPasswordIsRefusedWithoutAKeyRing() throws Exception {
        try (S3Server server = S3Server.own(
                        "encryption: {requireTls: false}", "notifications: {secretsInCleartext: true}")
                .start()) {
            TopicClient client = new TopicClient(server, S3Server.KEYS, "sns");
            Reply created = client.call("CreateTopic", "Name", name, "push-endpoint", "https://user:geheim@sink/");

            refused(created, 400, "InvalidParameter");
            assertThat(created.element("Message")).contains("key ring");
        }
    }

    @Test
    void aPasswordIsStoredEncryptedAndShownToNoClient(@TempDir Path folder) throws Exception {
        Path ring = folder.resolve("keyring.yml");
        KeyRings.readOrCreate(ring);
        try (S3Server server = S3Server.own(
                        "encryption: {keyRing: '" + ring + "'}", "notifications: {secretsInCleartext: true}")
                .start()) {
            TopicClient client = new TopicClient(server, S3Server.KEYS, "sns");
            Reply created =
                    client.call("CreateTopic", "Name", name, "push-endpoint", "https://user:geheim@sink.example/");

            assertThat(created.status()).as(created.text()).isEqualTo(200);
            for (String action : List.of("GetTopicAttributes", "GetTopic", "ListTopics")) {
                Reply shown = client.call(action, "TopicArn", arn);
                assertThat(shown.text())
                        .contains("https://sink.example/", "user-name=user")
                        .containsPattern("HasStoredSecret(&quot;:|>)true")
                        .doesNotContain("geheim");
            }
            assertThat(stored(server)).doesNotContain("geheim").contains("\"mode\":\"S3\"");

            client.call("SetTopicAttributes", "TopicArn", arn, "AttributeName", "OpaqueData", "AttributeValue", "x");
            assertThat(client.call("GetTopic", "TopicArn", arn).element("HasStoredSecret"))
                    .isEqualTo("true");
            client.call(
                    "SetTopicAttributes",
                    "TopicArn",
                    arn,
                    "AttributeName",
                    "push-endpoint",
                    "AttributeValue",
                    "https://elsewhere.example/");
            assertThat(client.call("GetTopic", "TopicArn", arn).element("HasStoredSecret"))
                    .isEqualTo("false");
            Reply inQuery = client.send(
                    "push-endpoint=https%3A%2F%2Fu%3Ageheim%40sink%2F", TopicClient.form("CreateTopic", "Name", name));
            refused(inQuery, 400, "InvalidParameter");
            assertThat(inQuery.text()).doesNotContain("geheim");
        }
    }

    private static String stored(S3Server server) throws SQLException {
        try (Connection database = DriverManager.getConnection(
                        server.database().url(),
                        server.database().user(),
                        server.database().password());
                Statement statement = database.createStatement();
                ResultSet row = statement.executeQuery("SELECT CONCAT(attributes, secret) FROM topic")) {
            assertThat(row.next()).isTrue();
            return row.getString(1);
        }
    }
}
