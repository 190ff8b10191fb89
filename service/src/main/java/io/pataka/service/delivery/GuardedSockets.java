package io.pataka.service.delivery;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.impl.FrameHandler;
import com.rabbitmq.client.impl.FrameHandlerFactory;
import com.rabbitmq.client.impl.SocketFrameHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * Makes the connection of one AMQP client, to an address that the guard admits. The name of the host is resolved here and is used again only
 * to verify the certificate.
 */
final class GuardedSockets implements FrameHandlerFactory {

    private static final int CONNECT_MILLIS = (int) Duration.ofSeconds(1).toMillis();
    private static final int HANDSHAKE_MILLIS = (int) Duration.ofSeconds(5).toMillis();

    private final AddressGuard guard;
    private final Optional<SSLContext> tls;
    private final boolean verify;
    private volatile Socket socket;

    /**
     * @param tls absent for a connection that is not encrypted
     * @param verify whether the certificate must have the name of the host
     */
    GuardedSockets(AddressGuard guard, Optional<SSLContext> tls, boolean verify) {
        this.guard = Objects.requireNonNull(guard);
        this.tls = Objects.requireNonNull(tls);
        this.verify = verify;
    }

    @Override
    public FrameHandler create(Address address, String connectionName) throws IOException {
        IOException failure = new IOException("no address");
        for (InetAddress ip : guard.resolve(address.getHost())) {
            Socket plain = new Socket();
            socket = plain;
            try {
                plain.setTcpNoDelay(true);
                plain.connect(new InetSocketAddress(ip, address.getPort()), CONNECT_MILLIS);
                return new SocketFrameHandler(
                        tls.isEmpty() ? plain : encrypted(plain, address), null, AmqpSender.INBOUND_BYTES);
            } catch (IOException e) {
                plain.close();
                failure = e;
            }
        }
        throw failure;
    }

    private Socket encrypted(Socket plain, Address address) throws IOException {
        SSLSocket secure = (SSLSocket)
                tls.orElseThrow().getSocketFactory().createSocket(plain, address.getHost(), address.getPort(), true);
        if (verify) {
            SSLParameters parameters = secure.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            secure.setSSLParameters(parameters);
        }
        secure.setSoTimeout(HANDSHAKE_MILLIS);
        secure.startHandshake();
        return secure;
    }

    /** Closes the connection at once, which ends whatever waits for it. */
    void cut() {
        Socket open = socket;
        if (open == null) {
            return;
        }
        try {
            open.close();
        } catch (IOException e) {
            throw new IllegalStateException("a socket does not close", e);
        }
    }
}
