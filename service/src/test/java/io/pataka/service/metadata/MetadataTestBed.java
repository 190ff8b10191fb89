package io.pataka.service.metadata;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.db.ManagedDataSource;
import io.pataka.service.metadata.BucketCatalog.Creation;
import io.pataka.service.metadata.ObjectIndex.NewVersion;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.Content;
import io.pataka.service.model.ETag;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.Owner;
import io.pataka.service.testing.EmbeddedMariaDb;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicInteger;

/** The metadata room on a fresh schema, as one node has it. */
final class MetadataTestBed implements AutoCloseable {

    static final Owner OWNER = new Owner("project-1", "demo");

    private static final AtomicInteger NAMES = new AtomicInteger();

    final ManagedDataSource source;
    final Database database;
    final MariaDbBucketCatalog buckets;
    final MariaDbObjectIndex objects;

    MetadataTestBed() {
        this(EmbeddedMariaDb.shared().freshSchema());
    }

    MetadataTestBed(DatabaseSettings settings) {
        source = settings.open(new MetricRegistry());
        database = new Database(source);
        buckets = new MariaDbBucketCatalog(database, Clock.systemUTC());
        objects = new MariaDbObjectIndex(database, Clock.systemUTC());
    }

    Bucket bucket(Versioning versioning) {
        BucketName name = new BucketName("bucket-" + NAMES.incrementAndGet());
        Bucket bucket = ((Creation.Created) buckets.create(name, OWNER, false, 0)).bucket();
        return versioning == Versioning.OFF
                ? bucket
                : buckets.setVersioning(bucket, versioning).orElseThrow();
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

    long count(String sql) {
        return database.read(handle -> handle.createQuery(sql).mapTo(Long.class).one());
    }

    @Override
    public void close() throws Exception {
        objects.close();
        source.stop();
    }
}
