package io.pataka.service.access.policy;

import io.pataka.service.access.policy.ConditionOperator.Comparison;
import io.pataka.service.access.policy.ConditionOperator.Quantifier;
import io.pataka.service.access.policy.TextPattern.Grammar;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One key of a statement's Condition, under one operator, with the values that the policy lists for it.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html">AWS:
 *     conditions with several keys or values</a>
 */
final class Condition {

    private static final String COPY_SOURCE = "s3:x-amz-copy-source";

    /** By these keys a caller is known, or the place that the request comes from; no caller can choose their value. */
    private static final Set<String> PINNING = Set.of(
            "aws:PrincipalAccount",
            "aws:PrincipalArn",
            "aws:PrincipalOrgID",
            "aws:SourceAccount",
            "aws:SourceArn",
            "aws:SourceIp",
            "aws:SourceOwner",
            "aws:SourceVpc",
            "aws:SourceVpce",
            "aws:userid",
            "keystone:domain",
            "keystone:project",
            "keystone:userid",
            "s3:DataAccessPointAccount",
            "s3:DataAccessPointArn");

    /** Keys that have another value for each object that one request names. */
    private static final Set<String> OF_OBJECTS = Set.of("s3:VersionId", "s3:prefix");

    private static final Set<Comparison> PINNING_COMPARISONS = Set.of(
            Comparison.STRING_EQUALS,
            Comparison.STRING_EQUALS_IGNORE_CASE,
            Comparison.STRING_LIKE,
            Comparison.ARN_LIKE,
            Comparison.IP_ADDRESS);

    private final ConditionKey key;
    private final ConditionOperator operator;
    private final ValueTest test;
    private final boolean namesTheAnonymous;
    private final boolean asksOfRequestAlone;

    private Condition(ConditionKey key, ConditionOperator operator, ValueTest test, boolean namesTheAnonymous) {
        this.key = key;
        this.operator = operator;
        this.test = test;
        this.namesTheAnonymous = namesTheAnonymous;
        this.asksOfRequestAlone = keys().stream()
                .noneMatch(name -> OF_OBJECTS.contains(name) || name.startsWith(RequestQuestion.EXISTING_TAG));
    }

    /**
     * @param variables whether the policy's version knows variables
     * @throws MalformedPolicyException for a value that the operator cannot compare with
     */
    static Condition parse(
            ConditionOperator operator, ConditionKey key, List<String> values, boolean variables, Place place)
            throws MalformedPolicyException {
        List<String> meant = key.name().equals(COPY_SOURCE)
                ? values.stream().map(Condition::withoutSlash).toList()
                : values;
        return new Condition(
                key,
                operator,
                test(operator.comparison(), meant, variables, place),
                meant.stream().anyMatch(RequestQuestion.ANONYMOUS::equalsIgnoreCase));
    }

    /** {@code x-amz-copy-source} may begin with a slash or not, and means the same. */
    private static String withoutSlash(String source) {
        return source.startsWith("/") ? source.substring(1) : source;
    }

