package io.pataka.service.access;

import java.util.Arrays;
import java.util.Optional;

/**
 * Whose the objects of a bucket are that others write, and whether ACLs count.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html">AWS: object ownership</a>
 */
public enum ObjectOwnership {
    /** All objects are the bucket owner's, and ACLs count for nothing. */
    BUCKET_OWNER_ENFORCED("BucketOwnerEnforced"),
    /** An object is the bucket owner's if its writer gives the owner full control. */
    BUCKET_OWNER_PREFERRED("BucketOwnerPreferred"),
    /** An object is its writer's. A bucket about which nothing is said has this rule. */
    OBJECT_WRITER("ObjectWriter");

    private final String text;

    ObjectOwnership(String text) {
        this.text = text;
    }

    /** Amazon's name of the rule. */
    public String text() {
        return text;
    }

    /** The rule of that name. */
    public static Optional<ObjectOwnership> named(String text) {
        return Arrays.stream(values()).filter(rule -> rule.text.equals(text)).findFirst();
    }
}
