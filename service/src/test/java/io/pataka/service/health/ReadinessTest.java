package io.pataka.service.health;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ReadinessTest {

    @Test
    void aNodeWithAVolumeThatTakesWritesIsReady() {
        assertThat(Readiness.obstacle(true)).isEmpty();
    }

    @Test
    void aNodeWithoutAVolumeThatTakesWritesIsNot() {
        assertThat(Readiness.obstacle(false)).contains("every volume has failed");
    }
}
