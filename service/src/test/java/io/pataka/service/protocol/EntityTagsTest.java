package io.pataka.service.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.model.ETag;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import org.junit.jupiter.api.Test;

class EntityTagsTest {

    private static final ETag A = new ETag("a");

    @Test
    void readsListsWithAndWithoutQuotes() {
        assertThat(EntityTags.parse("\"a\", W/\"b\" ,c").all()).containsExactly(A, new ETag("b"), new ETag("c"));
        assertThat(EntityTags.parse("\"x,y\"").all()).containsExactly(new ETag("x,y"));
        assertThat(EntityTags.parse(" * ").any()).isTrue();
    }

    @Test
    void weakTagsAreNeverStronglyEqual() {
        EntityTags weak = EntityTags.parse("W/\"a\"");

        assertThat(weak.matchesStrongly(A)).isFalse();
        assertThat(weak.matchesWeakly(A)).isTrue();
        assertThat(weak.strong()).isEmpty();
    }

    @Test
    void nothingMatchesAnEmptyValue() {
        assertThat(EntityTags.parse("").matchesWeakly(A)).isFalse();
    }

    @Property
    void takesAnyText(@ForAll @Chars({'"', 'W', '/', ',', 'a', ' ', '*'}) String text) {
        assertThat(EntityTags.parse(text).all()).doesNotContainNull();
    }
}
