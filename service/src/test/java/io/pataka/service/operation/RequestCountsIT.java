package io.pataka.service.operation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.testing.Eventually;
import io.pataka.service.testing.Guest;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import io.pataka.service.testing.S3Server;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many requests there were, as Ceph's GET /?usage tells it. */
class RequestCountsIT {

    @RegisterExtension
    final S3Server server = S3Server.own();

    private static String usage(S3Connection connection, String query) throws IOException {
        Reply usage = connection.call("GET", "/?" + query);
        assertThat(usage.status()).as(new String(usage.body(), UTF_8)).isEqualTo(200);
        return new String(usage.body(), UTF_8);
    }

    private static String category(String name, String sent, int received, int ops, int successful) {
        return "<Entry><Category>" + name + "</Category><BytesSent>" + sent + "</BytesSent><BytesReceived>" + received
                + "</BytesReceived><Ops>" + ops + "</Ops><SuccessfulOps>" + successful + "</SuccessfulOps></Entry>";
    }

    private static void work(S3Connection owner) throws IOException {
        owner.call("PUT", "/pictures");
        owner.call("PUT", "/pictures/a", Map.of(), Body.of(new byte[100]));
        owner.call("PUT", "/pictures/b", Map.of(), Body.of(new byte[23]));
        owner.call("GET", "/pictures/a");
    }

    @Test
    void countsRequestsByBucketAndOperation(S3Connection owner, @Guest S3Connection guest) throws Exception {
        work(owner);
        guest.call("GET", "/pictures/a");

        // The record of a request may be made when the client has the reply.
        Eventually.holds(
                "both reads are counted",
                () -> Pattern.compile(category("get_obj", "[0-9]{3}", 0, 2, 1))
                        .matcher(usage(owner, "usage="))
                        .find());
        assertThat(usage(owner, "usage="))
                .contains("<Entries><User><Owner>development</Owner><Buckets>")
                .contains("<Bucket><Bucket>pictures</Bucket><Time>")
                .contains(category("put_obj", "0", 123, 2, 2))
                .contains(category("create_bucket", "0", 0, 1, 1))
                .containsPattern("<Summary><User><User>development</User><categories>.*<Total><BytesSent>[0-9]+"
                        + "</BytesSent><BytesReceived>123</BytesReceived><Ops>[0-9]+</Ops>");
        assertThat(usage(guest, "usage=")).doesNotContain("pictures");
    }

    @Test
    void countsByTheHourIfADateIsNamed(S3Connection owner) throws IOException {
        work(owner);
        LocalDate today = LocalDate.now(ZoneOffset.UTC);

        assertThat(usage(owner, "end-date=" + today.plusDays(2) + "&start-date=" + today.minusDays(1) + "&usage="))
                .containsPattern("<Bucket>pictures</Bucket><Time>20[0-9-]+T[0-9]{2}:00:00Z</Time>");
        assertThat(usage(owner, "end-date=" + today.minusDays(1) + "&usage=")).contains("<Entries></Entries>");
        assertThat(usage(owner, "start-date=" + today.plusDays(2) + "&usage=")).contains("<Entries></Entries>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"start-date=never&usage=", "end-date=2026-02-30&usage="})
    void refusesDatesThatAreNone(String query, S3Connection owner) throws IOException {
        Reply refused = owner.call("GET", "/?" + query);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(new String(refused.body(), UTF_8)).contains("<Code>InvalidArgument</Code>");
    }

    @Test
    void everyNodeKnowsWhatOthersHaveStored(S3Connection owner) throws Exception {
        work(owner);
        assertThat(usage(owner, "usage=")).contains(category("put_obj", "0", 123, 2, 2));
        try (S3Server second = S3Server.nodeBeside(server).start();
                S3Connection other = new S3Connection(second.port(), S3Server.KEYS)) {
            other.call("PUT", "/pictures/c", Map.of(), Body.of(new byte[1000]));

            assertThat(usage(other, "usage=")).contains(category("put_obj", "0", 1123, 3, 3));
        }

        assertThat(usage(owner, "usage=")).contains(category("put_obj", "0", 1123, 3, 3));
    }
}
