package io.pataka.service.development;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SelfSignedCertificateTest {

    @TempDir
    private Path folder;

    @Test
    void namesThisMachineAndIsItsOwnIssuer() throws Exception {
        X509Certificate certificate = read(SelfSignedCertificate.in(folder));

        certificate.verify(certificate.getPublicKey());
        assertThat(certificate.getBasicConstraints()).isZero();
        assertThat(certificate.getSubjectAlternativeNames().stream()
                        .map(name -> name.get(1).toString()))
                .contains("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
    }

    @Test
    void keepsTheKeyOfTheCertificateFromOthers() throws Exception {
        SelfSignedCertificate made = SelfSignedCertificate.in(folder);

        assertThat(Files.getPosixFilePermissions(made.key())).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        String pem = Files.readString(made.key()).replaceAll("-----.*-----|\\s", "");
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem))));
        signature.update((byte) 1);
        byte[] signed = signature.sign();
        signature.initVerify(read(made));
        signature.update((byte) 1);
        assertThat(signature.verify(signed)).isTrue();
    }

    @Test
    void isFoundAgain() throws Exception {
        X509Certificate first = read(SelfSignedCertificate.in(folder));

        assertThat(read(SelfSignedCertificate.in(folder))).isEqualTo(first);
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("cert.pem", "key.pem");
    }

    private static X509Certificate read(SelfSignedCertificate made) throws Exception {
        try (InputStream in = Files.newInputStream(made.certificate())) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }
}
