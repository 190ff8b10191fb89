package io.pataka.service.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class EarlierClockTest {

    private static final Clock REAL = Clock.systemUTC();
    private static final Duration HOUR = Duration.ofHours(1);

    private MetadataTestBed bed;

    @BeforeEach
    void open() {
        bed = new MetadataTestBed();
    }

    @AfterEach
    void close() {
        bed.close();
    }

    @Test
    void aNodeThatIsAheadGoesByTheDatabase() {
        Instant time = new EarlierClock(bed.database, Clock.offset(REAL, Duration.ofDays(400))).instant();
        assertThat(time).isBetween(REAL.instant().minus(HOUR), REAL.instant().plus(HOUR));
    }

    @Test
    void aNodeThatIsBehindGoesByItsOwnClock() {
        Clock behind = Clock.fixed(Instant.parse("2020-02-02T02:02:02Z"), REAL.getZone());
        assertThat(new EarlierClock(bed.database, behind).instant()).isEqualTo(behind.instant());
    }
}
