package io.pataka.service.access.policy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the text of a policy, strictly: what it does not know is refused, not passed over. */
final class PolicyReader {

    private static final int MAX_DEPTH = 16;
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final Set<String> POLICY_FIELDS = Set.of("Version", "Id", "Statement");
    private static final Set<String> STATEMENT_FIELDS = Set.of(
            "Sid",
            "Effect",
            "Principal",
            "NotPrincipal",
            "Action",
            "NotAction",
            "Resource",
            "NotResource",
            "Condition");

    private final PolicySubject subject;
    private final boolean variables;

    private PolicyReader(PolicySubject subject, boolean variables) {
        this.subject = subject;
        this.variables = variables;
    }

    static List<Statement> read(String json, PolicySubject subject) throws MalformedPolicyException {
        if (!json.stripLeading().startsWith("{")) {
            throw new MalformedPolicyException(
                    "Policies must be valid JSON and the first byte must be '{'",
                    json.isEmpty() ? "the document is empty" : "the document's beginning");
        }
        JsonNode policy = parsed(json);
        requireOnly(POLICY_FIELDS, policy, Place.DOCUMENT);
        if (policy.has("Id") && !policy.get("Id").isTextual()) {
            throw Place.DOCUMENT.malformed(
                    "Id must be a string", policy.get("Id").toString());
        }
        PolicyReader reader = new PolicyReader(subject, hasVariables(policy));
        JsonNode statements = policy.path("Statement");
        if (statements.isMissingNode()) {
            throw Place.DOCUMENT.malformed("Missing required field Statement", "the policy");
        }
        List<Statement> read = new ArrayList<>();
        for (JsonNode statement : statements.isArray() ? statements : List.of(statements)) {
            read.add(reader.statement(statement, read.size() + 1));
        }
        if (read.isEmpty()) {
            throw Place.DOCUMENT.malformed("Could not parse the policy: Statement is empty!", "Statement");
        }
        return read;
    }

    private static JsonNode parsed(String json) throws MalformedPolicyException {
        JsonNode policy;
        int length;
        try {
            policy = JSON.readTree(json);
            length = JSON.writeValueAsBytes(policy).length;
        } catch (JsonProcessingException invalid) {
            throw new MalformedPolicyException(
                    "This policy contains invalid Json",
                    invalid.getLocation() == null
                            ? "the document"
                            : "line " + invalid.getLocation().getLineNr() + ", column "
                                    + invalid.getLocation().getColumnNr());
        }
        if (length > BucketPolicy.MAX_BYTES) {
            throw new MalformedPolicyException(
                    "Normalized policy document exceeds the maximum allowed size of " + BucketPolicy.MAX_BYTES
                            + " bytes.",
                    length + " bytes");
        }
        return policy;
    }

    /** Without a version it is the older one, in which a dollar sign is a dollar sign. */
    private static boolean hasVariables(JsonNode policy) throws MalformedPolicyException {
        if (!policy.has("Version")) {
            return false;
        }
        return switch (policy.get("Version").asText()) {
            case "2008-10-17" -> false;
            case "2012-10-17" -> true;
            default ->
                throw Place.DOCUMENT
                        .in("Version")
                        .malformed(
                                "The policy must contain a valid version string",
                                policy.get("Version").toString());
        };
    }

    private Statement statement(JsonNode node, int number) throws MalformedPolicyException {
        Place place = new Place("statement " + number);
        if (!node.isObject()) {
            throw place.malformed("Statement must be an object or a list of objects", node.toString());
        }
        requireOnly(STATEMENT_FIELDS, node, place);
        String label = sid(node, place).orElse(place.text());
        boolean denies = denies(node, place);
        Statement statement = new Statement(
                label,
                denies,
                principals(node, denies, place),
                actions(node, place),
                resources(node, place),
                conditions(node, place));
        if (!statement.canHold()) {
            throw place.malformed(
                    "Conditions do not apply to combination of actions and resources in statement",
                    node.path("Condition").toString());
        }
        requireThatItCanDeny(statement, place);
        return statement;
    }

    /** Statements may have equal names, as in Ceph, whose tests of bucket logging write them; Amazon refuses them. */
    private static Optional<String> sid(JsonNode node, Place place) throws MalformedPolicyException {
        if (!node.has("Sid")) {
            return Optional.empty();
        }
        JsonNode sid = node.get("Sid");
        if (!sid.isTextual()) {
            throw place.in("Sid").malformed("Sid must be a string", sid.toString());
        }
        return Optional.of(sid.asText()).filter(text -> !text.isEmpty());
    }

    private static boolean denies(JsonNode node, Place place) throws MalformedPolicyException {
        if (!node.has("Effect")) {
            throw place.malformed("Missing required field Effect", "the statement");
        }
        JsonNode effect = node.get("Effect");
        return switch (effect.isTextual() ? effect.asText() : "") {
            case "Allow" -> false;
            case "Deny" -> true;
            default -> throw place.in("Effect").malformed("Invalid effect: " + effect.asText(), effect.toString());
        };
    }

