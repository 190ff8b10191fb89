package io.pataka.service.delivery;

import io.pataka.service.notification.Endpoint;
import io.pataka.service.notification.Endpoint.AmqpAck;
import io.pataka.service.notification.EndpointPassword;
import io.pataka.service.notification.HostPort;
import java.net.URI;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The broker that takes the notifications of this cloud's services, as the operator has set it.
 *
 * @param password of its user
 * @param topic of oslo.messaging, usually {@code notifications}; the queue has its name and the priority's
 * @param durable whether exchange and queue outlive the broker, as oslo.messaging's {@code amqp_durable_queues}
 * @param publisher names this service in each notification
 * @param projects ids of the projects whose topics may send notifications
 */
public record OsloNotifications(
        Endpoint.Amqp broker,
        Optional<EndpointPassword> password,
        String topic,
        boolean durable,
        String publisher,
        Set<String> projects) {

    private static final int PORT = 5672;
    private static final int TLS_PORT = 5671;

    public OsloNotifications {
        Objects.requireNonNull(broker);
        Objects.requireNonNull(password);
        Objects.requireNonNull(topic);
        Objects.requireNonNull(publisher);
        projects = Set.copyOf(projects);
    }

    /**
     * Reads a transport URL of oslo.messaging with one host: {@code rabbit://user:password@host:port/virtual-host}.
     *
     * @param authorities the certificate authorities of the broker; with them the connection is encrypted
     * @throws IllegalArgumentException when the URL is none; its message does not quote the URL
     */
    public static OsloNotifications of(
            String url,
            boolean tls,
            Optional<String> authorities,
            String exchange,
            String topic,
            boolean durable,
            String publisher,
            Collection<String> projects) {
        URI uri = uri(url);
        String user = uri.getUserInfo() == null ? "" : uri.getUserInfo();
        int colon = user.indexOf(':');
        String path = uri.getPath() == null || uri.getPath().length() < 2
                ? "/"
                : uri.getPath().substring(1);
        int port = uri.getPort() < 0 ? tls ? TLS_PORT : PORT : uri.getPort();
        return new OsloNotifications(
                new Endpoint.Amqp(
                        new HostPort(uri.getHost(), port),
                        tls ? Optional.of(new Endpoint.Tls(true, authorities)) : Optional.empty(),
                        path,
                        Optional.of(colon < 0 ? user : user.substring(0, colon)).filter(name -> !name.isEmpty()),
                        exchange,
                        AmqpAck.BROKER),
                colon < 0 ? Optional.empty() : Optional.of(new EndpointPassword(user.substring(colon + 1))),
                topic,
                durable,
                publisher,
                Set.copyOf(projects));
    }

    private static URI uri(String url) {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException notOne) {
            throw wrong();
        }
        if (uri.getHost() == null || !"rabbit".equals(uri.getScheme())) {
            throw wrong();
        }
        return uri;
    }

    private static IllegalArgumentException wrong() {
        return new IllegalArgumentException("must be rabbit://user:password@host:port/virtual-host");
    }
}
