package io.pataka.service.protocol;

import static io.pataka.service.protocol.Route.Resource.BUCKET;
import static io.pataka.service.protocol.Route.Resource.OBJECT;

import io.pataka.service.protocol.Parameters.Parameter;
import io.pataka.service.protocol.Route.Resource;
import io.pataka.service.protocol.S3Operation.Trait;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the operation of a request in the table. A sub-resource that the matching row does not have is refused, so that {@code
 * DELETE /bucket?something} never reaches DeleteBucket. A version is refused if the row takes none, so that a write never
 * applies to another version than the client named. GET and HEAD of an object ignore unknown parameters, as Amazon does: web
 * pages add some against caches ({@code font.eot?-rdmvgc}).
 */
public final class OperationRouter {

    private final Map<Resource, Map<String, List<S3Operation>>> rows = new EnumMap<>(Resource.class);
    private final Map<Resource, Set<String>> words = new EnumMap<>(Resource.class);

    public OperationRouter() {
        for (S3Operation operation : S3Operation.all()) {
            Route route = operation.route();
            rows.computeIfAbsent(route.resource(), resource -> new HashMap<>())
                    .computeIfAbsent(route.method(), method -> new ArrayList<>())
                    .add(operation);
            Set<String> known = words.computeIfAbsent(route.resource(), resource -> new HashSet<>());
            known.addAll(route.words());
            known.addAll(route.needs());
        }
        Comparator<S3Operation> mostConditionsFirst = Comparator.comparingInt(
                        (S3Operation row) -> row.route().conditions())
                .reversed();
        rows.values().forEach(methods -> methods.values().forEach(list -> list.sort(mostConditionsFirst)));
    }

    /**
     * @param headers for the few routes with a condition on a header, and for a form's media type
     * @throws S3Exception MethodNotAllowed, NotImplemented, InvalidRequest or InvalidArgument when no row matches everything in
     *     the request; InvalidAction or MissingAction when no row about topics does
     */
    public S3Operation route(String method, Resource resource, Parameters parameters, RequestHeaders headers) {
        List<S3Operation> candidates = rows.get(resource).getOrDefault(method, List.of());
        if (resource == Resource.TOPICS) {
            return actionOnTopics(candidates, parameters, headers);
        }
        S3Operation best = null;
        for (S3Operation candidate : candidates) {
            if (candidate.route().matches(parameters, headers) && (!candidate.is(Trait.FORM) || isForm(headers))) {
                best = candidate;
                break;
            }
        }
        if (best == null
                && method.equals("POST")
                && resource == Resource.BUCKET
                && parameters.all().isEmpty()) {
            throw new S3Exception(S3Error.PRECONDITION_FAILED)
                    .with("Condition", "Bucket POST must be of the enclosure-type multipart/form-data");
        }
        if (best == null) {
            throw refusal(method, resource, parameters);
        }
        if (best.isPreflight()) {
            // The query belongs to the request that the browser will send.
            return best;
        }
        for (Parameter parameter : parameters.all()) {
            if (best.route().uses(parameter.name()) || isAboutTheRequest(parameter.name())) {
                continue;
            }
            if (resource == OBJECT && parameter.name().equals("versionId")) {
                throw new S3Exception(S3Error.INVALID_ARGUMENT, "This operation does not accept a version-id.")
                        .with("ArgumentName", "versionId")
                        .with("ArgumentValue", parameter.value());
            }
            if (best.is(Trait.IGNORES_UNKNOWN_PARAMETERS) && !SubResources.isKnown(parameter.name())) {
                continue;
            }
            boolean isWord = words.get(resource).contains(parameter.name());
            if (isWord || !parameter.hasValue() || parameter.value().isEmpty()) {
                throw isWord ? refusal(method, resource, parameters) : unknown(parameter.name());
            }
        }
        return best;
    }

    /** All other parameters are the operation's own. */
    private static S3Operation actionOnTopics(
            List<S3Operation> candidates, Parameters parameters, RequestHeaders headers) {
        return candidates.stream()
                .filter(candidate -> candidate.route().matches(parameters, headers))
                .findFirst()
                .orElseThrow(() -> parameters
                        .first(TopicRequest.ACTION)
                        .map(action -> new S3Exception(
                                S3Error.INVALID_ACTION, "The action " + action + " is not valid for this web service."))
                        .orElseGet(() -> new S3Exception(S3Error.MISSING_ACTION)));
    }

    private S3Exception refusal(String method, Resource resource, Parameters parameters) {
        List<String> asked = parameters.all().stream()
                .map(Parameter::name)
                .filter(words.get(resource)::contains)
                .distinct()
                .toList();
        if (asked.size() > 1
                && rows.get(resource).getOrDefault(method, List.of()).stream()
                                .filter(row ->
                                        asked.stream().anyMatch(row.route().words()::contains))
                                .count()
                        > 1) {
            return new S3Exception(
                            S3Error.INVALID_REQUEST, "Conflicting query string parameters: " + String.join(", ", asked))
                    .argument("ResourceType", asked.get(0));
        }
        return new S3Exception(S3Error.METHOD_NOT_ALLOWED)
                .with("Method", method)
                .with(
                        "ResourceType",
                        asked.isEmpty() ? resource.name() : asked.get(0).toUpperCase(Locale.ROOT));
    }

    private static S3Exception unknown(String word) {
        return new S3Exception(
                        S3Error.NOT_IMPLEMENTED,
                        "A query parameter you provided implies functionality that is not implemented")
                .with("ResourceType", word);
    }

    /** Parameters of signatures and statistics, which do not select an operation. */
    private static boolean isAboutTheRequest(String name) {
        return switch (name) {
            case "AWSAccessKeyId",
                    "Signature",
                    "Expires",
                    "x-id",
                    "response-content-type",
                    "response-content-language",
                    "response-expires",
                    "response-cache-control",
                    "response-content-disposition",
                    "response-content-encoding" -> true;
            default -> name.regionMatches(true, 0, "x-amz-", 0, 6);
        };
    }

    private static boolean isForm(RequestHeaders headers) {
        Optional<String> type = headers.first("content-type");
        return type.isPresent() && type.get().trim().toLowerCase(Locale.ROOT).startsWith("multipart/form-data");
    }

    /** The resource of a path, after bucket and key were found. */
    public static Resource resourceOf(boolean hasBucket, boolean hasKey) {
        return hasKey ? OBJECT : hasBucket ? BUCKET : Resource.SERVICE;
    }
}
