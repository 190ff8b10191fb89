package io.pataka.service.access.policy;

import java.util.List;
import java.util.Optional;

/** What a policy is asked: whether a principal may do an action to a resource, and the conditions of the request. */
public interface PolicyQuestion {

    PolicyPrincipal principal();

    /** {@code s3:GetObject}. */
    String action();

    /** {@code arn:aws:s3:::bucket} or {@code arn:aws:s3:::bucket/key}. */
    String resource();

    /**
     * What the request says of a condition key.
     *
     * @param conditionKey spelled as AWS spells it: {@code aws:SourceIp}, {@code s3:ExistingObjectTag/security}
     * @return empty when the key is not in the request; more than one value only for a key that AWS calls multivalued
     */
    List<String> values(String conditionKey);

    /** What is known already of the request's conditions; empty when it asks about one object. */
    default Optional<ConditionMemory> memory() {
        return Optional.empty();
    }
}
