package io.pataka.service;

import static io.pataka.service.testing.ServerSettings.replace;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.util.JarLocation;
import io.pataka.service.development.SelfSignedCertificate;
import io.pataka.service.encryption.KeyRingFile;
import io.pataka.service.encryption.Ring;
import io.pataka.service.encryption.RingKey;
import io.pataka.service.metadata.DatabaseSettings;
import io.pataka.service.testing.AccessKeys;
import io.pataka.service.testing.EmbeddedMariaDb;
import io.pataka.service.testing.ServerProcess;
import io.pataka.service.testing.ServerSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The message when the service does not start: one paragraph that names the fault. */
final class StartFailuresTest {

    private static final AccessKeys KEYS =
            new AccessKeys("START000000000000000", "a-secret-of-forty-characters-0123456789x");

    @TempDir
    private Path folder;

    private static String serve(Path settings) {
        return run("server", settings.toString());
    }

    private static String run(String... command) {
        PatakaApplication application = new PatakaApplication();
        Bootstrap<PatakaConfiguration> bootstrap = new Bootstrap<>(application);
        application.addDefaultCommands(bootstrap);
        application.initialize(bootstrap);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream error = new ByteArrayOutputStream();
        assertThat(new Cli(new JarLocation(PatakaApplication.class), bootstrap, out, error).run(command))
                .as("it must fail")
                .isPresent();
        return error.toString(UTF_8);
    }

    private Path settings(DatabaseSettings database, int port) throws IOException {
        return ServerSettings.forTests(folder, port, database, KEYS);
    }

    private static void assertOneLine(String message, String... words) {
        assertThat(message).startsWith("pataka does not start: ");
        assertNoTrace(message, words);
    }

    private static void assertNoTrace(String message, String... words) {
        assertThat(message).contains(words).doesNotContain("\tat ");
        assertThat(message.strip().lines()).hasSize(1);
    }

    @Test
    void namesSettingsThatAreNotThere() {
        assertOneLine(serve(folder.resolve("nowhere.yml")), "nowhere.yml not found");
    }

    @Test
    void namesASettingThatItDoesNotKnow() throws IOException {
        Path file = settings(EmbeddedMariaDb.shared().freshSchema(), 0);
        replace(file, "limits:", "limitz:");

        assertOneLine(serve(file), "limitz is not a setting. Did you mean limits?");
    }

    @Test
    void namesAVariableThatIsNotSet() throws IOException {
        Path file = settings(EmbeddedMariaDb.shared().freshSchema(), 0);
        replace(file, "64MiB", "${PATAKA_TEST_NOT_SET}");

        assertOneLine(serve(file), "PATAKA_TEST_NOT_SET");
    }

    @Test
    void namesTheCommandForADatabaseWithoutTables() throws Exception {
        DatabaseSettings database = EmbeddedMariaDb.shared().freshSchema();
        try (Connection connection = DriverManager.getConnection(database.url(), database.user(), database.password());
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE DATABASECHANGELOG");
        }

        assertOneLine(serve(settings(database, 0)), "db migrate");
    }

    @Test
    void namesAVolumeThatIsNone() throws Exception {
        Path file = settings(EmbeddedMariaDb.shared().freshSchema(), 0);
        Files.writeString(folder.resolve("volume/letter"), "x");

        assertOneLine(serve(file), folder.resolve("volume").toString(), "not empty");
    }

    /** Not even root can make a directory there. */
    @Test
    void namesAVolumeThatCannotBeMade() throws Exception {
        Path file = settings(EmbeddedMariaDb.shared().freshSchema(), 0);
        replace(file, folder.resolve("volume").toString(), "/proc/volumes/1");

        assertOneLine(serve(file), "volumes: /proc/volumes does not exist and cannot be made", "set another path");
    }

