package io.pataka.service.metadata;

import static io.pataka.service.metadata.MetadataTestBed.CHANGE;
import static io.pataka.service.metadata.MetadataTestBed.OWNER;
import static io.pataka.service.metadata.MetadataTestBed.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.metadata.BucketCatalog.Creation;
import io.pataka.service.metadata.BucketCatalog.Deletion;
import io.pataka.service.metadata.BucketCatalog.StoredDocument;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.Owner;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.testing.Changes;
import io.pataka.service.testing.EmbeddedMariaDb;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class BucketCatalogContractTest {

    private static MetadataTestBed bed;
    private static MetadataTestBed otherNode;
    private static BucketCatalog catalog;

    @BeforeAll
    static void open() {
        DatabaseSettings settings = EmbeddedMariaDb.shared().freshSchema();
        bed = new MetadataTestBed(settings);
        otherNode = new MetadataTestBed(settings);
        catalog = bed.buckets;
    }

    @AfterAll
    static void close() {
        bed.close();
        otherNode.close();
    }

    @Test
    void findsABucketAsSoonAsItIsMade() {
        BucketName name = new BucketName("made");
        assertThat(catalog.find(name)).isEmpty();

        Bucket bucket = ((Creation.Created) catalog.create(name, OWNER, false, 0, Map.of(), Changes.any())).bucket();

        assertThat(catalog.find(name)).contains(bucket);
        assertThat(bucket.versioning()).isEqualTo(Versioning.OFF);
        assertThat(bucket.owner()).isEqualTo(OWNER);
        assertThat(catalog.create(name, new Owner("other", "other"), false, 0, Map.of(), Changes.any()))
                .isEqualTo(new Creation.Taken(bucket));
    }

    @Test
    void countsVersionsAndTheirBytesButNoDeleteMarkers() {
        Bucket bucket = bed.bucket(Versioning.ENABLED);
        assertThat(catalog.usage(bucket)).contains(new BucketCatalog.Usage(0, 0));

        bed.objects.publish(bucket, version("a", BlobId.random(0)), WriteCondition.NONE, CHANGE);
        bed.objects.publish(bucket, version("a", BlobId.random(0)), WriteCondition.NONE, CHANGE);
        bed.objects.publish(bucket, version("b", BlobId.random(0)), WriteCondition.NONE, CHANGE);
        bed.objects.remove(
                bucket,
                new ObjectIndex.RemovalRequest(ObjectKey.of("a"), Optional.empty(), WriteCondition.NONE),
                CHANGE);

        assertThat(catalog.usage(bucket)).contains(new BucketCatalog.Usage(3, 15));
        BucketCatalog.Usage all = catalog.usage(OWNER).orElseThrow();
        assertThat(all.objects()).isGreaterThanOrEqualTo(3);
        assertThat(catalog.usage(new Owner("unknown", "unknown"))).contains(new BucketCatalog.Usage(0, 0));
    }

    @Test
    void versionsABucketWithObjectLockFromTheStart() {
        Bucket bucket = ((Creation.Created)
                        catalog.create(new BucketName("locked"), OWNER, true, 0, Map.of(), Changes.any()))
                .bucket();
        assertThat(bucket.objectLock()).isTrue();
        assertThat(bucket.versioning()).isEqualTo(Versioning.ENABLED);
    }

    @Test
    void makesNoMoreBucketsThanTheLimit() {
        Owner owner = new Owner("limited", "limited");
        assertThat(catalog.create(new BucketName("limited-1"), owner, false, 2, Map.of(), Changes.any()))
                .isInstanceOf(Creation.Created.class);
        assertThat(catalog.create(new BucketName("limited-2"), owner, false, 2, Map.of(), Changes.any()))
                .isInstanceOf(Creation.Created.class);
        assertThat(catalog.create(new BucketName("limited-3"), owner, false, 2, Map.of(), Changes.any()))
                .isEqualTo(new Creation.OverLimit(2));
        assertThat(catalog.find(new BucketName("limited-3"))).isEmpty();
        assertThat(catalog.create(new BucketName("limited-1"), owner, false, 2, Map.of(), Changes.any()))
                .isInstanceOf(Creation.Taken.class);
    }

    @Test
    void deletesOnlyAnEmptyBucket() {
        Bucket bucket = bed.bucket(Versioning.ENABLED);
        bed.objects.publish(bucket, version("k", BlobId.random(0)), WriteCondition.NONE, CHANGE);
        assertThat(catalog.delete(bucket, Changes.any())).isEqualTo(Deletion.NOT_EMPTY);
        bed.objects.remove(
                bucket,
                new ObjectIndex.RemovalRequest(MetadataTestBed.key("k"), Optional.empty(), WriteCondition.NONE),
                CHANGE);
        assertThat(catalog.delete(bucket, Changes.any()))
                .as("versions are left")
                .isEqualTo(Deletion.NOT_EMPTY);

        Bucket empty = bed.bucket(Versioning.OFF);
        catalog.putDocument(empty, DocumentKind.TAGGING, "{}", Changes.any());
        assertThat(catalog.delete(empty, Changes.any())).isEqualTo(Deletion.DELETED);
        assertThat(catalog.delete(empty, Changes.any())).isEqualTo(Deletion.GONE);
        assertThat(catalog.find(empty.name())).isEmpty();
        assertThat(catalog.putDocument(empty, DocumentKind.TAGGING, "{}", Changes.any()))
                .isFalse();
        assertThat(catalog.setVersioning(empty, Versioning.ENABLED, Changes.any()))
                .isEmpty();
    }

    @Test
    void anAccountsDocumentIsReadWithEachOfItsBucketsAndWithNoOther() {
        Owner owner = new Owner("documented", "documented");
        Bucket bucket = ((Creation.Created)
                        catalog.create(new BucketName("documented-1"), owner, false, 0, Map.of(), Changes.any()))
                .bucket();
        Bucket anothers = bed.bucket(Versioning.OFF);
        assertThat(catalog.ownersDocument(bucket, DocumentKind.PUBLIC_ACCESS_BLOCK))
                .isEmpty();

        bed.accounts.put("documented", DocumentKind.PUBLIC_ACCESS_BLOCK, "{1}", Changes.any());
        catalog.putDocument(bucket, DocumentKind.PUBLIC_ACCESS_BLOCK, "{own}", Changes.any());
        assertThat(catalog.ownersDocument(bucket, DocumentKind.PUBLIC_ACCESS_BLOCK))
                .contains("{1}");
        assertThat(catalog.document(bucket, DocumentKind.PUBLIC_ACCESS_BLOCK)).contains("{own}");
        assertThat(catalog.ownersDocument(anothers, DocumentKind.PUBLIC_ACCESS_BLOCK))
                .isEmpty();

        bed.accounts.put("documented", DocumentKind.PUBLIC_ACCESS_BLOCK, "{2}", Changes.any());
        assertThat(catalog.ownersDocument(bucket, DocumentKind.PUBLIC_ACCESS_BLOCK))
                .contains("{2}");
        assertThat(bed.accounts.find("documented", DocumentKind.PUBLIC_ACCESS_BLOCK))
                .contains("{2}");
        assertThat(bed.accounts.find("Documented", DocumentKind.PUBLIC_ACCESS_BLOCK))
                .isEmpty();

        bed.accounts.delete("documented", DocumentKind.PUBLIC_ACCESS_BLOCK, Changes.any());
        bed.accounts.delete("documented", DocumentKind.PUBLIC_ACCESS_BLOCK, Changes.any());
        assertThat(catalog.ownersDocument(bucket, DocumentKind.PUBLIC_ACCESS_BLOCK))
                .isEmpty();
    }

    @Test
    void neverUsesAnIdTwice() {
        Bucket first = bed.bucket(Versioning.OFF);
        catalog.delete(first, Changes.any());
        Bucket second =
                ((Creation.Created) catalog.create(first.name(), OWNER, false, 0, Map.of(), Changes.any())).bucket();
        assertThat(second.id()).isGreaterThan(first.id());
        assertThat(bed.objects.publish(first, version("k", BlobId.random(0)), WriteCondition.NONE, CHANGE))
                .isEqualTo(new ObjectIndex.Publication.Refused(Refusal.BUCKET_CHANGED));
    }

    @Test
    void pagesThroughAnOwnersBuckets() {
        Owner owner = new Owner("pager", "pager");
        for (String name : List.of("b-2", "a-1", "b-1", "b-10", "c-1")) {
            catalog.create(new BucketName(name), owner, false, 0, Map.of(), Changes.any());
        }
        assertThat(names(catalog.page("pager", "", "", 10))).containsExactly("a-1", "b-1", "b-10", "b-2", "c-1");
        assertThat(names(catalog.page("pager", "b-", "", 2))).containsExactly("b-1", "b-10");
        assertThat(names(catalog.page("pager", "b-", "b-10", 2))).containsExactly("b-2");
        assertThat(names(catalog.page("pager", "b-", "a-1", 10))).containsExactly("b-1", "b-10", "b-2");
        assertThat(names(catalog.page("unknown", "", "", 10))).isEmpty();
    }

    @Test
    void aDocumentThatChangesHowVersionsAreWrittenRaisesTheEpoch() {
        DocumentKind encryption = new DocumentKind("encryption", true);
        Bucket bucket = bed.bucket(Versioning.OFF);

        catalog.putDocument(bucket, encryption, "on", Changes.any());
        Bucket encrypted = catalog.find(bucket.name()).orElseThrow();
        assertThat(encrypted.epoch()).isEqualTo(bucket.epoch() + 1);
        assertThat(bed.objects
                        .publish(bucket, version("k", BlobId.random(0)), WriteCondition.NONE, CHANGE)
                        .isBucketChanged())
                .as("a write that was prepared before is not published")
                .isTrue();

        catalog.deleteDocument(bucket, encryption, Changes.any());
        assertThat(catalog.find(bucket.name()).orElseThrow().epoch()).isEqualTo(encrypted.epoch() + 1);
        catalog.deleteDocument(bucket, encryption, Changes.any());
        assertThat(catalog.find(bucket.name()).orElseThrow().epoch()).isEqualTo(encrypted.epoch() + 1);
    }

    @Test
    void aDocumentOfAccessLeavesTheEpochAsItIs() {
        Bucket bucket = bed.bucket(Versioning.OFF);
        catalog.putDocument(bucket, DocumentKind.CORS, "{}", Changes.any());
        catalog.deleteDocument(bucket, DocumentKind.CORS, Changes.any());
        assertThat(catalog.findFresh(bucket.name())).contains(bucket);
    }

    @Test
    void keepsDocuments() {
        Bucket bucket = bed.bucket(Versioning.OFF);
        assertThat(catalog.document(bucket, DocumentKind.CORS)).isEmpty();
        assertThat(catalog.putDocument(bucket, DocumentKind.CORS, "{\"a\":\"\uD83D\uDE00\"}", Changes.any()))
                .isTrue();
        assertThat(catalog.document(bucket, DocumentKind.CORS)).contains("{\"a\":\"\uD83D\uDE00\"}");
        assertThat(catalog.putDocument(bucket, DocumentKind.CORS, "{}", Changes.any()))
                .isTrue();
        assertThat(catalog.document(bucket, DocumentKind.CORS)).contains("{}");
        assertThat(catalog.document(bucket, DocumentKind.POLICY)).isEmpty();
        assertThat(catalog.deleteDocument(bucket, DocumentKind.CORS, Changes.any()))
                .isTrue();
        assertThat(catalog.deleteDocument(bucket, DocumentKind.CORS, Changes.any()))
                .isFalse();
        assertThat(catalog.document(bucket, DocumentKind.CORS)).isEmpty();
    }

    @Test
    void changesADocumentByWhatItIs() {
        Bucket bucket = bed.bucket(Versioning.OFF);
        assertThat(catalog.updateDocument(
                        bucket, DocumentKind.INVENTORY, former -> former.map(text -> stored("b")), CHANGE))
                .isTrue();
        assertThat(catalog.document(bucket, DocumentKind.INVENTORY)).isEmpty();
        catalog.putDocument(bucket, DocumentKind.INVENTORY, "a", CHANGE);
        catalog.updateDocument(
                bucket, DocumentKind.INVENTORY, former -> former.map(text -> stored(text + "b")), CHANGE);
        assertThat(catalog.document(bucket, DocumentKind.INVENTORY)).contains("ab");
        catalog.updateDocument(bucket, DocumentKind.INVENTORY, former -> Optional.empty(), CHANGE);
        assertThat(catalog.document(bucket, DocumentKind.INVENTORY)).isEmpty();
        catalog.delete(bucket, CHANGE);
        assertThat(catalog.updateDocument(bucket, DocumentKind.INVENTORY, former -> Optional.of(stored("a")), CHANGE))
                .isFalse();
    }

    private static StoredDocument stored(String text) {
        return new StoredDocument(text, false);
    }

    @Test
    void aBucketRecordsItsChangesWhileADocumentAsksForIt() {
        Bucket bucket = bed.bucket(Versioning.OFF);
        catalog.putDocument(bucket, DocumentKind.NOTIFICATION, new StoredDocument("n", true), CHANGE);
        catalog.putDocument(bucket, DocumentKind.LOGGING, new StoredDocument("l", true), CHANGE);
        assertThat(now(bucket).recordsChanges()).isTrue();
        catalog.deleteDocument(bucket, DocumentKind.NOTIFICATION, CHANGE);
        assertThat(now(bucket).recordsChanges()).as("for the log").isTrue();
        catalog.putDocument(bucket, DocumentKind.LOGGING, new StoredDocument("other", false), CHANGE);
        assertThat(now(bucket).recordsChanges()).isFalse();
        assertThat(now(bucket).epoch()).isEqualTo(bucket.epoch() + 4);
    }

    private static Bucket now(Bucket bucket) {
        return catalog.findFresh(bucket.name()).orElseThrow();
    }

    /** Else a writer could follow rules that were replaced, under the epoch of their successors. */
    @Test
    void aDocumentThatChangesHowVersionsAreWrittenIsNotOlderThanTheKnownEpoch() {
        Bucket before = bed.bucket(Versioning.OFF);
        catalog.putDocument(before, DocumentKind.NOTIFICATION, new StoredDocument("first", true), CHANGE);
        Bucket bucket = now(before);
        assertThat(catalog.document(bucket, DocumentKind.NOTIFICATION)).contains("first");
        otherNode.buckets.putDocument(bucket, DocumentKind.NOTIFICATION, new StoredDocument("second", true), CHANGE);
        assertThat(catalog.document(bucket, DocumentKind.NOTIFICATION))
                .as("the epoch that this node knows is that of the first")
                .contains("first");
        assertThat(catalog.document(now(bucket), DocumentKind.NOTIFICATION)).contains("second");
    }

    @Test
    void seesAChangeOfAnotherNodeAfterTheLifetime() {
        BucketName name = new BucketName("seen-by-both");
        assertThat(otherNode.buckets.find(name)).isEmpty();
        Bucket bucket = ((Creation.Created) catalog.create(name, OWNER, false, 0, Map.of(), Changes.any())).bucket();
        assertThat(otherNode.buckets.findFresh(name)).contains(bucket);
        assertThat(otherNode.buckets.document(bucket, DocumentKind.CORS)).isEmpty();

        Bucket versioned =
                catalog.setVersioning(bucket, Versioning.ENABLED, Changes.any()).orElseThrow();
        catalog.putDocument(bucket, DocumentKind.CORS, "{}", Changes.any());
        otherNode.elapse(MariaDbBucketCatalog.LIFETIME);

        assertThat(otherNode.buckets.find(name)).contains(versioned);
        assertThat(otherNode.buckets.document(bucket, DocumentKind.CORS)).contains("{}");
    }

    @Test
    void findsNoBucketOfANameThatNoBucketCanHave() {
        assertThat(catalog.find(new BucketName("\u00e4".repeat(200)))).isEmpty();
        assertThat(catalog.find(new BucketName("\uD83D\uDE00"))).isEmpty();
    }

    private static List<String> names(List<Bucket> buckets) {
        return buckets.stream().map(bucket -> bucket.name().text()).toList();
    }
}
