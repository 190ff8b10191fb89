package io.pataka.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.keystone.KeystoneIdentity.Named;
import io.pataka.keystone.Resolution.Granted;
import io.pataka.keystone.Resolution.Outage;
import io.pataka.keystone.Resolution.Reason;
import io.pataka.keystone.Resolution.Refused;
import io.pataka.keystone.Resolution.Unavailable;
import io.pataka.keystone.testing.Ec2Key;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LayeredCredentialResolverTest {

    private static final Named SOMEONE = new Named("id", "name", "default", "Default");
    private static final Resolution GRANTED = new Granted(
            new Ec2Credential("a", Optional.empty(), new KeystoneIdentity(SOMEONE, SOMEONE, Set.of(), false)));
    private static final Resolution UNKNOWN = new Refused(Reason.UNKNOWN_ACCESS_KEY, "unknown");
    private static final Resolution MISMATCH = new Refused(Reason.SIGNATURE_MISMATCH, "mismatch");
    private static final Resolution DOWN = new Unavailable(Outage.DOWN, Duration.ofSeconds(1), "down");

    private static Resolution resolve(Resolution... answers) {
        List<CredentialResolver> layers = List.of(answers).stream()
                .map(answer -> (CredentialResolver) proof -> answer)
                .toList();
        return new LayeredCredentialResolver(layers).resolve(new Ec2Key("a", "s", "u", "p").signV4());
    }

    @Test
    void asksTheNextResolverForAnUnknownKey() {
        assertThat(resolve(UNKNOWN, GRANTED)).isSameAs(GRANTED);
        assertThat(resolve(UNKNOWN, UNKNOWN)).isSameAs(UNKNOWN);
    }

    @Test
    void returnsTheAnswerOfTheFirstResolverThatKnowsTheKey() {
        assertThat(resolve(MISMATCH, GRANTED)).isSameAs(MISMATCH);
        assertThat(resolve(GRANTED, MISMATCH)).isSameAs(GRANTED);
    }

    @Test
    void servesKeysOfTheNextResolverWhileOneIsDownAndReportsNoKeyAsUnknown() {
        assertThat(resolve(DOWN, GRANTED)).isSameAs(GRANTED);
        assertThat(resolve(DOWN, UNKNOWN)).isSameAs(DOWN);
        assertThat(resolve(UNKNOWN, DOWN)).isSameAs(DOWN);
    }
}
