package io.pataka.service.operation.bucket;

import io.pataka.service.access.ObjectOwnership;
import io.pataka.service.model.BucketName;
import java.util.Objects;

/**
 * What the settings say of buckets.
 *
 * @param region where all buckets are
 * @param strictNames Amazon's naming rules; otherwise Ceph's relaxed ones
 * @param perOwner the most buckets of one owner; 0 for no limit
 * @param ownership the rule of a new bucket whose maker names none
 */
public record BucketRules(String region, boolean strictNames, int perOwner, ObjectOwnership ownership) {

    public BucketRules {
        Objects.requireNonNull(region);
        Objects.requireNonNull(ownership);
        if (perOwner < 0) {
            throw new IllegalArgumentException("a limit of buckets is not negative");
        }
    }

    boolean allows(BucketName name) {
        return strictNames ? name.isStrict() : name.isStrict() || name.isRelaxed();
    }
}
