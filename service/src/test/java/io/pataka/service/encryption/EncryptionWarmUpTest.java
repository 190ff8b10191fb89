package io.pataka.service.encryption;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

final class EncryptionWarmUpTest {

    @Test
    void everyBlockComesBack() {
        assertThatCode(() -> new EncryptionWarmUp().run()).doesNotThrowAnyException();
    }
}
