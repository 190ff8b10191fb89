package io.pataka.keystone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.pataka.keystone.KeystoneMetrics.Call;
import io.pataka.keystone.SecretReading.Found;
import io.pataka.keystone.testing.CallCounter;
import io.pataka.keystone.testing.FakeKeystone;
import io.pataka.keystone.testing.FakeKeystone.Endpoint;
import io.pataka.keystone.testing.FakeKeystone.Fault;
import io.pataka.keystone.testing.TestClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers that a real Barbican cannot be made to give. */
class BarbicanSecretsTest {

    private static final UUID ID = UUID.fromString("0d1e2f30-4152-6374-8596-a7b8c9daebfc");
    private static final UUID OTHER = UUID.fromString("1d1e2f30-4152-6374-8596-a7b8c9daebfc");
    private static final String PAYLOAD = "/v1/secrets/" + ID + "/payload";
    private static final String METADATA = "/v1/secrets/" + ID + "/metadata";

    private record Answer(int status, String body) {}

    private final FakeKeystone keystone = FakeKeystone.start();
    private final TestClock clock = new TestClock();
    private final CallCounter calls = new CallCounter();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile CountDownLatch hanging = new CountDownLatch(0);
    private HttpServer server;
    private KeystoneConnection connection;
    private BarbicanSecrets secrets;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
        connection = KeystoneConnection.open(keystone.settings().build(), KeystoneMetrics.NONE, clock);
        secrets = connection.barbican(
                new BarbicanSettings(
                        Optional.of(URI.create(
                                "http://127.0.0.1:" + server.getAddress().getPort() + "/")),
                        Duration.ofSeconds(20),
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(30),
                        Duration.ofHours(1)),
                calls);
        answers.put(PAYLOAD, new Answer(200, "a payload"));
        answers.put(METADATA, new Answer(200, "{\"metadata\": {}}"));
    }

    @AfterEach
    void stop() {
        secrets.close();
        connection.close();
        keystone.close();
        hanging.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void serve(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        try {
            hanging.await();
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
        Answer answer = answers.getOrDefault(exchange.getRequestURI().getPath(), new Answer(404, "{}"));
        byte[] body = answer.body().getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private SecretReading read(UUID id) throws KeystoneUnavailableException {
        return secrets.read(id, "project", any -> true);
    }

    private void unavailable(UUID id, String message) {
        assertThatThrownBy(() -> read(id))
                .isInstanceOf(KeystoneUnavailableException.class)
                .hasMessageContaining(message);
    }

    @Test
    void readsASecretThatBarbicanDoesNotDescribe() throws Exception {
        BarbicanSecret secret = ((Found) read(ID)).secret();

        assertThat(new String(secret.payload(), UTF_8)).isEqualTo("a payload");
        assertThat(secret.expires()).isEmpty();
    }

    @Test
    void waitsASecondAfterAFailureAtOneSecretAndReadsOthersMeanwhile() throws Exception {
        answers.put(PAYLOAD, new Answer(500, ""));
        unavailable(ID, "answered 500");
        answers.put(PAYLOAD, new Answer(200, "a payload"));

        long before = calls.calls(Call.SECRET_PAYLOAD);
        unavailable(ID, "answered 500");
        assertThat(calls.calls(Call.SECRET_PAYLOAD)).isEqualTo(before);
        assertThat(read(OTHER)).isInstanceOf(SecretReading.Refused.class);

        clock.advance(Duration.ofSeconds(1));
        assertThat(read(ID)).isInstanceOf(Found.class);
    }

    @Test
    void aProjectThatAsksForManySecretsLeavesPlacesToOthers() throws Exception {
        hanging = new CountDownLatch(1);
        List<Future<SecretReading>> floods = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            floods.add(threads.submit(() -> secrets.read(UUID.randomUUID(), "flooding", any -> true)));
        }
        for (int refused = 0; refused < 30 - 16; ) {
            refused = (int) floods.stream().filter(Future::isDone).count();
            Thread.onSpinWait();
        }
        Future<SecretReading> other = threads.submit(() -> read(ID));

        hanging.countDown();

        assertThat(other.get()).isInstanceOf(Found.class);
        int unavailable = 0;
        for (Future<SecretReading> flood : floods) {
            try {
                assertThat(flood.get()).isInstanceOf(SecretReading.Refused.class);
            } catch (ExecutionException refused) {
                assertThat(refused).rootCause().hasMessageContaining("project flooding has too many questions");
                unavailable++;
            }
        }
        assertThat(unavailable).isEqualTo(30 - 16);
        assertThat(secrets.read(UUID.randomUUID(), "flooding", any -> true)).isInstanceOf(SecretReading.Refused.class);
    }

    @Test
    void isUnavailableAfterAnyOtherStatus() {
        answers.put(PAYLOAD, new Answer(406, ""));
        unavailable(ID, "Barbican answered 406");
    }

    @Test
    void doesNotTakeAPayloadWhoseUserMetadataItCannotRead() throws Exception {
        answers.put(METADATA, new Answer(403, "{}"));
        unavailable(ID, "Barbican answered 403");
        clock.advance(Duration.ofSeconds(1));
        answers.put(METADATA, new Answer(200, "no JSON"));
        unavailable(ID, "sent no JSON");
    }

    @Test
    void doesNotLogInAgainIfBarbicanAloneRefusesTheToken() {
        answers.put(PAYLOAD, new Answer(401, ""));

        unavailable(ID, "Barbican refuses a service token that Keystone accepts");

        assertThat(keystone.calls(Endpoint.LOGIN)).isEqualTo(1);
        assertThat(secrets.trouble()).isPresent();
    }

    @Test
    void isUnavailableWhileKeystoneGivesNoToken() throws Exception {
        keystone.fail(Fault.answering(503));
        unavailable(ID, "Keystone at");
        keystone.heal();
        clock.advance(Duration.ofMinutes(1));
        assertThat(read(ID)).isInstanceOf(Found.class);
    }

    @Test
    void doesNotLetReadersOfACachedSecretWaitDuringAnOutage() throws Exception {
        read(ID);
        answers.put("/v1/secrets/" + OTHER + "/payload", new Answer(503, ""));
        unavailable(OTHER, "answered 503");
        hanging = new CountDownLatch(1);
        clock.advance(Duration.ofMinutes(10));
        long answered = calls.calls(Call.SECRET_PAYLOAD);

        assertThat(read(ID)).isInstanceOf(Found.class);

        assertThat(calls.calls(Call.SECRET_PAYLOAD))
                .as("did not wait for an answer")
                .isEqualTo(answered);
        hanging.countDown();
        while (secrets.trouble().isPresent()) {
            clock.advance(Duration.ofSeconds(1));
        }
        answers.put(PAYLOAD, new Answer(404, ""));
        clock.advance(Duration.ofMinutes(10));
        assertThat(read(ID)).as("the outage is over").isInstanceOf(SecretReading.Refused.class);
    }

    @Test
    void holdsNoMoreBytesOfSecretsThanItMay() throws Exception {
        String large = "x".repeat(1 << 20);
        for (int i = 0; i < 8; i++) {
            UUID id = UUID.randomUUID();
            answers.put("/v1/secrets/" + id + "/payload", new Answer(200, large));
            answers.put("/v1/secrets/" + id + "/metadata", new Answer(200, "{\"metadata\": {}}"));
            assertThat(((Found) read(id)).secret().length()).isEqualTo(1 << 20);
        }
        assertThat(secrets.held()).isBetween(1L, 3L);
    }

    @Test
    void refusesSettingsThatAreOutOfRange() {
        BarbicanSettings standard = BarbicanSettings.STANDARD;
        assertThatThrownBy(() -> new BarbicanSettings(
                        Optional.of(URI.create("ftp://barbican")),
                        standard.timeout(),
                        standard.cacheLifetime(),
                        standard.refusalLifetime(),
                        standard.outageGrace()))
                .hasMessage("'ftp://barbican' is not an http or https URL");
        assertThatThrownBy(() -> new BarbicanSettings(
                        Optional.empty(),
                        standard.timeout(),
                        Duration.ZERO,
                        standard.refusalLifetime(),
                        standard.outageGrace()))
                .hasMessage("cacheLifetime is 0 ms, must be 1000 ms or more");
    }
}
