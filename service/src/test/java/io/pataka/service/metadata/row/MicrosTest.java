package io.pataka.service.metadata.row;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MicrosTest {

    @ParameterizedTest
    @CsvSource({
        "1970-01-01T00:00:00Z,       0",
        "2026-11-28T12:00:00.000001Z, 1795867200000001",
        "2262-04-11T23:47:16.854776Z, 9223372036854776",
        "9999-12-31T23:59:59.999999Z, 253402300799999999",
        "1969-12-31T23:59:59.999999Z, -1"
    })
    void countsInBothDirections(Instant moment, long micros) {
        assertThat(Micros.of(moment)).isEqualTo(micros);
        assertThat(Micros.toInstant(micros)).isEqualTo(moment);
    }

    @ParameterizedTest
    @CsvSource({"2026-11-28T12:00:00.000001999Z, 1795867200000001", "1969-12-31T23:59:59.999998001Z, -2"})
    void roundsDown(Instant moment, long micros) {
        assertThat(Micros.of(moment)).isEqualTo(micros);
    }
}
