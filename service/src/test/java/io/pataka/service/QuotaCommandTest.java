package io.pataka.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.db.ManagedDataSource;
import io.dropwizard.util.JarLocation;
import io.pataka.service.cli.QuotaCommand;
import io.pataka.service.cli.UsageCommand;
import io.pataka.service.metadata.BucketUsage;
import io.pataka.service.metadata.Database;
import io.pataka.service.metadata.MariaDbBucketCatalog;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.Owner;
import io.pataka.service.testing.AccessKeys;
import io.pataka.service.testing.Changes;
import io.pataka.service.testing.EmbeddedMariaDb;
import io.pataka.service.testing.ServerSettings;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands {@code quota} and {@code usage}, on the database of a server. */
final class QuotaCommandTest {

    @TempDir
    private Path folder;

    private Path settings;
    private ManagedDataSource source;
    private Database database;
    private String errors;

    @BeforeEach
    void open() throws Exception {
        var fresh = EmbeddedMariaDb.shared().freshSchema();
        settings = ServerSettings.forTests(folder, 0, fresh, new AccessKeys("KEY", "secret"));
        Files.writeString(settings, "\nquotas: {project: {objects: 7}}\n", StandardOpenOption.APPEND);
        source = fresh.open(new MetricRegistry());
        database = new Database(source);
        bucket("photos", new Owner("p1", "one"));
    }

    @AfterEach
    void close() throws Exception {
        source.stop();
    }

    private Bucket bucket(String name, Owner owner) {
        MariaDbBucketCatalog buckets = new MariaDbBucketCatalog(database, Clock.systemUTC());
        buckets.create(new BucketName(name), owner, false, 0, Map.of(), Changes.any());
        return buckets.findFresh(new BucketName(name)).orElseThrow();
    }

    /** The lines that a command printed; those of a command that failed are in {@link #errors}. */
    private List<String> run(String... words) {
        Bootstrap<PatakaConfiguration> bootstrap = new Bootstrap<>(new PatakaApplication());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream error = new ByteArrayOutputStream();
        PrintStream printed = new PrintStream(out, true, UTF_8);
        List<Command> commands = List.of(
                new QuotaCommand<>(
                        PatakaConfiguration.class,
                        PatakaConfiguration::database,
                        configuration -> configuration.quotas().defaults(),
                        printed),
                new UsageCommand<>(PatakaConfiguration.class, PatakaConfiguration::database, printed));
        commands.forEach(bootstrap::addCommand);
        String[] withSettings = Stream.of(words)
                .map(word -> word.equals("FILE") ? settings.toString() : word)
                .toArray(String[]::new);
        new Cli(new JarLocation(PatakaApplication.class), bootstrap, out, error).run(withSettings);
        errors = error.toString(UTF_8);
        return out.toString(UTF_8).replaceAll(" +", " ").lines().toList();
    }

    @Test
    void setsShowsAndClearsQuotas() {
        assertThat(run("quota", "show", "FILE", "--bucket", "photos"))
                .as(errors)
                .containsExactly(
                        "bucket photos: any number of bytes, any number of objects",
                        "project p1: any number of bytes, 7 objects",
                        "project p1, each bucket: any number of bytes, any number of objects");
        assertThat(run("quota", "set", "FILE", "--project", "p1", "--bytes", "2KiB", "--objects", "3"))
                .as(errors)
                .contains("project p1: 2048 bytes, 3 objects");
        assertThat(run("quota", "set", "FILE", "--project", "p1", "--each-bucket", "--objects", "2"))
                .contains("project p1, each bucket: any number of bytes, 2 objects");
        assertThat(run("quota", "show", "FILE", "--bucket", "photos"))
                .contains("bucket photos: any number of bytes, 2 objects");
        assertThat(run("quota", "set", "FILE", "--bucket", "photos", "--bytes", "0B"))
                .contains("bucket photos: 0 bytes, any number of objects");

        assertThat(run("quota", "show", "FILE"))
                .containsExactly(
                        "settings, project: any number of bytes, 7 objects",
                        "settings, each bucket: any number of bytes, any number of objects",
                        "project p1: 2048 bytes, 3 objects",
                        "project p1, each bucket: any number of bytes, 2 objects",
                        "bucket photos: 0 bytes, any number of objects");

        assertThat(run("quota", "clear", "FILE", "--bucket", "photos"))
                .contains("bucket photos: any number of bytes, 2 objects");
        assertThat(run("quota", "clear", "FILE", "--project", "p1", "--each-bucket"))
                .contains("project p1, each bucket: any number of bytes, any number of objects");
        assertThat(run("quota", "clear", "FILE", "--project", "p1"))
                .contains("project p1: any number of bytes, 7 objects");
    }

    @Test
    void saysWhatIsWrongAndChangesNothing() {
        assertThat(run("quota", "set", "FILE", "--bucket", "photos", "--bytes", "much"))
                .isEmpty();
        assertThat(errors).contains("--bytes is 'much', must be a size such as 500GiB");
        run("quota", "set", "FILE", "--bucket", "photos", "--objects", "-1");
        assertThat(errors).contains("--objects is -1, must be 0 or more");
        run("quota", "set", "FILE", "--bucket", "photos");
        assertThat(errors).contains("--bytes, or --objects, or both must say what the quota is");
        run("quota", "set", "FILE", "--bucket", "missing", "--objects", "1");
        assertThat(errors).contains("there is no bucket missing");
        run("quota", "set", "FILE", "--objects", "1");
        assertThat(errors).contains("--project");
        assertThat(run("quota", "show", "FILE")).hasSize(2);
    }

    /** The name of a project comes from Keystone, and must not control the terminal. */
    @Test
    void printsTheLargestProjectsAndBuckets() {
        Bucket more = bucket("more", new Owner("p1", "one"));
        Bucket most = bucket("most", new Owner("p2", "two\u001b[2J"));
        BucketUsage usage = new BucketUsage(database, Clock.systemUTC());
        usage.keep(more.id(), 5, 500, Instant.parse("2024-02-03T04:05:06Z"));
        usage.keep(most.id(), 6, 6_000_000_000_000L, Instant.parse("2024-02-03T04:05:07.5Z"));

        assertThat(run("usage", "FILE"))
                .as(errors)
                .containsExactly(
                        " bytes objects as of buckets project",
                        " 6000000000000 6 2024-02-03T04:05:07Z 1 p2 two%1B%5B2J",
                        " 500 5 2024-02-03T04:05:06Z 1/2 p1 one");
        assertThat(run("usage", "FILE", "--first", "1")).hasSize(2);
        assertThat(run("usage", "FILE", "--project", "p1"))
                .containsExactly(
                        " bytes objects as of bucket",
                        " 500 5 2024-02-03T04:05:06Z more",
                        " 0 0 not added up yet photos");
        run("usage", "FILE", "--first", "0");
        assertThat(errors).contains("--first is 0, must be 1 or more");
    }
}
