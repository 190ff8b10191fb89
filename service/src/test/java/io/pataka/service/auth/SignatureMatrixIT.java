package io.pataka.service.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.http.RawConnection;
import io.pataka.service.protocol.Route.Resource;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Server;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Sends every operation of the table, in every form of authentication that fits it, with one bit of a signature or one signed part
 * changed. The server refuses each with the right code and stores nothing. It does not refuse the unchanged request for its
 * signature: otherwise this test could not fail. All requests go over HTTP to the shipped application.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SignatureMatrixIT {

    /** The errors for a request whose signature or body is wrong. */
    private static final Set<S3Error> REFUSALS = EnumSet.of(
            S3Error.SIGNATURE_DOES_NOT_MATCH,
            S3Error.INVALID_ACCESS_KEY_ID,
            S3Error.ACCESS_DENIED,
            S3Error.AUTHORIZATION_HEADER_MALFORMED,
            S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR,
            S3Error.REQUEST_TIME_TOO_SKEWED,
            S3Error.X_AMZ_CONTENT_SHA256_MISMATCH,
            S3Error.BAD_DIGEST,
            S3Error.INCOMPLETE_BODY,
            S3Error.MALFORMED_TRAILER,
            S3Error.INTERNAL_ERROR);

    /** Operations that other buckets refuse before they read the body. */
    private static final Set<S3Operation> OF_LOCKED_BUCKETS =
            EnumSet.of(S3Operation.PUT_OBJECT_RETENTION, S3Operation.PUT_OBJECT_LEGAL_HOLD);

    private static final String EVERYONE = """
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:PutObject*",
             "Resource": "arn:aws:s3:::%s/*"}]}
            """;

    @RegisterExtension
    static final S3Server SERVER = S3Server.own("roles: {admins: [member]}");

    private static final Map<String, Integer> COUNTS = new LinkedHashMap<>();
    private static final Map<String, SignatureForm> FORMS = new LinkedHashMap<>();
    private static final Map<String, SignatureForm> UNSIGNED = Map.of("anonymous", new NoSignature());

    private static Connection database;

    private final List<String> faults = new ArrayList<>();
    private final S3Connection owner;
    private RawConnection connection;

    SignatureMatrixIT(S3Connection owner) throws IOException {
        this.owner = owner;
        this.connection = new RawConnection(SERVER.port());
    }

    @BeforeAll
    static void open() throws SQLException {
        database = DriverManager.getConnection(
                SERVER.database().url(),
                SERVER.database().user(),
                SERVER.database().password());
        WireSigner signer = new WireSigner(S3Server.KEYS);
        FORMS.put("header V4", new HeaderV4(signer));
        FORMS.put("header V2", new HeaderV2(signer));
        FORMS.put("query V4", new QueryV4(signer));
        FORMS.put("query V2", new QueryV2(signer));
        FORMS.put("POST form V4", new PostPolicyForm(signer, true));
        FORMS.put("POST form V2", new PostPolicyForm(signer, false));
        for (ChunkedV4.Kind kind : ChunkedV4.Kind.values()) {
            FORMS.put("chunks " + kind.name().toLowerCase(Locale.ROOT), new ChunkedV4(signer, kind));
        }
    }

    @AfterAll
    static void close() throws SQLException {
        database.close();
    }

    @AfterEach
    void disconnect() throws IOException {
        connection.close();
    }

    static List<S3Operation> operations() {
        return S3Operation.all().stream().filter(one -> !one.isPreflight()).toList();
    }

    @Order(1)
    @ParameterizedTest
    @MethodSource("operations")
    void aRequestThatWasChangedAfterItWasSignedIsRefusedAndStoresNothing(S3Operation operation) throws Exception {
        String host = "127.0.0.1:" + SERVER.port();
        boolean handled = hasHandler(operation, owner, host);
        OperationExample example = example(operation, owner, host, handled);
        changed(example, FORMS);
        if (UNSIGNED.get("anonymous").fits(example)) {
            letEveryoneWrite(example.plain().path().split("/")[1], owner);
            changed(example, UNSIGNED);
            unchanged(example, UNSIGNED);
        }
        unchanged(example, FORMS);
        assertThat(faults).isEmpty();
    }

    /** All forms were tried, and each with as many changes as there are bits and signed parts. */
    @Order(2)
    @Test
    void everyFormIsTriedWithManyChanges(TestReporter reporter) {
        int all = COUNTS.values().stream().mapToInt(Integer::intValue).sum();
        COUNTS.forEach((name, count) -> reporter.publishEntry(name, Integer.toString(count)));
        assertThat(COUNTS).hasSize(10);
        assertThat(all).as("changed requests: %s", COUNTS).isGreaterThan(20_000);
    }

    private void changed(OperationExample example, Map<String, SignatureForm> forms) throws IOException, SQLException {
        S3Operation operation = example.operation();
        Set<String> before = state();
        for (Map.Entry<String, SignatureForm> form : forms.entrySet()) {
            if (form.getValue().fits(example)) {
                Instant now = Instant.now();
                for (Change change : form.getValue().changes(example, now)) {
                    COUNTS.merge(form.getKey(), 1, Integer::sum);
                    String place = operation.amazonName() + ", " + form.getKey() + ", " + change.what();
                    refused(example, change, send(change.request()), place);
                }
                Set<String> after = state();
                Set<String> differences = new TreeSet<>(after);
                differences.removeAll(before);
                before.removeAll(after);
                differences.addAll(before);
                if (!differences.isEmpty()) {
                    faults.add(
                            operation.amazonName() + ", " + form.getKey() + ", changed what is kept: " + differences);
                }
                before = after;
            }
        }
    }

    /** Last, because the server may perform it. */
    private void unchanged(OperationExample example, Map<String, SignatureForm> forms) throws IOException {
        for (Map.Entry<String, SignatureForm> form : forms.entrySet()) {
            if (form.getValue().fits(example)) {
                RawConnection.Reply reply = send(form.getValue().sign(example, Instant.now()));
                String place = example.operation().amazonName() + ", " + form.getKey();
                if (isRefusal(reply)) {
                    faults.add(place + ", unchanged: " + reply.status() + " " + reply.code());
                }
            }
        }
    }

    private static boolean hasHandler(S3Operation operation, S3Connection owner, String host) throws IOException {
        OperationExample probe = example(operation, owner, host, false);
        WireRequest plain = probe.plain();
        Map<String, String> headers = new LinkedHashMap<>();
        plain.headers().forEach((name, value) -> {
            if (name.startsWith("x-amz-")) {
                headers.put(name, value);
            }
        });
        List<String> query = plain.query().stream()
                .map(one -> one.contains("=") ? one : one + "=")
                .sorted(Comparator.comparing(WireRequest::nameOf))
                .toList();
        boolean takesBody = plain.method().equals("PUT") || plain.method().equals("POST");
        Body body = takesBody ? Body.of(new byte[0]) : Body.NONE;
        return owner.call(plain.method(), plain.path() + "?" + String.join("&", query), headers, body)
                        .status()
                != 501;
    }

    private static String bucketName(S3Operation operation, boolean handled) {
        String name = operation.amazonName().toLowerCase(Locale.ROOT) + (handled ? "-handled" : "-probed");
        return name.substring(Math.max(0, name.length() - 40));
    }

    /** With a bucket of its own. */
    private static OperationExample example(S3Operation operation, S3Connection owner, String host, boolean handled)
            throws IOException {
        String bucket = bucketName(operation, handled);
        Map<String, String> settings = new HashMap<>(Map.of("x-amz-object-ownership", "ObjectWriter"));
        if (OF_LOCKED_BUCKETS.contains(operation)) {
            settings.put("x-amz-bucket-object-lock-enabled", "true");
        }
        expect(200, owner.call("PUT", "/" + bucket, settings, Body.of(new byte[0])));
        expect(200, owner.call("PUT", "/" + bucket + "/key", Map.of(), Body.of("old".getBytes(UTF_8))));
        String upload = "none";
        if (operation.route().resource() == Resource.OBJECT) {
            String xml = owner.call("POST", "/" + bucket + "/key?uploads=", Map.of(), Body.of(new byte[0]))
                    .text();
            upload = xml.substring(xml.indexOf("<UploadId>") + 10, xml.indexOf("</UploadId>"));
        }
        return OperationExample.of(operation, host, bucket, upload, handled);
    }

    private static void letEveryoneWrite(String bucket, S3Connection owner) throws IOException {
        Body policy = Body.of(EVERYONE.formatted(bucket).getBytes(UTF_8));
        expect(204, owner.call("PUT", "/" + bucket + "?policy=", Map.of(), policy));
    }

    private static void expect(int status, S3Connection.Reply reply) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
    }

    private void refused(OperationExample example, Change change, RawConnection.Reply reply, String place) {
        Set<S3Error> answers = EnumSet.copyOf(change.answers());
        if (answers.contains(S3Error.ACCESS_DENIED) && example.operation().isOfTopics()) {
            answers.add(S3Error.AUTHORIZATION_ERROR);
        }
        if (answers.contains(S3Error.ACCESS_DENIED) && !example.isHandled()) {
            // The operation would check the object's ACL, and no class performs it.
            answers.add(S3Error.NOT_IMPLEMENTED);
        }
        // Each of several keys has its own error, in a reply with status 200.
        boolean keyByKey = example.operation().is(S3Operation.Trait.KEYS_IN_BODY) && reply.status() == 200;
        boolean right = answers.stream()
                .anyMatch(answer -> (reply.status() == answer.status() || keyByKey)
                        && (change.request().method().equals("HEAD")
                                || answer.code().equals(reply.code())));
        if (!right) {
            faults.add(place + ": " + reply.status() + " " + reply.code() + " instead of " + change.answers());
        }
    }

    private static boolean isRefusal(RawConnection.Reply reply) {
        return reply.status() == 403
                || REFUSALS.stream().anyMatch(error -> error.code().equals(reply.code()));
    }

    private RawConnection.Reply send(WireRequest request) throws IOException {
        connection.send(request.bytes());
        RawConnection.Reply reply = request.method().equals("HEAD") ? connection.replyToHead() : connection.reply();
        if ("close".equalsIgnoreCase(reply.header("connection"))) {
            connection.close();
            connection = new RawConnection(SERVER.port());
        }
        return reply;
    }

    /** All that the service keeps: the checksums of its rows and the names of its files. */
    private static Set<String> state() throws SQLException, IOException {
        Set<String> state = new TreeSet<>();
        try (Statement statement = database.createStatement();
                ResultSet sums = statement.executeQuery("CHECKSUM TABLE topic, bucket, bucket_document, object_current,"
                        + " object_noncurrent, upload, part, completed_upload, blob_link, account_document")) {
            while (sums.next()) {
                state.add(sums.getString(1) + "=" + sums.getString(2));
            }
        }
        SERVER.blobFiles().forEach(file -> state.add(file.toString()));
        return state;
    }
}