    private static ValueTest test(Comparison comparison, List<String> values, boolean variables, Place place)
            throws MalformedPolicyException {
        return switch (comparison) {
            case STRING_EQUALS -> TextTest.of(values, Grammar.of(false, variables), false, place);
            case STRING_EQUALS_IGNORE_CASE -> TextTest.of(values, Grammar.of(false, variables), true, place);
            case STRING_LIKE -> TextTest.of(values, Grammar.of(true, variables), false, place);
            case NUMERIC_EQUALS -> OrderTest.ofNumbers(values, order -> order == 0, place);
            case NUMERIC_LESS_THAN -> OrderTest.ofNumbers(values, order -> order < 0, place);
            case NUMERIC_LESS_THAN_EQUALS -> OrderTest.ofNumbers(values, order -> order <= 0, place);
            case NUMERIC_GREATER_THAN -> OrderTest.ofNumbers(values, order -> order > 0, place);
            case NUMERIC_GREATER_THAN_EQUALS -> OrderTest.ofNumbers(values, order -> order >= 0, place);
            case DATE_EQUALS -> OrderTest.ofTimes(values, order -> order == 0, place);
            case DATE_LESS_THAN -> OrderTest.ofTimes(values, order -> order < 0, place);
            case DATE_LESS_THAN_EQUALS -> OrderTest.ofTimes(values, order -> order <= 0, place);
            case DATE_GREATER_THAN -> OrderTest.ofTimes(values, order -> order > 0, place);
            case DATE_GREATER_THAN_EQUALS -> OrderTest.ofTimes(values, order -> order >= 0, place);
            case BOOL, NULL -> truth(values, place);
            case BINARY_EQUALS -> binary(values, place);
            case IP_ADDRESS -> AddressTest.of(values, place);
            case ARN_LIKE -> ArnTest.of(values, variables, place);
        };
    }

    private static ValueTest truth(List<String> values, Place place) throws MalformedPolicyException {
        Set<String> wanted = new HashSet<>();
        for (String value : values) {
            String folded = value.toLowerCase(Locale.ROOT);
            if (!folded.equals("true") && !folded.equals("false")) {
                throw place.malformed("Policy has an invalid Boolean in a condition", value);
            }
            wanted.add(folded);
        }
        return (value, question) -> wanted.contains(value.toLowerCase(Locale.ROOT));
    }

    private static ValueTest binary(List<String> values, Place place) throws MalformedPolicyException {
        Set<String> wanted = new HashSet<>();
        for (String value : values) {
            try {
                Base64.getDecoder().decode(value);
            } catch (IllegalArgumentException notBase64) {
                throw place.malformed("Policy has an invalid binary value in a condition", value);
            }
            wanted.add(value);
        }
        return (value, question) -> wanted.contains(value);
    }

    /** Whether it is met, by what is remembered of the request where that is all it asks about. */
    boolean holds(PolicyQuestion question) {
        return question.memory().map(memory -> memory.holds(this, question)).orElseGet(() -> isMetBy(question));
    }

    /** Whether all objects that a request names have the same answer. */
    boolean asksOfRequestAlone() {
        return asksOfRequestAlone;
    }

    boolean isMetBy(PolicyQuestion question) {
        List<String> values = question.values(key.name());
        if (operator.comparison() == Comparison.NULL) {
            return test.matches(Boolean.toString(values.isEmpty()), question);
        }
        boolean negated = operator.negated();
        if (values.isEmpty()) {
            return operator.ifExists()
                    || operator.quantifier() == Quantifier.FOR_ALL_VALUES
                    || (operator.quantifier() == Quantifier.PLAIN && negated);
        }
        return switch (operator.quantifier()) {
            case PLAIN -> negated != anyIs(true, values, question);
            case FOR_ANY_VALUE -> anyIs(!negated, values, question);
            case FOR_ALL_VALUES -> !anyIs(negated, values, question);
        };
    }

    private boolean anyIs(boolean matched, List<String> values, PolicyQuestion question) {
        for (String value : values) {
            if (test.matches(value, question) == matched) {
                return true;
            }
        }
        return false;
    }

    ConditionKey key() {
        return key;
    }

    /** The key, and those whose values come in for variables. */
    Set<String> keys() {
        Set<String> keys = new LinkedHashSet<>(test.variables());
        keys.add(key.name());
        return keys;
    }

    /** Whether it holds only for callers or addresses that the policy names, so that the statement is not public. */
    boolean keepsThePublicOut() {
        return PINNING.contains(key.name())
                && PINNING_COMPARISONS.contains(operator.comparison())
                && !operator.negated()
                && !operator.ifExists()
                && operator.quantifier() != Quantifier.FOR_ALL_VALUES
                && !namesTheAnonymous
                && test.isNarrow();
    }
}
