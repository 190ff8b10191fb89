package io.pataka.service.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretFieldsTest {

    private static final String KEY = "x-amz-server-side-encryption-customer-key";

    @ParameterizedTest
    @CsvSource({
        "x-amz-server-side-encryption-customer-key, true",
        "X-Amz-Copy-Source-Server-Side-Encryption-Customer-Key, true",
        "x-amz-server-side-encryption-customer-key-MD5, false",
        "x-amz-server-side-encryption-customer-algorithm, false",
        "x-amz-server-side-encryption-aws-kms-key-id, false"
    })
    void knowsFieldsWithKeys(String name, boolean secret) {
        assertThat(SecretFields.has(name)).isEqualTo(secret);
        assertThat(SecretFields.shown(name, "v")).isEqualTo(secret ? "***" : "v");
    }

    @ParameterizedTest
    @CsvSource({
        KEY + ":secret=, " + KEY + ":***",
        "X-Amz-Copy-Source-Server-Side-Encryption-Customer-Key:secret, X-Amz-Copy-Source-Server-Side-Encryption-Customer-Key:***",
        KEY + "=secret%3D&list-type=2, " + KEY + "=***&list-type=2",
        KEY + "-md5:digest, " + KEY + "-md5:digest",
        "host;" + KEY + ", host;" + KEY
    })
    void masksTheValuesInASignedText(String signed, String masked) {
        assertThat(SecretFields.masked("PUT\n" + signed + "\nlast")).isEqualTo("PUT\n" + masked + "\nlast");
    }

    @Test
    void aBrokenParameterIsNotShown() {
        assertThatThrownBy(() -> Parameters.parse(KEY + "=c2VjcmV0%"))
                .isInstanceOfSatisfying(S3Exception.class, broken -> {
                    assertThat(broken.error()).isEqualTo(S3Error.INVALID_URI);
                    assertThat(broken.details()).isEmpty();
                });
    }

    @ParameterizedTest
    @CsvSource({KEY + ", true", "$X-Amz-Server-Side-Encryption-Customer-Key, true", KEY + "-md5, false", "key, false"})
    void findsNamesInAText(String name, boolean found) {
        assertThat(SecretFields.areNamedIn("[\"eq\", \"" + name + "\", \"v\"]")).isEqualTo(found);
    }
}
