package io.pataka.service.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.pataka.service.protocol.AccountRequest;
import io.pataka.service.protocol.OperationRouter;
import io.pataka.service.protocol.Parameters;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.Route;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.TopicRequest;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A request as it goes over the wire, in parts that can be changed one by one.
 *
 * @param path percent-encoded
 * @param query its parameters, percent-encoded, each {@code name} or {@code name=value}
 * @param headers by lower-case name; without {@code content-length}
 */
@SuppressWarnings("ArrayRecordComponent")
record WireRequest(String method, String path, List<String> query, SortedMap<String, String> headers, byte[] body) {

    private static final OperationRouter ROUTER = new OperationRouter();

    WireRequest {
        query = List.copyOf(query);
        headers = Collections.unmodifiableSortedMap(new TreeMap<>(headers));
    }

    WireRequest method(String other) {
        return new WireRequest(other, path, query, headers, body);
    }

    WireRequest path(String other) {
        return new WireRequest(method, other, query, headers, body);
    }

    WireRequest query(List<String> other) {
        return new WireRequest(method, path, other, headers, body);
    }

    WireRequest body(byte[] other) {
        return new WireRequest(method, path, query, headers, other);
    }

    WireRequest header(String name, String value) {
        SortedMap<String, String> changed = new TreeMap<>(headers);
        changed.put(name, value);
        return new WireRequest(method, path, query, changed, body);
    }

    WireRequest withoutHeader(String name) {
        SortedMap<String, String> changed = new TreeMap<>(headers);
        changed.remove(name);
        return new WireRequest(method, path, query, changed, body);
    }

    WireRequest parameter(String name, String value) {
        List<String> changed = new ArrayList<>(query);
        changed.removeIf(one -> nameOf(one).equals(name));
        changed.add(value == null ? name : name + "=" + value);
        return query(changed);
    }

    WireRequest withoutParameter(String name) {
        return query(query.stream().filter(one -> !nameOf(one).equals(name)).toList());
    }

    /** The value of a parameter; empty text where it has none. */
    String parameter(String name) {
        return query.stream()
                .filter(one -> nameOf(one).equals(name))
                .map(one -> one.substring(Math.min(one.length(), name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    List<String> parameterNames() {
        return query.stream().map(WireRequest::nameOf).toList();
    }

    static String nameOf(String parameter) {
        int equals = parameter.indexOf('=');
        return equals < 0 ? parameter : parameter.substring(0, equals);
    }

    /** The error of the router, which comes before the signature is checked; empty if there is none. */
    Optional<S3Error> misrouted() {
        RequestHeaders fields = RequestHeaders.of(Map.copyOf(headers));
        Parameters parameters = Parameters.parse(String.join("&", query));
        boolean hasForm = path.length() == 1 && TopicRequest.hasForm(method, fields);
        boolean namesAction = path.length() == 1 && TopicRequest.isOne(method, parameters);
        if (hasForm && !namesAction && !fields.has("authorization")) {
            return Optional.of(S3Error.ACCESS_DENIED);
        }
        Route.Resource resource = hasForm || namesAction
                ? Route.Resource.TOPICS
                : AccountRequest.resourceOf(path, fields)
                        .orElse(OperationRouter.resourceOf(
                                path.length() > 1, path.indexOf('/', 1) > 0 && !path.endsWith("/")));
        try {
            ROUTER.route(method, resource, parameters, fields);
            return Optional.empty();
        } catch (S3Exception refused) {
            return Optional.of(refused.error());
        }
    }

    byte[] bytes() {
        StringBuilder head = new StringBuilder(512).append(method).append(' ').append(path);
        if (!query.isEmpty()) {
            head.append('?').append(String.join("&", query));
        }
        head.append(" HTTP/1.1\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        if (body.length > 0 || method.equals("PUT") || method.equals("POST")) {
            head.append("content-length: ").append(body.length).append("\r\n");
        }
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        wire.writeBytes(head.append("\r\n").toString().getBytes(ISO_8859_1));
        wire.writeBytes(body);
        return wire.toByteArray();
    }

    /** The text with the lowest bit of its last character flipped. */
    static String flipped(String text) {
        int last = text.length() - 1;
        return text.isEmpty() ? "1" : text.substring(0, last) + (char) (text.charAt(last) ^ 1);
    }

    static byte[] flipped(byte[] bytes, int at) {
        byte[] changed = bytes.clone();
        changed[at] ^= (byte) (1 << (at % 8));
        return changed;
    }
}
