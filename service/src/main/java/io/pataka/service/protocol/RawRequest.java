package io.pataka.service.protocol;

import java.util.Objects;
import java.util.Optional;

/**
 * A request as it was received, which is what the client signed.
 *
 * @param method upper case
 * @param path raw, beginning with a slash, nothing decoded
 * @param query raw, without the question mark; empty for none
 * @param secure whether the client's side of the connection is TLS
 * @param remoteAddress textual IP address of the client; behind a proxy that the connector is set to trust, of the proxy's
 *     client
 * @param tlsVersion {@code 1.2} or {@code 1.3}; empty for a plain connection, and if a proxy terminates TLS
 */
public record RawRequest(
        String method,
        String path,
        String query,
        RequestHeaders headers,
        RequestBody body,
        boolean secure,
        String remoteAddress,
        Optional<String> tlsVersion) {

    public RawRequest {
        Objects.requireNonNull(method);
        Objects.requireNonNull(path);
        Objects.requireNonNull(query);
        Objects.requireNonNull(headers);
        Objects.requireNonNull(body);
        Objects.requireNonNull(remoteAddress);
        Objects.requireNonNull(tlsVersion);
    }
}
