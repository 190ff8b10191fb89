package io.pataka.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {

    private final Pace pace = new Pace(1024, Duration.ofSeconds(30));

    private void waitFor(int seconds, long bytes) {
        pace.moved(bytes, TimeUnit.SECONDS.toNanos(seconds));
    }

    @Test
    void waitsPatiently() {
        waitFor(30, 1);
        assertThat(pace.isTooSlow()).isFalse();
        waitFor(1, 1);
        assertThat(pace.isTooSlow()).isTrue();
    }

    @Test
    void countsTheAverage() {
        for (int second = 0; second < 1000; second++) {
            waitFor(1, 1024);
            assertThat(pace.isTooSlow()).isFalse();
        }
        waitFor(31, 0);
        assertThat(pace.isTooSlow()).isTrue();
    }

    @Test
    void aPauseIsAllowedAfterFastBytes() {
        waitFor(1, 4 << 20);
        waitFor(120, 1);
        assertThat(pace.isTooSlow()).isFalse();
    }

    @Test
    void ignoresThePaceIfNoneIsSet() {
        Pace any = new Pace(0, Duration.ofSeconds(1));
        any.moved(0, TimeUnit.DAYS.toNanos(1));
        assertThat(any.isTooSlow()).isFalse();
    }
}
