package io.pataka.service.traffic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.testing.Eventually;
import io.pataka.service.testing.Guest;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import io.pataka.service.testing.S3Server;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Access logs of the whole server, from the request to the log object. */
class AccessLogsIT {

    private static final Pattern FLUSHED = Pattern.compile("<FlushedLoggingObject>(.*)</FlushedLoggingObject>");
    private static final Pattern KEY = Pattern.compile("<Key>([^<]*)</Key>");

    @RegisterExtension
    final S3Server server = S3Server.own();

    private S3Connection owner;

    @BeforeEach
    void logTheSource(S3Connection connection) throws IOException {
        owner = connection;
        call("PUT", "/source", 200);
        call("PUT", "/other", 200);
        call("PUT", "/log", 200);
        allow(true);
        log("source", "a/");
    }

    private static Reply call(S3Connection connection, String method, String target, String body, int status)
            throws IOException {
        Reply reply = connection.call(method, target, Map.of(), Body.of(body.getBytes(UTF_8)));
        assertThat(reply.status()).as(method + " " + target + reply.text()).isEqualTo(status);
        return reply;
    }

    private void call(String method, String target, int status) throws IOException {
        call(owner, method, target, "", status);
    }

    private void allow(boolean allowed) throws IOException {
        call(owner, "PUT", "/log?policy=", """
                {"Version": "2012-10-17", "Statement": [{"Effect": "%s", "Principal": {"Service": "logging.s3.amazonaws.com"},
                 "Action": "s3:PutObject", "Resource": "arn:aws:s3:::log/*"}]}
                """.formatted(allowed ? "Allow" : "Deny"), 204);
    }

    private void log(String bucket, String prefix) throws IOException {
        call(
                owner,
                "PUT",
                "/" + bucket + "?logging=",
                "<BucketLoggingStatus><LoggingEnabled><TargetBucket>log</TargetBucket><TargetPrefix>" + prefix
                        + "</TargetPrefix></LoggingEnabled></BucketLoggingStatus>",
                200);
    }

    /** Operation, key, status and error of each line of the next log object. */
    private List<String> flush(String bucket) throws IOException {
        Reply flushed = call(owner, "POST", "/" + bucket + "?logging=", "", 200);
        Matcher key = FLUSHED.matcher(flushed.text());
        assertThat(key.find()).as(flushed.text()).isTrue();
        Reply object = call(owner, "GET", "/log/" + key.group(1), "", 200);
        List<String> lines = new ArrayList<>();
        for (String line : object.text().split("\n")) {
            if (!line.isEmpty()) {
                List<String> fields = Arrays.asList(line.split(" (?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)"));
                assertThat(fields).as(line).hasSize(27);
                lines.add(String.join(" ", fields.subList(7, 9)) + " " + String.join(" ", fields.subList(10, 12)));
            }
        }
        return lines;
    }

    @Test
    void aLogHasALineOfEachRequest(@Guest S3Connection guest) throws IOException {
        call(owner, "PUT", "/source/a%20b", "hello", 200);
        call("GET", "/source/a%20b", 200);
        call("GET", "/source/missing", 404);
        call(guest, "GET", "/source/a%20b", "", 403);
        call("GET", "/source?list-type=2", 200);
        call("DELETE", "/source/a%20b", 204);
        call("GET", "/other/k", 404);

        assertThat(flush("source"))
                .containsExactly(
                        "REST.PUT.OBJECT a%2520b 200 -",
                        "REST.GET.OBJECT a%2520b 200 -",
                        "REST.GET.OBJECT missing 404 NoSuchKey",
                        "REST.GET.OBJECT a%2520b 403 AccessDenied",
                        "REST.GET.BUCKET - 200 -",
                        "REST.DELETE.OBJECT a%2520b 204 -");
        assertThat(flush("source")).containsExactly("REST.POST.LOGGING_STATUS - 200 -");
    }

    @Test
    void aCopyIsInTheLogsOfBothBuckets() throws IOException {
        log("other", "b/");
        call(owner, "PUT", "/source/k", "hello", 200);
        Reply copied = owner.call("PUT", "/other/copy", Map.of("x-amz-copy-source", "/source/k"), Body.of(new byte[0]));
        assertThat(copied.status()).isEqualTo(200);

        assertThat(flush("source")).containsExactly("REST.PUT.OBJECT k 200 -", "REST.COPY.OBJECT_GET k 200 -");
        assertThat(flush("other")).containsExactly("REST.COPY.OBJECT copy 200 -");
    }

    @Test
    void theRequestThatEndsLoggingIsLogged() throws IOException {
        call(owner, "PUT", "/source?logging=", "<BucketLoggingStatus/>", 200);
        log("source", "a/");

        assertThat(flush("source")).containsExactly("REST.PUT.LOGGING_STATUS - 200 -");
    }

    @Test
    void requestsAreServedWhoseLinesTheTargetDoesNotAdmit() throws Exception {
        allow(false);
        call(owner, "PUT", "/source/lost", "hello", 200);
        Eventually.holds("the line is dropped", () -> metric("pataka_logging_dropped") > 0);
        allow(true);
        call(owner, "PUT", "/source/kept", "hello", 200);

        assertThat(flush("source")).containsExactly("REST.PUT.OBJECT kept 200 -");
    }

    private double metric(String name) throws IOException {
        return server.admin("/metrics")
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    @Test
    void linesOfOtherNodesAreStoredSoonAndWhenANodeStops() throws Exception {
        try (S3Server second = S3Server.nodeBeside(server).start();
                S3Connection other = new S3Connection(second.port(), S3Server.KEYS)) {
            call(other, "PUT", "/source/first", "hello", 200);
            List<String> lines = new ArrayList<>();
            Eventually.holds("the other node stores its line", () -> {
                lines.addAll(flush("source"));
                return lines.contains("REST.PUT.OBJECT first 200 -");
            });
            call(other, "PUT", "/source/last", "hello", 200);
        }

        assertThat(flush("source")).contains("REST.PUT.OBJECT last 200 -");
    }

    @Test
    void theTargetIsNotFilledByRequestsThatAreNotLogged() throws IOException {
        call("GET", "/other/k", 404);
        call("GET", "/other?list-type=2", 200);

        flush("source");
        Matcher keys =
                KEY.matcher(call(owner, "GET", "/log?list-type=2", "", 200).text());
        List<String> found = new ArrayList<>();
        while (keys.find()) {
            found.add(keys.group(1));
        }
        assertThat(found).singleElement().asString().startsWith("a/");
    }
}
