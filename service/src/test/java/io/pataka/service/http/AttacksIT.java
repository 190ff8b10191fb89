package io.pataka.service.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.http.RawConnection.Reply;
import io.pataka.service.testing.AccessKeys;
import io.pataka.service.testing.EmbeddedMariaDb;
import io.pataka.service.testing.HeaderSigner;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.ServerProcess;
import io.pataka.service.testing.ServerSettings;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * More clients than a server with a small heap and few threads can serve at once. Whatever they do, the server answers the requests
 * of a tenant.
 */
class AttacksIT {

    private static final AccessKeys KEYS = new AccessKeys("PATAKATEST", "not-a-secret");
    private static final int THREADS = 32;
    private static final int CLIENTS = 60;

    /** As long as a document of DeleteObjects may be. */
    private static final int DOCUMENT = 2 << 20;

    private static final int OBJECT = 32 << 20;

    private static final String HOST = "Host: 127.0.0.1\r\n";

    private static final String EVERYONE_READS = """
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
             "Resource": "arn:aws:s3:::open/*"}]}
            """;

    @TempDir
    private static Path folder;

    private static int port;
    private static ServerProcess server;

    private final List<RawConnection> attackers = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        port = ServerProcess.freePort();
        Path settings =
                ServerSettings.forTests(folder, port, EmbeddedMariaDb.shared().freshSchema(), KEYS);
        Files.writeString(
                settings, Files.readString(settings).replace("server:\n", "server:\n  maxThreads: " + THREADS + "\n"));
        server = ServerProcess.start(
                List.of("-Xmx96m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"),
                List.of("io.pataka.service.PatakaApplication", "server", settings.toString()),
                folder.resolve("server.log"));
        awaitAnswer();
        try (S3Connection tenant = new S3Connection(port, KEYS)) {
            assertThat(tenant.call("PUT", "/closed").status()).isEqualTo(200);
            assertThat(tenant.call("PUT", "/open").status()).isEqualTo(200);
            assertThat(tenant.call("PUT", "/open/large", Map.of(), Body.of(new byte[OBJECT]))
                            .status())
                    .isEqualTo(200);
            assertThat(tenant.call("PUT", "/open?policy=", Map.of(), Body.of(EVERYONE_READS.getBytes(UTF_8)))
                            .status())
                    .isEqualTo(204);
        }
    }

    /** Before it serves, a server opens the port once to test it, and resets connections that clients open meanwhile. */
    private static void awaitAnswer() throws Exception {
        long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (true) {
            server.awaitListening(port, Duration.ofMinutes(2));
            try (S3Connection tenant = new S3Connection(port, KEYS)) {
                assertThat(tenant.call("GET", "/").status()).isEqualTo(200);
                return;
            } catch (IOException reset) {
                if (System.nanoTime() > deadline) {
                    throw reset;
                }
                Thread.sleep(50);
            }
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void leave() throws IOException {
        for (RawConnection attacker : attackers) {
            attacker.close();
        }
    }

    @Test
    void readsNoDocumentOfAnUnauthorisedCaller() throws Exception {
        String head = document("POST /closed?delete HTTP/1.1\r\n" + HOST);
        attack(head, new byte[1]);
        assertThat(answer(attackers.get(0)))
                .as("one that sends nothing more sees the answer")
                .isEqualTo("403 AccessDenied");
        byte[] almostAll = new byte[DOCUMENT - 10];
        for (int i = 1; i < CLIENTS; i++) {
            attack(head, almostAll);
        }
        assertTenantIsServed();
        List<String> answers = new ArrayList<>();
        for (RawConnection attacker : attackers.subList(1, CLIENTS)) {
            answers.add(answer(attacker));
        }
        // Some are refused because all places for unsigned requests are taken, or are reset while they send.
        assertThat(answers).isSubsetOf("403 AccessDenied", "503 SlowDown", "closed");
    }

    /** The clients are authorised, and their documents together are larger than the memory. */
    @Test
    void holdsNoMoreDocumentsThanThereIsMemoryFor() throws Exception {
        byte[] almostAll = new byte[DOCUMENT - 10];
        for (int i = 0; i < CLIENTS; i++) {
            attack(document("POST /closed?delete HTTP/1.1\r\n" + signed("POST", "/closed", "delete=")), almostAll);
        }
        assertTenantIsServed();
        List<String> answers = new ArrayList<>();
        for (RawConnection attacker : attackers) {
            answers.add(answer(attacker));
        }
        assertThat(answers).contains("503 SlowDown").isSubsetOf("503 SlowDown", "400 BadDigest", "closed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /closed?delete HTTP/1.1\r\nContent-MD5: AAAAAAAAAAAAAAAAAAAAAA==\r\n",
                "PUT /closed?tagging HTTP/1.1\r\n",
                "PUT /closed/k HTTP/1.1\r\n",
                "POST / HTTP/1.1\r\nAuthorization: AWS4-HMAC-SHA256 x\r\n"
                        + "Content-Type: application/x-www-form-urlencoded\r\n",
                "POST /missing HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=b\r\n",
                "POST /closed HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=b\r\n"
            })
    void leavesThreadsToTenantsWhileAnonymousClientsSendSlowly(String request) throws Exception {
        for (int i = 0; i < CLIENTS; i++) {
            attack(request + HOST + "Content-Length: 1000\r\n\r\n", new byte[1]);
        }
        assertTenantIsServed();
    }

    @Test
    void leavesThreadsToTenantsWhileAnonymousClientsReadNothing() throws Exception {
        for (int i = 0; i < CLIENTS; i++) {
            attack("GET /open/large HTTP/1.1\r\n" + HOST + "\r\n", new byte[0]);
        }
        assertTenantIsServed();
        int refused = 0;
        for (RawConnection attacker : attackers) {
            if (attacker.head().status() == 503) {
                refused++;
            }
        }
        assertThat(refused).isPositive().isLessThan(CLIENTS);
    }

    /** The answer to the last bytes of a document. The server reads only some refused documents to the end. */
    private static String answer(RawConnection attacker) {
        try {
            attacker.send(new byte[10]);
            Reply reply = attacker.reply();
            return reply.status() + " " + reply.code();
        } catch (IOException closed) {
            return "closed";
        }
    }

    private void attack(String head, byte[] body) throws IOException {
        RawConnection attacker = new RawConnection(port);
        attackers.add(attacker);
        attacker.send(head.getBytes(ISO_8859_1));
        try {
            attacker.send(body);
        } catch (IOException refused) {
            // The reply has the reason.
        }
    }

    private static String document(String head) {
        return head + "Content-MD5: AAAAAAAAAAAAAAAAAAAAAA==\r\nContent-Length: " + DOCUMENT + "\r\n\r\n";
    }

    private static String signed(String method, String path, String query) {
        SortedMap<String, String> none = new TreeMap<>();
        return new HeaderSigner(KEYS, "127.0.0.1:" + port).sign(method, path, query, none, Instant.now());
    }

    /** In less time than a connection may be idle. */
    private static void assertTenantIsServed() throws IOException {
        try (RawConnection tenant = new RawConnection(port)) {
            tenant.send(("GET / HTTP/1.1\r\n" + signed("GET", "/", "") + "\r\n").getBytes(ISO_8859_1));
            assertThat(tenant.reply().status()).isEqualTo(200);
        } catch (SocketTimeoutException silence) {
            throw new AssertionError("the tenant waits; the server said:\n" + server.output(), silence);
        }
        assertThat(server.output()).doesNotContain("OutOfMemory");
    }
}
