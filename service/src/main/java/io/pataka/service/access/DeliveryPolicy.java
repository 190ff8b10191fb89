package io.pataka.service.access;

import io.pataka.service.access.policy.PolicyJudgement.Effect;
import io.pataka.service.access.policy.ServiceQuestion;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.Bucket;
import java.time.Clock;
import java.util.Objects;

/**
 * Judges whether a service may put objects into one bucket on behalf of another. The policy of the bucket must allow it, also if both have
 * the same owner.
 */
public final class DeliveryPolicy {

    private final String service;
    private final BucketAccessCache settings;
    private final Clock clock;

    /**
     * @param service the principal that policies name: {@code s3.amazonaws.com}
     */
    public DeliveryPolicy(String service, BucketCatalog buckets, Clock clock) {
        this.service = Objects.requireNonNull(service);
        this.settings = new BucketAccessCache(buckets);
        this.clock = Objects.requireNonNull(clock);
    }

    /**
     * @param source for which the service acts
     * @param target whose policy is asked
     * @param key of the object
     */
    public boolean allows(Bucket source, Bucket target, String key) {
        ServiceQuestion question = ServiceQuestion.putObject(service, source, target, key, clock.instant());
        return settings.of(target)
                .policy()
                .filter(policy -> policy.judge(question).effect() == Effect.ALLOW)
                .isPresent();
    }
}
