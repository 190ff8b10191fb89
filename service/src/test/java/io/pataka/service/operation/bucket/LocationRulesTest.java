package io.pataka.service.operation.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocationRulesTest {

    private final LocationRules rules = new LocationRules("here");

    @ParameterizedTest
    @ValueSource(strings = {"", "here", "us-east-1", "aws-global"})
    void takesItsOwnRegionAndTheFirst(String constraint) {
        assertThatCode(() -> rules.require(constraint)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "EU, ILLEGAL_LOCATION_CONSTRAINT",
        "eu-west-1, ILLEGAL_LOCATION_CONSTRAINT",
        "us-gov-west-1, ILLEGAL_LOCATION_CONSTRAINT",
        "there, INVALID_LOCATION_CONSTRAINT"
    })
    void refusesOthers(String constraint, S3Error error) {
        assertRefused(constraint, error);
    }

    /** A regular expression that repeats a group needs stack for each repetition. */
    @ParameterizedTest
    @ValueSource(strings = {"-a", "-", "a", "-a-1"})
    void refusesAnyLength(String repeated) {
        assertRefused("eu" + repeated.repeat(100_000) + "-1", S3Error.INVALID_LOCATION_CONSTRAINT);
    }

    private void assertRefused(String constraint, S3Error error) {
        assertThatThrownBy(() -> rules.require(constraint))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(error));
    }
}
