package io.pataka.service.logging;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.model.Bucket;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.Owner;
import io.pataka.service.protocol.KeyFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogObjectNamesTest {

    private static final Instant NOW = Instant.parse("2026-11-28T23:05:09.999Z");

    private static final Bucket SOURCE = new Bucket(
            1,
            new BucketName("source"),
            new Owner("project", "Project"),
            NOW,
            Bucket.Versioning.OFF,
            false,
            Optional.empty(),
            false,
            0);

    private static LogObjectNames names(String prefix, LogKeyFormat format) {
        LoggingConfiguration configuration = new LoggingConfiguration(
                new BucketName("logs"),
                prefix,
                format,
                LoggingConfiguration.Type.STANDARD,
                Duration.ofMinutes(5),
                0,
                KeyFilter.ALL);
        return LogObjectNames.of(configuration, SOURCE, "RegionOne");
    }

    @ParameterizedTest
    @CsvSource({
        "log/, SIMPLE, log/2026-11-28-23-05-09-0000000042",
        "'', SIMPLE, 2026-11-28-23-05-09-0000000042",
        "log/, PARTITIONED_BY_DELIVERY, log/project/RegionOne/source/2026/11/28/2026-11-28-23-05-09-0000000042",
        "'', PARTITIONED_BY_DELIVERY, project/RegionOne/source/2026/11/28/2026-11-28-23-05-09-0000000042",
        "log/, PARTITIONED_BY_EVENT, log/project/RegionOne/source/2026/11/28/2026-11-28-00-00-00-0000000042",
    })
    void aKeyHasPrefixTimeAndNumber(String prefix, LogKeyFormat format, String expected) {
        assertThat(names(prefix, format).key(NOW, 42).toString()).matches(expected + "[0-9A-Z]{6}");
    }

    @Test
    void laterObjectsOfOneSecondHaveGreaterKeys() {
        LogObjectNames names = names("log/", LogKeyFormat.SIMPLE);
        assertThat(names.key(NOW, 9)).isLessThan(names.key(NOW, 10));
        assertThat(names.key(NOW, 10)).isNotEqualTo(names.key(NOW, 10));
    }

    @ParameterizedTest
    @CsvSource({"SIMPLE, false", "PARTITIONED_BY_DELIVERY, false", "PARTITIONED_BY_EVENT, true"})
    void theStoredTextSaysAll(LogKeyFormat format, boolean byDay) {
        LogObjectNames names = names("log E/", format);
        assertThat(LogObjectNames.parse(names.text())).isEqualTo(names);
        assertThat(names.isByDay()).isEqualTo(byDay);
        assertThat(names.prefix(SOURCE, "RegionOne")).isEqualTo("log E/");
    }

    @Test
    void aPrefixMustLeaveSpaceForTheRest() {
        int rest = names("", LogKeyFormat.SIMPLE).key(NOW, 1).length() + "2026/11/28/".length();
        assertThat(names("x".repeat(1024 - rest), LogKeyFormat.SIMPLE).areTooLong())
                .isFalse();
        assertThat(names("x".repeat(1025 - rest), LogKeyFormat.SIMPLE).areTooLong())
                .isTrue();
        assertThat(names("ü".repeat(500), LogKeyFormat.SIMPLE).areTooLong()).isTrue();
        assertThat(names("x".repeat(970), LogKeyFormat.PARTITIONED_BY_DELIVERY).areTooLong())
                .isTrue();
    }
}
