package io.pataka.service.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.db.ManagedDataSource;
import io.pataka.service.metadata.BucketCatalog.Creation;
import io.pataka.service.metadata.ObjectIndex.KeyRange;
import io.pataka.service.metadata.ObjectIndex.ListedVersion;
import io.pataka.service.metadata.ObjectIndex.NewVersion;
import io.pataka.service.metadata.ObjectIndex.VersionRange;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.Content;
import io.pataka.service.model.ETag;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.Owner;
import io.pataka.service.testing.Changes;
import io.pataka.service.testing.EmbeddedMariaDb;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/** The metadata stores of one node, on a fresh schema. */
final class MetadataTestBed implements AutoCloseable {

    static final Owner OWNER = new Owner("project-1", "demo");

    static final ChangeContext CHANGE = Changes.by(OWNER);

    private static final AtomicInteger NAMES = new AtomicInteger();

    private final AtomicLong elapsed = new AtomicLong();

    final ManagedDataSource source;
    final Database database;
    final MariaDbBucketCatalog buckets;
    final AccountDocuments accounts;
    final MariaDbObjectIndex objects;
    final MariaDbUploadLedger uploads;
    final MariaDbBlobLedger blobs;
    final MariaDbJobLeases leases;

    MetadataTestBed() {
        this(EmbeddedMariaDb.shared().freshSchema());
    }

    MetadataTestBed(DatabaseSettings settings) {
        this(settings, UnaryOperator.identity());
    }

    /**
     * @param around puts something around the pool of connections
     */
    MetadataTestBed(DatabaseSettings settings, UnaryOperator<DataSource> around) {
        source = settings.open(new MetricRegistry());
        database = new Database(around.apply(source));
        buckets = new MariaDbBucketCatalog(database, Clock.systemUTC(), () -> System.nanoTime() + elapsed.get());
        accounts = new MariaDbAccountDocuments(database, buckets::forgetOwnersDocuments);
        objects = new MariaDbObjectIndex(database, Clock.systemUTC());
        uploads = new MariaDbUploadLedger(database, objects, Clock.systemUTC());
        blobs = new MariaDbBlobLedger(database);
        leases = new MariaDbJobLeases(database);
    }

    /** Makes what the node remembers of buckets older. */
    void elapse(Duration time) {
        elapsed.addAndGet(time.toNanos());
    }

    Bucket bucket(Versioning versioning) {
        BucketName name = new BucketName("bucket-" + NAMES.incrementAndGet());
        Bucket bucket = ((Creation.Created) buckets.create(name, OWNER, false, 0, Map.of(), Changes.any())).bucket();
        return versioning == Versioning.OFF
                ? bucket
                : buckets.setVersioning(bucket, versioning, Changes.any()).orElseThrow();
    }

    static NewVersion version(String key, BlobId blob) {
        return version(key, blob, "etag-" + blob);
    }

    static NewVersion version(String key, BlobId blob, String etag) {
        return new NewVersion(
                ObjectKey.of(key), 5, new ETag(etag), OWNER, new Content.Whole(blob), ObjectFacts.plain());
    }

    static ObjectKey key(String text) {
        return ObjectKey.of(text);
    }

    /** All versions of a bucket, as a listing shows them. */
    List<ListedVersion> versions(Bucket bucket) {
        return objects.scanVersions(
                bucket, new VersionRange(new KeyRange(new byte[0], true, Optional.empty()), Optional.empty()), 10_000);
    }

    void awaitRetired(BlobId blob) throws InterruptedException {
        for (int i = 0; i < 1000 && !isRetired(blob); i++) {
            Thread.sleep(10);
        }
        assertThat(isRetired(blob)).isTrue();
    }

    boolean isRetired(BlobId blob) {
        return count("SELECT COUNT(*) FROM retired_blob WHERE HEX(blob_id) = '" + blob + "'") == 1;
    }

    long count(String sql) {
        return database.read(handle -> handle.createQuery(sql).mapTo(Long.class).one());
    }

    @Override
    public void close() {
        objects.close();
        try {
            source.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the pool of connections does not stop", e);
        }
    }
}
