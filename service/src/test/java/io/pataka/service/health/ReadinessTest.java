package io.pataka.service.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.blob.VolumeStatus;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ReadinessTest {

    private static VolumeStatus volume(int number, String... failure) {
        return new VolumeStatus(
                number,
                Path.of("/v"),
                Set.of("STANDARD"),
                1,
                1,
                Optional.of(failure).filter(it -> it.length > 0).map(it -> it[0]));
    }

    @Test
    void aNodeWithAReadOnlyVolumeIsReady() {
        assertThat(Readiness.obstacle(List.of(volume(1), volume(2, "read only"), volume(3))))
                .isEmpty();
    }

    @Test
    void aNodeWithoutAVolumeThatWorksIsNot() {
        assertThat(Readiness.obstacle(List.of(volume(1, "read only"), volume(2, "gone"))))
                .contains("every volume has failed");
    }
}
