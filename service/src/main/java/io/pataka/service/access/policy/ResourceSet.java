package io.pataka.service.access.policy;

import io.pataka.service.access.policy.PolicyActions.Target;
import io.pataka.service.access.policy.TextPattern.Grammar;
import io.pataka.service.model.BucketName;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The Resource or NotResource of a statement. */
final class ResourceSet {

    private static final String ARN = "arn:aws:s3:::";

    private final List<TextPattern> patterns = new ArrayList<>();
    private final Set<Target> targets = EnumSet.noneOf(Target.class);
    private final boolean negated;

    private ResourceSet(boolean negated) {
        this.negated = negated;
    }

    /**
     * @throws MalformedPolicyException for a resource that is neither in the bucket nor could be
     */
    static ResourceSet parse(List<String> written, boolean negated, boolean variables, BucketName bucket, Place place)
            throws MalformedPolicyException {
        ResourceSet resources = new ResourceSet(negated);
        String bucketArn = ARN + bucket.text();
        for (String text : written) {
            if (!text.startsWith(ARN) && !text.equals("*")) {
                throw place.malformed("Policy has invalid resource", text);
            }
            TextPattern pattern = TextPattern.parse(text, Grammar.of(true, variables), false, place);
            boolean onBucket = pattern.outline().matches(bucketArn);
            if (!onBucket && !pattern.outline().matchesSomeFrom(bucketArn + "/")) {
                throw place.malformed("Policy has invalid resource", text);
            }
            if (onBucket) {
                resources.targets.add(Target.BUCKET);
            }
            if (pattern.outline().matchesSomeLongerThan(bucketArn + "/")) {
                resources.targets.add(Target.OBJECT);
            }
            resources.patterns.add(pattern);
        }
        if (negated) {
            resources.targets.add(Target.BUCKET);
            resources.targets.add(Target.OBJECT);
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

    /** Whether the bucket itself is meant, objects in it, or both. */
    Set<Target> targets() {
        return targets;
    }

    Set<String> variables() {
        Set<String> keys = new LinkedHashSet<>();
        patterns.forEach(pattern -> keys.addAll(pattern.variables()));
        return keys;
    }
}
