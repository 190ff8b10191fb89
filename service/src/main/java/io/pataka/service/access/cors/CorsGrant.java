package io.pataka.service.access.cors;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a page of another origin may do.
 *
 * @param origin of the page, or {@code *} where the rule lets every page in; then without credentials
 * @param methods of the rule
 * @param headers that were announced, all of which are allowed
 * @param exposed headers of the answer
 * @param maxAge seconds
 */
public record CorsGrant(
        String origin, List<String> methods, List<String> headers, List<String> exposed, Optional<Integer> maxAge) {

    public CorsGrant {
        Objects.requireNonNull(origin);
        methods = List.copyOf(methods);
        headers = List.copyOf(headers);
        exposed = List.copyOf(exposed);
        Objects.requireNonNull(maxAge);
    }

    /** The headers for the browser, in the order to send. */
    public Map<String, String> toHeaders() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Access-Control-Allow-Origin", origin);
        fields.put("Access-Control-Allow-Methods", String.join(", ", methods));
        if (!headers.isEmpty()) {
            fields.put("Access-Control-Allow-Headers", String.join(", ", headers));
        }
        if (!exposed.isEmpty()) {
            fields.put("Access-Control-Expose-Headers", String.join(", ", exposed));
        }
        maxAge.ifPresent(seconds -> fields.put("Access-Control-Max-Age", Integer.toString(seconds)));
        if (!origin.equals("*")) {
            fields.put("Access-Control-Allow-Credentials", "true");
        }
        fields.put("Vary", "Origin, Access-Control-Request-Headers, Access-Control-Request-Method");
        return fields;
    }
}
