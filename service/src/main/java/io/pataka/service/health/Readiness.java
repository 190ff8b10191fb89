package io.pataka.service.health;

import java.util.Optional;

/**
 * Whether a proxy should send requests to this node. Only what is wrong with this node alone counts. All nodes share the database
 * and Keystone, so while one of those is down, no other node would answer better. This node still has keys in its cache, and its
 * errors are S3 documents.
 */
public final class Readiness {

    private Readiness() {}

    /**
     * Why another node would serve requests better.
     *
     * @param takesWrites whether at least one store takes writes; the others can still be read
     */
    public static Optional<String> obstacle(boolean takesWrites) {
        return takesWrites ? Optional.empty() : Optional.of("every volume has failed");
    }
}
