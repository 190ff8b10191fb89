package io.pataka.service.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.pataka.service.development.SelfSignedCertificate;
import io.pataka.service.notification.Endpoint;
import io.pataka.service.notification.EndpointPassword;
import io.pataka.service.testing.Certificates;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpDestinationsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final AddressGuard LOOPBACK =
            new AddressGuard(List.of(), List.of(Network.parse("127.0.0.0/8"), Network.parse("::1")), false);
    private static final AddressGuard STRICT = new AddressGuard(List.of(), List.of(), true);

    private record Received(String method, String path, Map<String, List<String>> headers, String body) {}

    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final AtomicInteger status = new AtomicInteger(200);
    private HttpServer server;

    @BeforeEach
    void startReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::receive);
        server.start();
    }

    @AfterEach
    void stopReceiver() {
        server.stop(0);
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            received.add(new Received(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    Map.copyOf(exchange.getRequestHeaders()),
                    new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
            exchange.getResponseHeaders().set("Location", "/elsewhere");
            exchange.sendResponseHeaders(status.get(), -1);
        }
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private static Endpoint.Http http(URI uri, boolean verify) {
        return new Endpoint.Http(uri, Optional.empty(), verify, false);
    }

    private static Event event(String body) {
        return new Event("k", body.getBytes(UTF_8), Map.of("ce-id", body));
    }

    private static Sent send(AddressGuard guard, URI uri, Event... events) throws Exception {
        try (HttpDestinations destinations = new HttpDestinations(guard, PATIENCE);
                EventSender sender = destinations.sender(http(uri, true), Optional.empty())) {
            return sender.send(List.of(events));
        }
    }

    @Test
    void postsEachEventInOrder() throws Exception {
        Event[] events =
                IntStream.range(0, 20).mapToObj(i -> event("{\"n\":" + i + "}")).toArray(Event[]::new);

        assertThat(send(LOOPBACK, uri("/hook?a=b"), events)).isEqualTo(Sent.first(20));

        assertThat(received)
                .extracting(Received::body)
                .containsExactly(IntStream.range(0, 20)
                        .mapToObj(i -> "{\"n\":" + i + "}")
                        .toArray(String[]::new));
        Received first = received.take();
        assertThat(first.method()).isEqualTo("POST");
        assertThat(first.path()).isEqualTo("/hook?a=b");
        assertThat(first.headers())
                .containsEntry("Content-type", List.of("application/json"))
                .containsEntry("User-agent", List.of("Pataka"))
                .doesNotContainKey("Authorization");
    }

    @Test
    void sendsTheHeadersOfCloudEventsIfTheTopicSaysSo() throws Exception {
        Endpoint.Http endpoint = new Endpoint.Http(uri("/"), Optional.empty(), true, true);
        try (HttpDestinations destinations = new HttpDestinations(LOOPBACK, PATIENCE);
                EventSender sender = destinations.sender(endpoint, Optional.empty())) {
            assertThat(sender.send(List.of(event("one"), event("two")))).isEqualTo(Sent.first(2));
        }

        assertThat(received.take().headers()).containsEntry("Ce-id", List.of("one"));
        assertThat(received.take().headers()).containsEntry("Ce-id", List.of("two"));
        assertThat(send(LOOPBACK, uri("/"), event("three"))).isEqualTo(Sent.first(1));
        assertThat(received.take().headers()).doesNotContainKey("Ce-id");
    }

    @Test
    void sendsHeadersOfTheGreatestLength() throws Exception {
        Endpoint.Http endpoint =
                new Endpoint.Http(uri("/" + "p".repeat(2000)), Optional.of("u".repeat(2048)), true, true);
        Event event = new Event("k", "{}".getBytes(UTF_8), Map.of("ce-subject", "%C3%BC".repeat(512)));
        try (HttpDestinations destinations = new HttpDestinations(LOOPBACK, PATIENCE);
                EventSender sender =
                        destinations.sender(endpoint, Optional.of(new EndpointPassword("p".repeat(2048))))) {
            assertThat(sender.send(List.of(event))).isEqualTo(Sent.first(1));
        }
    }

    @Test
    void sendsUserAndPasswordInAHeader() throws Exception {
        Endpoint.Http endpoint = new Endpoint.Http(uri("/a@b"), Optional.of("u@x"), true, false);
        try (HttpDestinations destinations = new HttpDestinations(LOOPBACK, PATIENCE);
                EventSender sender = destinations.sender(endpoint, Optional.of(new EndpointPassword("p:w")))) {
            assertThat(sender.send(List.of(event("{}")))).isEqualTo(Sent.first(1));
        }

        Received request = received.take();
        assertThat(request.path()).isEqualTo("/a@b");
        assertThat(request.headers()).containsEntry("Authorization", List.of("Basic dUB4OnA6dw=="));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 202, 204, 299})
    void takesEveryStatusOfSuccess(int code) throws Exception {
        status.set(code);

        assertThat(send(LOOPBACK, uri("/"), event("{}"))).isEqualTo(Sent.first(1));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 308, 400, 401, 404, 407, 429, 500, 503})
    void takesNoOtherStatusAndFollowsNoRedirect(int code) throws Exception {
        status.set(code);

        assertThat(send(LOOPBACK, uri("/"), event("one"), event("two")))
                .isEqualTo(Sent.failed(0, "it answered with the status " + code));

        assertThat(received).hasSize(1);
    }

    @Test
    void stopsAtTheFirstEventThatIsNotTaken() throws Exception {
        server.createContext("/bad-second", exchange -> {
            status.set(received.isEmpty() ? 200 : 500);
            receive(exchange);
        });

        assertThat(send(LOOPBACK, uri("/bad-second"), event("good"), event("bad"), event("next")))
                .isEqualTo(Sent.failed(1, "it answered with the status 500"));

        assertThat(received).extracting(Received::body).containsExactly("good", "bad");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "127.1", "0", "2130706433"})
    void makesNoConnectionToARefusedAddress(String host) throws Exception {
        URI uri = URI.create("http://" + host + ":" + server.getAddress().getPort() + "/");

        Sent sent = send(STRICT, uri, event("{}"));

        assertThat(sent.events()).isZero();
        assertThat(sent.fault()).isPresent();
        assertThat(received).isEmpty();
    }

    @Test
    void givesUpOnADestinationThatDoesNotAnswer() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                HttpDestinations destinations = new HttpDestinations(LOOPBACK, Duration.ofMillis(300));
                EventSender sender = destinations.sender(
                        http(URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/"), true), Optional.empty())) {
            Sent sent = sender.send(List.of(event("{}")));

            assertThat(sent.events()).isZero();
            assertThat(sent.fault()).get().asString().contains("TimeoutException");
        }
    }

    /** The status comes first; the body of the answer is without end. */
    @Test
    void readsNoAnswerWithoutEnd() throws Exception {
        try (ServerSocket endless = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                HttpDestinations destinations = new HttpDestinations(LOOPBACK, PATIENCE);
                EventSender sender = destinations.sender(
                        http(URI.create("http://127.0.0.1:" + endless.getLocalPort() + "/"), true), Optional.empty())) {
            Thread server = new Thread(() -> answerWithoutEnd(endless));
            server.start();

            assertThat(sender.send(List.of(event("{}")))).isEqualTo(Sent.first(1));

            server.join();
        }
    }

    /** Ends only when the client closes the connection. */
    private static void answerWithoutEnd(ServerSocket listener) {
        try (Socket client = listener.accept();
                OutputStream out = client.getOutputStream()) {
            out.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(UTF_8));
            byte[] chunk = ("1000\r\n" + "x".repeat(0x1000) + "\r\n").getBytes(UTF_8);
            while (true) {
                out.write(chunk);
            }
        } catch (IOException closed) {
            assertThat(closed).isNotNull();
        }
    }

    @Test
    void verifiesTheCertificateUnlessTheTopicSaysOtherwise(@TempDir Path folder) throws Exception {
        SelfSignedCertificate certificate = SelfSignedCertificate.in(folder);
        HttpsServer https = secure(certificate);
        try {
            URI uri = URI.create("https://localhost:" + https.getAddress().getPort() + "/");
            SSLContext trusted = Certificates.client(certificate);

            assertThat(sendSecurely(SSLContext.getDefault(), uri, true).fault())
                    .get()
                    .asString()
                    .contains("SSLHandshakeException");
            assertThat(sendSecurely(SSLContext.getDefault(), uri, false)).isEqualTo(Sent.first(1));
            assertThat(sendSecurely(trusted, uri, true)).isEqualTo(Sent.first(1));
            // The certificate does not have this address.
            URI other = URI.create("https://127.0.0.2:" + https.getAddress().getPort() + "/");
            assertThat(sendSecurely(trusted, other, true).fault())
                    .get()
                    .asString()
                    .contains("SSLHandshakeException");
        } finally {
            https.stop(0);
        }
    }

    private static Sent sendSecurely(SSLContext tls, URI uri, boolean verify) throws Exception {
        try (HttpDestinations destinations = new HttpDestinations(LOOPBACK, PATIENCE, tls);
                EventSender sender = destinations.sender(http(uri, verify), Optional.empty())) {
            return sender.send(List.of(event("{}")));
        }
    }

    private HttpsServer secure(SelfSignedCertificate certificate) throws Exception {
        HttpsServer https = HttpsServer.create(new InetSocketAddress("0.0.0.0", 0), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(Certificates.server(certificate)));
        https.createContext("/", this::receive);
        https.start();
        return https;
    }
}
