package io.pataka.service.operation.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.protocol.Parameters;
import io.pataka.service.protocol.S3Exception;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsagePeriodTest {

    private static final Instant NOW = Instant.parse("2026-08-06T09:30:00Z");

    private static UsagePeriod period(String query) {
        return UsagePeriod.of(Parameters.parse(query), "start-date", "end-date", NOW);
    }

    @Test
    void isTheLastDayIfNoDateIsNamed() {
        UsagePeriod period = period("usage");

        assertThat(period.from()).isEqualTo("2026-08-05T10:00:00Z");
        assertThat(period.to()).isEqualTo("2026-08-06T10:00:00Z");
        assertThat(period.named()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-08-01, 2026-08-01T00:00:00Z",
        "2026-08-01%2012:34:56, 2026-08-01T12:00:00Z",
        "2026-08-01+12:34:56, 2026-08-01T12:00:00Z",
        "2026-08-01T12:00:00Z, 2026-08-01T12:00:00Z"
    })
    void beginsWithTheHourOfTheFirstDate(String date, Instant from) {
        UsagePeriod period = period("usage&start-date=" + date);

        assertThat(period.from()).isEqualTo(from);
        assertThat(period.to()).isEqualTo("2026-08-06T10:00:00Z");
        assertThat(period.named()).isTrue();
    }

    @Test
    void endsBeforeTheHourOfTheLastDate() {
        UsagePeriod period = period("usage&end-date=2026-08-01");

        assertThat(period.from()).isEqualTo(Instant.EPOCH);
        assertThat(period.to()).isEqualTo("2026-08-01T00:00:00Z");
        assertThat(period.named()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"yesterday", "2026-13-01", "2026-08-01%2025:00:00", "2026-08-01%20", "20260801", "2026-02-30"})
    void refusesWhatIsNoDate(String date) {
        assertThatThrownBy(() -> period("usage&start-date=" + date))
                .isInstanceOf(S3Exception.class)
                .hasMessageContaining("start-date");
    }
}
