package io.pataka.service.operation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.testing.Eventually;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import io.pataka.service.testing.S3Server;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The usage that clients get: what was counted, what was summed and when, and 503 while a sum is missing. */
class UsageIT {

    private static final String AS_OF = "x-pataka-usage-as-of";

    /** More than are counted for a request. */
    private static final int MANY = 10_001;

    /** Without the job that sums, so that each test decides when sums are made. */
    @RegisterExtension
    static final S3Server SERVER = S3Server.own("jobs: {enabled: false}");

    private final S3Connection tenant;

    UsageIT(S3Connection tenant) throws Exception {
        this.tenant = tenant;
        sql("DELETE FROM object_current");
        sql("DELETE FROM bucket");
        assertThat(tenant.call("PUT", "/counted").status()).isEqualTo(200);
    }

    private static void sql(String text) throws SQLException {
        try (Connection database = DriverManager.getConnection(
                        SERVER.database().url(),
                        SERVER.database().user(),
                        SERVER.database().password());
                Statement statement = database.createStatement()) {
            statement.execute(text);
        }
    }

    private static void fill() throws SQLException {
        sql(
                "INSERT INTO object_current (bucket_id, object_key, sequence, null_version, delete_marker, size, etag, owner_id,"
                        + " owner_name, storage_class, checksums, appendable) SELECT id, LPAD(seq, 6, '0'), seq, FALSE, FALSE, 3, '',"
                        + " '', '', 'STANDARD', '', FALSE FROM bucket, seq_1_to_" + MANY + " WHERE name = 'counted'");
    }

    private static String text(Reply reply) {
        return new String(reply.body(), UTF_8);
    }

    @Test
    void countsASmallBucketAtOnce() throws IOException {
        assertThat(tenant.call("PUT", "/counted/k", Map.of(), Body.of(new byte[7]))
                        .status())
                .isEqualTo(200);

        Reply usage = tenant.call("GET", "/?usage=");
        assertThat(usage.status()).isEqualTo(200);
        assertThat(text(usage)).contains("<TotalBytes>7</TotalBytes>", "<TotalEntries>1</TotalEntries>");
        assertThat(usage.header(AS_OF)).isEmpty();

        Reply stats = tenant.call("HEAD", "/counted?read-stats=true");
        assertThat(stats.header("x-rgw-object-count")).contains("1");
        assertThat(stats.header("x-rgw-bytes-used")).contains("7");
        assertThat(stats.header(AS_OF)).isEmpty();
    }

    @Test
    void saysToComeBackWhileASumIsMissing() throws Exception {
        fill();

        Reply usage = tenant.call("GET", "/?usage=");
        assertThat(usage.status()).isEqualTo(503);
        assertThat(text(usage)).contains("<Code>ServiceUnavailable</Code>", "still being added up");
        assertThat(usage.header("retry-after")).contains("60");

        Reply stats = tenant.call("HEAD", "/counted?read-stats=true");
        assertThat(stats.status()).isEqualTo(503);
        assertThat(stats.header("retry-after")).contains("60");
        assertThat(tenant.call("HEAD", "/counted").status()).isEqualTo(200);
    }

    @Test
    void saysWhenASumWasMade() throws Exception {
        fill();
        sql("INSERT INTO bucket_usage SELECT id, 10001, 30003, 1764288000000000 FROM bucket");

        Reply usage = tenant.call("GET", "/?usage=");
        assertThat(usage.status()).isEqualTo(200);
        assertThat(text(usage)).contains("<TotalBytes>30003</TotalBytes>", "<TotalEntries>10001</TotalEntries>");
        assertThat(usage.header(AS_OF)).contains("2025-11-28T00:00:00Z");

        Reply stats = tenant.call("HEAD", "/counted?read-stats=true");
        assertThat(stats.header("x-rgw-object-count")).contains("10001");
        assertThat(stats.header("x-rgw-bytes-used")).contains("30003");
        assertThat(stats.header(AS_OF)).contains("2025-11-28T00:00:00Z");
    }

    /** A node reads the sums when it starts, and then from time to time. */
    @Test
    void isAMetricOfTheProject() throws Exception {
        sql("INSERT INTO bucket_usage SELECT id, 10001, 30003, 1764288000000000 FROM bucket");
        try (S3Server node = S3Server.nodeBeside(SERVER).start()) {
            Eventually.holds(
                    "the node has metrics of projects",
                    () -> node.admin("/metrics").contains("pataka_project_bytes"));
            assertThat(node.admin("/metrics"))
                    .contains(
                            "pataka_project_bytes{project=\"development\"} 30003.0",
                            "pataka_project_objects{project=\"development\"} 10001.0",
                            "pataka_project_buckets{project=\"development\"} 1.0");
        }
    }
}
