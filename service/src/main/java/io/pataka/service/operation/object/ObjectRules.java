package io.pataka.service.operation.object;

import java.util.Set;

/**
 * What the settings say of objects.
 *
 * @param maxPutSize the most bytes of one PutObject; Amazon has 5 GiB
 * @param storageClasses the names, beside {@code STANDARD}, of the classes that clients may put objects in
 */
public record ObjectRules(long maxPutSize, Set<String> storageClasses) {

    /** Amazon's limit, and no class but {@code STANDARD}. */
    public static final ObjectRules STANDARD = new ObjectRules(5L << 30, Set.of());

    public ObjectRules {
        if (maxPutSize < 1) {
            throw new IllegalArgumentException("the largest object has at least one byte");
        }
        storageClasses = Set.copyOf(storageClasses);
    }
}
