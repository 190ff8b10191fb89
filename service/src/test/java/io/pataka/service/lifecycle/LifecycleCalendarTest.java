package io.pataka.service.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LifecycleCalendarTest {

    private static final LifecycleCalendar REAL = new LifecycleCalendar(Duration.ofDays(1));
    private static final LifecycleCalendar SHORT = new LifecycleCalendar(Duration.ofSeconds(10));

    @Test
    void aPeriodEndsAtTheNextMidnight() {
        Instant morning = Instant.parse("2026-01-15T10:30:00Z");
        assertThat(REAL.due(morning, 3)).isEqualTo("2026-01-19T00:00:00Z");
        assertThat(REAL.due(morning, 0)).isEqualTo("2026-01-16T00:00:00Z");
    }

    @Test
    void aPeriodThatBeginsAtMidnightEndsAtMidnight() {
        Instant midnight = Instant.parse("2026-01-15T00:00:00Z");
        assertThat(REAL.due(midnight, 3)).isEqualTo("2026-01-18T00:00:00Z");
        assertThat(REAL.due(midnight.plusNanos(1000), 3)).isEqualTo("2026-01-19T00:00:00Z");
    }

    @Test
    void aPeriodOfShortDaysEndsExactly() {
        Instant morning = Instant.parse("2026-01-15T10:30:01Z");
        assertThat(SHORT.due(morning, 3)).isEqualTo("2026-01-15T10:30:31Z");
    }

    @Test
    void whatBeganBeforeTheBoundIsDueAndNothingElse() {
        Instant now = Instant.parse("2026-01-19T12:00:00.123456Z");
        for (LifecycleCalendar calendar : new LifecycleCalendar[] {REAL, SHORT}) {
            for (int days = 0; days < 5; days++) {
                Instant bound = calendar.dueBefore(days, now);
                assertThat(calendar.due(bound.minusNanos(1000), days)).isBeforeOrEqualTo(now);
                assertThat(calendar.due(bound, days)).isAfter(now);
            }
        }
    }

    @Test
    void noAgeIsTooGreat() {
        Instant now = Instant.parse("2026-01-19T12:00:00Z");
        assertThat(REAL.dueBefore(Integer.MAX_VALUE, now)).isEqualTo(Instant.EPOCH);
        assertThat(REAL.due(now, Integer.MAX_VALUE)).isAfter(now);
    }
}
