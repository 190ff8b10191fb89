package io.pataka.service.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.model.StoredForm.Encrypted;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The rules of encrypted objects. */
final class StoredFormTest {

    private static final DataKey KEY = DataKey.random();
    private static final byte[] MD5 = DigestUtils.md5("text");

    private static Encrypted form(EncryptionMode mode, DataKey key) {
        return new Encrypted(new Envelope(mode, "id", "d3JhcHBlZA==", Optional.empty(), false), Optional.of(key));
    }

    private static Encrypted sealed(EncryptionMode mode) {
        return new Encrypted(form(mode, KEY).envelope(), Optional.empty());
    }

    @ParameterizedTest
    @EnumSource(EncryptionMode.class)
    void theEntityTagIsTheMd5UnlessTheClientHasTheKey(EncryptionMode mode) {
        ETag etag = form(mode, KEY).etag(MD5);

        if (mode == EncryptionMode.CUSTOMER) {
            assertThat(etag.value()).matches("[0-9a-f]{32}").isNotEqualTo(DigestUtils.md5Hex("text"));
            assertThat(form(mode, KEY).etag(MD5))
                    .as("a part that is sent again")
                    .isEqualTo(etag);
            assertThat(form(mode, DataKey.random()).etag(MD5)).isNotEqualTo(etag);
            assertThat(form(mode, KEY).etag(DigestUtils.md5("other"))).isNotEqualTo(etag);
        } else {
            assertThat(etag.value()).isEqualTo(DigestUtils.md5Hex("text"));
        }
        assertThat(form(mode, KEY).showsDigests()).isFalse();
    }

    @Test
    void aCopyWithTheSameDataKeySharesBlobsUnlessItsEntityTagWouldBeAnotherKind() {
        for (EncryptionMode source : EncryptionMode.values()) {
            for (EncryptionMode copy : EncryptionMode.values()) {
                boolean wasRandom = source == EncryptionMode.CUSTOMER;
                assertThat(form(copy, KEY).sharesBlobsWith(form(source, KEY)))
                        .as("%s of %s", copy, source)
                        .isEqualTo(!wasRandom || copy == EncryptionMode.CUSTOMER);
                assertThat(form(copy, DataKey.random()).sharesBlobsWith(form(source, KEY)))
                        .isFalse();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(EncryptionMode.class)
    void nothingIsSharedWithOtherFormsOrWithoutTheDataKey(EncryptionMode mode) {
        assertThat(form(mode, KEY).sharesBlobsWith(StoredForm.PLAIN)).isFalse();
        assertThat(StoredForm.PLAIN.sharesBlobsWith(form(mode, KEY))).isFalse();
        assertThat(form(mode, KEY).sharesBlobsWith(new StoredForm.Unknown("{}")))
                .isFalse();
        assertThat(sealed(mode).sharesBlobsWith(form(mode, KEY))).isFalse();
        assertThat(form(mode, KEY).sharesBlobsWith(sealed(mode))).isFalse();
        assertThat(sealed(mode).sharesBlobsWith(sealed(mode))).isFalse();
    }

    /** The digest of a copy with SSE-C can only be computed with the data key. */
    @ParameterizedTest
    @EnumSource(
            value = EncryptionMode.class,
            names = {"S3", "KMS"})
    void aCopyWithACustomersKeyDoesNotKeepAnMd5(EncryptionMode mode) {
        Encrypted customers = form(EncryptionMode.CUSTOMER, KEY);
        byte[] md5 = new byte[16];
        String digits = "00".repeat(16);

        assertThat(customers.etagOfCopy(new ETag(digits), form(mode, KEY))).isEqualTo(customers.etag(md5));
        assertThat(customers.etagOfCopy(new ETag(digits + "-3"), form(mode, KEY)))
                .isEqualTo(new ETag(customers.etag(md5) + "-3"));
        assertThat(form(mode, KEY).etagOfCopy(new ETag(digits), form(mode, KEY)))
                .isEqualTo(new ETag(digits));
        assertThat(customers.etagOfCopy(new ETag(digits), customers)).isEqualTo(new ETag(digits));
    }

    @Test
    void neitherKeyIsInTexts() {
        assertThat(form(EncryptionMode.KMS, KEY).toString())
                .isEqualTo("Encrypted[envelope=Envelope[KMS id], dataKey=Optional[DataKey[]]]");
    }
}
