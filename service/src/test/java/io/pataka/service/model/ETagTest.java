package io.pataka.service.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The values are those of md5sum for "Hello " and "world". */
final class ETagTest {

    private static final ETag HELLO = new ETag("d1a7fb5eab1c16cb4f7cf341cf188c3d");
    private static final ETag WORLD = new ETag("7d793037a0760186574b0282f2f435e7");
    private static final String BOTH = "71c4d3d97b05c63916a0bd1840706778";

    @Test
    void isTheMd5OfPlainBytes() {
        assertThat(StoredForm.PLAIN.etag(DigestUtils.md5("Hello "))).isEqualTo(HELLO);
    }

    @Test
    void isMadeOfTheTagsOfTheParts() {
        assertThat(ETag.ofParts(List.of(HELLO, WORLD))).contains(new ETag(BOTH + "-2"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "abc",
                "71c4d3d97b05c63916a0bd1840706778-2",
                "xyz3e25960a79dbc69b674cd4ec67a72",
                "+f25960a79dbc69b674cd4ec67a72c62"
            })
    void isNotMadeFromAnETagThatIsNotOfAPart(String other) {
        assertThat(ETag.ofParts(List.of(HELLO, new ETag(other)))).isEmpty();
    }

    @Test
    void growsWithAnAppendedPart() {
        assertThat(HELLO.appended(WORLD, 2)).isEqualTo(new ETag(BOTH + "-2"));
        assertThat(new ETag(HELLO + "-4").appended(WORLD, 5)).isEqualTo(new ETag(BOTH + "-5"));
    }
}
