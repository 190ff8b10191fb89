package io.pataka.service;

import static io.pataka.service.testing.ServerSettings.replace;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.db.ManagedDataSource;
import io.dropwizard.util.JarLocation;
import io.pataka.service.cli.KeysCommand;
import io.pataka.service.encryption.FileKeyRing;
import io.pataka.service.encryption.KeyRefusedException;
import io.pataka.service.encryption.KeyRefusedException.Reason;
import io.pataka.service.encryption.KeyRingFile;
import io.pataka.service.encryption.ObjectKeys;
import io.pataka.service.encryption.Ring;
import io.pataka.service.encryption.RingKey;
import io.pataka.service.encryption.RingKey.Place;
import io.pataka.service.metadata.BucketCatalog.Creation;
import io.pataka.service.metadata.Database;
import io.pataka.service.metadata.DatabaseSettings;
import io.pataka.service.metadata.MariaDbBucketCatalog;
import io.pataka.service.metadata.MariaDbObjectIndex;
import io.pataka.service.metadata.ObjectIndex.NewVersion;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.Content;
import io.pataka.service.model.ETag;
import io.pataka.service.model.EncryptionChoice;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.Owner;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.testing.AccessKeys;
import io.pataka.service.testing.Changes;
import io.pataka.service.testing.EmbeddedMariaDb;
import io.pataka.service.testing.ServerSettings;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code keys}. */
final class KeysTest {

    private static final String SECRET_ID = "6fe1fd2e-24cf-4bd5-8ab1-6b5d3ca1b4a5";
    private static final Owner OWNER = new Owner("project", "Project");

    @TempDir
    private Path folder;

