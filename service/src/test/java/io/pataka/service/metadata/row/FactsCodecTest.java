package io.pataka.service.metadata.row;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.model.DataKey;
import io.pataka.service.model.EncryptionMode;
import io.pataka.service.model.Envelope;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectLock;
import io.pataka.service.model.StoredForm;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FactsCodecTest {

    private static final String FORM = "{\"mode\":\"S3\",\"kek\":\"k1\",\"wrapped\":\"c2VjcmV0\"}";

    private static ObjectFacts decode(String json) {
        return FactsCodec.decode(json.getBytes(UTF_8), ObjectFacts.STANDARD, List.of(), false, ObjectLock.NONE);
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

    private static StoredForm.Encrypted encrypted(EncryptionMode mode, Optional<String> context, boolean bucketKey) {
        return new StoredForm.Encrypted(
                new Envelope(mode, mode == EncryptionMode.CUSTOMER ? "" : "k1", "c2VjcmV0", context, bucketKey),
                Optional.empty());
    }

    private static String encode(StoredForm form) {
        return new String(FactsCodec.encode(ObjectFacts.builder().form(form).build()), UTF_8);
    }

    @Test
    void theEnvelopeOfAnEncryptedObjectComesBack() {
        for (EncryptionMode mode : EncryptionMode.values()) {
            for (boolean bucketKey : new boolean[] {true, false}) {
                for (Optional<String> context : List.of(Optional.<String>empty(), Optional.of("e30="))) {
                    StoredForm form = encrypted(mode, context, bucketKey);
                    assertThat(decode(encode(form)).form()).isEqualTo(form);
                }
            }
        }
        assertThat(encode(encrypted(EncryptionMode.S3, Optional.empty(), false)))
                .isEqualTo("{\"form\":{\"mode\":\"S3\",\"key\":\"k1\",\"wrapped\":\"c2VjcmV0\"}}");
    }

    @Test
    void theDataKeyIsNotStored() {
        StoredForm.Encrypted sealed = encrypted(EncryptionMode.S3, Optional.empty(), false);
        StoredForm opened = new StoredForm.Encrypted(sealed.envelope(), Optional.of(DataKey.random()));

        assertThat(encode(opened)).isEqualTo(encode(sealed));
    }

    /** A later release may read bytes in another way because of it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"mode\":\"S3\",\"key\":\"k1\",\"wrapped\":\"c2VjcmV0\",\"block\":4096}",
                "{\"mode\":\"S4\",\"key\":\"k1\",\"wrapped\":\"c2VjcmV0\"}",
                "{\"mode\":\"S3\",\"key\":\"k1\"}",
                "{\"key\":\"k1\",\"wrapped\":\"c2VjcmV0\"}",
                "\"later\""
            })
    void anEnvelopeThatIsNotUnderstoodWholeIsOfALaterRelease(String form) {
        ObjectFacts read = decode("{\"form\":" + form + "}");

        assertThat(read.form()).isEqualTo(new StoredForm.Unknown(form));
        assertThat(new String(FactsCodec.encode(read), UTF_8)).isEqualTo("{\"form\":" + form + "}");
    }

    @Test
    void theFormIsNotInTexts() {
        assertThat(decode("{\"form\":" + FORM + "}").toString()).doesNotContain("c2VjcmV0");
        assertThat(decode(encode(encrypted(EncryptionMode.S3, Optional.empty(), false)))
                        .toString())
                .doesNotContain("c2VjcmV0");
    }
}
