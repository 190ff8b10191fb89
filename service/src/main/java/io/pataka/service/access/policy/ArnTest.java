package io.pataka.service.access.policy;

import io.pataka.service.access.policy.TextPattern.Grammar;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The Arn operators: each of an ARN's six parts is compared by itself, so that a wildcard does not reach past a colon. */
final class ArnTest implements ValueTest {

    private static final int PARTS = 6;

    private final List<List<TextPattern>> arns = new ArrayList<>();

    private ArnTest() {}

    static ArnTest of(List<String> values, boolean variables, Place place) throws MalformedPolicyException {
        ArnTest test = new ArnTest();
        for (String value : values) {
            List<String> parts = value.equals("*") ? List.of("*", "*", "*", "*", "*", "*") : split(value, variables);
            if (parts.size() != PARTS) {
                throw place.malformed("Policy has an invalid ARN in a condition", value);
            }
            List<TextPattern> patterns = new ArrayList<>(PARTS);
            for (String part : parts) {
                patterns.add(TextPattern.parse(part, Grammar.of(true, variables), false, place));
            }
            test.arns.add(patterns);
        }
        return test;
    }

    /** At the first five colons that are not inside a variable. */
    private static List<String> split(String arn, boolean variables) {
        List<String> parts = new ArrayList<>(PARTS);
        int from = 0;
        boolean inVariable = false;
        for (int i = 0; i < arn.length() && parts.size() < PARTS - 1; i++) {
            char c = arn.charAt(i);
            if (variables && c == '$' && arn.startsWith("{", i + 1)) {
                inVariable = true;
            } else if (c == '}') {
                inVariable = false;
            } else if (c == ':' && !inVariable) {
                parts.add(arn.substring(from, i));
                from = i + 1;
            }
        }
        parts.add(arn.substring(from));
        return parts;
    }

    @Override
    public boolean matches(String value, PolicyQuestion question) {
        List<String> asked = split(value, false);
        return asked.size() == PARTS && arns.stream().anyMatch(arn -> matches(arn, asked, question));
    }

    private static boolean matches(List<TextPattern> arn, List<String> asked, PolicyQuestion question) {
        for (int i = 0; i < PARTS; i++) {
            if (!arn.get(i).matches(asked.get(i), question)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Set<String> variables() {
        Set<String> keys = new LinkedHashSet<>();
        arns.forEach(arn -> arn.forEach(part -> keys.addAll(part.variables())));
        return keys;
    }

    @Override
    public boolean isNarrow() {
        return arns.stream()
                .allMatch(arn -> arn.stream().allMatch(part -> part.fixed().isPresent()));
    }
}
