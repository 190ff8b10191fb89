package io.pataka.service.protocol.form;

import java.util.Arrays;
import java.util.Locale;

/**
 * One condition of a policy on one field.
 *
 * @param field in lower case, without the dollar sign
 * @param prefix whether the value must only begin so
 * @param value one character per byte
 */
record FieldCondition(String field, boolean prefix, String value) {

    private static final String CONTENT_TYPE = "content-type";

    static FieldCondition exact(String field, String value) {
        return new FieldCondition(field.toLowerCase(Locale.ROOT), false, value);
    }

    /**
     * @param operator {@code eq} or {@code starts-with}, in any case of letters
     * @param variable the field with a dollar sign before it
     * @throws io.pataka.service.protocol.S3Exception InvalidPolicyDocument for any other operator or a variable that is none
     */
    static FieldCondition of(String operator, String variable, String value) {
        if (!variable.startsWith("$") || variable.length() == 1) {
            throw PostPolicy.invalid("Invalid variable: '" + variable + "'");
        }
        String field = variable.substring(1).toLowerCase(Locale.ROOT);
        return switch (operator.toLowerCase(Locale.ROOT)) {
            case "eq" -> new FieldCondition(field, false, value);
            case "starts-with" -> new FieldCondition(field, true, value);
            default -> throw PostPolicy.invalid("Invalid condition operator: '" + operator + "'");
        };
    }

    /** A media type with commas is a list, each of which must begin so, as AWS has it. */
    boolean holds(String actual) {
        if (!prefix) {
            return actual.equals(value);
        }
        if (field.equals(CONTENT_TYPE)) {
            return Arrays.stream(actual.split(",", -1)).map(String::trim).allMatch(type -> type.startsWith(value));
        }
        return actual.startsWith(value);
    }

    /** As an error tells it: {@code ["eq", "$acl", "private"]}. */
    String asWritten() {
        return "[\"" + (prefix ? "starts-with" : "eq") + "\", \"$" + field + "\", \"" + value + "\"]";
    }
}
