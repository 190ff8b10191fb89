package io.pataka.service.notification;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server.
 *
 * @param host a name or an address; one of IPv6 without brackets
 * @param port from 1 to 65535
 */
public record HostPort(String host, int port) {

    private static final Pattern TEXT = Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)]|([A-Za-z0-9._-]+))(?::([0-9]{1,5}))?");
    private static final int LARGEST_PORT = 65_535;
    private static final int LONGEST_HOST = 255;

    public HostPort {
        Objects.requireNonNull(host);
        if (host.isEmpty() || host.length() > LONGEST_HOST || port < 1 || port > LARGEST_PORT) {
            throw new IllegalArgumentException("a server is a host and a port from 1 to 65535");
        }
    }

    /** Reads {@code host}, {@code host:port} or {@code [address]:port}; empty for everything else. */
    static Optional<HostPort> parse(String text, int defaultPort) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        String host = parts.group(1) != null ? parts.group(1) : parts.group(2);
        int port = parts.group(3) == null ? defaultPort : Integer.parseInt(parts.group(3));
        return host.length() > LONGEST_HOST || port < 1 || port > LARGEST_PORT
                ? Optional.empty()
                : Optional.of(new HostPort(host, port));
    }

    /** {@code host:port}, with brackets around an address of IPv6. */
    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
