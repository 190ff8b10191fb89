package io.pataka.service;

import static io.pataka.service.testing.ServerSettings.replace;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.testing.DropwizardTestSupport;
import io.dropwizard.util.JarLocation;
import io.pataka.service.blob.VolumeSet;
import io.pataka.service.blob.VolumeSettings;
import io.pataka.service.cli.CheckCommand;
import io.pataka.service.development.SelfSignedCertificate;
import io.pataka.service.metadata.DatabaseSettings;
import io.pataka.service.testing.AccessKeys;
import io.pataka.service.testing.EmbeddedMariaDb;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Server;
import io.pataka.service.testing.ServerSettings;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The findings of {@code check}. */
final class CheckTest {

    private static final AccessKeys KEYS =
            new AccessKeys("CHECK000000000000000", "a-secret-of-forty-characters-0123456789x");

    @TempDir
    private Path folder;

    private String said;

    /** @return whether it found nothing that fails */
    private boolean check(Path settings) {
        PatakaApplication application = new PatakaApplication();
        Bootstrap<PatakaConfiguration> bootstrap = new Bootstrap<>(application);
        application.initialize(bootstrap);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream error = new ByteArrayOutputStream();
        bootstrap.addCommand(
                new CheckCommand<>(PatakaConfiguration.class, new LiveCheck(), new PrintStream(out, true, UTF_8)));
        boolean passed = new Cli(new JarLocation(PatakaApplication.class), bootstrap, out, error)
                .run("check", settings.toString())
                .isEmpty();
        said = out.toString(UTF_8);
        assertThat(error.toString(UTF_8)).matches(passed ? "" : "failed: [1-9]\\n");
        assertThat(said.lines()).allSatisfy(line -> assertThat(line).matches("(OK|WARNING|FAILED|SKIPPED) .*"));
        return passed;
    }

    private void assertFailed(Path settings, String... faults) {
        assertThat(check(settings)).as(said).isFalse();
        List<String> failed =
                said.lines().filter(line -> line.startsWith("FAILED")).toList();
        assertThat(failed).hasSize(faults.length);
        for (int i = 0; i < faults.length; i++) {
            assertThat(failed.get(i).replaceAll(" +", " ")).contains(faults[i]);
        }
    }

    private Path settings() throws Exception {
        return settings(EmbeddedMariaDb.shared().freshSchema(), 0);
    }

    private Path settings(DatabaseSettings database, int port) throws Exception {
        return ServerSettings.forTests(folder, port, database, KEYS);
    }

    @Test
    void reportsEachThingThatIsRight() throws Exception {
        Path file = settings();
        SelfSignedCertificate pair = SelfSignedCertificate.in(Files.createDirectory(folder.resolve("tls")));
        replace(
                file,
                "    - {type: http, bindHost: 127.0.0.1, port: 0}",
                "    - {type: https-pem, port: 0, certificate: '" + pair.certificate() + "', privateKey: '" + pair.key()
                        + "'}");

        assertThat(check(file)).as(said).isTrue();
        assertThat(said.replaceAll(" +", " "))
                .contains(
                        "OK settings " + file,
                        "OK port 0 ",
                        "OK certificate " + pair.certificate() + " is valid until ",
                        "OK database MariaDB 10.11",
                        "OK schema ",
                        "OK volume 1 " + folder.resolve("volume") + " is empty; the first start makes it a volume",
                        "OK storage classes STANDARD, STANDARD_IA\n",
                        "OK encryption.keyRing " + folder.resolve("keyring.yml")
                                + " has the keys [first]; first is active",
                        "OK credentials.localFile ");
        assertThat(folder.resolve("volume")).as("it changes nothing").isEmptyDirectory();
    }

    @Test
    void namesTheClassesThatOnlyLifecycleRulesUse() throws Exception {
        Path file = settings();
        String cold = folder.resolve("cold").toString();
        replace(
                file,
                "limits:",
                "  - {number: 2, path: '" + Files.createDirectory(Path.of(cold))
                        + "', storageClasses: [COLD], transitionsOnly: true}\nlimits:");

        assertThat(check(file)).as(said).isTrue();
        assertThat(said.replaceAll(" +", " "))
                .contains("OK storage classes STANDARD, STANDARD_IA, COLD; only lifecycle rules put objects in COLD\n");
    }

