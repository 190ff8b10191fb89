package io.pataka.service.http;

import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.server.ServerFactory;
import io.dropwizard.jetty.ConnectorFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a server listens, according to its settings. */
public final class ListenAddresses {

    private static final Logger LOG = LoggerFactory.getLogger(ListenAddresses.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int FIRST_FOR_ALL = 1024;

    /** Bytes of an answer that are read; the metrics of a server are a tenth of it. */
    static final int MOST = 4 << 20;

    private final List<ListenAddress> addresses;

    private ListenAddresses(List<ListenAddress> addresses) {
        this.addresses = addresses;
    }

    /**
     * One address.
     *
     * @param setting the name of the setting with the port
     * @param host empty for all addresses of this machine
     * @param port 0 for one that the system chooses
     */
    public record ListenAddress(String setting, Optional<String> host, int port) {
        private boolean isForAll() {
            return host.isEmpty() || host.get().equals("0.0.0.0") || host.get().equals("::");
        }

        private boolean hasHostOf(ListenAddress other) {
            return host.equals(other.host);
        }

        @Override
        public String toString() {
            return host.map(name -> name + ":").orElse("*:") + port;
        }
    }

    public static ListenAddresses of(ServerFactory settings) {
        List<ListenAddress> addresses = new ArrayList<>();
        if (settings instanceof DefaultServerFactory server) {
            collect("server.applicationConnectors", server.getApplicationConnectors(), addresses);
            collect("server.adminConnectors", server.getAdminConnectors(), addresses);
        }
        return new ListenAddresses(addresses);
    }

    private static void collect(String section, List<ConnectorFactory> connectors, List<ListenAddress> addresses) {
        for (int i = 0; i < connectors.size(); i++) {
            if (connectors.get(i) instanceof HttpConnectorFactory connector) {
                String setting = section + "[" + i + "].port";
                addresses.add(
                        new ListenAddress(setting, Optional.ofNullable(connector.getBindHost()), connector.getPort()));
            }
        }
    }

    /** All addresses. Those that the server cannot listen on come with the setting, the reason and what to do. */
    public Map<ListenAddress, Optional<String>> tried() {
        Map<ListenAddress, Optional<String>> found = new LinkedHashMap<>();
        for (ListenAddress address : addresses) {
            found.put(address, fault(address, found.keySet()));
        }
        return found;
    }

    /** Whether a Pataka server uses these addresses: one of them serves its metrics. */
    public boolean arePatakas() {
        HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
        for (ListenAddress address : addresses) {
            try {
                String host =
                        address.host().filter(name -> !name.equals("0.0.0.0")).orElse("localhost");
                if (metrics(client, URI.create("http://" + host + ":" + address.port() + "/metrics"))
                        .contains("pataka_")) {
                    return true;
                }
            } catch (IOException | IllegalArgumentException notHttp) {
                LOG.debug("{} has no metrics", address, notHttp);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return false;
    }

    /**
     * The beginning of what an address answers. Another program may listen there, so this reads no more than {@value #MOST} bytes, and
     * waits no longer than two seconds for the header and two for the body.
     */
    private static String metrics(HttpClient client, URI address) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address).timeout(PATIENCE).build();
        try (InputStream body =
                client.send(request, HttpResponse.BodyHandlers.ofInputStream()).body()) {
            return CompletableFuture.supplyAsync(() -> beginning(body)).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException incomplete) {
            throw new IOException("no complete answer", incomplete);
        }
    }

    private static String beginning(InputStream body) {
        try {
            return new String(body.readNBytes(MOST), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Checks all ports before anything is opened, so that a server that cannot listen does nothing else.
     *
     * @throws IOException naming each port that is taken or may not be used
     */
    public void requireFree() throws IOException {
        String faults = tried().values().stream().flatMap(Optional::stream).collect(Collectors.joining("; "));
        if (!faults.isEmpty()) {
            throw new IOException(faults);
        }
    }

    private static Optional<String> fault(ListenAddress address, Set<ListenAddress> before) {
        if (address.port() == 0) {
            return Optional.empty();
        }
        for (ListenAddress other : before) {
            if (other.port() == address.port()
                    && (other.isForAll() || address.isForAll() || other.hasHostOf(address))) {
                return Optional.of(address.setting() + ": " + address + " is not free (" + other.setting()
                        + " is the same port). Set another port");
            }
        }
        // The socket is bound but does not listen: a listening one would accept clients and then reset them.
        try (Socket socket = new Socket()) {
            InetAddress host = address.host().isPresent()
                    ? InetAddress.getByName(address.host().get())
                    : new InetSocketAddress(0).getAddress();
            if (!host.isAnyLocalAddress() && NetworkInterface.getByInetAddress(host) == null) {
                return Optional.of(notOurs(address));
            }
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, address.port()));
            return Optional.empty();
        } catch (UnknownHostException unknown) {
            return Optional.of(notOurs(address));
        } catch (IOException refused) {
            return Optional.of(address.setting() + ": " + address + " is not free (" + refused.getMessage()
                    + "). Stop the program that listens on it, or set another port"
                    + (address.port() < FIRST_FOR_ALL ? "; ports below " + FIRST_FOR_ALL + " are for root" : ""));
        }
    }

    private static String notOurs(ListenAddress address) {
        return address.setting().replaceFirst("port$", "bindHost") + ": "
                + address.host().orElseThrow() + " is no address of this machine. Set one, or leave it out for all";
    }
}
