package io.pataka.service.access.policy;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** The Action or NotAction of a statement. */
final class ActionSet {

    private final BitSet known = new BitSet();
    private final List<Glob> patterns = new ArrayList<>();
    private final List<BitSet> each = new ArrayList<>();
    private final boolean negated;

    private ActionSet(boolean negated) {
        this.negated = negated;
    }

    /**
     * @throws MalformedPolicyException for a pattern that matches no action which the policy of the subject may name
     */
    static ActionSet parse(List<String> written, boolean negated, PolicySubject subject, Place place)
            throws MalformedPolicyException {
        ActionSet actions = new ActionSet(negated);
        BitSet nameable = PolicyActions.on(subject.targets());
        for (String text : written) {
            Glob pattern = Glob.of(PolicyActions.folded(text));
            BitSet matching = PolicyActions.matching(pattern);
            matching.and(nameable);
            if (matching.isEmpty()) {
                throw place.malformed("Policy has invalid action", text);
            }
            actions.each.add(matching);
            actions.known.or(matching);
            actions.patterns.add(pattern);
        }
        if (negated) {
            actions.known.xor(nameable);
            actions.each.clear();
            actions.each.add(actions.known);
        }
        return actions;
    }

    /**
     * @param folded the action in lower case
     * @param number of the action; -1 for one that is not in the table, which patterns may match all the same
     */
    boolean contains(String folded, int number) {
        if (number >= 0) {
            return known.get(number);
        }
        return negated != patterns.stream().anyMatch(pattern -> pattern.matches(folded));
    }

    /** The actions of the table that are meant. */
    BitSet known() {
        return known;
    }

    /** For each pattern as written the actions that it matches; of a NotAction all that are meant. */
    List<BitSet> each() {
        return each;
    }
}
