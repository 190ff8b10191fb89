package io.pataka.service.protocol.form;

import io.pataka.service.protocol.SecretFields;
import java.util.Arrays;
import java.util.Locale;

/**
 * One condition of a policy on one field.
 *
 * @param variable the field as the policy spells it, with a dollar sign before it. Without the dollar sign it names no field,
 *     and the condition never holds
 * @param prefix whether the field need only begin with the value
 * @param value one character per byte
 */
record FieldCondition(String variable, boolean prefix, String value) {

    private static final String CONTENT_TYPE = "content-type";
    private static final String DOLLAR = "$";

    static FieldCondition exact(String field, String value) {
        return new FieldCondition(DOLLAR + field, false, value);
    }

    /**
     * @param operator {@code eq} or {@code starts-with}, in any case of letters
     * @param variable the field with a dollar sign before it
     * @throws io.pataka.service.protocol.S3Exception InvalidPolicyDocument for any other operator
     */
    static FieldCondition of(String operator, String variable, String value) {
        return switch (operator.toLowerCase(Locale.ROOT)) {
            case "eq" -> new FieldCondition(variable, false, value);
            case "starts-with" -> new FieldCondition(variable, true, value);
            default -> throw PostPolicy.invalid("Invalid Condition: unknown operation '" + operator + "'.");
        };
    }

    /** In lower case, without the dollar sign. */
    String field() {
        return (variable.startsWith(DOLLAR) ? variable.substring(1) : variable).toLowerCase(Locale.ROOT);
    }

    /** A media type with commas is a list, and each element must match, as with AWS. */
    boolean holds(String actual) {
        if (!variable.startsWith(DOLLAR)) {
            return false;
        }
        if (!prefix) {
            return actual.equals(value);
        }
        if (field().equals(CONTENT_TYPE)) {
            return Arrays.stream(actual.split(",", -1)).map(String::trim).allMatch(type -> type.startsWith(value));
        }
        return actual.startsWith(value);
    }

    /** The condition as errors show it: {@code ["eq", "$acl", "private"]}. Never with a key. */
    String asWritten() {
        return "[\"" + (prefix ? "starts-with" : "eq") + "\", \"" + variable + "\", \""
                + SecretFields.shown(field(), value) + "\"]";
    }
}
