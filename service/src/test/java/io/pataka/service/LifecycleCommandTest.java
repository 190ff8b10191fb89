package io.pataka.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.db.ManagedDataSource;
import io.dropwizard.util.JarLocation;
import io.pataka.service.cli.LifecycleCommand;
import io.pataka.service.metadata.Database;
import io.pataka.service.metadata.MariaDbBucketCatalog;
import io.pataka.service.metadata.MariaDbObjectIndex;
import io.pataka.service.metadata.ObjectIndex.NewVersion;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.Content;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.model.ETag;
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
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code lifecycle}, on the database of a server. */
final class LifecycleCommandTest {

    private static final Owner OWNER = new Owner("project", "Project");
    private static final Clock IN_TEN_DAYS = Clock.offset(Clock.systemUTC(), Duration.ofDays(10));

    @TempDir
    private Path folder;

    private Path settings;
    private ManagedDataSource source;
    private MariaDbBucketCatalog buckets;
    private MariaDbObjectIndex index;
    private Bucket bucket;
    private String said;
    private String errors;

    @BeforeEach
    void makeBucket() throws Exception {
        var fresh = EmbeddedMariaDb.shared().freshSchema();
        settings = ServerSettings.forTests(folder, 0, fresh, new AccessKeys("KEY", "secret"));
        source = fresh.open(new MetricRegistry());
        Database database = new Database(source);
        buckets = new MariaDbBucketCatalog(database, Clock.systemUTC());
        index = new MariaDbObjectIndex(database, Clock.systemUTC());
        BucketName name = new BucketName("photos");
        buckets.create(name, OWNER, false, 0, Map.of(), Changes.any());
        bucket = buckets.findFresh(name).orElseThrow();
    }

    @AfterEach
    void close() throws Exception {
        index.close();
        source.stop();
    }

    private void put(String key) {
        NewVersion version = new NewVersion(
                ObjectKey.of(key),
                5,
                new ETag("e".repeat(32)),
                OWNER,
                new Content.Whole(BlobId.random(1)),
                ObjectFacts.plain());
        index.publish(bucket, version, WriteCondition.NONE, Changes.any());
    }

    private void rules(String rules) {
        buckets.putDocument(
                bucket,
                DocumentKind.LIFECYCLE,
                "<LifecycleConfiguration>" + rules + "</LifecycleConfiguration>",
                Changes.any());
    }

    /** @return whether it succeeded */
    private boolean lifecycle(String... arguments) {
        Bootstrap<PatakaConfiguration> bootstrap = new Bootstrap<>(new PatakaApplication());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream error = new ByteArrayOutputStream();
        bootstrap.addCommand(new LifecycleCommand<>(
                PatakaConfiguration.class,
                PatakaConfiguration::database,
                configuration -> new LifecycleCommand.Rules(
                        configuration.lifecycle().day().toJavaDuration(), configuration.storageClasses()),
                IN_TEN_DAYS,
                new PrintStream(out, true, UTF_8)));
        String[] words = new String[arguments.length + 2];
        words[0] = "lifecycle";
        words[1] = settings.toString();
        System.arraycopy(arguments, 0, words, 2, arguments.length);
        boolean succeeded = new Cli(new JarLocation(PatakaApplication.class), bootstrap, out, error)
                .run(words)
                .isEmpty();
        said = out.toString(UTF_8).replaceAll(" +", " ");
        errors = error.toString(UTF_8);
        return succeeded;
    }

    private String version(String key) {
        return index.current(bucket, ObjectKey.of(key)).orElseThrow().id().text();
    }

    /** The text of a client must not control the terminal. */
    @Test
    void printsEachActionWithTheRuleThatDecided() {
        put("logs/a b");
        put("logs/\u001b[2Jc");
        put("move");
        put("stays");
        rules("<Rule><ID>old logs</ID><Filter><Prefix>logs/</Prefix></Filter><Status>Enabled</Status>"
                + "<Expiration><Days>5</Days></Expiration></Rule>"
                + "<Rule><ID>cold</ID><Filter><Prefix>move</Prefix></Filter><Status>Enabled</Status>"
                + "<Transition><Days>5</Days><StorageClass>STANDARD_IA</StorageClass></Transition></Rule>"
                + "<Rule><ID>off</ID><Filter><Prefix></Prefix></Filter><Status>Disabled</Status>"
                + "<Expiration><Days>1</Days></Expiration></Rule>");

        assertThat(lifecycle("photos")).as(errors).isTrue();

        assertThat(said.lines())
                .containsExactly(
                        "bucket photos: versioning OFF, rules 3, enabled 2",
                        "delete logs/%1B%5B2Jc version null rule old%20logs",
                        "delete logs/a%20b version null rule old%20logs",
                        "move to STANDARD_IA move version null rule cold",
                        "examined 3 versions and uploads, 3 are due");
        assertThat(index.current(bucket, ObjectKey.of("logs/a b"))).isPresent();
    }

    @Test
    void printsTheFirstActionsOnly() {
        bucket = buckets.setVersioning(bucket, Bucket.Versioning.ENABLED, Changes.any())
                .orElseThrow();
        put("a");
        put("b");
        rules("<Rule><ID>r</ID><Filter/><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule>");

        assertThat(lifecycle("photos", "--first", "1")).as(errors).isTrue();

        assertThat(said.lines())
                .containsExactly(
                        "bucket photos: versioning ENABLED, rules 1, enabled 1",
                        "put a delete marker a version " + version("a") + " rule r",
                        "examined 2 versions and uploads; the first 1 that are due are above. --first prints more");
    }

    @Test
    void saysWhatItCannotTell() {
        assertThat(lifecycle("photos")).as(errors).isTrue();
        assertThat(said).isEqualTo("The bucket photos has no lifecycle rules\n");

        assertThat(lifecycle("nowhere")).isFalse();
        assertThat(errors).isEqualTo("pataka cannot tell what the rules would do: there is no bucket nowhere\n");

        assertThat(lifecycle("photos", "--first", "0")).isFalse();
        assertThat(errors).isEqualTo("pataka cannot tell what the rules would do: --first is 0, must be 1 or more\n");
    }
}
