package io.pataka.service.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.keystone.testing.Ec2Key;
import io.pataka.keystone.testing.RealCloud;
import io.pataka.keystone.testing.RealKeystone;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator sees of Keystone: lines at the start, metrics, health, and how much is asked. */
final class OperatorIT {

    private static final RealKeystone KEYSTONE = RealKeystone.shared();
    private static final RealCloud CLOUD = KEYSTONE.cloud();
    private static final int MANY = 1000;

    @TempDir
    private Path folder;

    @Test
    void readsAtTheStartWhatTheServiceUserMayDo() throws Exception {
        try (CloudTestBed bed = CloudTestBed.start(folder, CloudTestBed.settingsFor(KEYSTONE))) {
            String log = logWith(bed, "read EC2 secrets");
            assertThat(log)
                    .contains("INFO  Service user 'pataka' logs in to project 'service' with roles [service]")
                    .contains("INFO  Service user 'pataka' may prove signatures (POST /v3/s3tokens)")
                    .contains("INFO  Service user 'pataka' may read EC2 secrets (GET /v3/credentials/{id})")
                    .doesNotContain("ERROR");
        }
    }

    @Test
    void readsThatThePasswordIsWrongAndWhatMendsIt() throws Exception {
        Map<String, String> section = CloudTestBed.settingsFor(KEYSTONE);
        section.put("password", "not the password");
        try (CloudTestBed bed = CloudTestBed.start(folder, section)) {
            assertThat(logWith(bed, "mend it with"))
                    .contains("ERROR Keystone refused to log in service user 'pataka' of domain 'Default' to project"
                            + " 'service': wrong user name or password")
                    .contains("openstack user set --domain Default --enable --password-prompt pataka")
                    .doesNotContain("not the password");

            Reply reply = bed.call(CLOUD.key("alice", "alpha"), "GET", "/");
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.text()).contains("<Code>ServiceUnavailable</Code>").doesNotContain("password");
            assertThat(reply.header("Retry-After")).isPresent();
            assertThat(bed.admin("/healthcheck").body())
                    .contains("\"keystone\":{\"healthy\":false", "wrong user name or password");
        }
    }

    @Test
    void readsWhichRolesTheServiceUserLacks() throws Exception {
        String name = "bare-" + RealCloud.unique();
        CLOUD.grant(CLOUD.newUser(name), CLOUD.project("alpha"), "reader");
        Map<String, String> section = CloudTestBed.settingsFor(KEYSTONE);
        section.putAll(Map.of(
                "username",
                name,
                "user_domain_name",
                RealCloud.DOMAIN,
                "project_name",
                "alpha",
                "project_domain_name",
                RealCloud.DOMAIN));
        try (CloudTestBed bed = CloudTestBed.start(folder, section)) {
            String user = "--user " + name + " --user-domain " + RealCloud.DOMAIN;
            assertThat(logWith(bed, "read EC2 secrets"))
                    .contains("ERROR Service user '" + name + "' may NOT prove signatures (POST /v3/s3tokens); mend it"
                            + " with: openstack role add " + user + " --project alpha --project-domain acceptance"
                            + " service")
                    .contains("ERROR Service user '" + name + "' may NOT read EC2 secrets (GET /v3/credentials/{id});"
                            + " mend it with: openstack role add --system all " + user + " reader");
            assertThat(bed.call(CLOUD.key("alice", "alpha"), "GET", "/").status())
                    .isEqualTo(503);
        }
    }

    /** The log, as soon as it has these words. */
    private static String logWith(CloudTestBed bed, String words) throws Exception {
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (!bed.log().contains(words) && System.nanoTime() < end) {
            Thread.sleep(50);
        }
        assertThat(bed.log()).contains(words);
        return bed.log();
    }

    @Test
    void seesCallsLatencyHitsMissesAndTheAgeOfWhatIsServed() throws Exception {
        try (CloudTestBed bed = CloudTestBed.start(folder, CloudTestBed.settingsFor(KEYSTONE))) {
            for (int i = 0; i < 5; i++) {
                assertThat(bed.call(CLOUD.key("alice", "alpha"), "GET", "/").status())
                        .isEqualTo(200);
            }
            assertThat(bed.sum("pataka_keystone_cache_age_millis", "_count")).isEqualTo(4);
            assertThat(bed.sum("pataka_keystone_cache_misses", "_total")).isEqualTo(1);
            assertThat(bed.sum("pataka_keystone_cache_keys", "")).isEqualTo(1);
            assertThat(bed.sum("pataka_keystone_outcome_ok", "_total")).isPositive();
            assertThat(bed.admin("/metrics").body())
                    .contains(
                            "pataka_keystone_call_s3tokens{quantile=\"0.99\"}",
                            "pataka_keystone_call_credential_count",
                            "pataka_keystone_call_login_count",
                            "pataka_keystone_outcome_timed_out",
                            "pataka_keystone_unavailable");
            assertThat(bed.admin("/healthcheck").body()).contains("\"keystone\":{\"healthy\":true");
        }
    }

    @Test
    void aThousandRequestsAtOnceWithOneColdKeyMakeOneRoundOfCallsAndAWarmKeyMakesNone() throws Exception {
        try (CloudTestBed bed = CloudTestBed.start(folder, CloudTestBed.settingsFor(KEYSTONE))) {
            logWith(bed, "read EC2 secrets");
            // The service user's own logins are over.
            assertThat(bed.call(CLOUD.key("carol", "beta"), "GET", "/").status())
                    .isEqualTo(200);
            Ec2Key cold = CLOUD.newKey(CLOUD.user("alice"), CLOUD.project("alpha"));

            long before = bed.keystoneCalls();
            assertAllServed(bed, cold);
            assertThat(bed.keystoneCalls() - before).as("calls for a cold key").isLessThanOrEqualTo(3);

            long warm = bed.keystoneCalls();
            assertAllServed(bed, cold);
            assertThat(bed.keystoneCalls() - warm).as("calls for a warm key").isZero();
        }
    }

    private static void assertAllServed(CloudTestBed bed, Ec2Key key) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(MANY);
        List<S3Connection> connections = new ArrayList<>();
        try {
            CountDownLatch together = new CountDownLatch(MANY);
            List<Future<Reply>> running = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                S3Connection connection = bed.connect(key);
                connections.add(connection);
                running.add(clients.submit(() -> {
                    together.countDown();
                    together.await();
                    return connection.call("GET", "/");
                }));
            }
            for (Future<Reply> reply : running) {
                assertThat(reply.get().status()).as(reply.get().text()).isEqualTo(200);
            }
        } finally {
            clients.shutdownNow();
            for (S3Connection connection : connections) {
                connection.close();
            }
        }
    }
}
