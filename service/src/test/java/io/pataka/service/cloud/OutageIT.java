package io.pataka.service.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.keystone.testing.Ec2Key;
import io.pataka.keystone.testing.FakeKeystone;
import io.pataka.keystone.testing.FakeKeystone.Fault;
import io.pataka.keystone.testing.RealCloud;
import io.pataka.keystone.testing.RealKeystone;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** While Keystone is down, keys in the cache are served, and other requests get 503 with Retry-After and never 403. */
final class OutageIT {

    private static final RealKeystone KEYSTONE = RealKeystone.shared();
    private static final RealCloud CLOUD = KEYSTONE.cloud();

    /** The longest that a client waits: the timeout of the settings, and more for a busy machine. */
    private static final Duration BOUND = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private enum Outage {
        FROZEN {
            @Override
            void begin() {
                KEYSTONE.freeze();
            }

            @Override
            void end() {
                KEYSTONE.thaw();
            }
        },
        KILLED {
            @Override
            void begin() {
                KEYSTONE.kill();
            }

            @Override
            void end() {
                KEYSTONE.restart();
            }
        };

        abstract void begin();

        abstract void end();
    }

    private CloudTestBed start(Map<String, String> more) throws Exception {
        Map<String, String> section = CloudTestBed.settingsFor(KEYSTONE);
        section.put("timeout", "3s");
        section.putAll(more);
        return CloudTestBed.start(folder, section);
    }

    @ParameterizedTest
    @EnumSource
    void servesKeysThatAreWarmAndAsksOthersToComeBackLater(Outage outage) throws Exception {
        Ec2Key warm = CLOUD.key("alice", "alpha");
        try (CloudTestBed bed = start(Map.of("cache_lifetime", "10m"))) {
            eventually(bed, warm);
            assertThat(bed.admin("/healthcheck").statusCode()).isEqualTo(200);
            List<Ec2Key> cold = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                cold.add(CLOUD.newKey(CLOUD.user("alice"), CLOUD.project("alpha")));
            }

            outage.begin();
            try {
                for (Reply reply : all(bed, cold)) {
                    assertComeBackLater(reply);
                }
                assertThat(bed.call(warm, "GET", "/").status()).isEqualTo(200);
                try (S3Connection local = bed.connect(CloudTestBed.LOCAL)) {
                    assertThat(local.call("GET", "/").status()).isEqualTo(200);
                }
                assertThat(bed.admin("/healthcheck").body()).contains("\"keystone\":{\"healthy\":false");
                assertThat(bed.log()).contains("Keystone is unavailable");
                assertThat(bed.sum("pataka_keystone_unavailable", "")).isPositive();
            } finally {
                outage.end();
            }

            for (Ec2Key key : cold) {
                eventually(bed, key);
            }
            assertThat(bed.admin("/healthcheck").statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource
    void asksEverybodyToComeBackLaterInModeAsk(Outage outage) throws Exception {
        Ec2Key key = CLOUD.key("alice", "alpha");
        try (CloudTestBed bed = start(Map.of("mode", "ask"))) {
            eventually(bed, key);
            outage.begin();
            try {
                for (Reply reply : all(bed, List.of(key, key, key, key))) {
                    assertComeBackLater(reply);
                }
            } finally {
                outage.end();
            }
            eventually(bed, key);
        }
    }

    @Test
    void endsWithTheLifetimeOfAKeyAndNotBefore() throws Exception {
        Ec2Key key = CLOUD.key("alice", "alpha");
        Duration lifetime = Duration.ofSeconds(4);
        try (CloudTestBed bed = start(Map.of("cache_lifetime", "4s"))) {
            eventually(bed, key);
            KEYSTONE.kill();
            try {
                long killed = System.nanoTime();
                Reply reply = bed.call(key, "GET", "/");
                while (reply.status() == 200) {
                    long begun = System.nanoTime();
                    reply = bed.call(key, "GET", "/");
                    assertThat(reply.status() == 200 && begun - killed > lifetime.toNanos())
                            .as("served after the lifetime")
                            .isFalse();
                }
                assertComeBackLater(reply);
            } finally {
                KEYSTONE.restart();
            }
            eventually(bed, key);
        }
    }

    @ParameterizedTest
    @CsvSource({"429, SlowDown", "500, ServiceUnavailable", "503, ServiceUnavailable"})
    void passesOnWhatKeystoneAnswers(int status, String code) throws Exception {
        try (FakeKeystone keystone = FakeKeystone.start();
                CloudTestBed bed = CloudTestBed.start(folder, settingsFor(keystone))) {
            Ec2Key key = keyOf(keystone);
            keystone.fail(Fault.answering(status).header("Retry-After", "7"));

            Reply reply = bed.call(key, "GET", "/");

            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.text()).contains("<Code>" + code + "</Code>");
            assertThat(reply.header("Retry-After"))
                    .hasValueSatisfying(seconds -> assertThat(seconds).isEqualTo(status == 429 ? "7" : "1"));
        }
    }

    @Test
    void isAnOutageWhenKeystoneClosesTheConnectionWithoutAnAnswer() throws Exception {
        try (FakeKeystone keystone = FakeKeystone.start();
                CloudTestBed bed = CloudTestBed.start(folder, settingsFor(keystone))) {
            Ec2Key key = keyOf(keystone);
            keystone.fail(Fault.closing());
            assertComeBackLater(bed.call(key, "GET", "/"));
            keystone.heal();
            eventually(bed, key);
        }
    }

    private static Ec2Key keyOf(FakeKeystone keystone) {
        String user = keystone.user("alice");
        String project = keystone.project("alpha");
        keystone.grant(user, project, "member");
        return keystone.ec2Key(user, project);
    }

    private static Map<String, String> settingsFor(FakeKeystone keystone) {
        return Map.of(
                "auth_url",
                keystone.authUrl(),
                "username",
                FakeKeystone.SERVICE_USER,
                "password",
                FakeKeystone.SERVICE_PASSWORD,
                "project_name",
                "service");
    }

    /** A request with each key, all at once; each ends in bounded time. */
    private static List<Reply> all(CloudTestBed bed, List<Ec2Key> keys) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(keys.size());
        try {
            List<Future<Reply>> running = new ArrayList<>();
            for (Ec2Key key : keys) {
                running.add(clients.submit(() -> {
                    long begun = System.nanoTime();
                    Reply reply = bed.call(key, "GET", "/");
                    assertThat(System.nanoTime() - begun).isLessThan(BOUND.toNanos());
                    return reply;
                }));
            }
            List<Reply> replies = new ArrayList<>();
            for (Future<Reply> reply : running) {
                replies.add(reply.get());
            }
            return replies;
        } finally {
            clients.shutdownNow();
        }
    }

    private static void assertComeBackLater(Reply reply) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(503);
        assertThat(reply.text()).containsAnyOf("<Code>ServiceUnavailable</Code>", "<Code>SlowDown</Code>");
        assertThat(reply.header("Retry-After"))
                .hasValueSatisfying(
                        seconds -> assertThat(Integer.parseInt(seconds)).isBetween(1, 60));
    }

    /** The requests with a key get 503 with Retry-After at first, and soon 200. */
    private static void eventually(CloudTestBed bed, Ec2Key key) throws Exception {
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        Reply reply = bed.call(key, "GET", "/");
        while (reply.status() != 200 && System.nanoTime() < end) {
            assertComeBackLater(reply);
            Thread.sleep(100);
            reply = bed.call(key, "GET", "/");
        }
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    }
}
