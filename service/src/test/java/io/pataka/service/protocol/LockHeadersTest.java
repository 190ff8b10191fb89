package io.pataka.service.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;

import io.pataka.service.model.ObjectLock;
import io.pataka.service.model.Retention;
import io.pataka.service.model.RetentionMode;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LockHeadersTest {

    private static final String MODE = "x-amz-object-lock-mode";
    private static final String UNTIL = "x-amz-object-lock-retain-until-date";
    private static final String HOLD = "x-amz-object-lock-legal-hold";
    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

    private static ObjectLock read(Map<String, String> headers) {
        return LockHeaders.read(RequestHeaders.of(headers), NOW);
    }

    private static S3Exception refused(Map<String, String> headers) {
        return catchThrowableOfType(S3Exception.class, () -> read(headers));
    }

    @Test
    void aRequestWithoutTheHeadersAsksForNoLock() {
        assertThat(read(Map.of("x-amz-acl", "private"))).isEqualTo(ObjectLock.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "2030-01-01T00:00:00Z, 2030-01-01T00:00:00Z",
        "2140-01-01T00:00:00.000Z, 2140-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z, 9999-12-31T23:59:59Z",
        "9999-12-31T23:59:59.998001Z, 9999-12-31T23:59:59.999Z",
        "2030-01-01T00:00:00.123Z, 2030-01-01T00:00:00.123Z",
        "2030-01-01T00:00:00.123001Z, 2030-01-01T00:00:00.124Z",
        "2030-01-01T00:00:00.1239999Z, 2030-01-01T00:00:00.124Z",
        "2030-01-01T02:00:00+02:00, 2030-01-01T00:00:00Z",
        "2030-01-01T00:00:00, 2030-01-01T00:00:00Z",
        "2026-11-28T12:00:00.001Z, 2026-11-28T12:00:00.001Z",
    })
    void aDateIsReadToTheMillisecondAndRoundedUp(String sent, Instant until) {
        for (RetentionMode mode : RetentionMode.values()) {
            assertThat(read(Map.of(MODE, mode.name(), UNTIL, sent)))
                    .isEqualTo(new ObjectLock(Optional.of(new Retention(mode, until)), false));
        }
    }

    @Test
    void aHoldNeedsNoRetentionAndOneThatIsOffIsAHoldThatWasSet() {
        assertThat(read(Map.of(HOLD, "ON"))).isEqualTo(new ObjectLock(Optional.empty(), true));
        ObjectLock off = read(Map.of(HOLD, "OFF"));
        assertThat(off.hold()).contains(false);
        assertThat(off.legalHold()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "governance", "Governance", "GOVERNANCE ", "LOCKED"})
    void anUnknownModeIsRefused(String mode) {
        S3Exception refusal = refused(Map.of(MODE, mode, UNTIL, "2030-01-01T00:00:00Z"));

        assertThat(refusal.error()).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(refusal).hasMessage("Unknown wormMode directive.");
        assertThat(refusal.details()).contains(entry("ArgumentName", MODE), entry("ArgumentValue", mode));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "on", "off", "On", "true", "ON "})
    void anUnknownHoldIsRefused(String hold) {
        S3Exception refusal = refused(Map.of(HOLD, hold));

        assertThat(refusal.error()).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(refusal).hasMessage("Legal Hold must be either of 'ON' or 'OFF'");
        assertThat(refusal.details()).contains(entry("ArgumentName", HOLD), entry("ArgumentValue", hold));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tomorrow",
                "20300101",
                "2030-01-01",
                "1893456000",
                "Tue, 01 Jan 2030 00:00:00 GMT",
                "+10000-01-01T00:00:00Z",
                "9999-12-31T23:59:59.9990001Z",
                "2030-13-01T00:00:00Z"
            })
    void aDateOfAnotherFormIsRefused(String until) {
        S3Exception refusal = refused(Map.of(MODE, "GOVERNANCE", UNTIL, until));

        assertThat(refusal.error()).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(refusal).hasMessage("The retain until date must be provided in ISO 8601 format");
        assertThat(refusal.details()).contains(entry("ArgumentName", UNTIL), entry("ArgumentValue", until));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1960-01-01T00:00:00Z", "2026-11-28T11:59:59Z", "2026-11-28T12:00:00Z"})
    void aDateThatIsNotInTheFutureIsRefused(String until) {
        S3Exception refusal = refused(Map.of(MODE, "COMPLIANCE", UNTIL, until));

        assertThat(refusal.error()).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(refusal).hasMessage("The retain until date must be in the future!");
    }

    @Test
    void aModeAndADateComeTogether() {
        String message = "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied";
        S3Exception modeAlone = refused(Map.of(MODE, "GOVERNANCE", HOLD, "ON"));
        S3Exception dateAlone = refused(Map.of(UNTIL, "2030-01-01T00:00:00Z"));

        assertThat(modeAlone).hasMessage(message);
        assertThat(modeAlone.error()).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(modeAlone.details()).containsEntry("ArgumentName", UNTIL);
        assertThat(dateAlone).hasMessage(message);
        assertThat(dateAlone.details()).containsEntry("ArgumentName", MODE);
    }

    @Test
    void theHeadersOfALockAreReadAsTheSameLock() {
        Map<String, String> headers = Map.of(MODE, "COMPLIANCE", UNTIL, "2140-01-01T00:00:00.007Z", HOLD, "OFF");

        assertThat(LockHeaders.of(read(headers))).containsExactlyInAnyOrderEntriesOf(new TreeMap<>(headers));
        assertThat(LockHeaders.of(ObjectLock.NONE)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"true, true", "TRUE, true", "True, true", "false, false", "'', false", "1, false", "yes, false"})
    void aBypassIsAskedForByTheWordTrue(String value, boolean asked) {
        assertThat(LockHeaders.asksForBypass(RequestHeaders.of(Map.of("x-amz-bypass-governance-retention", value))))
                .isEqualTo(asked);
        assertThat(LockHeaders.asksForBypass(RequestHeaders.none())).isFalse();
    }
}
