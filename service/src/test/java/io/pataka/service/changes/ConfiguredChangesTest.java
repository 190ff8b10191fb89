package io.pataka.service.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.db.ManagedDataSource;
import io.pataka.service.metadata.BucketCatalog.StoredDocument;
import io.pataka.service.metadata.ChangeRecords;
import io.pataka.service.metadata.ChangeRecords.QueuedEvent;
import io.pataka.service.metadata.Database;
import io.pataka.service.metadata.MariaDbBucketCatalog;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.model.ObjectChange;
import io.pataka.service.model.ObjectChange.Effect;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.Owner;
import io.pataka.service.model.VersionId;
import io.pataka.service.testing.Changes;
import io.pataka.service.testing.EmbeddedMariaDb;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConfiguredChangesTest {

    private static final BucketName NAME = new BucketName("bucket");
    private static final String OF_TAGGED =
            "<Filter><S3Tags><FilterRule><Name>t</Name><Value>v</Value></FilterRule></S3Tags></Filter>";

    private static ManagedDataSource source;
    private static MariaDbBucketCatalog buckets;
    private static ConfiguredChanges rules;

    @BeforeAll
    static void open() {
        source = EmbeddedMariaDb.shared().freshSchema().open(new MetricRegistry());
        buckets = new MariaDbBucketCatalog(new Database(source), Clock.systemUTC());
        rules = new ConfiguredChanges(buckets, "region-1", "NODE", Clock.systemUTC());
    }

    @AfterAll
    static void close() throws Exception {
        source.stop();
    }

    @BeforeEach
    void createBucket() {
        buckets.create(NAME, new Owner("project-1", "demo"), false, 0, Map.of(), Changes.any());
    }

    @AfterEach
    void deleteBucket() {
        buckets.delete(bucket(), Changes.any());
    }

    private Bucket bucket() {
        return buckets.findFresh(NAME).orElseThrow();
    }

    private void notify(String topic, String more) {
        store("<NotificationConfiguration><TopicConfiguration><Id>i</Id><Topic>arn:aws:sns:r:project-2:" + topic
                + "</Topic>" + more + "</TopicConfiguration></NotificationConfiguration>");
    }

    private void store(String document) {
        buckets.putDocument(bucket(), DocumentKind.NOTIFICATION, new StoredDocument(document, true), Changes.any());
    }

    private static ObjectChange created() {
        return new ObjectChange(
                Changes.any(),
                Effect.CREATED,
                ObjectKey.of("k"),
                new VersionId(1, true),
                5,
                "etag",
                new TreeMap<>(),
                new TreeMap<>());
    }

    @Test
    void aBucketWithoutDocumentsRecordsNothing() {
        assertThat(rules.of(bucket()).records(created())).isEqualTo(ChangeRecords.NONE);
    }

    @Test
    void anEventIsForTheTopicThatTheDocumentNames() {
        notify("topic", "");
        ChangeRecords records = rules.of(bucket()).records(created());
        assertThat(records.journal()).isEmpty();
        assertThat(records.events()).hasSize(1);
        QueuedEvent event = records.events().get(0);
        assertThat(event.accountId()).isEqualTo("project-2");
        assertThat(event.topic()).isEqualTo("topic");
        assertThat(event.record())
                .asString()
                .contains("\"awsRegion\":\"region-1\"", "\"x-amz-id-2\":\"NODE\"", "\"name\":\"bucket\"");
    }

    @Test
    void anotherDocumentHasOtherRules() {
        notify("first", "");
        Bucket before = bucket();
        assertThat(rules.of(before)).isSameAs(rules.of(before));
        assertThat(rules.of(before).needFactsOfRemoved()).isFalse();

        notify("second", OF_TAGGED);
        assertThat(rules.of(bucket()).needFactsOfRemoved()).isTrue();
        assertThat(rules.of(bucket()).records(created())).isEqualTo(ChangeRecords.NONE);
    }

    @Test
    void aDamagedDocumentIsAFaultOfTheServer() {
        store("<Other/>");
        assertThatIllegalStateException()
                .isThrownBy(() -> rules.of(bucket()))
                .withMessageContaining("the stored notification document of bucket bucket cannot be read")
                .withNoCause();
    }
}