    private static PrincipalSet principals(JsonNode node, boolean denies, Place place) throws MalformedPolicyException {
        String field = oneOf(node, "Principal", "NotPrincipal", place);
        boolean negated = field.startsWith("Not");
        if (negated && !denies) {
            throw place.malformed("Allow with NotPrincipal is not allowed.", field);
        }
        Place there = place.in(field);
        JsonNode value = node.get(field);
        if (value.isTextual() && value.asText().equals("*")) {
            return PrincipalSet.everyone(negated, denies);
        }
        if (!value.isObject()) {
            throw there.malformed("Invalid principal in policy", value.toString());
        }
        if (value.isEmpty()) {
            throw there.malformed("Missing required field Principal cannot be empty!", value.toString());
        }
        Map<String, List<String>> kinds = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> kind : value.properties()) {
            kinds.put(kind.getKey(), strings(kind.getValue(), "Invalid principal in policy", there));
        }
        return PrincipalSet.parse(kinds, negated, denies, there);
    }

    private ActionSet actions(JsonNode node, Place place) throws MalformedPolicyException {
        String field = oneOf(node, "Action", "NotAction", place);
        Place there = place.in(field);
        return ActionSet.parse(
                strings(node.get(field), "Policy has invalid action", there), field.startsWith("Not"), subject, there);
    }

    private ResourceSet resources(JsonNode node, Place place) throws MalformedPolicyException {
        String field = oneOf(node, "Resource", "NotResource", place);
        Place there = place.in(field);
        return ResourceSet.parse(
                strings(node.get(field), "Policy has invalid resource", there),
                field.startsWith("Not"),
                variables,
                subject,
                there);
    }

    private List<Condition> conditions(JsonNode node, Place place) throws MalformedPolicyException {
        List<Condition> conditions = new ArrayList<>();
        if (!node.has("Condition")) {
            return conditions;
        }
        Place there = place.in("Condition");
        JsonNode block = node.get("Condition");
        if (!block.isObject()) {
            throw there.malformed("Condition must be an object", block.toString());
        }
        for (Map.Entry<String, JsonNode> written : block.properties()) {
            ConditionOperator operator = ConditionOperator.named(written.getKey())
                    .orElseThrow(
                            () -> there.malformed("Invalid Condition type : " + written.getKey(), written.getKey()));
            Place inside = there.in(written.getKey());
            if (!written.getValue().isObject() || written.getValue().isEmpty()) {
                throw inside.malformed(
                        "A condition operator must hold condition keys",
                        written.getValue().toString());
            }
            for (Map.Entry<String, JsonNode> key : written.getValue().properties()) {
                conditions.add(condition(operator, key.getKey(), key.getValue(), inside));
            }
        }
        return conditions;
    }

    private Condition condition(ConditionOperator operator, String name, JsonNode values, Place place)
            throws MalformedPolicyException {
        ConditionKey key = ConditionKey.named(name)
                .orElseThrow(() -> place.malformed("Policy has an invalid condition key", name));
        Place there = place.in(name);
        return Condition.parse(operator, key, scalars(values, there), variables, there);
    }

    /** A Deny that can match no request would be taken for protection, so it is refused. An Allow of that kind does no harm. */
    private static void requireThatItCanDeny(Statement statement, Place place) throws MalformedPolicyException {
        if (!statement.denies()) {
            return;
        }
        for (BitSet actions : statement.actions().each()) {
            if (statement.resources().targets().stream().noneMatch(target -> PolicyActions.anyOn(target, actions))) {
                throw place.malformed(
                        "Action does not apply to any resource(s) in statement",
                        actions.isEmpty() ? "no action" : PolicyActions.name(actions.nextSetBit(0)));
            }
        }
    }

    private static void requireOnly(Set<String> fields, JsonNode node, Place place) throws MalformedPolicyException {
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!fields.contains(name)) {
                throw place.malformed("Unknown field " + name, name);
            }
        }
    }

    /** Which of two fields there is; each excludes the other. */
    private static String oneOf(JsonNode node, String field, String opposite, Place place)
            throws MalformedPolicyException {
        if (node.has(field) && node.has(opposite)) {
            throw place.malformed(
                    "Statement must not have both " + field + " and " + opposite, field + ", " + opposite);
        }
        if (!node.has(field) && !node.has(opposite)) {
            throw place.malformed("Missing required field " + field, "the statement");
        }
        return node.has(field) ? field : opposite;
    }

    /** A string, or a list of at least one string. */
    private static List<String> strings(JsonNode node, String message, Place place) throws MalformedPolicyException {
        List<String> strings = new ArrayList<>();
        for (JsonNode element : node.isArray() ? node : List.of(node)) {
            if (!element.isTextual()) {
                throw place.malformed(message, element.toString());
            }
            strings.add(element.asText());
        }
        if (strings.isEmpty()) {
            throw place.malformed(message, node.toString());
        }
        return strings;
    }

    /** A string, number or Boolean, or a list of at least one. */
    private static List<String> scalars(JsonNode node, Place place) throws MalformedPolicyException {
        List<String> scalars = new ArrayList<>();
        for (JsonNode element : node.isArray() ? node : List.of(node)) {
            if (!element.isValueNode() || element.isNull()) {
                throw place.malformed("A condition value must be a string, a number or a Boolean", element.toString());
            }
            scalars.add(element.asText());
        }
        if (scalars.isEmpty()) {
            throw place.malformed("A condition key must have a value", node.toString());
        }
        return scalars;
    }
}
