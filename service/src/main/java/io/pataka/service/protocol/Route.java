package io.pataka.service.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The conditions under which a request selects an operation: method, kind of resource, query and headers. Of the routes that
 * match, the one with most conditions is chosen.
 *
 * @param words sub-resource words that must stand in the query ({@code ?acl})
 * @param needs query parameters that must be there with a value ({@code uploadId=...})
 * @param values query parameters that must have one value ({@code list-type=2})
 * @param headers lower-case names of headers that must be there
 * @param accepts query parameters that the operation reads if they are there
 * @param streams whether the body is object content, of any length; otherwise it is a document of bounded size, or nothing
 */
public record Route(
        String method,
        Resource resource,
        List<String> words,
        List<String> needs,
        Map<String, String> values,
        List<String> headers,
        List<String> accepts,
        boolean streams) {

    /** The kind of resource that the path names. */
    public enum Resource {
        /** {@code /}. */
        SERVICE,
        /** {@code /bucket}. */
        BUCKET,
        /** {@code /bucket/key}. */
        OBJECT,
        /** The public access block of a whole account, which {@link AccountRequest} recognises. */
        ACCOUNT_ACCESS_BLOCK,
        /** The topics of notifications, which {@link TopicRequest} recognises. */
        TOPICS
    }

    public Route {
        Objects.requireNonNull(method);
        Objects.requireNonNull(resource);
        words = List.copyOf(words);
        needs = List.copyOf(needs);
        values = Map.copyOf(values);
        headers = List.copyOf(headers);
        accepts = List.copyOf(accepts);
    }

    static Route get(Resource resource) {
        return of("GET", resource);
    }

    static Route head(Resource resource) {
        return of("HEAD", resource);
    }

    static Route put(Resource resource) {
        return of("PUT", resource);
    }

    static Route post(Resource resource) {
        return of("POST", resource);
    }

    static Route delete(Resource resource) {
        return of("DELETE", resource);
    }

    static Route options(Resource resource) {
        return of("OPTIONS", resource);
    }

    private static Route of(String method, Resource resource) {
        return new Route(method, resource, List.of(), List.of(), Map.of(), List.of(), List.of(), false);
    }

    Route word(String word) {
        return new Route(method, resource, plus(words, word), needs, values, headers, accepts, streams);
    }

    Route needs(String... parameters) {
        return new Route(method, resource, words, plus(needs, parameters), values, headers, accepts, streams);
    }

    Route value(String parameter, String only) {
        Map<String, String> more = new LinkedHashMap<>(values);
        more.put(parameter, only);
        return new Route(method, resource, words, needs, more, headers, accepts, streams);
    }

    Route header(String name) {
        return new Route(method, resource, words, needs, values, plus(headers, name), accepts, streams);
    }

    Route accepts(String... parameters) {
        return new Route(method, resource, words, needs, values, headers, plus(accepts, parameters), streams);
    }

    Route stream() {
        return new Route(method, resource, words, needs, values, headers, accepts, true);
    }

    private static List<String> plus(List<String> some, String... more) {
        List<String> all = new ArrayList<>(some);
        all.addAll(List.of(more));
        return all;
    }

    /** The number of conditions. */
    int conditions() {
        return words.size() + needs.size() + values.size() + headers.size();
    }

    /** Whether every condition on query and headers holds; method and resource are compared by the router. */
    boolean matches(Parameters parameters, RequestHeaders requestHeaders) {
        return words.stream().allMatch(parameters::has)
                && needs.stream().allMatch(parameters::has)
                && values.entrySet().stream()
                        .allMatch(value -> parameters
                                .first(value.getKey())
                                .filter(value.getValue()::equals)
                                .isPresent())
                && headers.stream().allMatch(requestHeaders::has);
    }

    /** Whether the route uses the query parameter. */
    boolean uses(String parameter) {
        return words.contains(parameter)
                || needs.contains(parameter)
                || values.containsKey(parameter)
                || accepts.contains(parameter);
    }
}
