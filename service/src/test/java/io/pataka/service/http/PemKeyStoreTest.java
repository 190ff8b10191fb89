package io.pataka.service.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PemKeyStoreTest {

    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "RSA, 2048, PRIVATE KEY",
        "RSA, 2048, RSA PRIVATE KEY",
        "EC, 256, PRIVATE KEY",
        "EC, 256, EC PRIVATE KEY",
        "EC, 384, EC PRIVATE KEY"
    })
    void readsEachFormOfAKey(String algorithm, int size, String label) throws Exception {
        KeyStore made = make(algorithm, size);
        byte[] pkcs8 = made.getKey("a", PASSWORD).getEncoded();
        Path key = pem("key.pem", label, label.equals("PRIVATE KEY") ? pkcs8 : inner(pkcs8));
        Path certificate =
                pem("cert.pem", "CERTIFICATE", made.getCertificate("a").getEncoded());
        KeyStore loaded = PemKeyStore.load(certificate, key);
        assertThat(loaded.getKey("server", PemKeyStore.PASSWORD.toCharArray()).getEncoded())
                .isEqualTo(pkcs8);
        assertThat(loaded.getCertificateChain("server")).containsExactly(made.getCertificate("a"));
    }

    @Test
    void readsAChainAndWhatStandsAroundTheBlocks() throws Exception {
        KeyStore made = make("EC", 256);
        KeyStore issuer = make("RSA", 2048);
        Path both = folder.resolve("both.pem");
        Files.writeString(
                both,
                "subject=CN = a\n"
                        + block("CERTIFICATE", made.getCertificate("a").getEncoded()) + "\nissuer=CN = b\n"
                        + block("CERTIFICATE", issuer.getCertificate("a").getEncoded())
                        + block("PRIVATE KEY", made.getKey("a", PASSWORD).getEncoded()));
        assertThat(PemKeyStore.load(both, both).getCertificateChain("server"))
                .containsExactly(made.getCertificate("a"), issuer.getCertificate("a"));
    }

    @Test
    void refusesAKeyOfAnotherCertificate() throws Exception {
        Path certificate = pem(
                "cert.pem", "CERTIFICATE", make("EC", 256).getCertificate("a").getEncoded());
        Path key = pem(
                "key.pem", "PRIVATE KEY", make("EC", 256).getKey("a", PASSWORD).getEncoded());
        assertThatThrownBy(() -> PemKeyStore.load(certificate, key))
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessageContaining("is not the key of the certificate");
    }

    @Test
    void namesTheFileThatIsAtFault() throws Exception {
        KeyStore made = make("EC", 256);
        Path certificate =
                pem("cert.pem", "CERTIFICATE", made.getCertificate("a").getEncoded());
        Path encrypted = pem("encrypted.pem", "ENCRYPTED PRIVATE KEY", new byte[] {1});
        Path empty = Files.createFile(folder.resolve("empty.pem"));
        assertThatThrownBy(() -> PemKeyStore.load(certificate, encrypted))
                .hasMessageContaining("encrypted.pem is encrypted");
        assertThatThrownBy(() -> PemKeyStore.load(certificate, empty))
                .hasMessageContaining("empty.pem holds no PEM private key");
        assertThatThrownBy(() -> PemKeyStore.load(empty, encrypted))
                .hasMessageContaining("empty.pem holds no PEM certificate");
    }

    @Test
    void refusesAChainThatWasWrittenInHalf() throws Exception {
        KeyStore made = make("EC", 256);
        String whole = block("CERTIFICATE", made.getCertificate("a").getEncoded());
        Path key = pem("key.pem", "PRIVATE KEY", made.getKey("a", PASSWORD).getEncoded());
        Path chain = Files.writeString(folder.resolve("chain.pem"), whole + whole.substring(0, whole.length() / 2));

        assertThatThrownBy(() -> PemKeyStore.load(chain, key)).hasMessageContaining("chain.pem is incomplete");
        pem("chain.pem", "CERTIFICATE", new byte[] {0x30, 0x03, 1, 1, 1});
        assertThatThrownBy(() -> PemKeyStore.load(chain, key)).hasMessageContaining("chain.pem holds a broken");
    }

    /** The JDK makes certificates with keytool only. */
    private KeyStore make(String algorithm, int size) throws Exception {
        Path store = folder.resolve(algorithm + System.nanoTime() + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "a",
                        "-keyalg",
                        algorithm,
                        "-keysize",
                        Integer.toString(size),
                        "-dname",
                        "CN=localhost",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD),
                        "-keystore",
                        store.toString())
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
        return KeyStore.getInstance(store.toFile(), PASSWORD);
    }

    /** The algorithm's own form inside of PKCS#8: the content of its octet string, which follows the algorithm. */
    private static byte[] inner(byte[] pkcs8) {
        int at = header(pkcs8, 0);
        at += header(pkcs8, at) + length(pkcs8, at);
        at += header(pkcs8, at) + length(pkcs8, at);
        int from = at + header(pkcs8, at);
        return Arrays.copyOfRange(pkcs8, from, from + length(pkcs8, at));
    }

    private static int header(byte[] der, int at) {
        return (der[at + 1] & 0x80) == 0 ? 2 : 2 + (der[at + 1] & 0x7F);
    }

    private static int length(byte[] der, int at) {
        if ((der[at + 1] & 0x80) == 0) {
            return der[at + 1];
        }
        int length = 0;
        for (int i = 0; i < (der[at + 1] & 0x7F); i++) {
            length = length << 8 | der[at + 2 + i] & 0xFF;
        }
        return length;
    }

    private Path pem(String name, String label, byte[] der) throws Exception {
        return Files.writeString(folder.resolve(name), block(label, der));
    }

    private static String block(String label, byte[] der) {
        String body = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    }
}
