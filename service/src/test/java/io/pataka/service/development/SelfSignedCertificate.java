package io.pataka.service.development;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/**
 * A self-signed certificate for the names of this machine. A client that has it as its CA bundle verifies it.
 *
 * @param certificate PEM
 * @param key PKCS#8 in PEM, readable by its owner only
 */
public record SelfSignedCertificate(Path certificate, Path key) {

    private static final String ALIAS = "pataka";

    /** Options of keytool: a certificate authority that issues only its own certificate. */
    private static final List<String> OPTIONS = List.of(("-genkeypair -alias " + ALIAS
                    + " -keyalg EC -groupname secp256r1 -sigalg SHA256withECDSA -storetype PKCS12"
                    + " -dname CN=Pataka -ext bc:critical=ca:true,pathlen:0 -ext"
                    + " ku:critical=digitalSignature,keyCertSign -ext eku=serverAuth")
            .split(" "));

    /** Valid for ten years. */
    private static final List<String> TEN_YEARS = List.of("-validity", "3650");

    private static final List<String> ENDED_TWO_DAYS_AGO = List.of("-startdate", "-3d", "-validity", "1");

    private static final List<String> BEGINS_IN_TWO_DAYS = List.of("-startdate", "+2d", "-validity", "1");

    /** The certificate in a folder; a new one, valid for ten years, if there is none. */
    public static SelfSignedCertificate in(Path folder) throws IOException, InterruptedException {
        return in(folder, TEN_YEARS);
    }

    /** A certificate that has expired. */
    public static SelfSignedCertificate expiredIn(Path folder) throws IOException, InterruptedException {
        return in(folder, ENDED_TWO_DAYS_AGO);
    }

    /** A certificate that is not valid yet. */
    public static SelfSignedCertificate futureIn(Path folder) throws IOException, InterruptedException {
        return in(folder, BEGINS_IN_TWO_DAYS);
    }

    private static SelfSignedCertificate in(Path folder, List<String> validity)
            throws IOException, InterruptedException {
        SelfSignedCertificate found = new SelfSignedCertificate(folder.resolve("cert.pem"), folder.resolve("key.pem"));
        if (Files.notExists(found.certificate) || Files.notExists(found.key)) {
            found.make(folder, validity);
        }
        return found;
    }

    /** In the JDK only keytool makes certificates, and it writes them only to key stores. */
    private void make(Path folder, List<String> validity) throws IOException, InterruptedException {
        String password = UUID.randomUUID().toString();
        Path store = folder.resolve(UUID.randomUUID() + ".p12");
        try {
            List<String> command = new ArrayList<>();
            command.add(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
            command.addAll(OPTIONS);
            command.addAll(validity);
            command.addAll(List.of("-ext", "san=" + names()));
            command.addAll(List.of("-storepass", password, "-keystore", store.toString()));
            run(command);
            char[] secret = password.toCharArray();
            KeyStore made = KeyStore.getInstance(store.toFile(), secret);
            write(key, "PRIVATE KEY", made.getKey(ALIAS, secret).getEncoded(), "rw-------");
            write(certificate, "CERTIFICATE", made.getCertificate(ALIAS).getEncoded(), "rw-r--r--");
        } catch (GeneralSecurityException e) {
            throw new IOException("keytool made a key store that cannot be read", e);
        } finally {
            Files.deleteIfExists(store);
        }
    }

    /** The names of this machine that a certificate can have. */
    private static String names() throws IOException {
        String fixed = "dns:localhost,dns:*.localhost,ip:127.0.0.1,ip:::1";
        String here = Files.readString(Path.of("/proc/sys/kernel/hostname")).trim();
        boolean usable = here.matches("[A-Za-z0-9]([A-Za-z0-9.-]{0,61}[A-Za-z0-9])?") && !here.equals("localhost");
        return usable ? fixed + ",dns:" + here : fixed;
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        keytool.getOutputStream().close();
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (InputStream output = keytool.getInputStream()) {
            output.transferTo(said);
        }
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool: " + said.toString(StandardCharsets.UTF_8));
        }
    }

    private static void write(Path file, String type, byte[] der, String permissions) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)));
        Files.writeString(file, "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n");
    }
}
