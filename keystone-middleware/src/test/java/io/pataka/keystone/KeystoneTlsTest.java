package io.pataka.keystone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.keystone.testing.FakeKeystone;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeystoneTlsTest {

    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    Path directory;

    private static void keytool(Path store, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    /** A self-signed certificate for an address: its key store, and as PEM beside it. */
    private Path certificate(String name, String alternativeName) throws Exception {
        Path store = directory.resolve(name + ".p12");
        keytool(
                store,
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=" + alternativeName);
        keytool(
                store,
                "-exportcert",
                "-alias",
                "server",
                "-rfc",
                "-file",
                pem(store).toString());
        return store;
    }

    private static Path pem(Path store) {
        return Path.of(store + ".pem");
    }

    private static SSLContext server(Path store) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(store)) {
            keys.load(file, PASSWORD);
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }

    private static boolean works(KeystoneSettings.Builder settings) {
        try (KeystoneConnection connection = KeystoneConnection.open(settings.build(), KeystoneMetrics.NONE)) {
            return connection.serviceUserCheck().run().passed();
        }
    }

    @Test
    void trustsTheCertificatesOfTheCafileAndNoOthers() throws Exception {
        Path ours = certificate("ours", "ip:127.0.0.1");
        Path other = certificate("other", "ip:127.0.0.1");
        try (FakeKeystone keystone = FakeKeystone.start(server(ours))) {
            assertThat(works(keystone.settings())).isFalse();
            assertThat(works(keystone.settings().cafile(pem(other)))).isFalse();
            assertThat(works(keystone.settings().cafile(pem(ours)))).isTrue();
            assertThat(works(keystone.settings().insecure(true))).isTrue();
        }
    }

    @Test
    void acceptsACertificateForAnotherNameOnlyIfVerificationIsOff() throws Exception {
        Path elsewhere = certificate("elsewhere", "dns:elsewhere.example");
        try (FakeKeystone keystone = FakeKeystone.start(server(elsewhere))) {
            assertThat(works(keystone.settings().cafile(pem(elsewhere)))).isFalse();
            assertThat(works(keystone.settings().insecure(true))).isTrue();
        }
    }
}
