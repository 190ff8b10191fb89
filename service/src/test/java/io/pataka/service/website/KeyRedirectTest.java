package io.pataka.service.website;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalInt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyRedirectTest {

    private static final WebsiteOrigin HERE = new WebsiteOrigin(Scheme.HTTP, "www.example.org:8080");

    private static String location(
            Optional<String> prefix, Optional<String> keyPrefix, Optional<String> key, String asked) {
        return new KeyRedirect(Optional.empty(), Optional.empty(), keyPrefix, key, OptionalInt.empty())
                .location(HERE, prefix, asked.getBytes(UTF_8));
    }

    /** Characters with a meaning in a URI keep it in what the owner chose, and lose it in the rest of the key. */
    @ParameterizedTest
    @CsvSource({
        "'',       '#!/',        a/b,          '#!/a/b'",
        "img/,     'resize?key=', img/a b.png, 'resize?key=a%20b.png'",
        "docs/,    '',           docs/x?y#z,   x%3Fy%23z",
        "docs/,    'a b/ü',      docs/ü,       a%20b/%C3%BC%C3%BC",
        "docs/,    'a%20b/',     docs/x,       a%20b/x",
        "'',       '',           '//evil',     '//evil'"
    })
    void aPrefixIsReplaced(String prefix, String replacement, String asked, String path) {
        assertThat(location(Optional.of(prefix), Optional.of(replacement), Optional.empty(), asked))
                .isEqualTo("http://www.example.org:8080/" + path);
    }

    @Test
    void aKeyWithoutReplacementStaysAsItIs() {
        assertThat(location(Optional.of("a"), Optional.empty(), Optional.empty(), "a/ü"))
                .isEqualTo("http://www.example.org:8080/a/%C3%BC");
    }

    @Property
    void noTextEndsTheHeader(@ForAll String chosen, @ForAll String asked) {
        assertThat(location(Optional.empty(), Optional.of(chosen), Optional.empty(), asked)
                        + location(Optional.empty(), Optional.empty(), Optional.of(chosen), asked))
                .matches("[!-~]*");
    }
}