    /** The server starts: such objects are kept and read as all others. */
    @Test
    void warnsOfClassesThatClientsDoNotReadAtOnce() throws Exception {
        Path file = settings();
        replace(file, "STANDARD_IA", "GLACIER");

        assertThat(check(file)).as(said).isTrue();
        assertThat(said.replaceAll(" +", " "))
                .contains("WARNING storage classes volumes: clients take objects of GLACIER for archived ones");
    }

    @Test
    void findsFilesThatAreMissingOrDoNotFit() throws Exception {
        Path file = settings();
        SelfSignedCertificate one = SelfSignedCertificate.in(Files.createDirectory(folder.resolve("1")));
        SelfSignedCertificate other = SelfSignedCertificate.in(Files.createDirectory(folder.resolve("2")));
        String http = "    - {type: http, bindHost: 127.0.0.1, port: 0}\n";
        String https = "    - {type: https-pem, port: 0, certificate: '%s', privateKey: '%s'}\n";
        Path nowhere = folder.resolve("nowhere.pem");
        replace(
                file,
                http,
                https.formatted(nowhere, one.key())
                        + https.formatted(one.certificate(), nowhere)
                        + https.formatted(one.certificate(), other.key()));
        Files.delete(folder.resolve("credentials.yml"));
        Path ring = folder.resolve("keyring.yml");
        Files.setPosixFilePermissions(ring, PosixFilePermissions.fromString("rw-r--r--"));

        assertFailed(
                file,
                "certificate server.applicationConnectors[0]: " + nowhere + " does not exist",
                "certificate server.applicationConnectors[1]: " + nowhere + " does not exist",
                "certificate server.applicationConnectors[2]: " + other.key() + " is not the key of the certificate in",
                "encryption.keyRing encryption.keyRing: " + ring + " may be used by others",
                "credentials.localFile");
    }

    /** As {@code server} does: it starts, and clients refuse the certificate until then. */
    @Test
    void warnsOfACertificateThatIsNotValidYet() throws Exception {
        Path file = settings();
        SelfSignedCertificate future = SelfSignedCertificate.futureIn(Files.createDirectory(folder.resolve("tls")));
        replace(
                file,
                "{type: http, bindHost: 127.0.0.1, port: 0}",
                "{type: https-pem, port: 0, certificate: '%s', privateKey: '%s'}"
                        .formatted(future.certificate(), future.key()));

        assertThat(check(file)).as(said).isTrue();
        assertThat(said.replaceAll(" +", " "))
                .contains("WARNING certificate server.applicationConnectors[0]: " + future.certificate()
                        + " is valid from ");
    }

    /** As {@code server} does: it starts, and clients refuse the certificate until it is renewed. */
    @Test
    void warnsOfACertificateThatIsOverAndTheServerStartsWithIt() throws Exception {
        Path file = settings();
        SelfSignedCertificate over = SelfSignedCertificate.expiredIn(Files.createDirectory(folder.resolve("tls")));
        replace(
                file,
                "{type: http, bindHost: 127.0.0.1, port: 0}",
                "{type: https-pem, port: 0, certificate: '%s', privateKey: '%s'}"
                        .formatted(over.certificate(), over.key()));

        assertThat(check(file)).as(said).isTrue();
        assertThat(said.replaceAll(" +", " "))
                .contains("WARNING certificate server.applicationConnectors[0]: " + over.certificate()
                        + " was valid until ");
        DropwizardTestSupport<PatakaConfiguration> server =
                new DropwizardTestSupport<>(PatakaApplication.class, file.toString());
        server.before();
        server.after();
    }

    @Test
    void findsWhatIsWrongWithTheDatabase() throws Exception {
        DatabaseSettings right = EmbeddedMariaDb.shared().freshSchema();
        Path file = settings(new DatabaseSettings(right.url(), right.user(), "wrong-word"), 0);

        assertFailed(file, "database database.user, database.password: ");
        assertThat(said).contains("SKIPPED schema", "SKIPPED volume 1").doesNotContain("wrong-word");

        replace(file, right.url(), "jdbc:mariadb://127.0.0.1:1/pataka");
        assertFailed(file, "database database.url: MariaDB at 127.0.0.1:1/pataka does not answer");
    }

