package io.pataka.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.pataka.keystone.testing.Ec2Key;
import io.pataka.keystone.testing.FakeKeystone;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ReadmeTest {

    private static String readme() throws Exception {
        return Files.readString(Path.of("README.md"));
    }

    private static String answer(
            CredentialResolver resolver,
            String accessKey,
            SignedProof.Scope scope,
            String stringToSign,
            String signature) {
        // readme
        SignedProof proof = new SignedProof.V4(accessKey, scope, stringToSign, signature);
        Resolution resolution = resolver.resolve(proof);
        if (resolution instanceof Resolution.Granted granted) {
            KeystoneIdentity caller = granted.credential().identity();
            return "hello " + caller.user().name() + " of project "
                    + caller.project().name();
        }
        if (resolution instanceof Resolution.Refused refused) {
            return "403 " + refused.reason();
        }
        Resolution.Unavailable unavailable = (Resolution.Unavailable) resolution;
        return "503, Retry-After: " + unavailable.retryAfter().toSeconds();
        // end
    }

    @Test
    void showsCodeThatCompilesAndRuns() throws Exception {
        String source = Files.readString(Path.of("src/test/java/io/pataka/keystone/ReadmeTest.java"));
        String shown = source.substring(source.indexOf("// readme\n") + 10, source.indexOf("        // end\n"));
        assertThat(readme()).contains(shown.replaceAll("(?m)^ {8}", ""));

        try (FakeKeystone keystone = FakeKeystone.start();
                KeystoneConnection connection =
                        KeystoneConnection.open(keystone.settings().build(), KeystoneMetrics.NONE)) {
            String alice = keystone.user("alice");
            String alpha = keystone.project("alpha");
            keystone.grant(alice, alpha, "member");
            Ec2Key key = keystone.ec2Key(alice, alpha);
            SignedProof.V4 proof = key.signV4();
            assertThat(answer(
                            connection.resolver(),
                            key.access(),
                            proof.scope(),
                            proof.stringToSign(),
                            proof.signature()))
                    .isEqualTo("hello alice of project alpha");
        }
    }

    @Test
    void describesEverySetting() throws Exception {
        Set<String> settings = Arrays.stream(KeystoneSettings.Builder.class.getDeclaredMethods())
                .filter(method -> method.getReturnType() == KeystoneSettings.Builder.class)
                .map(Method::getName)
                .map(name -> name.equals("interfaceName") ? "interface" : name)
                .map(name -> name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> described = Pattern.compile("(?m)^\\| `(\\w+)` \\|")
                .matcher(readme())
                .results()
                .map(row -> row.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(described).isEqualTo(settings);
    }

    @Test
    void showsAPolicyThatIsJson() throws Exception {
        String text = readme();
        String json = text.substring(text.indexOf("```json") + 7);
        assertThat(new ObjectMapper()
                        .readTree(json.substring(0, json.indexOf("```")))
                        .has("identity:get_credential"))
                .isTrue();
    }
}
