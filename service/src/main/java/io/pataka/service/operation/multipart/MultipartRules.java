package io.pataka.service.operation.multipart;

import java.util.Set;

/**
 * What the settings say about uploads.
 *
 * @param storageClasses the classes beside {@code STANDARD}
 * @param maxPartSize bytes of the largest part
 */
public record MultipartRules(Set<String> storageClasses, long maxPartSize) {

    public MultipartRules {
        storageClasses = Set.copyOf(storageClasses);
    }
}
