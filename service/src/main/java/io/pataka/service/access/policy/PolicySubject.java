package io.pataka.service.access.policy;

import io.pataka.service.access.policy.PolicyActions.Target;
import io.pataka.service.model.BucketName;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * What a policy belongs to. All resources of the policy are it, or are inside it.
 *
 * @param arn its name in a policy
 * @param anyArn how the ARN of every such thing begins
 * @param itself what is done to it
 * @param inside what is done to what is inside it; {@link #itself} if nothing is
 */
record PolicySubject(String arn, String anyArn, Target itself, Target inside) {

    PolicySubject {
        Objects.requireNonNull(arn);
        Objects.requireNonNull(anyArn);
        Objects.requireNonNull(itself);
        Objects.requireNonNull(inside);
    }

    static PolicySubject bucket(BucketName name) {
        return new PolicySubject("arn:aws:s3:::" + name.text(), "arn:aws:s3:::", Target.BUCKET, Target.OBJECT);
    }

    static PolicySubject topic(String arn) {
        return new PolicySubject(arn, "arn:aws:sns:", Target.TOPIC, Target.TOPIC);
    }

    boolean holdsOthers() {
        return inside != itself;
    }

    /** The targets of actions that such a policy may name. */
    Set<Target> targets() {
        return holdsOthers() ? EnumSet.of(Target.SERVICE, itself, inside) : EnumSet.of(itself);
    }
}