    @Test
    void namesACertificateThatIsNotThereAndAKeyThatIsNone() throws Exception {
        Path file = settings(EmbeddedMariaDb.shared().freshSchema(), 0);
        SelfSignedCertificate pair = SelfSignedCertificate.in(folder);
        replace(
                file,
                "{type: http, bindHost: 127.0.0.1, port: 0}",
                "{type: https-pem, port: 0, certificate: '%s', privateKey: '%s'}"
                        .formatted(pair.certificate(), pair.key()));

        Files.writeString(pair.key(), "no key");
        assertOneLine(
                serve(file), "server.applicationConnectors[0]: ", pair.key().toString());
        Files.delete(pair.certificate());
        assertOneLine(serve(file), "server.applicationConnectors[0]: " + pair.certificate() + " does not exist");
        assertThat(folder.resolve("volume"))
                .as("certificates are looked at before anything is made")
                .isEmptyDirectory();
    }

    @Test
    void namesAPortThatIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Path file = settings(EmbeddedMariaDb.shared().freshSchema(), taken.getLocalPort());

            assertOneLine(
                    serve(file),
                    "server.applicationConnectors[0].port: 127.0.0.1:" + taken.getLocalPort() + " is not free",
                    "set another port");
            assertThat(folder.resolve("volume"))
                    .as("ports are looked at before anything is made")
                    .isEmptyDirectory();
        }
    }

    @Test
    void namesAPortThatTwoConnectorsHave() throws Exception {
        Path file = settings(EmbeddedMariaDb.shared().freshSchema(), ServerProcess.freePort());
        Files.writeString(file, Files.readString(file).replaceAll("(?s)(port: \\d+)(.*)port: \\d+", "$1$2$1"));

        assertOneLine(
                serve(file),
                "server.adminConnectors[0].port: 127.0.0.1:",
                "server.applicationConnectors[0].port is the same port");
    }

    @Test
    void namesAnAddressThatIsNotOfThisMachine() throws Exception {
        Path file = settings(EmbeddedMariaDb.shared().freshSchema(), 8080);
        replace(file, "bindHost: 127.0.0.1, port: 8080", "bindHost: 192.0.2.1, port: 8080");

        assertOneLine(serve(file), "server.applicationConnectors[0].bindHost: 192.0.2.1 is no address of this machine");
    }

    /** Nothing can be made below a file, not even by root, and a directory is no file. */
    @Test
    void namesFilesOfTheLogThatCannotBeWritten() throws Exception {
        Path file = settings(EmbeddedMariaDb.shared().freshSchema(), 0);
        replace(file, "  level: WARN\n", """
                  level: WARN
                  loggers:
                    io.pataka.access:
                      additive: false
                      appenders:
                        - {type: file, currentLogFilename: '%1$s/access.log', archive: false}
                  appenders:
                    - {type: console}
                    - {type: file, currentLogFilename: '%2$s', archive: false}
                """.formatted(file, folder));
        String access = "logging.loggers[io.pataka.access].appenders[0].currentLogFilename: " + file
                + "/access.log cannot be written: " + file + " is not a directory. Give its directory";
        String all = "logging.appenders[1].currentLogFilename: " + folder + " cannot be written: it is a directory";

        assertOneLine(serve(file), access, all);
        assertNoTrace(run("db", "migrate", file.toString()), "pataka cannot work on the schema: " + access, all);
        assertThat(folder.resolve("volume"))
                .as("files of the log are looked at before anything is made")
                .isEmptyDirectory();
    }

    /** Not even root can make a directory there. */
    @Test
    void namesAFolderOfTheLogThatCannotBeMade() throws Exception {
        Path file = settings(EmbeddedMariaDb.shared().freshSchema(), 0);
        replace(
                file,
                "  level: WARN\n",
                "  appenders:\n    - {type: file, currentLogFilename: /proc/pataka/pataka.log, archive: false}\n");

        assertOneLine(
                serve(file), "logging.appenders[0].currentLogFilename: /proc/pataka/pataka.log cannot be written: ");
    }

    @Test
    void namesThePasswordThatTheDatabaseRefusesAndNotTheVolumeThatIsNew() throws Exception {
        DatabaseSettings right = EmbeddedMariaDb.shared().freshSchema();
        DatabaseSettings wrong = new DatabaseSettings(right.url(), right.user(), "wrong-word");
        String message = serve(settings(wrong, 0));

        assertOneLine(message, "database.user, database.password: ", "refuses the user 'pataka' or its password");
        assertThat(message).doesNotContain("initialiseVolumes", "wrong-word");
        assertNoTrace(
                run("db", "migrate", folder.resolve("pataka.yml").toString()),
                "pataka cannot work on the schema: database.user, database.password: ");
    }

    @Test
    void namesTheDatabaseThatIsNotThere() throws Exception {
        DatabaseSettings right = EmbeddedMariaDb.shared().freshSchema();
        DatabaseSettings wrong =
                new DatabaseSettings(right.url().replaceFirst("[^/]+$", "nowhere"), right.user(), right.password());

        assertOneLine(
                serve(settings(wrong, 0)), "database.url: ", "has no database nowhere", "CREATE DATABASE nowhere");
    }

    @Test
    void namesTheDatabaseThatDoesNotAnswerAndNotTheVolumeThatIsNew() throws Exception {
        String message = serve(settings(silentDatabase(), 0));

        assertOneLine(message, "the database does not answer", "Start MariaDB", "database.url");
        assertThat(message).doesNotContain("initialiseVolumes");
    }

    private static DatabaseSettings silentDatabase() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            return new DatabaseSettings("jdbc:mariadb://127.0.0.1:" + taken.getLocalPort() + "/pataka", "u", "p");
        }
    }

    @Test
    void namesACredentialsFileThatIsNotThere() throws Exception {
        Path file = settings(EmbeddedMariaDb.shared().freshSchema(), 0);
        Files.delete(folder.resolve("credentials.yml"));

        assertOneLine(serve(file), "credentials.localFile: " + folder.resolve("credentials.yml") + " does not exist");
    }

    @Test
    void namesAKeyRingThatOthersMayRead() throws Exception {
        Path file = settings(EmbeddedMariaDb.shared().freshSchema(), 0);
        Path ring = folder.resolve("keyring.yml");
        Files.setPosixFilePermissions(ring, PosixFilePermissions.fromString("rw-r-----"));

        assertOneLine(serve(file), "encryption.keyRing: " + ring + " may be used by others than its owner");
    }

    @Test
    void namesAKeyInBarbicanThatCannotBeAsked() throws Exception {
        Path file = settings(EmbeddedMariaDb.shared().freshSchema(), 0);
        RingKey kept = new RingKey(RingKey.Place.BARBICAN, "6fe1fd2e-24cf-4bd5-8ab1-6b5d3ca1b4a5");
        KeyRingFile.replace(folder.resolve("keyring.yml"), new Ring("kept", Map.of("kept", kept)));

        assertOneLine(
                serve(file),
                "encryption.keyRing: the key kept is in Barbican, and the settings have no section encryption.kms.barbican");
    }

    @Test
    void otherCommandsReportFaultsOfSettingsAndDatabaseInOneLine() throws Exception {
        String nowhere = folder.resolve("nowhere.yml").toString();
        DatabaseSettings silent = silentDatabase();
        String settings = settings(silent, 0).toString();

        assertNoTrace(run("db", "migrate", nowhere), "pataka cannot work on the schema: ", "nowhere.yml not found");
        assertNoTrace(
                run("db", "migrate", settings),
                "pataka cannot work on the schema: database.url: ",
                silent.address(),
                "does not answer");
        assertNoTrace(
                run("explain", "--settings", nowhere, "--anonymous", "GET /"),
                "pataka cannot explain: ",
                "nowhere.yml");
        assertNoTrace(
                run("explain", "--settings", settings, "--anonymous", "GET /b/k"), "no connection to the database");
    }
}
