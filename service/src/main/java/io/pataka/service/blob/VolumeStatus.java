package io.pataka.service.blob;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * A volume as it is now.
 *
 * @param usable bytes that can still be written, the reserve included
 * @param total bytes of its filesystem
 * @param failure why nothing is written to it any more
 */
public record VolumeStatus(
        int number, Path path, Set<String> storageClasses, long usable, long total, Optional<String> failure) {}
