package io.pataka.service.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class S3TimeTest {

    private static final Instant TIME = Instant.parse("1994-11-06T08:49:37.123456Z");

    @Test
    void writesWholeSeconds() {
        assertThat(S3Time.xml(TIME)).isEqualTo("1994-11-06T08:49:37.000Z");
        assertThat(S3Time.xml(Instant.parse("2024-01-01T00:00:00Z"))).isEqualTo("2024-01-01T00:00:00.000Z");
        assertThat(S3Time.header(TIME)).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
        assertThat(S3Time.header(Instant.parse("2024-01-01T00:00:00Z"))).isEqualTo("Mon, 01 Jan 2024 00:00:00 GMT");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"})
    void readsTheThreeFormsOfAHeader(String text) {
        assertThat(S3Time.readHeader(text)).contains(Instant.parse("1994-11-06T08:49:37Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "Sun, 06 Nov 1994 08:49:37", "1994-11-06T08:49:37Z", "0"})
    void passesOverWhatIsNoDate(String text) {
        assertThat(S3Time.readHeader(text)).isEmpty();
    }

    @Test
    void readsTimesOfDocuments() {
        assertThat(S3Time.readXml("1994-11-06T08:49:37Z")).contains(Instant.parse("1994-11-06T08:49:37Z"));
        assertThat(S3Time.readXml("1994-11-06T08:49:37.5")).contains(Instant.parse("1994-11-06T08:49:37.5Z"));
        assertThat(S3Time.readXml("soon")).isEmpty();
    }
}
