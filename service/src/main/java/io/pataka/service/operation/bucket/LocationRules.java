package io.pataka.service.operation.bucket;

import io.pataka.service.operation.AmazonRegions;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;

/**
 * Which {@code LocationConstraint} a new bucket may have: none, this region's name, or Amazon's first region, which clients send
 * that know no other.
 */
final class LocationRules {

    /** Amazon's first region, whose buckets have an empty location. */
    static final String FIRST_REGION = "us-east-1";

    /** The name that botocore before 1.30, and so Debian's aws-cli, sends when no region is configured. */
    private static final String FIRST_REGION_UNSET = "aws-global";

    /** The older name of {@code eu-west-1}, which is a constraint and no region. */
    private static final String EUROPE = "EU";

    private final String region;

    LocationRules(String region) {
        this.region = region;
    }

    /**
     * @throws S3Exception IllegalLocationConstraintException for a region of Amazon's; InvalidLocationConstraint for others
     */
    void require(String constraint) {
        if (constraint.isEmpty()
                || constraint.equals(region)
                || constraint.equals(FIRST_REGION)
                || constraint.equals(FIRST_REGION_UNSET)) {
            return;
        }
        if (constraint.equals(EUROPE) || AmazonRegions.mayHave(constraint)) {
            throw new S3Exception(
                    S3Error.ILLEGAL_LOCATION_CONSTRAINT,
                    "The " + constraint
                            + " location constraint is incompatible for the region specific endpoint this request"
                            + " was sent to.");
        }
        throw new S3Exception(S3Error.INVALID_LOCATION_CONSTRAINT).with("LocationConstraint", constraint);
    }
}
