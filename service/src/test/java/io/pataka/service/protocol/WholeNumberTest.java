package io.pataka.service.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WholeNumberTest {

    @ParameterizedTest
    @CsvSource({"0, 0", "7, 7", "-7, -7", "+7, 7", "007, 7", "9223372036854775807, 9223372036854775807"})
    void readsAsciiDigits(String text, long number) {
        assertThat(WholeNumber.ofLong(text)).isEqualTo(OptionalLong.of(number));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "+",
                " 1",
                "1 ",
                "1.0",
                "1e3",
                "0x1",
                "--1",
                "\u0661\u0660\u0660\u0660",
                "\uff11",
                "1\u0660",
                "00000000000000000000000000000000000000001000",
                "9223372036854775808"
            })
    void readsNothingElse(String text) {
        assertThat(WholeNumber.ofLong(text)).isEmpty();
        assertThat(WholeNumber.ofInt(text)).isEmpty();
    }

    @Test
    void readsNoNumberBeyondItsBits() {
        assertThat(WholeNumber.ofInt("2147483647")).isEqualTo(OptionalInt.of(Integer.MAX_VALUE));
        assertThat(WholeNumber.ofInt("2147483648")).isEmpty();
        assertThat(WholeNumber.ofInt("-2147483648")).isEqualTo(OptionalInt.of(Integer.MIN_VALUE));
    }

    /** A policy's {@code NumericLessThanEquals} on {@code s3:max-keys} takes these for no number, and so must the listing. */
    @ParameterizedTest
    @ValueSource(
            strings = {"max-keys=%D9%A1%D9%A0%D9%A0%D9%A0", "max-keys=00000000000000000000000000000000000000000001000"})
    void refusesAParameterThatAPolicyWouldNotReadAsANumber(String query) {
        Parameters parameters = Parameters.parse(query);

        assertThatThrownBy(() -> parameters.number("max-keys"))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(S3Error.INVALID_ARGUMENT));
    }
}
