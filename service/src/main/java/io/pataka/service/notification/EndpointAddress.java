package io.pataka.service.notification;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.protocol.PercentCoding;
import io.pataka.service.protocol.S3Exception;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * The attribute {@code push-endpoint}, without its user and password.
 *
 * @param text as sent, without the user and the password
 * @param scheme in lower case
 * @param server with the default port of the scheme, if none was sent
 * @param rawPath what follows the server, as sent
 */
record EndpointAddress(String text, String scheme, HostPort server, String rawPath) {

    private static final String OSLO = "oslo:";

    EndpointAddress {
        Objects.requireNonNull(text);
        Objects.requireNonNull(scheme);
        Objects.requireNonNull(server);
        Objects.requireNonNull(rawPath);
    }

    /** The user and the password of an address, decoded. */
    record Login(String user, EndpointPassword password) {
        Login {
            Objects.requireNonNull(user);
            Objects.requireNonNull(password);
        }
    }

    /** Whether the text stands for the cloud's own notifications. */
    static boolean isOslo(String text) {
        return text.equals(OSLO);
    }

    /** @throws InvalidAttributeException for an address of no supported form; its message does not quote the address */
    static EndpointAddress parse(String text) throws InvalidAttributeException {
        URI address = uri(text);
        String scheme = address.getScheme() == null ? "" : address.getScheme().toLowerCase(Locale.ROOT);
        int defaultPort = switch (scheme) {
            case "http" -> 80;
            case "https" -> 443;
            case "amqp" -> 5672;
            case "amqps" -> 5671;
            case "kafka" -> 9092;
            default ->
                throw malformed("its scheme must be http, https, amqp, amqps or kafka, or all of it must be oslo:");
        };
        String authority = Optional.ofNullable(address.getRawAuthority()).orElse("");
        HostPort server = HostPort.parse(authority.substring(authority.lastIndexOf('@') + 1), defaultPort)
                .orElseThrow(() -> malformed("it must have a host, and its port must be from 1 to 65535"));
        if (address.getRawFragment() != null) {
            throw malformed("it must have no fragment");
        }
        String path = Optional.ofNullable(address.getRawPath()).orElse("");
        String query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
        EndpointAddress read = new EndpointAddress(withoutLogin(text), scheme, server, path + query);
        read.checkPath();
        return read;
    }

    /** The user and the password in an address. */
    static Optional<Login> login(String text) throws InvalidAttributeException {
        String authority = Optional.ofNullable(uri(text).getRawAuthority()).orElse("");
        int end = authority.lastIndexOf('@');
        if (end < 0) {
            return Optional.empty();
        }
        String user = authority.substring(0, end);
        int colon = user.indexOf(':');
        if (colon < 1) {
            throw malformed("a user and a password must be sent together");
        }
        return Optional.of(
                new Login(decoded(user.substring(0, colon)), new EndpointPassword(decoded(user.substring(colon + 1)))));
    }

    private static String withoutLogin(String text) throws InvalidAttributeException {
        String authority = Optional.ofNullable(uri(text).getRawAuthority()).orElse("");
        int start = text.indexOf("//") + 2;
        return text.substring(0, start) + text.substring(start + authority.lastIndexOf('@') + 1);
    }

    private static URI uri(String text) throws InvalidAttributeException {
        try {
            return new URI(text);
        } catch (URISyntaxException notOne) {
            throw malformed("it is not a URI, or has characters that must be percent-encoded");
        }
    }

    private void checkPath() throws InvalidAttributeException {
        switch (scheme) {
            case "kafka" -> {
                if (!rawPath.isEmpty() && !rawPath.equals("/")) {
                    throw malformed("nothing may follow the server of kafka");
                }
            }
            case "amqp", "amqps" -> {
                if (rawPath.lastIndexOf('/') > 0 || rawPath.indexOf('?') >= 0) {
                    throw malformed(
                            "only a virtual host may follow the server of amqp, with its slashes percent-encoded");
                }
                if (virtualHost().getBytes(UTF_8).length > TopicAttributes.LONGEST_AMQP_NAME) {
                    throw malformed("its virtual host is too long");
                }
            }
            default -> {
                // Any path and query.
            }
        }
    }

    /** The virtual host of amqp. */
    String virtualHost() throws InvalidAttributeException {
        return rawPath.length() < 2 ? "/" : decoded(rawPath.substring(1));
    }

    private static String decoded(String raw) throws InvalidAttributeException {
        try {
            return new String(PercentCoding.decodePath(new String(raw.getBytes(UTF_8), ISO_8859_1)), UTF_8);
        } catch (S3Exception notEncoded) {
            throw malformed("a percent sign must be followed by two hexadecimal digits");
        }
    }

    private static InvalidAttributeException malformed(String fault) {
        return new InvalidAttributeException("Malformed URL for push-endpoint: " + fault);
    }

    URI uri() {
        return URI.create(text);
    }
}
