package io.pataka.service.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicAccessBlockTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 4, 8, 5, 10, 15})
    void comesBackFromItsDocumentFlagByFlag(int flags) {
        PublicAccessBlock block =
                new PublicAccessBlock((flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0, (flags & 8) != 0);
        assertThat(PublicAccessBlock.ofJson(block.toJson())).isEqualTo(block);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"blocked\":true}", "{\"blockPublicAcls\":true}"})
    void anInvalidDocumentIsAnErrorAndDoesNotMeanNoBlock(String document) {
        assertThatThrownBy(() -> PublicAccessBlock.ofJson(document)).isInstanceOf(IllegalStateException.class);
    }
}