    private Path file;
    private String said;
    private String errors;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("new-ring.yml");
    }

    /** @return whether it succeeded */
    private boolean keys(Object... arguments) {
        Bootstrap<PatakaConfiguration> bootstrap = new Bootstrap<>(new PatakaApplication());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream error = new ByteArrayOutputStream();
        bootstrap.addCommand(new KeysCommand<>(
                PatakaConfiguration.class,
                PatakaConfiguration::database,
                settings -> settings.encryption().keyRing(),
                new PrintStream(out, true, UTF_8)));
        String[] words = new String[arguments.length + 1];
        words[0] = "keys";
        for (int i = 0; i < arguments.length; i++) {
            words[i + 1] = arguments[i].toString();
        }
        boolean succeeded = new Cli(new JarLocation(PatakaApplication.class), bootstrap, out, error)
                .run(words)
                .isEmpty();
        said = out.toString(UTF_8);
        errors = error.toString(UTF_8);
        return succeeded;
    }

    private Ring ring() {
        return KeyRingFile.read(file);
    }

    @Test
    void makesARingWithARandomKey() throws Exception {
        assertThat(keys("make", file)).as(errors).isTrue();

        Ring ring = ring();
        assertThat(ring.keys()).hasSize(1);
        assertThat(ring.active()).matches("20\\d\\d-\\d\\d-\\d\\d-[0-9a-f]{6}");
        assertThat(said).contains(ring.active(), "Keep a copy").doesNotContain(textOf(ring.active()));
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));

        Path other = folder.resolve("other");
        assertThat(keys("make", other)).isTrue();
        assertThat(KeyRingFile.read(other).keys().values())
                .doesNotContainAnyElementsOf(ring.keys().values());
    }

    private String textOf(String id) {
        return ring().keys().get(id).text();
    }

    @Test
    void overwritesNoRing() throws Exception {
        keys("make", file);
        String before = Files.readString(file);

        assertThat(keys("make", file)).isFalse();
        assertThat(errors).contains(file + " is there already, and is not overwritten");
        assertThat(file).hasContent(before);
    }

    @Test
    void addsAKeyAndMakesItActive() {
        keys("make", file);
        Ring made = ring();
        assertThat(keys("add", file)).as(errors).isTrue();

        Ring added = ring();
        assertThat(added.keys()).hasSize(2).containsAllEntriesOf(made.keys());
        assertThat(added.active()).isEqualTo(made.active());
        String fresh = added.keys().keySet().stream()
                .filter(id -> !id.equals(made.active()))
                .findAny()
                .orElseThrow();
        assertThat(said).contains(fresh, "not active");

        assertThat(keys("activate", file, fresh)).as(errors).isTrue();
        assertThat(ring()).isEqualTo(added.activate(fresh));

        assertThat(keys("add", file, "--activate")).as(errors).isTrue();
        assertThat(ring().keys()).hasSize(3);
        assertThat(added.keys()).doesNotContainKey(ring().active());
    }

    @Test
    void takesASecretInBarbicanForAKey() {
        assertThat(keys("make", file, "--barbican", SECRET_ID)).as(errors).isTrue();
        assertThat(ring().keys().values()).containsExactly(new RingKey(Place.BARBICAN, SECRET_ID));

        assertThat(keys("add", file, "--barbican", "not-a-uuid")).isFalse();
        assertThat(errors).contains("the id of a secret in Barbican is a UUID");
        assertThat(ring().keys()).hasSize(1);
    }

    @Test
    void namesTheFaultInOneLine() {
        keys("make", file);

        assertThat(keys("activate", file, "absent")).isFalse();
        assertThat(errors.lines()).hasSize(1);
        assertThat(errors).contains("the key ring has no key absent; it has [" + ring().active() + "]");
        assertThat(keys("add", folder.resolve("absent.yml"))).isFalse();
        assertThat(errors).contains("absent.yml does not exist");
    }

    @Test
    void countsWhatNeedsEachKey() throws Exception {
        DatabaseSettings database = EmbeddedMariaDb.shared().freshSchema();
        Path settings = ServerSettings.forTests(folder, 0, database, new AccessKeys("KEY", "secret"));
        keys("make", file);
        String old = ring().active();
        replace(settings, folder.resolve("keyring.yml").toString(), file.toString());
        put(database, 3);
        keys("add", file);
        keys("add", file, "--activate");
        Ring ring = ring();
        String unused = ring.keys().keySet().stream()
                .filter(id -> !id.equals(old) && !id.equals(ring.active()))
                .findAny()
                .orElseThrow();
        put(database, 1);

        assertThat(keys("used", settings)).as(errors).isTrue();
        assertThat(said.replaceAll(" +", " "))
                .contains(
                        "examined 4 rows\n",
                        old + " 3 needed until",
                        unused + " 0 not needed by a row, but requests that began before the ring was changed may",
                        ring.active() + " 1 active\n");

        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(25))));
        assertThat(keys("used", settings)).as(errors).isTrue();
        assertThat(said.replaceAll(" +", " "))
                .contains(old + " 3 needed until", unused + " 0 not needed; may be removed from the ring");

        KeyRingFile.replace(
                file, new Ring(ring.active(), Map.of(ring.active(), ring.keys().get(ring.active()))));
        assertThat(keys("used", settings)).isFalse();
        assertThat(said.replaceAll(" +", " ")).contains(old + " 3 missing");
        assertThat(errors).contains("objects need keys that the key ring does not have: [" + old + "]");
    }

    /** Stores objects in a new bucket. */
    private void put(DatabaseSettings settings, int count) throws Exception {
        ManagedDataSource source = settings.open(new MetricRegistry());
        Database database = new Database(source);
        ObjectKeys keys = new ObjectKeys(
                FileKeyRing.open(
                        file,
                        id -> {
                            throw new KeyRefusedException(Reason.NOT_CONFIGURED, "no key manager");
                        },
                        Clock.systemUTC()),
                (keyId, project) -> {
                    throw new KeyRefusedException(Reason.NOT_CONFIGURED, "no key manager");
                });
        try (MariaDbObjectIndex index = new MariaDbObjectIndex(database, Clock.systemUTC())) {
            Bucket bucket = ((Creation.Created) new MariaDbBucketCatalog(database, Clock.systemUTC())
                            .create(new BucketName("bucket-" + count), OWNER, false, 0, Map.of(), Changes.any()))
                    .bucket();
            for (int i = 0; i < count; i++) {
                NewVersion version = new NewVersion(
                        ObjectKey.of("k" + i),
                        5,
                        new ETag("etag"),
                        OWNER,
                        new Content.Whole(BlobId.random(0)),
                        ObjectFacts.builder()
                                .form(keys.seal(new EncryptionChoice.S3(), OWNER.id()))
                                .build());
                index.publish(bucket, version, WriteCondition.NONE, Changes.any());
            }
        } finally {
            source.stop();
        }
    }
}
