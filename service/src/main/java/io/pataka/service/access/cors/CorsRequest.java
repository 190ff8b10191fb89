package io.pataka.service.access.cors;

import io.pataka.service.protocol.RequestHeaders;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * What a script in a browser wants to do, or has done.
 *
 * @param origin of the page, as the browser writes it
 * @param method as named by {@code Access-Control-Request-Method}, and without that the method of the request itself
 * @param headers lower-case names that {@code Access-Control-Request-Headers} announces, in its order
 * @see <a href="https://fetch.spec.whatwg.org/#http-requests">Fetch: CORS requests</a>
 */
public record CorsRequest(String origin, String method, List<String> headers) {

    private static final String METHOD = "Access-Control-Request-Method";
    private static final String HEADERS = "Access-Control-Request-Headers";

    /** More headers than any page announces: the rules of a bucket are compared with each. */
    private static final int MAX_HEADERS = 256;

    public CorsRequest {
        Objects.requireNonNull(origin);
        Objects.requireNonNull(method);
        headers = List.copyOf(headers);
    }

    /** Whether it announces so many headers that no rule is asked. */
    boolean isBeyondAnyRule() {
        return headers.size() > MAX_HEADERS;
    }

    /** Empty for a request without an {@code Origin}: it comes from no foreign page. */
    public static Optional<CorsRequest> of(String method, RequestHeaders headers) {
        return headers.first("Origin")
                .filter(origin -> !origin.isEmpty())
                .map(origin -> new CorsRequest(origin, requestedMethod(headers).orElse(method), announced(headers)));
    }

    /** The method that a preflight asks about. */
    public static Optional<String> requestedMethod(RequestHeaders headers) {
        return headers.first(METHOD).map(String::trim).filter(method -> !method.isEmpty());
    }

    private static List<String> announced(RequestHeaders headers) {
        return headers.all(HEADERS).stream()
                .flatMap(value -> Arrays.stream(value.split(",")))
                .map(name -> name.trim().toLowerCase(Locale.ROOT))
                .filter(name -> !name.isEmpty())
                .toList();
    }
}
