package io.pataka.service.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.testing.S3Connection;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The common S3 clients, as Debian ships them, over HTTPS with the server that {@code make run} starts. The tests compare what the
 * clients print.
 */
final class RealClientsIT {

    private static final String LARGE_FILE = "a folder/ümläut + 100%.bin";

    /** The day in UTC; a listing made around midnight may have either. */
    private static final String TODAY = "(" + LocalDate.now(ZoneOffset.UTC) + "|"
            + LocalDate.now(ZoneOffset.UTC).plusDays(1) + ")";

    private static final String TIME = "[0-9]{2}:[0-9]{2}(:[0-9]{2}[.0-9]*)?";
    private static final String ISO_TIME = TODAY + "T" + TIME + "(Z|\\+00:00)";

    @TempDir
    private static Path folder;

    private static DevelopmentProcess server;

    @BeforeAll
    static void startServer() throws Exception {
        server = DevelopmentProcess.start(folder.resolve("data"), folder.resolve("server.log"));
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Test
    void theSampleProgramPrintsTheObjectAndTheBucketWithItsCreationDate() throws Exception {
        String shown = run(ClientScript.SAMPLE, "sample-bucket");

        assertThat(shown.lines())
                .anySatisfy(line -> assertThat(line).matches("hello\\.txt\t12\t" + ISO_TIME))
                .anySatisfy(line -> assertThat(line).matches("sample-bucket\t" + ISO_TIME));
    }

    @Test
    void boto() throws Exception {
        String shown = run(ClientScript.BOTO, "boto-bucket");

        assertThat(shown.lines())
                .anySatisfy(line -> assertThat(line).matches(quoted(LARGE_FILE) + "\t1024000\t" + ISO_TIME))
                .anySatisfy(line -> assertThat(line).matches("boto-bucket\t" + ISO_TIME));
    }

    @Test
    void boto3() throws Exception {
        String shown = run(ClientScript.BOTO3, "boto3-bucket");

        assertThat(shown.lines())
                .anySatisfy(line -> assertThat(line).matches(quoted(LARGE_FILE) + "\t1024000\t" + ISO_TIME))
                .anySatisfy(line -> assertThat(line).matches("boto3-bucket\t" + ISO_TIME));
    }

    /** The script gets the events over HTTP. */
    @Test
    void boto3WithNotifications() throws Exception {
        String shown = run(ClientScript.BOTO3_NOTIFICATIONS, "boto3-notifications");

        assertThat(shown.lines()).contains("removed boto3-notifications");
    }

    @Test
    void awsCli() throws Exception {
        String shown = run(ClientScript.AWS_CLI, "aws-cli-bucket");

        assertThat(shown.lines())
                .contains("make_bucket: aws-cli-bucket", "remove_bucket: aws-cli-bucket")
                .anySatisfy(line -> assertThat(line).matches(TODAY + " " + TIME + " +12 hello\\.txt"))
                .anySatisfy(
                        line -> assertThat(line).matches(TODAY + " " + TIME + " +3000000 tree/" + quoted(LARGE_FILE)))
                .anySatisfy(line -> assertThat(line).matches(TODAY + " " + TIME + " aws-cli-bucket"));
    }

    /** A rule with a past date acts while the script waits. */
    @Test
    void awsCliWithLifecycleRules() throws Exception {
        String shown = run(ClientScript.AWS_CLI_LIFECYCLE, "aws-cli-lifecycle");

        assertThat(shown.lines()).contains("remove_bucket: aws-cli-lifecycle");
    }

    /** The script reads the first report. */
    @Test
    void awsCliWithInventories() throws Exception {
        String shown = run(ClientScript.AWS_CLI_INVENTORY, "aws-cli-inventory");

        assertThat(shown.lines()).contains("remove_bucket: aws-cli-inventory-reports");
    }

    @Test
    void awsCliWithObjectLock() throws Exception {
        String shown = run(ClientScript.AWS_CLI_LOCK, "aws-cli-lock");

        assertThat(shown.lines()).contains("remove_bucket: aws-cli-lock");
    }

    @Test
    void awsCliWithAccessLogs() throws Exception {
        String shown = run(ClientScript.AWS_CLI_LOGGING, "aws-cli-logging");

        assertThat(shown.lines())
                .contains("REST.GET.BUCKET REST.GET.LOGGING_STATUS REST.GET.OBJECT REST.HEAD.OBJECT REST.PUT.OBJECT");
    }

    @Test
    void awsCliWithTopics() throws Exception {
        String shown = run(ClientScript.AWS_CLI_TOPICS, "aws-cli-topics");

        assertThat(shown.lines())
                .contains("no topics of aws-cli-topics are left")
                .noneMatch(line -> line.contains("geheim"));
    }

    /** Two snapshots, of which restic had forgotten one. */
    @Test
    void resticGetsItsRepositoryBackFromALockedBucket() throws Exception {
        String shown = run(ClientScript.RESTIC, "restic-bucket");

        assertThat(shown.lines()).contains("2 snapshots");
    }

    @Test
    void s3cmd() throws Exception {
        String shown = run(ClientScript.S3CMD, "s3cmd-bucket");

        for (String bucket : List.of("s3cmd-bucket-v4", "s3cmd-bucket-v2")) {
            String url = "s3://" + bucket;
            assertThat(shown.lines())
                    .contains("Bucket '" + url + "/' created", "Bucket '" + url + "/' removed")
                    .anySatisfy(line -> assertThat(line).matches(TODAY + " " + TIME + " +12 +" + url + "/hello\\.txt"))
                    .anySatisfy(line -> assertThat(line)
                            .matches(TODAY + " " + TIME + " +3000000 +" + url + "/tree/" + quoted(LARGE_FILE)))
                    .anySatisfy(line -> assertThat(line).matches(TODAY + " " + TIME + " +" + url));
        }
    }

    @Test
    void rclone() throws Exception {
        String shown = run(ClientScript.RCLONE, "rclone-bucket");

        assertThat(shown.lines())
                .anySatisfy(line -> assertThat(line).matches(" +12 " + TODAY + " " + TIME + " hello\\.txt"))
                .anySatisfy(
                        line -> assertThat(line).matches(" +3000000 " + TODAY + " " + TIME + " " + quoted(LARGE_FILE)))
                .anySatisfy(line -> assertThat(line).matches(" +-1 " + TODAY + " " + TIME + " +-1 rclone-bucket"));
    }

    @Test
    void curl() throws Exception {
        String shown = run(ClientScript.CURL, "curl-bucket");

        assertThat(shown)
                .contains("Content-Length: 3000000", "<Key>folder/file.bin</Key>")
                .doesNotContain("<Error>");
    }

    @Test
    void theLinesThatTheServerPrintsWorkWhenTheyArePasted() throws Exception {
        assertThat(server.linesToPaste()).hasSize(4);
        for (String line : server.linesToPaste()) {
            String client = Pattern.compile("aws --|s3cmd|rclone|boto3")
                    .matcher(line)
                    .results()
                    .findFirst()
                    .orElseThrow()
                    .group()
                    .replaceAll("\\W", "");
            String bucket = client + "-pasted";
            String pasted = line.replace("my-bucket", bucket);

            ClientScript.paste(pasted, server.environment(), bucket, folder);

            try (S3Connection connection = server.connect()) {
                assertThat(connection.call("HEAD", "/" + bucket).status())
                        .as(pasted)
                        .isEqualTo(200);
            }
        }
    }

    private static String quoted(String literal) {
        return Pattern.quote(literal);
    }

    private static String run(ClientScript script, String bucket) throws IOException, InterruptedException {
        return script.run(server.environment(), bucket, folder);
    }
}
