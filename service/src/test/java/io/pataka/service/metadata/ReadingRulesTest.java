package io.pataka.service.metadata;

import static io.pataka.service.metadata.MetadataTestBed.CHANGE;
import static io.pataka.service.metadata.MetadataTestBed.OWNER;
import static io.pataka.service.metadata.MetadataTestBed.key;
import static io.pataka.service.metadata.MetadataTestBed.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.metadata.BucketCatalog.StoredDocument;
import io.pataka.service.metadata.ObjectIndex.AppendedPart;
import io.pataka.service.metadata.ObjectIndex.NewVersion;
import io.pataka.service.metadata.ObjectIndex.RemovalRequest;
import io.pataka.service.metadata.UploadLedger.Upload;
import io.pataka.service.metadata.UploadLedger.UploadChecksum;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.Checksum;
import io.pataka.service.model.Content;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.model.ETag;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.UploadId;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.testing.EmbeddedMariaDb;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Writers read the rules for records before their transaction: with one connection in hand and a second one wanted, as many writers as there
 * are connections would wait for each other.
 */
final class ReadingRulesTest {

    private static final ThreadLocal<Integer> HELD = ThreadLocal.withInitial(() -> 0);

    private static MetadataTestBed bed;
    private static MariaDbObjectIndex objects;
    private static MariaDbUploadLedger uploads;
    private static boolean isRead;
    private static int reads;

    /** Read from the database once, until they are forgotten. */
    private static final ChangeRules RULES = bucket -> {
        if (!isRead) {
            assertThat(HELD.get()).as("connections of the writer").isZero();
            bed.database.read(handle -> handle.execute("SELECT 1"));
            isRead = true;
            reads++;
        }
        return change -> ChangeRecords.NONE;
    };

    @BeforeAll
    static void open() {
        bed = new MetadataTestBed(EmbeddedMariaDb.shared().freshSchema(), ReadingRulesTest::counting);
        objects = new MariaDbObjectIndex(bed.database, Clock.systemUTC(), RULES);
        uploads = new MariaDbUploadLedger(bed.database, objects, Clock.systemUTC());
    }

    @AfterAll
    static void close() {
        objects.close();
        bed.close();
    }

    /** Counts the connections that the thread has. */
    private static DataSource counting(DataSource pool) {
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(pool, arguments);
                        return result instanceof Connection connection ? counted(connection) : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static Connection counted(Connection connection) {
        HELD.set(HELD.get() + 1);
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        HELD.set(HELD.get() - 1);
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @BeforeEach
    void forget() {
        isRead = false;
        reads = 0;
    }

    private static Bucket recording(Versioning versioning) {
        Bucket bucket = bed.bucket(versioning);
        bed.buckets.putDocument(bucket, DocumentKind.NOTIFICATION, new StoredDocument("x", true), CHANGE);
        return bed.buckets.findFresh(bucket.name()).orElseThrow();
    }

    private static void put(Bucket bucket, String key, WriteCondition condition) {
        objects.publish(bucket, version(key, BlobId.random(0)), condition, CHANGE);
    }

    private static void assertRead() {
        assertThat(reads).isEqualTo(1);
    }

    @Test
    void ofAnOverwrite() {
        put(recording(Versioning.OFF), "k", WriteCondition.NONE);
        assertRead();
    }

    @Test
    void ofAConditionalWrite() {
        put(recording(Versioning.OFF), "k", new WriteCondition.Absent());
        assertRead();
    }

    @Test
    void ofANewVersion() {
        put(recording(Versioning.ENABLED), "k", WriteCondition.NONE);
        assertRead();
    }

    @Test
    void ofARemoval() {
        Bucket bucket = recording(Versioning.OFF);
        put(bucket, "k", WriteCondition.NONE);
        forget();
        objects.remove(bucket, new RemovalRequest(key("k"), Optional.empty(), WriteCondition.NONE), CHANGE);
        assertRead();
    }

    @Test
    void ofManyRemovals() {
        Bucket bucket = recording(Versioning.ENABLED);
        objects.removeAll(
                bucket,
                List.of(
                        new RemovalRequest(key("k"), Optional.empty(), WriteCondition.NONE),
                        new RemovalRequest(key("l"), Optional.empty(), WriteCondition.NONE)),
                CHANGE);
        assertRead();
    }

    @Test
    void ofAnAppendAndARenaming() {
        Bucket bucket = recording(Versioning.OFF);
        objects.append(
                bucket,
                Optional.empty(),
                new NewVersion(
                        key("k"),
                        5,
                        new ETag("e"),
                        OWNER,
                        new Content.Parts(UploadId.random(), 1),
                        ObjectFacts.plain()),
                new AppendedPart(BlobId.random(0), 5, new ETag("p"), List.of()),
                WriteCondition.NONE,
                CHANGE);
        assertRead();
        forget();
        ObjectVersion source = objects.current(bucket, key("k")).orElseThrow();
        objects.rename(bucket, source, key("to"), WriteCondition.NONE, Optional.empty(), CHANGE);
        assertRead();
    }

    @Test
    void ofChangesOfARow() {
        Bucket bucket = recording(Versioning.ENABLED);
        put(bucket, "k", WriteCondition.NONE);
        forget();
        objects.updateFacts(
                bucket, key("k"), Optional.empty(), facts -> Optional.of(facts.withTags(new TreeMap<>())), CHANGE);
        assertRead();
        forget();
        new MariaDbVersionLocks(bed.database, RULES).setLegalHold(bucket, key("k"), Optional.empty(), true, CHANGE);
        assertRead();
        forget();
        new MariaDbContentMoves(bed.database, RULES)
                .setStorageClass(bucket, objects.current(bucket, key("k")).orElseThrow(), "COLD", CHANGE);
        assertRead();
    }

    @Test
    void ofAnUpload() {
        Bucket bucket = recording(Versioning.OFF);
        Upload upload = uploads.begin(
                        bucket,
                        key("k"),
                        OWNER,
                        ObjectFacts.plain(),
                        new UploadChecksum(Optional.empty(), Checksum.Type.COMPOSITE),
                        CHANGE)
                .orElseThrow();
        assertRead();
        forget();
        uploads.complete(
                bucket,
                upload,
                parts -> new UploadLedger.Assembled(
                        Set.of(),
                        new NewVersion(
                                key("k"),
                                0,
                                new ETag("e"),
                                OWNER,
                                new Content.Parts(upload.id(), 1),
                                ObjectFacts.plain())),
                WriteCondition.NONE,
                CHANGE);
        assertRead();
        forget();
        uploads.abort(bucket, key("k"), upload.id(), CHANGE);
        assertRead();
    }
}
