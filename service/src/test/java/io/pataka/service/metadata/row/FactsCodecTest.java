package io.pataka.service.metadata.row;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.StoredForm;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class FactsCodecTest {

    private static final String FORM = "{\"mode\":\"S3\",\"kek\":\"k1\",\"wrapped\":\"c2VjcmV0\"}";

    private static ObjectFacts decode(String json) {
        return FactsCodec.decode(json.getBytes(UTF_8), ObjectFacts.STANDARD, List.of(), false);
    }

    @Test
    void aPlainObjectHasNoMemberForItsForm() {
        assertThat(FactsCodec.encode(ObjectFacts.plain())).isNull();
        assertThat(decode("{\"type\":\"text/plain\"}").form()).isEqualTo(StoredForm.PLAIN);
        assertThat(new String(FactsCodec.encode(decode("{\"type\":\"text/plain\"}")), UTF_8))
                .isEqualTo("{\"type\":\"text/plain\"}");
    }

    /** Otherwise a node that is not upgraded yet would lose the key of an encrypted object when it sets tags. */
    @Test
    void theFormOfALaterReleaseIsKeptWhenTagsAreChanged() {
        ObjectFacts read = decode("{\"tags\":{\"a\":\"b\"},\"form\":" + FORM + "}");

        ObjectFacts changed = read.withTags(new TreeMap<>(Map.of("c", "d")));

        assertThat(read.form()).isEqualTo(new StoredForm.Unknown(FORM));
        assertThat(new String(FactsCodec.encode(changed), UTF_8))
                .isEqualTo("{\"tags\":{\"c\":\"d\"},\"form\":" + FORM + "}");
        assertThat(new String(FactsCodec.encode(read.withTags(new TreeMap<>())), UTF_8))
                .isEqualTo("{\"form\":" + FORM + "}");
    }

    @Test
    void theFormIsNotInTexts() {
        assertThat(decode("{\"form\":" + FORM + "}").toString()).doesNotContain("c2VjcmV0");
    }
}
