package io.pataka.service.delivery;

import io.pataka.service.notification.Endpoint;
import io.pataka.service.notification.EndpointPassword;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.SocketAddressResolver;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Makes the senders to HTTP and HTTPS destinations, which share connections. A connection is made only to an address that the guard
 * admits. Redirects are not followed, cookies are not kept, and nothing is decompressed.
 */
final class HttpDestinations implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final Duration RESOLVE = Duration.ofSeconds(5);
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final int HEADER_BYTES = 16 * 1024;

    /** For an address, a user, a password and a key of the greatest lengths. */
    private static final int REQUEST_HEADER_BYTES = 16 * 1024;

    private static final int THREADS = 8;

    private final AddressGuard guard;
    private final Duration patience;
    private final HttpClient verifying;
    private final HttpClient trusting;

    /**
     * @param patience for the whole answer of a destination
     * @throws IOException when this JVM has no TLS
     */
    public HttpDestinations(AddressGuard guard, Duration patience) throws IOException {
        this(
                guard,
                patience,
                new TrustedAuthorities(Optional.empty()).context(new Endpoint.Tls(true, Optional.empty())));
    }

    /**
     * @param tls which certificates are accepted by topics that verify them
     */
    HttpDestinations(AddressGuard guard, Duration patience, SSLContext tls) throws IOException {
        this.guard = Objects.requireNonNull(guard);
        this.patience = Objects.requireNonNull(patience);
        this.verifying = client("event-http", tls);
        this.trusting = client(
                "event-http-unverified",
                new TrustedAuthorities(Optional.empty()).context(new Endpoint.Tls(false, Optional.empty())));
    }

    private HttpClient client(String name, SSLContext context) {
        SslContextFactory.Client tls = new SslContextFactory.Client();
        tls.setSslContext(context);
        HttpClient client = new HttpClient();
        QueuedThreadPool threads = new QueuedThreadPool(THREADS, 1);
        threads.setName(name);
        threads.setDaemon(true);
        client.setExecutor(threads);
        client.setName(name);
        Scheduler scheduler = new ScheduledExecutorScheduler(name + "-clock", true);
        client.setScheduler(scheduler);
        client.setSocketAddressResolver(
                guarded(new SocketAddressResolver.Async(threads, scheduler, RESOLVE.toMillis())));
        client.setSslContextFactory(tls);
        client.setFollowRedirects(false);
        client.setHttpCookieStore(new HttpCookieStore.Empty());
        client.setConnectTimeout(CONNECT.toMillis());
        client.setIdleTimeout(IDLE.toMillis());
        client.setDestinationIdleTimeout(IDLE.toMillis());
        client.setMaxRequestHeadersSize(REQUEST_HEADER_BYTES);
        client.setMaxResponseHeadersSize(HEADER_BYTES);
        client.setUserAgentField(new HttpField(HttpHeader.USER_AGENT, "Pataka"));
        try {
            client.start();
        } catch (Exception e) {
            throw new IllegalStateException("the client for HTTP destinations does not start", e);
        }
        client.getProtocolHandlers().clear();
        client.getContentDecoderFactories().clear();
        return client;
    }

    /** The client connects only to addresses that its resolver returns. */
    private SocketAddressResolver guarded(SocketAddressResolver resolver) {
        return (host, port, context, promise) -> resolver.resolve(
                host,
                port,
                context,
                Promise.from(
                        all -> {
                            try {
                                promise.succeeded(admitted(host, port, all));
                            } catch (UnknownHostException refused) {
                                promise.failed(refused);
                            }
                        },
                        promise::failed));
    }

    private List<InetSocketAddress> admitted(String host, int port, List<InetSocketAddress> all)
            throws UnknownHostException {
        List<InetAddress> addresses =
                all.stream().map(InetSocketAddress::getAddress).toList();
        return guard.admitted(host, addresses).stream()
                .map(address -> new InetSocketAddress(address, port))
                .toList();
    }

    EventSender sender(Endpoint.Http endpoint, Optional<EndpointPassword> password) {
        return new HttpSender(endpoint.verifiesCertificate() ? verifying : trusting, endpoint, password, patience);
    }

    @Override
    public void close() {
        for (HttpClient client : List.of(verifying, trusting)) {
            try {
                client.stop();
            } catch (Exception e) {
                throw new IllegalStateException("the client for HTTP destinations does not stop", e);
            }
        }
    }
}
