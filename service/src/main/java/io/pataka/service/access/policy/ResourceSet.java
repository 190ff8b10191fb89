package io.pataka.service.access.policy;

import io.pataka.service.access.policy.PolicyActions.Target;
import io.pataka.service.access.policy.TextPattern.Grammar;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The Resource or NotResource of a statement. */
final class ResourceSet {

    private final List<TextPattern> patterns = new ArrayList<>();
    private final Set<Target> targets = EnumSet.noneOf(Target.class);
    private final boolean negated;

    private ResourceSet(boolean negated) {
        this.negated = negated;
    }

    /**
     * @throws MalformedPolicyException for a resource that is neither the subject nor could be inside it
     */
    static ResourceSet parse(
            List<String> written, boolean negated, boolean variables, PolicySubject subject, Place place)
            throws MalformedPolicyException {
        ResourceSet resources = new ResourceSet(negated);
        for (String text : written) {
            if (!text.startsWith(subject.anyArn()) && !text.equals("*")) {
                throw place.malformed("Policy has invalid resource", text);
            }
            TextPattern pattern = TextPattern.parse(text, Grammar.of(true, variables), false, place);
            boolean isSubject = pattern.outline().matches(subject.arn());
            boolean isInside = subject.holdsOthers() && pattern.outline().matchesSomeFrom(subject.arn() + "/");
            if (!isSubject && !isInside) {
                throw place.malformed("Policy has invalid resource", text);
            }
            if (isSubject) {
                resources.targets.add(subject.itself());
            }
            if (isInside && pattern.outline().matchesSomeLongerThan(subject.arn() + "/")) {
                resources.targets.add(subject.inside());
            }
            resources.patterns.add(pattern);
        }
        if (negated) {
            resources.targets.add(subject.itself());
            resources.targets.add(subject.inside());
        }
        return resources;
    }

    boolean contains(PolicyQuestion question) {
        String resource = question.resource();
        for (TextPattern pattern : patterns) {
            if (pattern.matches(resource, question)) {
                return !negated;
            }
        }
        return negated;
    }

    /** Whether the subject itself is meant, what is inside it, or both. */
    Set<Target> targets() {
        return targets;
    }

    Set<String> variables() {
        Set<String> keys = new LinkedHashSet<>();
        patterns.forEach(pattern -> keys.addAll(pattern.variables()));
        return keys;
    }
}
