package io.pataka.service.blob;

import io.pataka.service.model.ObjectFacts;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;

/**
 * A volume as the operator configures it.
 *
 * @param number 0 to 65,535, unique in the cluster and never changed: it is part of the ids of the blobs on the volume
 * @param path a directory, usually the mount point of a disk of its own
 * @param storageClasses what new objects the volume takes; only {@code STANDARD} when not set; none makes it read-only
 */
public record VolumeSettings(int number, Path path, Set<String> storageClasses) {

    public VolumeSettings {
        if (number < 0 || number > 0xFFFF) {
            throw new IllegalArgumentException("a volume's number is 0 to 65535, not " + number);
        }
        Objects.requireNonNull(path);
        storageClasses = storageClasses == null ? Set.of(ObjectFacts.STANDARD) : Set.copyOf(storageClasses);
    }
}
