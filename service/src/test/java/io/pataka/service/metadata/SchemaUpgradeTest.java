package io.pataka.service.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.db.ManagedDataSource;
import io.pataka.service.metadata.BucketTurns.Turn;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.testing.EmbeddedMariaDb;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import liquibase.Liquibase;
import liquibase.Scope;
import liquibase.UpdateSummaryOutputEnum;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.resource.ClassLoaderResourceAccessor;
import liquibase.ui.LoggerUIService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A database that the previous release filled is brought to the present schema, and nodes of both releases work with it. */
final class SchemaUpgradeTest {

    /** Those of the previous release, in the order of the change log. */
    private static final int CHANGE_SETS_BEFORE = 19;

    private static final Map<DocumentKind, String> STORED = Map.of(
            DocumentKind.ACL,
            "owner FULL_CONTROL",
            DocumentKind.OWNERSHIP,
            "BucketOwnerPreferred",
            DocumentKind.POLICY,
            "{\"Statement\": [\"\uD83D\uDE00\"]}",
            DocumentKind.PUBLIC_ACCESS_BLOCK,
            "{\"blockPublicAcls\":true}",
            DocumentKind.REQUEST_PAYMENT,
            "Requester",
            DocumentKind.CORS,
            "<CORSConfiguration/>",
            DocumentKind.TAGGING,
            "<Tagging/>");

    private static final AtomicInteger DATABASES = new AtomicInteger();

    private DatabaseSettings settings;
    private ManagedDataSource source;
    private Database database;

    @BeforeEach
    void makeADatabaseOfThePreviousRelease() throws Exception {
        String name = "test_upgrade_" + DATABASES.incrementAndGet();
        EmbeddedMariaDb.shared().execute("CREATE DATABASE " + name + " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
        settings = EmbeddedMariaDb.shared().settings(name);
        try (Connection connection =
                DriverManager.getConnection(settings.url(), settings.user(), settings.password())) {
            Scope.child(Map.of(Scope.Attr.ui.name(), new LoggerUIService()), () -> {
                var target =
                        DatabaseFactory.getInstance().findCorrectDatabaseImplementation(new JdbcConnection(connection));
                try (Liquibase liquibase =
                        new Liquibase(Schema.CHANGE_LOG, new ClassLoaderResourceAccessor(), target)) {
                    liquibase.setShowSummaryOutput(UpdateSummaryOutputEnum.LOG);
                    liquibase.update(CHANGE_SETS_BEFORE, "");
                }
            });
        }
        source = settings.open(new MetricRegistry());
        database = new Database(source);
        assertThat(Schema.isCurrent(database)).isFalse();
        execute("INSERT INTO bucket (id, name, owner_id, owner_name, created_at, versioning, object_lock, epoch)"
                + " VALUES (7, 'photos', 'owner', 'Owner', 1700000000000000, 'ENABLED', FALSE, 3)");
        STORED.forEach(this::putAsThePreviousRelease);
        execute("INSERT INTO account_document VALUES ('owner', 'public-access-block', '{}')");
        execute("INSERT INTO job_position (job, position, began_at, whole_at) VALUES ('content-audit', 'part', 5, 4)");
        execute("INSERT INTO bucket_usage VALUES (7, 10001, 20002, 1700000000000000)");
    }

    @AfterEach
    void stop() throws Exception {
        source.stop();
    }

    private void execute(String sql, Object... values) {
        database.write(handle -> handle.execute(sql, values));
    }

    /** With the statement that it uses. */
    private void putAsThePreviousRelease(DocumentKind kind, String document) {
        execute(
                "INSERT INTO bucket_document (bucket_id, kind, document) VALUES (7, ?, ?)"
                        + " ON DUPLICATE KEY UPDATE document = VALUES(document)",
                kind.name(),
                document);
    }

    @Test
    void keepsTheDocumentsOfEveryKind() throws Exception {
        Schema.migrate(settings);

        assertThat(Schema.isCurrent(database)).isTrue();
        MariaDbBucketCatalog catalog = new MariaDbBucketCatalog(database, Clock.systemUTC());
        Bucket bucket = catalog.find(new BucketName("photos")).orElseThrow();
        assertThat(bucket.epoch()).isEqualTo(3);
        STORED.forEach((kind, document) ->
                assertThat(catalog.document(bucket, kind)).as(kind.name()).contains(document));
        assertThat(catalog.ownersDocument(bucket, DocumentKind.PUBLIC_ACCESS_BLOCK))
                .contains("{}");
        assertThat(new MariaDbJobPositions(database).position("content-audit")).contains("part");
        assertThat(catalog.usage(bucket)).isPresent();
    }

    @Test
    void jobsFindTheBucketsByTheKindsOfTheirDocuments() throws Exception {
        Schema.migrate(settings);

        BucketTurns turns = new MariaDbBucketTurns(database);
        for (DocumentKind kind : STORED.keySet()) {
            assertThat(turns.take(kind.name(), Optional.of(kind), 0, "node", Duration.ofHours(1))
                            .map(Turn::bucketId))
                    .as(kind.name())
                    .contains(7L);
        }
    }

    @Test
    void aNodeOfThePreviousReleaseGoesOnWorking() throws Exception {
        Schema.migrate(settings);

        putAsThePreviousRelease(DocumentKind.CORS, "changed");
        execute("DELETE FROM bucket_document WHERE bucket_id = ? AND kind = ?", 7, DocumentKind.POLICY.name());
        execute("INSERT INTO job_lease (job, holder, expires_at) VALUES ('usage-counter', 'old', 1)");
        MariaDbBucketCatalog catalog = new MariaDbBucketCatalog(database, Clock.systemUTC());
        Bucket bucket = catalog.find(new BucketName("photos")).orElseThrow();
        assertThat(catalog.document(bucket, DocumentKind.CORS)).contains("changed");
        assertThat(catalog.document(bucket, DocumentKind.POLICY)).isEmpty();

        execute("DELETE FROM bucket WHERE id = ?", 7);
        assertThat(catalog.findFresh(bucket.name())).isEmpty();
    }
}
