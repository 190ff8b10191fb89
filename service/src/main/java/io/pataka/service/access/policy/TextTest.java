package io.pataka.service.access.policy;

import io.pataka.service.access.policy.TextPattern.Grammar;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The String operators. */
final class TextTest implements ValueTest {

    private final Set<String> fixed = new HashSet<>();
    private final List<TextPattern> open = new ArrayList<>();
    private final boolean ignoresCase;

    private TextTest(boolean ignoresCase) {
        this.ignoresCase = ignoresCase;
    }

    static TextTest of(List<String> values, Grammar grammar, boolean ignoresCase, Place place)
            throws MalformedPolicyException {
        TextTest test = new TextTest(ignoresCase);
        for (String value : values) {
            TextPattern pattern = TextPattern.parse(value, grammar, ignoresCase, place);
            Optional<String> only = pattern.fixed();
            if (only.isPresent()) {
                test.fixed.add(only.get());
            } else {
                test.open.add(pattern);
            }
        }
        return test;
    }

    @Override
    public boolean matches(String value, PolicyQuestion question) {
        if (fixed.contains(ignoresCase ? value.toLowerCase(Locale.ROOT) : value)) {
            return true;
        }
        for (TextPattern pattern : open) {
            if (pattern.matches(value, question)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Set<String> variables() {
        Set<String> keys = new LinkedHashSet<>();
        open.forEach(pattern -> keys.addAll(pattern.variables()));
        return keys;
    }

    @Override
    public boolean isNarrow() {
        return open.isEmpty();
    }
}
