package io.pataka.service.http;

import static io.pataka.service.http.EndpointServer.connector;
import static io.pataka.service.http.EndpointServer.request;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.dropwizard.util.Duration;
import io.pataka.service.http.RawConnection.Reply;
import io.pataka.service.model.ByteSource;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Slow clients and clients that go away, and their lines in the access log. The limits are short, so that the test is, too. */
class SlowClientsIT {

    private static final int LARGE = 32 << 20;

    private static final Duration IDLE = Duration.milliseconds(500);

    private static final ClientLimits LIMITS = new ClientLimits(
            1024, 1024, java.time.Duration.ofSeconds(1), java.time.Duration.ofSeconds(4), 4, 2, 64 << 20);

    private static final BlockingQueue<String> LINES = new LinkedBlockingQueue<>();

    private static EndpointServer server;
    private static AppenderBase<ILoggingEvent> appender;

    @BeforeAll
    static void open() throws Exception {
        HttpConnectorFactory http = connector(new HttpConnectorFactory());
        http.setIdleTimeout(IDLE);
        server = new EndpointServer(List.of(http), LIMITS, 64)
                .start()
                .on(S3Operation.LIST_BUCKETS, call -> S3Response.xml("<Buckets/>".getBytes(UTF_8)))
                .on(S3Operation.GET_OBJECT, call -> S3Response.ok().body(new Large()))
                .on(S3Operation.PUT_OBJECT, call -> {
                    try (InputStream body = call.request().body().open()) {
                        body.transferTo(OutputStream.nullOutputStream());
                    }
                    return S3Response.ok();
                });
        appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                LINES.add(event.getFormattedMessage());
            }
        };
        appender.start();
        ((Logger) LoggerFactory.getLogger(AccessLog.LOGGER)).addAppender(appender);
    }

    @AfterAll
    static void close() {
        ((Logger) LoggerFactory.getLogger(AccessLog.LOGGER)).detachAppender(appender);
        server.close();
    }

    @BeforeEach
    void forget() {
        LINES.clear();
    }

    /** Zeros, more than the buffers of any socket hold. */
    private static final class Large implements ByteSource {

        @Override
        public long length() {
            return LARGE;
        }

        @Override
        public void transferTo(OutputStream out) throws IOException {
            byte[] block = new byte[1 << 20];
            for (int written = 0; written < LARGE; written += block.length) {
                out.write(block);
            }
        }

        @Override
        public void close() {
            // holds nothing
        }
    }

    private static String logged() throws InterruptedException {
        String line = LINES.poll(20, TimeUnit.SECONDS);
        assertThat(line).as("a line of the access log").isNotNull();
        return line;
    }

    @Test
    void waitsForAReaderLongerThanTheConnectionMayBeIdle() throws Exception {
        try (RawConnection connection = server.connect()) {
            Reply head = connection.send(request("GET /b/k")).head();
            assertThat(head.status()).isEqualTo(200);
            Thread.sleep(IDLE.toMilliseconds() * 4);
            assertThat(connection.exactly(LARGE)).hasSize(LARGE);
            assertThat(connection.send(request("GET /")).reply().status()).isEqualTo(200);
        }
        assertThat(logged()).contains("\"status\":200", "\"bytesOut\":" + LARGE, "\"cut\":false");
    }

    @Test
    void cutsOffAReaderThatDoesNotGoOn() throws Exception {
        try (RawConnection connection = server.connect()) {
            assertThat(connection.send(request("GET /b/k")).head().status()).isEqualTo(200);
            assertThat(logged())
                    .contains("\"status\":200", "\"reason\":\"the client read its reply too slowly\"", "\"cut\":true")
                    .doesNotContain("\"error\"");
        }
    }

    @Test
    void logsAReaderThatClosesTheConnectionAsGone() throws Exception {
        RawConnection connection = server.connect();
        assertThat(connection.send(request("GET /b/k")).head().status()).isEqualTo(200);
        connection.reset();
        assertThat(logged())
                .contains(
                        "\"status\":200",
                        "\"reason\":\"the client closed the connection before the end of its reply\"",
                        "\"cut\":true")
                .doesNotContain("\"error\"");
    }

    @Test
    void cutsOffABodyThatComesTooSlowly() throws Exception {
        try (RawConnection connection = server.connect()) {
            connection.send(request("PUT /b/k", "Content-Length: 1000"));
            int unused = drip(connection, 15);
            Reply reply = connection.reply();
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.code()).isEqualTo("RequestTimeout");
            assertThat(connection.rest()).isEmpty();
        }
        assertThat(logged()).contains("\"error\":\"RequestTimeout\"");
    }

    @Test
    void takesASlowBodyThatIsFastEnough() throws Exception {
        try (RawConnection connection = server.connect()) {
            connection.send(request("PUT /b/k", "Content-Length: 8000"));
            for (int i = 0; i < 8; i++) {
                Thread.sleep(300);
                connection.send(new byte[1000]);
            }
            assertThat(connection.reply().status()).isEqualTo(200);
        }
    }

    @Test
    void readsARefusedBodyNoLongerThanAWhile() throws Exception {
        try (RawConnection connection = server.connect()) {
            connection.send("PUT /b/k HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n");
            assertThat(connection.reply().code()).isEqualTo("AccessDenied");
            // A body that is discarded has no least rate, but a time after which the connection is closed.
            assertThat(drip(connection, 200))
                    .as("bytes until the connection is closed")
                    .isLessThan(200);
        }
    }

    @Test
    void cutsOffAHeadThatComesTooSlowly() throws Exception {
        try (RawConnection connection = server.connect()) {
            connection.send("GET /b/k HTTP/1.1\r\nX-Slow: ");
            assertThat(drip(connection, 30))
                    .as("bytes until the connection is closed")
                    .isLessThan(30);
            assertThat(connection.rest()).isEmpty();
        }
    }

    @Test
    void cutsOffAHeadThatNeverBegins() throws Exception {
        try (RawConnection connection = server.connect()) {
            for (int i = 0; i < 30; i++) {
                Thread.sleep(200);
                connection.send("\r\n");
            }
        } catch (IOException cut) {
            return;
        }
        throw new AssertionError("the connection is still open");
    }

    @Test
    void logsWhatIsKnownOfARequestThatJettyRefuses() throws Exception {
        try (RawConnection connection = server.connect()) {
            connection.send(
                    "PUT /b/a%2Fb?X-Amz-Signature=secret&acl HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n");
            assertThat(connection.reply().code()).isEqualTo("BadRequest");
        }
        assertThat(logged())
                .contains(
                        "\"method\":\"PUT\"",
                        "\"uri\":\"/b/a%2Fb?X-Amz-Signature=***&acl\"",
                        "\"status\":400",
                        "\"error\":\"BadRequest\"")
                .doesNotContain("secret");
    }

    @Test
    void logsNoRequestLineThatCouldNotBeRead() throws Exception {
        try (RawConnection connection = server.connect()) {
            assertThat(connection.send(request("GET /")).reply().status()).isEqualTo(200);
            assertThat(logged()).contains("\"uri\":\"/\"");
            connection.send("\u0016\u0003\u0001\r\n\r\n");
            assertThat(connection.reply().code()).isEqualTo("BadRequest");
        }
        assertThat(logged()).contains("\"remote\":\"127.0.0.1\"").doesNotContain("\"uri\"", "\"method\"");
    }

    /** Sends a byte each 100 ms until the server closes; returns how many were sent. */
    private static int drip(RawConnection connection, int most) throws InterruptedException {
        for (int sent = 0; sent < most; sent++) {
            Thread.sleep(100);
            try {
                connection.send("x");
            } catch (IOException closed) {
                return sent;
            }
        }
        return most;
    }
}
