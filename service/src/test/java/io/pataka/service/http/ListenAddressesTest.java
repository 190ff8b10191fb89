package io.pataka.service.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whether another server at the configured addresses is a Pataka, whatever it answers. */
@Timeout(60)
final class ListenAddressesTest {

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private ListenAddresses addresses;

    private interface Answer {
        void write(OutputStream body) throws IOException;
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
        HttpConnectorFactory connector = new HttpConnectorFactory();
        connector.setBindHost("127.0.0.1");
        connector.setPort(server.getAddress().getPort());
        DefaultServerFactory settings = new DefaultServerFactory();
        settings.setApplicationConnectors(List.of());
        settings.setAdminConnectors(List.of(connector));
        addresses = ListenAddresses.of(settings);
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(Answer answer) {
        server.createContext("/metrics", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream body = exchange.getResponseBody()) {
                answer.write(body);
            }
        });
    }

    @Test
    void aServerWithMetricsOfPatakaIsOne() {
        answer(body -> body.write("jvm_threads 1\npataka_volumes_1_failed 0\n".getBytes(UTF_8)));

        assertThat(addresses.arePatakas()).isTrue();
    }

    @Test
    void anAnswerIsNotReadToItsEnd() throws Exception {
        AtomicLong written = new AtomicLong();
        CompletableFuture<Void> refused = new CompletableFuture<>();
        answer(body -> {
            byte[] block = new byte[1 << 16];
            try {
                while (true) {
                    body.write(block);
                    written.addAndGet(block.length);
                }
            } catch (IOException closed) {
                refused.complete(null);
                throw closed;
            }
        });

        assertThat(addresses.arePatakas()).isFalse();

        refused.get(30, TimeUnit.SECONDS);
        assertThat(written.get()).isLessThan(16L * ListenAddresses.MOST);
    }

    @Test
    void aServerThatDoesNotEndItsAnswerIsNotWaitedFor() {
        CountDownLatch never = new CountDownLatch(1);
        answer(body -> {
            body.write('x');
            body.flush();
            try {
                never.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });

        assertThat(addresses.arePatakas()).isFalse();
    }
}
