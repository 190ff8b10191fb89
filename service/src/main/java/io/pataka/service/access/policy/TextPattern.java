package io.pataka.service.access.policy;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A text of a policy in which wildcards and variables may stand: {@code arn:aws:s3:::home/${keystone:userid}/*}. What comes in
 * for a variable is text, and a star in it is no wildcard. A pattern with a variable that the request has no value for, and that
 * has no default, matches nothing.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html">AWS: variables</a>
 */
final class TextPattern {

    /** What may stand in a text beside plain characters. */
    enum Grammar {
        PLAIN(false, false),
        WILDCARDS(true, false),
        VARIABLES(false, true),
        BOTH(true, true);

        private final boolean wildcards;
        private final boolean variables;

        Grammar(boolean wildcards, boolean variables) {
            this.wildcards = wildcards;
            this.variables = variables;
        }

        static Grammar of(boolean wildcards, boolean variables) {
            if (wildcards) {
                return variables ? BOTH : WILDCARDS;
            }
            return variables ? VARIABLES : PLAIN;
        }
    }

    private sealed interface Part {
        record Text(String text) implements Part {}

        record Pattern(String pattern) implements Part {}

        record Variable(ConditionKey key, Optional<String> fallback) implements Part {}
    }

    private final List<Part> parts;
    private final boolean ignoresCase;
    private final Set<String> variables = new LinkedHashSet<>();
    private final Glob outline;

    private TextPattern(List<Part> parts, boolean ignoresCase) {
        this.parts = List.copyOf(parts);
        this.ignoresCase = ignoresCase;
        Glob.Builder glob = new Glob.Builder();
        for (Part part : this.parts) {
            if (part instanceof Part.Text text) {
                glob.literal(folded(text.text));
            } else if (part instanceof Part.Pattern pattern) {
                glob.pattern(folded(pattern.pattern));
            } else if (part instanceof Part.Variable variable) {
                variables.add(variable.key.name());
                glob.pattern("*");
            }
        }
        this.outline = glob.build();
    }

    /**
     * @throws MalformedPolicyException for a variable that is not closed, has several values, or is no condition key
     */
    static TextPattern parse(String text, Grammar grammar, boolean ignoresCase, Place place)
            throws MalformedPolicyException {
        List<Part> parts = new ArrayList<>();
        int from = 0;
        int dollar = grammar.variables ? text.indexOf("${") : -1;
        while (dollar >= 0) {
            addPlain(parts, text.substring(from, dollar), grammar);
            int end = endOf(text, dollar);
            if (end < 0) {
                throw place.malformed("Policy has an invalid variable", text);
            }
            parts.add(variable(text.substring(dollar + 2, end), place));
            from = end + 1;
            dollar = text.indexOf("${", from);
        }
        addPlain(parts, text.substring(from), grammar);
        return new TextPattern(parts, ignoresCase);
    }

    private static void addPlain(List<Part> parts, String text, Grammar grammar) {
        if (!text.isEmpty()) {
            parts.add(grammar.wildcards ? new Part.Pattern(text) : new Part.Text(text));
        }
    }

    /** The closing brace of a variable, which a default in apostrophes may hold, too; -1 for none. */
    private static int endOf(String text, int dollar) {
        boolean quoted = false;
        for (int i = dollar + 2; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\'') {
                quoted = !quoted;
            } else if (c == '}' && !quoted) {
                return i;
            }
        }
        return -1;
    }

    private static Part variable(String inside, Place place) throws MalformedPolicyException {
        if (inside.equals("*") || inside.equals("?") || inside.equals("$")) {
            return new Part.Text(inside);
        }
        int comma = inside.indexOf(',');
        String name = (comma < 0 ? inside : inside.substring(0, comma)).trim();
        ConditionKey key = ConditionKey.named(name)
                .filter(known -> !known.isMultivalued())
                .orElseThrow(() -> place.malformed("Policy has an invalid variable", name));
        if (comma < 0) {
            return new Part.Variable(key, Optional.empty());
        }
        String fallback = inside.substring(comma + 1).trim();
        if (fallback.length() < 2 || !fallback.startsWith("'") || !fallback.endsWith("'")) {
            throw place.malformed("Policy has an invalid variable", inside);
        }
        return new Part.Variable(key, Optional.of(fallback.substring(1, fallback.length() - 1)));
    }

    boolean matches(String text, PolicyQuestion question) {
        String asked = folded(text);
        if (variables.isEmpty()) {
            return outline.matches(asked);
        }
        // The outline is cheap, and rules out most.
        return outline.matches(asked)
                && resolved(question, asked.length())
                        .filter(glob -> glob.matches(asked))
                        .isPresent();
    }

    /**
     * Empty where a variable has no value, and where the values alone are longer than the text: a policy may name a long header a
     * thousand times.
     */
    private Optional<Glob> resolved(PolicyQuestion question, int length) {
        Glob.Builder glob = new Glob.Builder();
        int left = length;
        for (Part part : parts) {
            if (part instanceof Part.Text text) {
                glob.literal(folded(text.text));
            } else if (part instanceof Part.Pattern pattern) {
                glob.pattern(folded(pattern.pattern));
            } else if (part instanceof Part.Variable variable) {
                List<String> values = question.values(variable.key.name());
                Optional<String> value = values.isEmpty() ? variable.fallback : Optional.of(values.get(0));
                if (value.isEmpty()) {
                    return Optional.empty();
                }
                String literal = folded(value.get());
                left -= literal.length();
                if (left < 0) {
                    return Optional.empty();
                }
                glob.literal(literal);
            }
        }
        return Optional.of(glob.build());
    }

    /** Which texts could match if the variables stood for any text. */
    Glob outline() {
        return outline;
    }

    /** The condition keys whose values come in. */
    Set<String> variables() {
        return variables;
    }

    /** The one text that matches, as it is compared; empty where wildcards or variables leave it open. */
    Optional<String> fixed() {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            if (part instanceof Part.Text plain) {
                text.append(plain.text);
            } else if (part instanceof Part.Pattern pattern
                    && pattern.pattern.indexOf('*') < 0
                    && pattern.pattern.indexOf('?') < 0) {
                text.append(pattern.pattern);
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(folded(text.toString()));
    }

    private String folded(String text) {
        return ignoresCase ? text.toLowerCase(Locale.ROOT) : text;
    }
}