    @Test
    void findsTablesThatAreMissing() throws Exception {
        EmbeddedMariaDb mariaDb = EmbeddedMariaDb.shared();
        mariaDb.execute("CREATE OR REPLACE DATABASE check_without_tables");
        DatabaseSettings any = mariaDb.freshSchema();
        assertFailed(
                settings(
                        new DatabaseSettings(
                                any.url().replaceFirst("[^/]+$", "check_without_tables"), any.user(), any.password()),
                        0),
                "schema the database lacks tables or columns of this release; \"java -jar pataka.jar db migrate");
    }

    @Test
    void findsVolumesThatAreNone() throws Exception {
        Path file = settings();
        // Nothing can be made below a file, not even by root.
        String settings = file.toString();
        Path volume = folder.resolve("volume");
        replace(file, "- {number: 1", "- {number: 2, path: '" + settings + "/v'}\n  - {number: 1");
        Files.writeString(volume.resolve("letter"), "x");
        assertFailed(
                file,
                "volume 2 volumes: " + settings + "/v is not a directory",
                "volume 1 volumes: " + volume + " is not a volume");

        Files.delete(volume.resolve("letter"));
        Files.delete(volume);
        Files.writeString(volume, "a file");
        assertFailed(file, "volume 2", "volume 1 volumes: " + volume + " is not a directory");
    }

    @Test
    void findsVolumesOfAnotherNumberAndOfAnotherStore() throws Exception {
        try (S3Server server = S3Server.own().start();
                S3Connection connection = server.connect()) {
            assertThat(connection.call("PUT", "/bucket").status()).isEqualTo(200);
            Path own = Files.createDirectory(folder.resolve("own"));
            Path file = ServerSettings.forTests(own, 0, server.database(), KEYS);
            assertFailed(file, "volume 1 volumes: " + own.resolve("volume") + " is empty, and there are buckets");

            VolumeSet.open(List.of(new VolumeSettings(1, own.resolve("volume"), Set.of("STANDARD"))), true, 0);
            assertFailed(file, "which is not the one that the database describes");

            replace(file, own.resolve("volume").toString(), server.volume().toString());
            assertThat(check(file)).as(said).isTrue();
            replace(file, "number: 1", "number: 3");
            assertFailed(file, "is volume 1, but is configured as volume 3");
        }
    }

    @Test
    void findsPortsThatAreTakenAndFilesOfTheLogThatCannotBeWritten() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Path file = settings(EmbeddedMariaDb.shared().freshSchema(), taken.getLocalPort());
            replace(
                    file,
                    "  level: WARN\n",
                    "  appenders:\n    - {type: file, currentLogFilename: '" + file
                            + "/pataka.log', archive: false}\n");
            assertFailed(
                    file,
                    "server.applicationConnectors[0].port: 127.0.0.1:" + taken.getLocalPort() + " is not free",
                    "log file logging.appenders[0].currentLogFilename: " + file + "/pataka.log cannot be written: "
                            + file + " is not a directory");
        }
    }

    @Test
    void findsSettingsThatAreWrong() throws Exception {
        Path file = settings();
        replace(file, "64MiB", "much");
        assertFailed(file, "FAILED settings limits.reserve is 'much', must be a size such as");
        assertThat(said.lines()).hasSize(1);
    }

    @Test
    void findsAKeystoneThatDoesNotAnswer() throws Exception {
        Path file = settings();
        replace(
                file,
                "credentials: {",
                "keystone: {auth_url: 'http://127.0.0.1:1', username: u, password: p, project_name: s,"
                        + " timeout: 1s}\ncredentials: {order: [keystone], ");
        assertFailed(file, "FAILED keystone ");
    }

    @Test
    void findsABarbicanThatDoesNotAnswerAndStaticKeysThatOthersMayRead() throws Exception {
        Path file = settings();
        Path keys = Files.createFile(
                folder.resolve("kms.yml"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
        replace(file, "encryption: {", "encryption: {kms: {barbican: {}, keysFile: '" + keys + "'}, ");
        replace(
                file,
                "credentials: {",
                "keystone: {auth_url: 'http://127.0.0.1:1', username: u, password: p, project_name: s}\ncredentials: {");
        assertFailed(
                file,
                "encryption.kms.keysFile encryption.kms.keysFile: " + keys + " may be used by others",
                "barbican encryption.kms.barbican: Keystone at http://127.0.0.1:1/v3 cannot be reached");
    }
}
