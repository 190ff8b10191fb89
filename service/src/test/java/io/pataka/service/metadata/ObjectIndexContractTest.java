package io.pataka.service.metadata;

import static io.pataka.service.metadata.MetadataTestBed.CHANGE;
import static io.pataka.service.metadata.MetadataTestBed.OWNER;
import static io.pataka.service.metadata.MetadataTestBed.key;
import static io.pataka.service.metadata.MetadataTestBed.version;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.metadata.ObjectIndex.FactsUpdate;
import io.pataka.service.metadata.ObjectIndex.KeyRange;
import io.pataka.service.metadata.ObjectIndex.ListedObject;
import io.pataka.service.metadata.ObjectIndex.ListedVersion;
import io.pataka.service.metadata.ObjectIndex.NewVersion;
import io.pataka.service.metadata.ObjectIndex.Publication;
import io.pataka.service.metadata.ObjectIndex.Publication.Published;
import io.pataka.service.metadata.ObjectIndex.Removal;
import io.pataka.service.metadata.ObjectIndex.RemovalRequest;
import io.pataka.service.metadata.ObjectIndex.VersionName;
import io.pataka.service.metadata.ObjectIndex.VersionRange;
import io.pataka.service.metadata.ObjectIndex.VersionSelector;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.Checksum;
import io.pataka.service.model.ChecksumAlgorithm;
import io.pataka.service.model.Content;
import io.pataka.service.model.ETag;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.VersionId;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.testing.Changes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ObjectIndexContractTest {

    private static final WriteCondition ABSENT = new WriteCondition.Absent();
    private static final WriteCondition PRESENT = new WriteCondition.Present();

    private static MetadataTestBed bed;
    private static ObjectIndex index;

    @BeforeAll
    static void open() {
        bed = new MetadataTestBed();
        index = bed.objects;
    }

    @AfterAll
    static void close() {
        bed.close();
    }

    @ParameterizedTest
    @EnumSource(Versioning.class)
    void findsWhatWasPublished(Versioning versioning) {
        Bucket bucket = bed.bucket(versioning);
        ObjectFacts facts = ObjectFacts.builder()
                .contentType("text/plain")
                .systemHeaders(new TreeMap<>(Map.of("cache-control", "no-cache")))
                .userMetadata(new TreeMap<>(Map.of("färbe", "grün \uD83D\uDE00")))
                .storageClass("COLD")
                .checksums(List.of(new Checksum(ChecksumAlgorithm.CRC32C, Checksum.Type.FULL_OBJECT, "yZRlqg==")))
                .tags(new TreeMap<>(Map.of("team", "a b")))
                .redirect(Optional.of("/elsewhere"))
                .acl(Optional.of("{\"grants\":[]}"))
                .appendable(true)
                .build();
        NewVersion written = new NewVersion(
                key("a/b"), 7_000_000_000L, new ETag("abc"), OWNER, new Content.Whole(BlobId.random(3)), facts);

        Published published = publish(bucket, written);

        ObjectVersion found = index.current(bucket, key("a/b")).orElseThrow();
        assertThat(found)
                .isEqualTo(new ObjectVersion(
                        bucket.id(),
                        key("a/b"),
                        published.id(),
                        false,
                        written.size(),
                        written.etag(),
                        published.lastModified(),
                        OWNER,
                        written.content(),
                        facts));
        assertThat(index.version(bucket, key("a/b"), VersionSelector.of(published.id())))
                .contains(found);
        assertThat(found.id().isNull()).isEqualTo(versioning != Versioning.ENABLED);
        assertThat(index.current(bucket, key("a/"))).isEmpty();
    }

    @Test
    void overwritesInAnUnversionedBucketAndRetiresWhatWasReplaced() throws Exception {
        Bucket bucket = bed.bucket(Versioning.OFF);
        BlobId first = BlobId.random(0);
        Published one = publish(bucket, version("k", first));
        Published two = publish(bucket, version("k", BlobId.random(0)));

        assertThat(two.id().sequence()).isGreaterThan(one.id().sequence());
        assertThat(versions(bucket)).hasSize(1);
        bed.awaitRetired(first);
    }

    @Test
    void removesFromAnUnversionedBucketAndRetiresTheContent() throws Exception {
        Bucket bucket = bed.bucket(Versioning.OFF);
        BlobId blob = BlobId.random(0);
        publish(bucket, version("k", blob));

        assertThat(remove(bucket, "k")).isEqualTo(new Removal.Gone(Optional.empty(), false));
        assertThat(remove(bucket, "k")).isEqualTo(new Removal.Gone(Optional.empty(), false));

        assertThat(index.current(bucket, key("k"))).isEmpty();
        bed.awaitRetired(blob);
    }

    @ParameterizedTest
    @EnumSource(Versioning.class)
    void judgesConditionsOfAWrite(Versioning versioning) {
        Bucket bucket = bed.bucket(versioning);

        assertThat(publish(bucket, "k", "e1", PRESENT)).isEqualTo(new Publication.Refused(Refusal.NOTHING_TO_MATCH));
        assertThat(publish(bucket, "k", "e1", matches("e1")))
                .isEqualTo(new Publication.Refused(Refusal.NOTHING_TO_MATCH));
        assertThat(publish(bucket, "k", "e1", ABSENT)).isInstanceOf(Published.class);
        assertThat(publish(bucket, "k", "e2", ABSENT)).isEqualTo(new Publication.Refused(Refusal.CONDITION_UNMET));
        assertThat(publish(bucket, "k", "e2", matches("e0", "e9")))
                .isEqualTo(new Publication.Refused(Refusal.CONDITION_UNMET));
        assertThat(publish(bucket, "k", "e2", matches("e0", "e1"))).isInstanceOf(Published.class);
        assertThat(publish(bucket, "k", "e3", new WriteCondition.Differs(List.of(new ETag("e2")))))
                .isEqualTo(new Publication.Refused(Refusal.CONDITION_UNMET));
        assertThat(publish(bucket, "k", "e3", PRESENT)).isInstanceOf(Published.class);
        assertThat(index.current(bucket, key("k")).orElseThrow().etag()).isEqualTo(new ETag("e3"));

        remove(bucket, "k");
        assertThat(publish(bucket, "k", "e4", PRESENT)).isEqualTo(new Publication.Refused(Refusal.NOTHING_TO_MATCH));
        assertThat(publish(bucket, "k", "e4", ABSENT)).isInstanceOf(Published.class);
    }

    @Test
    void keepsEveryVersionInAVersionedBucket() {
        Bucket bucket = bed.bucket(Versioning.ENABLED);
        Published one = publish(bucket, version("k", BlobId.random(0)));
        Published two = publish(bucket, version("k", BlobId.random(0)));
        Removal.Marked marker = (Removal.Marked) remove(bucket, "k");

        assertThat(index.current(bucket, key("k")).orElseThrow().deleteMarker()).isTrue();
        assertThat(versions(bucket).stream().map(ListedVersion::id))
                .containsExactly(marker.marker(), two.id(), one.id());
        assertThat(versions(bucket).stream().map(ListedVersion::current)).containsExactly(true, false, false);
        assertThat(scan(bucket)).isEmpty();
        assertThat(index.version(bucket, key("k"), VersionSelector.of(one.id())))
                .isPresent();
    }

    @Test
    void makesTheNewestVersionLeftCurrent() {
        Bucket bucket = bed.bucket(Versioning.ENABLED);
        Published one = publish(bucket, version("k", BlobId.random(0)));
        Published two = publish(bucket, version("k", BlobId.random(0)));
        Removal.Marked marker = (Removal.Marked) remove(bucket, "k");

        assertThat(remove(bucket, "k", marker.marker()))
                .isEqualTo(new Removal.Gone(Optional.of(marker.marker()), true));
        assertThat(index.current(bucket, key("k")).orElseThrow().id()).isEqualTo(two.id());
        assertThat(remove(bucket, "k", two.id())).isEqualTo(new Removal.Gone(Optional.of(two.id()), false));
        assertThat(index.current(bucket, key("k")).orElseThrow().id()).isEqualTo(one.id());
        assertThat(remove(bucket, "k", two.id())).isEqualTo(new Removal.Gone(Optional.empty(), false));
        remove(bucket, "k", one.id());
        assertThat(index.current(bucket, key("k"))).isEmpty();
        assertThat(versions(bucket)).isEmpty();
    }

    @Test
    void replacesOnlyTheNullVersionWhenVersioningIsSuspended() {
        Bucket bucket = bed.bucket(Versioning.OFF);
        BlobId before = BlobId.random(0);
        publish(bucket, version("k", before));
        bucket = bed.buckets
                .setVersioning(bucket, Versioning.ENABLED, Changes.any())
                .orElseThrow();
        Published numbered = publish(bucket, version("k", BlobId.random(0)));
        assertThat(index.version(bucket, key("k"), VersionSelector.NULL)
                        .orElseThrow()
                        .content())
                .isEqualTo(new Content.Whole(before));
        bucket = bed.buckets
                .setVersioning(bucket, Versioning.SUSPENDED, Changes.any())
                .orElseThrow();

        Published sole = publish(bucket, version("k", BlobId.random(0)));
        assertThat(versions(bucket).stream().map(ListedVersion::id)).containsExactly(sole.id(), numbered.id());
        assertThat(bed.isRetired(before)).isTrue();

        Removal.Marked marker = (Removal.Marked) remove(bucket, "k");
        assertThat(marker.marker().isNull()).isTrue();
        assertThat(versions(bucket).stream().map(ListedVersion::id)).containsExactly(marker.marker(), numbered.id());
        assertThat(index.remove(
                        bucket,
                        new ObjectIndex.RemovalRequest(
                                key("k"), Optional.of(VersionSelector.NULL), WriteCondition.NONE),
                        CHANGE))
                .isEqualTo(new Removal.Gone(Optional.of(marker.marker()), true));
        assertThat(index.current(bucket, key("k")).orElseThrow().id()).isEqualTo(numbered.id());
    }

    @ParameterizedTest
    @EnumSource(Versioning.class)
    void refusesToWriteUnderAnOldEpoch(Versioning versioning) {
        Bucket old = bed.bucket(versioning);
        publish(old, version("k", BlobId.random(0)));
        bed.buckets.setVersioning(old, Versioning.ENABLED, Changes.any());

        for (WriteCondition condition : List.of(WriteCondition.NONE, ABSENT, PRESENT)) {
            assertThat(publish(old, "k", "e", condition)).isEqualTo(new Publication.Refused(Refusal.BUCKET_CHANGED));
            assertThat(publish(old, "new", "e", condition)).isEqualTo(new Publication.Refused(Refusal.BUCKET_CHANGED));
        }
        assertThat(remove(old, "k")).isEqualTo(new Removal.Refused(Refusal.BUCKET_CHANGED));
        assertThat(versions(old)).hasSize(1);
    }

    @Test
    void removesManyVersionsOfOneKeyAtOnce() {
        Bucket bucket = bed.bucket(Versioning.ENABLED);
        List<RemovalRequest> requests = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            VersionId id = publish(bucket, version("k", BlobId.random(0))).id();
            requests.add(new RemovalRequest(key("k"), Optional.of(VersionSelector.of(id)), WriteCondition.NONE));
        }
        VersionId kept = ((Published) publish(bucket, "other", "e", WriteCondition.NONE)).id();

        List<Removal> outcomes = index.removeAll(bucket, requests, CHANGE);

        assertThat(outcomes)
                .hasSize(50)
                .allMatch(removal ->
                        removal instanceof Removal.Gone gone && gone.version().isPresent());
        assertThat(versions(bucket).stream().map(ListedVersion::id)).containsExactly(kept);
    }

    @Test
    void answersEveryRequestOfAMixedRemovalInItsOrder() {
        Bucket bucket = bed.bucket(Versioning.ENABLED);
        VersionId one = publish(bucket, version("k", BlobId.random(0), "e1")).id();
        VersionId two = publish(bucket, version("k", BlobId.random(0), "e2")).id();

        List<Removal> outcomes = index.removeAll(
                bucket,
                List.of(
                        new RemovalRequest(key("k"), Optional.of(VersionSelector.of(two)), WriteCondition.NONE),
                        new RemovalRequest(key("k"), Optional.empty(), matches("e2")),
                        new RemovalRequest(key("k"), Optional.empty(), matches("e1")),
                        new RemovalRequest(key("none"), Optional.empty(), matches("e1")),
                        new RemovalRequest(key("k"), Optional.of(VersionSelector.NULL), WriteCondition.NONE)),
                CHANGE);

        assertThat(outcomes.get(0)).isEqualTo(new Removal.Gone(Optional.of(two), false));
        assertThat(outcomes.get(1)).isEqualTo(new Removal.Refused(Refusal.CONDITION_UNMET));
        assertThat(outcomes.get(2)).isInstanceOf(Removal.Marked.class);
        assertThat(outcomes.get(3)).isEqualTo(new Removal.Refused(Refusal.NOTHING_TO_MATCH));
        assertThat(outcomes.get(4)).isEqualTo(new Removal.Gone(Optional.empty(), false));
        assertThat(versions(bucket).stream().map(ListedVersion::id))
                .containsExactly(((Removal.Marked) outcomes.get(2)).marker(), one);
    }

    @Test
    void removesUnderConditionsOnSizeAndTime() {
        Bucket bucket = bed.bucket(Versioning.ENABLED);
        Published published = publish(bucket, version("k", BlobId.random(0), "e1"));
        Instant second = published.lastModified().truncatedTo(ChronoUnit.SECONDS);
        WriteCondition right = resembles(matches("e1"), 5, second);

        for (WriteCondition wrong : List.of(
                resembles(WriteCondition.NONE, 4, second),
                resembles(WriteCondition.NONE, 5, second.minusSeconds(1)),
                resembles(matches("e2"), 5, second))) {
            assertThat(index.remove(bucket, new ObjectIndex.RemovalRequest(key("k"), Optional.empty(), wrong), CHANGE))
                    .isEqualTo(new Removal.Refused(Refusal.CONDITION_UNMET));
        }
        assertThat(index.remove(bucket, new ObjectIndex.RemovalRequest(key("k"), Optional.empty(), right), CHANGE))
                .isInstanceOf(Removal.Marked.class);
        assertThat(index.remove(bucket, new ObjectIndex.RemovalRequest(key("k"), Optional.empty(), right), CHANGE))
                .as("a delete marker has no bytes")
                .isEqualTo(new Removal.Refused(Refusal.CONDITION_UNMET));
        assertThat(index.remove(
                        bucket,
                        new ObjectIndex.RemovalRequest(
                                key("k"), Optional.of(VersionSelector.of(published.id())), right),
                        CHANGE))
                .isEqualTo(new Removal.Gone(Optional.of(published.id()), false));
        assertThat(index.remove(bucket, new ObjectIndex.RemovalRequest(key("none"), Optional.empty(), right), CHANGE))
                .isEqualTo(new Removal.Refused(Refusal.NOTHING_TO_MATCH));
    }

    @Test
    void distinguishesAMarkerFromAMissingKeyUnderACondition() {
        Bucket bucket = bed.bucket(Versioning.ENABLED);
        publish(bucket, version("k", BlobId.random(0), "e1"));
        index.remove(bucket, new ObjectIndex.RemovalRequest(key("k"), Optional.empty(), WriteCondition.NONE), CHANGE);

        assertThat(index.removeAll(
                        bucket,
                        List.of(
                                new RemovalRequest(key("k"), Optional.empty(), matches("e1")),
                                new RemovalRequest(key("none"), Optional.empty(), matches("e1"))),
                        CHANGE))
                .containsExactly(
                        new Removal.Refused(Refusal.MARKER_TO_MATCH), new Removal.Refused(Refusal.NOTHING_TO_MATCH));
    }

    @ParameterizedTest
    @EnumSource(Versioning.class)
    void returnsTheTagsOfTheNamedVersions(Versioning later) {
        Bucket bucket = bed.bucket(Versioning.OFF);
        publish(bucket, tagged("k", "null"));
        publish(bucket, tagged("plain", "null"));
        if (later != Versioning.OFF) {
            bucket = bed.buckets
                    .setVersioning(bucket, Versioning.ENABLED, Changes.any())
                    .orElseThrow();
        }
        VersionId old = publish(bucket, tagged("k", "old")).id();
        if (later == Versioning.SUSPENDED) {
            bucket = bed.buckets.setVersioning(bucket, later, Changes.any()).orElseThrow();
        }
        publish(bucket, tagged("k", "new"));
        if (later != Versioning.OFF) {
            index.remove(
                    bucket,
                    new ObjectIndex.RemovalRequest(key("plain"), Optional.empty(), WriteCondition.NONE),
                    CHANGE);
        }
        VersionName current = new VersionName(key("k"), Optional.empty());
        VersionName ofNull = new VersionName(key("k"), Optional.of(VersionSelector.NULL));
        VersionName numbered = new VersionName(key("k"), Optional.of(VersionSelector.of(old)));
        VersionName none = new VersionName(key("none"), Optional.empty());
        VersionName plain = new VersionName(key("plain"), Optional.empty());

        Map<VersionName, SortedMap<String, String>> tags =
                index.tags(bucket, List.of(current, ofNull, numbered, none, plain));

        assertThat(tags.get(current)).containsEntry("is", "new");
        assertThat(tags.get(ofNull)).containsEntry("is", later == Versioning.ENABLED ? "null" : "new");
        assertThat(tags.get(numbered)).containsEntry("is", later == Versioning.OFF ? "new" : "old");
        assertThat(tags).doesNotContainKey(none);
        assertThat(tags.get(plain).isEmpty()).isEqualTo(later != Versioning.OFF);
        assertThat(index.tags(bucket, List.of())).isEmpty();
    }

    private static NewVersion tagged(String key, String tag) {
        NewVersion plain = version(key, BlobId.random(0));
        ObjectFacts facts = ObjectFacts.plain().withTags(new TreeMap<>(Map.of("is", tag)));
        return new NewVersion(plain.key(), plain.size(), plain.etag(), plain.owner(), plain.content(), facts);
    }

    private static WriteCondition resembles(WriteCondition tag, long size, Instant time) {
        return new WriteCondition.Resembles(tag, OptionalLong.of(size), Optional.of(time));
    }

    @Test
    void scansKeysInByteOrder() {
        Bucket bucket = bed.bucket(Versioning.OFF);
        byte[] high = {(byte) 0xFF, 1};
        byte[] longest = new byte[1024];
        for (byte[] bytes : List.of(
                "a".getBytes(UTF_8),
                "a ".getBytes(UTF_8),
                "b".getBytes(UTF_8),
                "ä".getBytes(UTF_8),
                high,
                longest,
                new byte[] {0})) {
            index.publish(
                    bucket,
                    new NewVersion(
                            ObjectKey.of(bytes),
                            1,
                            new ETag("e"),
                            OWNER,
                            new Content.Whole(BlobId.random(0)),
                            ObjectFacts.plain()),
                    WriteCondition.NONE,
                    CHANGE);
        }
        assertThat(scan(bucket).stream().map(ListedObject::key))
                .containsExactly(
                        ObjectKey.of(new byte[] {0}),
                        ObjectKey.of(longest),
                        key("a"),
                        key("a "),
                        key("b"),
                        key("ä"),
                        ObjectKey.of(high));
        assertThat(scan(bucket, "a", true, Optional.of("b"))).containsExactly(key("a"), key("a "));
        assertThat(scan(bucket, "a", false, Optional.empty()))
                .containsExactly(key("a "), key("b"), key("ä"), ObjectKey.of(high));
        assertThat(index.scan(bucket, new KeyRange(new byte[1025], true, Optional.of(new byte[2000])), 10))
                .isEmpty();
        assertThat(index.scan(bucket, new KeyRange(new byte[1023], true, Optional.of(new byte[1025])), 10))
                .hasSize(1);
    }

    @Test
    void pagesThroughVersions() {
        Bucket bucket = bed.bucket(Versioning.ENABLED);
        List<VersionId> expected = new ArrayList<>();
        for (String name : List.of("a", "b", "c")) {
            for (int i = 0; i < 4; i++) {
                expected.add(0, publish(bucket, version(name, BlobId.random(0))).id());
            }
        }
        List<List<VersionId>> groups = List.of(expected.subList(8, 12), expected.subList(4, 8), expected.subList(0, 4));
        List<VersionId> inOrder = groups.stream().flatMap(List::stream).toList();

        for (int limit = 1; limit <= 13; limit++) {
            List<VersionId> seen = new ArrayList<>();
            VersionRange range = new VersionRange(new KeyRange(new byte[0], true, Optional.empty()), Optional.empty());
            while (true) {
                List<ListedVersion> page = index.scanVersions(bucket, range, limit);
                page.forEach(line -> seen.add(line.id()));
                if (page.size() < limit) {
                    break;
                }
                ListedVersion last = page.get(page.size() - 1);
                range = new VersionRange(
                        new KeyRange(last.object().key().bytes(), true, Optional.empty()),
                        Optional.of(last.id().sequence()));
            }
            assertThat(seen).as("pages of %s", limit).isEqualTo(inOrder);
        }
    }

    @ParameterizedTest
    @EnumSource(Versioning.class)
    void changesFactsOfOneVersion(Versioning versioning) {
        Bucket bucket = bed.bucket(versioning);
        VersionId first = publish(bucket, version("k", BlobId.random(0))).id();
        publish(bucket, version("k", BlobId.random(0)));
        VersionSelector selector = VersionSelector.of(first);

        FactsUpdate changed = index.updateFacts(
                bucket,
                key("k"),
                Optional.of(selector),
                facts -> Optional.of(facts.withTags(new TreeMap<>(Map.of("a", "b")))),
                CHANGE);

        ObjectVersion tagged = index.version(bucket, key("k"), selector).orElseThrow();
        assertThat(changed).isEqualTo(new FactsUpdate.Updated(tagged.id()));
        assertThat(tagged.facts().tags()).containsEntry("a", "b");
        assertThat(index.updateFacts(bucket, key("none"), Optional.empty(), Optional::of, CHANGE))
                .isEqualTo(new FactsUpdate.Refused(Refusal.NO_SUCH_VERSION));
        assertThat(index.updateFacts(bucket, key("k"), Optional.of(selector), facts -> Optional.empty(), CHANGE))
                .isEqualTo(new FactsUpdate.Refused(Refusal.CONFLICT));
        assertThat(index.version(bucket, key("k"), selector)).contains(tagged);
        assertThat(bed.buckets.setVersioning(bucket, Versioning.SUSPENDED, Changes.any()))
                .isPresent();
        assertThat(index.updateFacts(bucket, key("k"), Optional.of(selector), Optional::of, CHANGE))
                .isEqualTo(new FactsUpdate.Refused(Refusal.BUCKET_CHANGED));
    }

    private static Published publish(Bucket bucket, NewVersion version) {
        return (Published) index.publish(bucket, version, WriteCondition.NONE, CHANGE);
    }

    private static Publication publish(Bucket bucket, String name, String etag, WriteCondition condition) {
        return index.publish(bucket, version(name, BlobId.random(0), etag), condition, CHANGE);
    }

    private static Removal remove(Bucket bucket, String name) {
        return index.remove(
                bucket, new ObjectIndex.RemovalRequest(key(name), Optional.empty(), WriteCondition.NONE), CHANGE);
    }

    private static Removal remove(Bucket bucket, String name, VersionId id) {
        return index.remove(
                bucket,
                new ObjectIndex.RemovalRequest(key(name), Optional.of(VersionSelector.of(id)), WriteCondition.NONE),
                CHANGE);
    }

    private static WriteCondition matches(String... etags) {
        return new WriteCondition.Matches(List.of(etags).stream().map(ETag::new).toList());
    }

    private static List<ListedVersion> versions(Bucket bucket) {
        return bed.versions(bucket);
    }

    private static List<ListedObject> scan(Bucket bucket) {
        return index.scan(bucket, new KeyRange(new byte[0], true, Optional.empty()), 1000);
    }

    private static List<ObjectKey> scan(Bucket bucket, String from, boolean inclusive, Optional<String> before) {
        return index
                .scan(
                        bucket,
                        new KeyRange(from.getBytes(UTF_8), inclusive, before.map(text -> text.getBytes(UTF_8))),
                        1000)
                .stream()
                .map(ListedObject::key)
                .toList();
    }
}
