package io.pataka.service.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pataka.keystone.testing.RealBarbican;
import io.pataka.keystone.testing.RealCloud;
import io.pataka.keystone.testing.RealKeystone;
import io.pataka.service.encryption.KeyRefusedException.Reason;
import io.pataka.service.model.DataKey;
import io.pataka.service.model.EncryptionMode;
import io.pataka.service.model.Envelope;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys of tenants in a real Barbican. */
class BarbicanKeysIT {

    private final RealBarbican barbican = RealBarbican.shared();
    private final RealCloud cloud = RealKeystone.shared().cloud();
    private final String alice = cloud.token("alice", "alpha");
    private final String carol = cloud.token("carol", "beta");
    private final String alpha = cloud.project("alpha");
    private final String beta = cloud.project("beta");

    private final BarbicanConnection connection = new BarbicanConnection();
    private final BarbicanKeys keys = new BarbicanKeys(connection.secrets(), true);

    @AfterEach
    void close() {
        connection.close();
    }

    private UUID sharedSecret(int length) {
        UUID id = barbican.newSecret(alice, new byte[length]);
        barbican.share(alice, id);
        return id;
    }

    private UUID keyOfAlpha() {
        UUID id = sharedSecret(32);
        barbican.describe(alice, id, BarbicanKeys.PROJECT, alpha);
        return id;
    }

    private Reason refusal(String keyId, String project) {
        return catchThrowableOfType(() -> keys.key(keyId, project), KeyRefusedException.class)
                .reason();
    }

    @Test
    void findsAKeyByEachOfItsNames() throws Exception {
        String id = keyOfAlpha().toString();
        Envelope envelope = keys.key(id, alpha).wrap(DataKey.random(), EncryptionMode.KMS, id, Optional.empty(), false);

        for (String name :
                new String[] {id, "arn:aws:kms:us-east-1:" + alpha + ":key/" + id, barbican.url() + "/v1/secrets/" + id
                }) {
            assertThat(keys.key(name, alpha).unwrap(envelope)).as(name).isPresent();
        }
    }

    @Test
    void refusesAKeyThatNamesAnotherProjectOrNone() {
        String ofAlpha = keyOfAlpha().toString();
        String unbound = sharedSecret(32).toString();

        assertThat(refusal(ofAlpha, beta)).isEqualTo(Reason.OTHER_PROJECT);
        assertThat(refusal(unbound, alpha)).isEqualTo(Reason.OTHER_PROJECT);
    }

    @Test
    void usesAKeyForSeveralProjectsThatItNames() throws Exception {
        UUID id = sharedSecret(32);
        barbican.describe(alice, id, BarbicanKeys.PROJECT, alpha + ", " + beta);

        assertThat(keys.key(id.toString(), alpha)).isNotNull();
        assertThat(keys.key(id.toString(), beta)).isNotNull();
    }

    @Test
    void usesAKeyAsSoonAsItNamesTheProject() throws Exception {
        UUID id = sharedSecret(32);
        assertThat(refusal(id.toString(), alpha)).isEqualTo(Reason.OTHER_PROJECT);

        barbican.describe(alice, id, BarbicanKeys.PROJECT, alpha);
        assertThat(keys.key(id.toString(), alpha)).isNotNull();
    }

    @Test
    void cannotBeMadeToUseAKeyByATenantOfAnotherProject() {
        UUID id = keyOfAlpha();
        assertThatThrownBy(() -> barbican.describe(carol, id, BarbicanKeys.PROJECT, beta))
                .as("only the project of the secret writes its metadata")
                .hasMessageContaining("403");
        assertThat(refusal(id.toString(), beta)).isEqualTo(Reason.OTHER_PROJECT);
    }

    @Test
    void usesAnySharedKeyForAnyProjectIfTheSettingsSaySo() throws Exception {
        UUID id = sharedSecret(32);
        assertThat(new BarbicanKeys(connection.secrets(), false).key(id.toString(), beta))
                .isNotNull();
    }

    @Test
    void findsTheKeysOfTheOperatorWithoutAProject() throws Exception {
        assertThat(keys.operatorsKey(sharedSecret(32).toString())).isNotNull();
        assertThatThrownBy(() -> keys.operatorsKey(sharedSecret(16).toString()))
                .isInstanceOf(KeyRefusedException.class)
                .hasMessageContaining("has 16 bytes, not 32");
    }

    @Test
    void refusesKeysThatAreNotSharedOrAreDeletedOrHaveAnotherSize() {
        UUID notShared = barbican.newSecret(alice, new byte[32]);
        UUID deleted = keyOfAlpha();
        barbican.delete(alice, deleted);
        UUID tooShort = sharedSecret(31);
        barbican.describe(alice, tooShort, BarbicanKeys.PROJECT, alpha);

        assertThat(refusal(notShared.toString(), alpha)).isEqualTo(Reason.DENIED);
        assertThat(refusal(deleted.toString(), alpha)).isEqualTo(Reason.NO_SUCH_KEY);
        assertThat(refusal(UUID.randomUUID().toString(), alpha)).isEqualTo(Reason.NO_SUCH_KEY);
        assertThat(refusal(tooShort.toString(), alpha)).isEqualTo(Reason.UNUSABLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "testkey-1",
                "../../containers",
                "0d1e2f30-4152-6374-8596-a7b8c9daebfc/payload",
                "0d1e2f30-4152-6374-8596-a7b8c9daebf",
                "alias/key",
                "arn:aws:kms:us-east-1:alpha:alias/key",
                "arn:aws:s3:::0d1e2f30-4152-6374-8596-a7b8c9daebfc"
            })
    void refusesNamesThatCannotBeKeysInBarbican(String keyId) {
        assertThat(refusal(keyId, alpha)).isEqualTo(Reason.NO_SUCH_KEY);
    }

    @Test
    void isUnavailableWhileBarbicanIsDead() {
        String id = keyOfAlpha().toString();
        barbican.kill();
        try {
            assertThatThrownBy(() -> keys.key(id, alpha))
                    .isInstanceOf(KeysUnavailableException.class)
                    .hasMessageContaining("cannot be read from Barbican");
        } finally {
            barbican.restart();
        }
    }
}
