package io.pataka.service.operation.lock;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pataka.service.model.DefaultRetention;
import io.pataka.service.model.Retention;
import io.pataka.service.model.RetentionMode;
import io.pataka.service.protocol.S3Exception;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The documents of object lock. */
final class LockDocumentsTest {

    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

    private static Optional<DefaultRetention> configuration(String content) {
        String document = "<ObjectLockConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" + content
                + "</ObjectLockConfiguration>";
        return LockConfigurationXml.read(document.getBytes(UTF_8));
    }

    private static Optional<DefaultRetention> rule(String content) {
        return configuration("<ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention>" + content
                + "</DefaultRetention></Rule>");
    }

    private static Optional<Retention> retention(String content) {
        return RetentionXml.read(("<Retention>" + content + "</Retention>").getBytes(UTF_8), NOW);
    }

    private static String code(org.assertj.core.api.ThrowableAssert.ThrowingCallable reading) {
        return catchThrowableOfType(S3Exception.class, reading).error().code();
    }

    @ParameterizedTest
    @CsvSource({
        "GOVERNANCE, 1, DAYS",
        "GOVERNANCE, 36500, DAYS",
        "COMPLIANCE, 1, YEARS",
        "COMPLIANCE, 100, YEARS",
    })
    void aDefaultRetentionIsReadAsItWasWritten(RetentionMode mode, int length, DefaultRetention.Unit unit) {
        DefaultRetention standard = new DefaultRetention(mode, length, unit);

        assertThat(LockConfigurationXml.read(LockConfigurationXml.write(Optional.of(standard))))
                .contains(standard);
    }

    @Test
    void aConfigurationMayHaveNoRule() {
        assertThat(configuration("<ObjectLockEnabled>Enabled</ObjectLockEnabled>"))
                .isEmpty();
        assertThat(LockConfigurationXml.read(LockConfigurationXml.write(Optional.empty())))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<Mode>GOVERNANCE</Mode><Days>1</Days><Years>1</Years> | MalformedXML",
                "<Mode>GOVERNANCE</Mode>                               | MalformedXML",
                "<Days>1</Days>                                        | MalformedXML",
                "<Mode>governance</Mode><Days>1</Days>                 | MalformedXML",
                "<Mode>abc</Mode><Years>1</Years>                      | MalformedXML",
                "<Mode>GOVERNANCE</Mode><Days>one</Days>               | MalformedXML",
                "<Mode>GOVERNANCE</Mode><Days/>                        | MalformedXML",
                "<Mode>GOVERNANCE</Mode><Days>1.5</Days>               | MalformedXML",
                "<Mode>GOVERNANCE</Mode><Days>1</Days><Days>1</Days>   | MalformedXML",
                "<Mode>GOVERNANCE</Mode><Days>1</Days><Other/>         | MalformedXML",
                "<Mode>GOVERNANCE</Mode><Days>0</Days>                 | InvalidRetentionPeriod",
                "<Mode>GOVERNANCE</Mode><Years>-1</Years>              | InvalidRetentionPeriod",
                "<Mode>GOVERNANCE</Mode><Days>36501</Days>             | InvalidRetentionPeriod",
                "<Mode>GOVERNANCE</Mode><Years>101</Years>             | InvalidRetentionPeriod",
                "<Mode>GOVERNANCE</Mode><Days>4294967297</Days>        | InvalidRetentionPeriod"
            })
    void aWrongDefaultRetentionIsRefused(String content, String code) {
        assertThat(code(() -> rule(content))).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''",
                "<ObjectLockEnabled>Disabled</ObjectLockEnabled>",
                "<ObjectLockEnabled>enabled</ObjectLockEnabled>",
                "<Rule><DefaultRetention><Mode>GOVERNANCE</Mode><Days>1</Days></DefaultRetention></Rule>",
                "<ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule/>",
                "<ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule/><Rule/>",
                "<ObjectLockEnabled>Enabled</ObjectLockEnabled><Other/>"
            })
    void aConfigurationOfAnotherFormIsMalformed(String content) {
        assertThat(code(() -> configuration(content))).isEqualTo("MalformedXML");
    }

    @Test
    void aRetentionIsReadAsItWasWritten() {
        Retention far = new Retention(RetentionMode.COMPLIANCE, Instant.parse("2140-01-01T00:00:00.005Z"));

        assertThat(RetentionXml.read(RetentionXml.write(far), NOW)).contains(far);
        assertThat(new String(RetentionXml.write(far), UTF_8))
                .contains("<Mode>COMPLIANCE</Mode><RetainUntilDate>2140-01-01T00:00:00.005Z</RetainUntilDate>");
        assertThat(retention("")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<Mode>GOVERNANCE</Mode>                                                       | MalformedXML",
                "<RetainUntilDate>2030-01-01T00:00:00Z</RetainUntilDate>                       | MalformedXML",
                "<Mode>governance</Mode><RetainUntilDate>2030-01-01T00:00:00Z</RetainUntilDate> | MalformedXML",
                "<Mode/><RetainUntilDate/>                                                     | MalformedXML",
                "<Mode>GOVERNANCE</Mode><RetainUntilDate>soon</RetainUntilDate>                | MalformedXML",
                "<Mode>GOVERNANCE</Mode><RetainUntilDate>+10000-01-01T00:00:00Z</RetainUntilDate> | MalformedXML",
                "<Mode>GOVERNANCE</Mode><RetainUntilDate>2030-01-01T00:00:00Z</RetainUntilDate><Other/> | MalformedXML",
                "text                                                                          | MalformedXML",
                "<Mode>GOVERNANCE</Mode><RetainUntilDate>2026-11-28T12:00:00Z</RetainUntilDate> | InvalidArgument"
            })
    void aWrongRetentionIsRefused(String content, String code) {
        assertThat(code(() -> retention(content))).isEqualTo(code);
    }

    @Test
    void aLegalHoldIsOnOrOff() {
        assertThat(LegalHoldXml.read(LegalHoldXml.write(true))).isTrue();
        assertThat(LegalHoldXml.read(LegalHoldXml.write(false))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''",
                "<Status/>",
                "<Status>abc</Status>",
                "<Status>on</Status>",
                "<Status>ON</Status><Other/>",
                "ON"
            })
    void aWrongLegalHoldIsMalformed(String content) {
        assertThat(code(() -> LegalHoldXml.read(("<LegalHold>" + content + "</LegalHold>").getBytes(UTF_8))))
                .isEqualTo("MalformedXML");
    }
}
