package io.pataka.service.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContinuationTokenTest {

    @Property
    void comesBackAsItWent(@ForAll @Size(max = 1025) byte[] position, @ForAll boolean inclusive) {
        ContinuationToken back = ContinuationToken.parse(new ContinuationToken(position, inclusive).text());

        assertThat(back.position()).isEqualTo(position);
        assertThat(back.inclusive()).isEqualTo(inclusive);
    }

    @Property
    void isRefusedWhenACharacterWasChanged(@ForAll @Size(min = 1, max = 40) byte[] position, @ForAll int at) {
        StringBuilder text = new StringBuilder(new ContinuationToken(position, false).text());
        // the last character has spare bits, which Base64 passes over
        int index = Math.floorMod(at, text.length() - 1);
        text.setCharAt(index, text.charAt(index) == 'A' ? 'B' : 'A');

        assertThatThrownBy(() -> ContinuationToken.parse(text.toString()))
                .hasMessage("The continuation token provided is incorrect");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "AAAA", "%%%", "AAAAAAAAAAA"})
    void isRefusedWhenItIsNoneOfOurs(String text) {
        assertThatThrownBy(() -> ContinuationToken.parse(text))
                .isInstanceOf(S3Exception.class)
                .hasMessage("The continuation token provided is incorrect");
    }
}
