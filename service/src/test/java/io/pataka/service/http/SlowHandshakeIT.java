package io.pataka.service.http;

import static io.pataka.service.http.EndpointServer.connector;
import static org.assertj.core.api.Assertions.assertThat;

import io.dropwizard.util.Duration;
import io.pataka.service.development.SelfSignedCertificate;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server waits for a TLS handshake no longer than {@code clients.patience}, even if bytes keep coming one by one. */
class SlowHandshakeIT {

    private static final ClientLimits LIMITS = new ClientLimits(
            1024, 1024, java.time.Duration.ofSeconds(1), java.time.Duration.ofSeconds(4), 4, 2, 64 << 20);

    /** Longer than all pauses of a test together, so that this timeout does not end a connection that sends. */
    private static final Duration IDLE = Duration.seconds(6);

    private static final int TLS_ALERT = 21;

    @TempDir
    private static Path folder;

    private static EndpointServer server;

    @BeforeAll
    static void open() throws Exception {
        SelfSignedCertificate pair = SelfSignedCertificate.in(folder);
        HttpsPemConnectorFactory https = new HttpsPemConnectorFactory();
        https.setCertificate(pair.certificate());
        https.setPrivateKey(pair.key());
        https.setIdleTimeout(IDLE);
        server = new EndpointServer(List.of(connector(https)), LIMITS, 64).start();
    }

    @AfterAll
    static void close() {
        server.close();
    }

    private static byte[] clientHello() throws Exception {
        SSLEngine client = SSLContext.getDefault().createSSLEngine("localhost", server.port());
        client.setUseClientMode(true);
        ByteBuffer record = ByteBuffer.allocate(client.getSession().getPacketBufferSize());
        client.wrap(ByteBuffer.allocate(0), record);
        byte[] hello = new byte[record.flip().remaining()];
        record.get(hello);
        return hello;
    }

    @Test
    void cutsOffAClientHelloThatDrips() throws Exception {
        byte[] hello = clientHello();
        try (RawConnection connection = server.connect()) {
            int sent = 0;
            try {
                while (sent < 40) {
                    connection.send(new byte[] {hello[sent++]});
                    Thread.sleep(100);
                }
            } catch (IOException cut) {
                // as it must be
            }
            assertThat(sent).as("bytes until the connection was closed").isLessThan(40);
        }
    }

    @Test
    void cutsOffAHandshakeThatDoesNotGoOn() throws Exception {
        byte[] hello = clientHello();
        try (RawConnection connection = server.connect()) {
            connection.send(hello);
            assertThat(connection.exactly(1)).doesNotContain(TLS_ALERT);
            connection.rest();
        }
    }
}
