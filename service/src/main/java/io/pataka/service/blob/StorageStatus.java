package io.pataka.service.blob;

import java.util.Optional;
import java.util.Set;

/**
 * The state of one store.
 *
 * @param number as in the ids of its blobs
 * @param name in words for the operator, with the place where the store is: {@code volume 1 at /srv/1}
 * @param storageClasses of the objects that it takes; none when it is read-only
 * @param usable bytes that can still be written, the reserve included
 * @param total bytes of the store
 * @param failure why nothing is written to it; empty while it works
 */
public record StorageStatus(
        int number, String name, Set<String> storageClasses, long usable, long total, Optional<String> failure) {}
