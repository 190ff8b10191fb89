package io.pataka.service.health;

import io.pataka.service.blob.VolumeStatus;
import java.util.List;
import java.util.Optional;

/**
 * Whether a proxy should send requests to this node. Only what is wrong with this node alone counts. Database and Keystone are the
 * same for all nodes: without this node the others would be no better off, and this one still knows keys and answers in S3's words.
 */
public final class Readiness {

    private Readiness() {}

    /** Why another node would serve requests better: no volume works. One that does is enough, since the rest can be read. */
    public static Optional<String> obstacle(List<VolumeStatus> volumes) {
        return volumes.stream().allMatch(volume -> volume.failure().isPresent())
                ? Optional.of("every volume has failed")
                : Optional.empty();
    }
}
