package io.pataka.service.access.policy;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A condition operator as written: {@code ForAnyValue:StringNotLikeIfExists}.
 *
 * @param negated the opposite of what the comparison says
 * @param ifExists holds also where the request has no such key
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html">AWS:
 *     condition operators</a>
 */
record ConditionOperator(Comparison comparison, boolean negated, Quantifier quantifier, boolean ifExists) {

    /** How a value of the request is compared with a value of the policy. */
    enum Comparison {
        STRING_EQUALS,
        STRING_EQUALS_IGNORE_CASE,
        STRING_LIKE,
        NUMERIC_EQUALS,
        NUMERIC_LESS_THAN,
        NUMERIC_LESS_THAN_EQUALS,
        NUMERIC_GREATER_THAN,
        NUMERIC_GREATER_THAN_EQUALS,
        DATE_EQUALS,
        DATE_LESS_THAN,
        DATE_LESS_THAN_EQUALS,
        DATE_GREATER_THAN,
        DATE_GREATER_THAN_EQUALS,
        BOOL,
        BINARY_EQUALS,
        IP_ADDRESS,
        /** ArnEquals and ArnLike are one and the same. */
        ARN_LIKE,
        /** Whether the request has the key at all. */
        NULL
    }

    /** Of several values in the request, which must pass. */
    enum Quantifier {
        /** No set operator: some value, or for a negated comparison every one. */
        PLAIN,
        FOR_ANY_VALUE,
        FOR_ALL_VALUES
    }

    private record Form(Comparison comparison, boolean negated) {}

    private static final Map<String, Form> FORMS = new HashMap<>();

    static {
        both("StringEquals", "StringNotEquals", Comparison.STRING_EQUALS);
        both("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", Comparison.STRING_EQUALS_IGNORE_CASE);
        both("StringLike", "StringNotLike", Comparison.STRING_LIKE);
        both("NumericEquals", "NumericNotEquals", Comparison.NUMERIC_EQUALS);
        FORMS.put("NumericLessThan", new Form(Comparison.NUMERIC_LESS_THAN, false));
        FORMS.put("NumericLessThanEquals", new Form(Comparison.NUMERIC_LESS_THAN_EQUALS, false));
        FORMS.put("NumericGreaterThan", new Form(Comparison.NUMERIC_GREATER_THAN, false));
        FORMS.put("NumericGreaterThanEquals", new Form(Comparison.NUMERIC_GREATER_THAN_EQUALS, false));
        both("DateEquals", "DateNotEquals", Comparison.DATE_EQUALS);
        FORMS.put("DateLessThan", new Form(Comparison.DATE_LESS_THAN, false));
        FORMS.put("DateLessThanEquals", new Form(Comparison.DATE_LESS_THAN_EQUALS, false));
        FORMS.put("DateGreaterThan", new Form(Comparison.DATE_GREATER_THAN, false));
        FORMS.put("DateGreaterThanEquals", new Form(Comparison.DATE_GREATER_THAN_EQUALS, false));
        FORMS.put("Bool", new Form(Comparison.BOOL, false));
        FORMS.put("BinaryEquals", new Form(Comparison.BINARY_EQUALS, false));
        both("IpAddress", "NotIpAddress", Comparison.IP_ADDRESS);
        both("ArnEquals", "ArnNotEquals", Comparison.ARN_LIKE);
        both("ArnLike", "ArnNotLike", Comparison.ARN_LIKE);
        FORMS.put("Null", new Form(Comparison.NULL, false));
    }

    ConditionOperator {
        Objects.requireNonNull(comparison);
        Objects.requireNonNull(quantifier);
    }

    private static void both(String name, String opposite, Comparison comparison) {
        FORMS.put(name, new Form(comparison, false));
        FORMS.put(opposite, new Form(comparison, true));
    }

    /** The operator of that name; empty when there is none. Null takes neither a set operator nor IfExists. */
    static Optional<ConditionOperator> named(String written) {
        Quantifier quantifier = Quantifier.PLAIN;
        String name = written;
        if (name.startsWith("ForAnyValue:")) {
            quantifier = Quantifier.FOR_ANY_VALUE;
        } else if (name.startsWith("ForAllValues:")) {
            quantifier = Quantifier.FOR_ALL_VALUES;
        }
        name = name.substring(name.indexOf(':') + 1);
        boolean ifExists = name.endsWith("IfExists");
        if (ifExists) {
            name = name.substring(0, name.length() - "IfExists".length());
        }
        Form form = FORMS.get(name);
        boolean isPlain = quantifier == Quantifier.PLAIN;
        if (form == null
                || (isPlain && written.indexOf(':') >= 0)
                || (form.comparison == Comparison.NULL && (ifExists || !isPlain))) {
            return Optional.empty();
        }
        return Optional.of(new ConditionOperator(form.comparison, form.negated, quantifier, ifExists));
    }
}
