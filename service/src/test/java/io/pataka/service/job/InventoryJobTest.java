package io.pataka.service.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pataka.service.encryption.ObjectKeys;
import io.pataka.service.inventory.InventoryConfiguration;
import io.pataka.service.inventory.InventoryConfiguration.Destination;
import io.pataka.service.inventory.InventoryConfiguration.Frequency;
import io.pataka.service.inventory.InventoryField;
import io.pataka.service.inventory.InventoryXml;
import io.pataka.service.metadata.AccountDocuments;
import io.pataka.service.metadata.BucketUsage;
import io.pataka.service.metadata.MariaDbAccountDocuments;
import io.pataka.service.metadata.MariaDbInventoryRows;
import io.pataka.service.metadata.MariaDbQuotas;
import io.pataka.service.metadata.ObjectIndex.KeyRange;
import io.pataka.service.metadata.ObjectIndex.ListedVersion;
import io.pataka.service.metadata.ObjectIndex.VersionRange;
import io.pataka.service.metadata.Quotas;
import io.pataka.service.metadata.Quotas.ProjectQuotas;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.Caller;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.model.EncryptionChoice;
import io.pataka.service.model.EncryptionMode;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.Owner;
import io.pataka.service.model.Quota;
import io.pataka.service.model.StoredForm;
import io.pataka.service.objects.ServiceObjects;
import io.pataka.service.operation.EncryptionRules;
import io.pataka.service.operation.ObjectEncryption;
import io.pataka.service.operation.StoreTestBed;
import io.pataka.service.testing.Changes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPInputStream;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The reports of inventories, in a real store. */
final class InventoryJobTest {

    /** A Wednesday. */
    private static final Instant NOON = Instant.parse("2024-02-07T12:34:56Z");

    private static final Owner OTHER = new Owner("other", "other");
    private static final Caller READER = new Caller(OTHER, OTHER, "default", Set.of("member"), Optional.of("K"));
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private StoreTestBed bed;
    private Bucket source;
    private Bucket target;
    private Instant now = NOON;
    private Quotas quotas = Quotas.NONE;

    @BeforeEach
    void open() throws IOException {
        bed = new StoreTestBed(folder, UnaryOperator.identity(), UnaryOperator.identity(), UnaryOperator.identity());
        source = bed.bucket("source");
        target = bed.bucket("target", OTHER);
        allow("arn:aws:s3:::source");
    }

    @AfterEach
    void close() throws Exception {
        bed.close();
    }

    private void allow(String sourceArn) {
        String policy = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
                + "\"Principal\":{\"Service\":\"s3.amazonaws.com\"},\"Action\":\"s3:PutObject\","
                + "\"Resource\":\"arn:aws:s3:::target/*\",\"Condition\":{\"StringEquals\":{"
                + "\"s3:x-amz-acl\":\"bucket-owner-full-control\",\"aws:SourceAccount\":\""
                + source.owner().id() + "\"},\"ArnLike\":{\"aws:SourceArn\":\"" + sourceArn + "\"}}}]}";
        bed.buckets.putDocument(target, DocumentKind.POLICY, policy, Changes.any());
    }

    private InventoryJob job(int lines) {
        ObjectEncryption encryption = new ObjectEncryption(
                new ObjectKeys(bed.keys, bed.keys), bed.buckets, new EncryptionRules(Optional.empty(), true));
        return new InventoryJob(
                new MariaDbInventoryRows(bed.database),
                bed.buckets,
                bed.index,
                new ServiceObjects(bed.contents, bed.writer),
                encryption::ofService,
                quotas,
                Clock.fixed(now, ZoneOffset.UTC),
                lines);
    }

    /** Each unit of work is done by another process. Returns the position that the last unit got. */
    private Optional<String> round(int lines) throws IOException {
        Optional<String> position = Optional.empty();
        Optional<String> last;
        do {
            last = position;
            position = job(lines).work(source.id(), position);
        } while (position.isPresent());
        return last;
    }

    private static InventoryConfiguration daily(String id, InventoryField... fields) {
        return configuration(id, Frequency.DAILY, Optional.empty(), false, fields);
    }

    private static InventoryConfiguration configuration(
            String id, Frequency frequency, Optional<String> prefix, boolean all, InventoryField... fields) {
        Destination destination =
                new Destination(new BucketName("target"), Optional.empty(), Optional.of("reports"), Optional.empty());
        return new InventoryConfiguration(id, true, destination, frequency, prefix, all, List.of(fields));
    }

    private void set(InventoryConfiguration... configurations) {
        bed.buckets.putDocument(
                source, DocumentKind.INVENTORY, InventoryXml.store(List.of(configurations)), Changes.any());
    }

    private void put(String key, String body) {
        assertThat(bed.send("PUT", "/source/" + key, Map.of(), body.getBytes(UTF_8))
                        .status())
                .isEqualTo(200);
    }

    private List<ObjectVersion> written() {
        return bed.index.scan(target, new KeyRange(new byte[0], true, Optional.empty()), 1_000).stream()
                .map(line -> bed.index.current(target, line.key()).orElseThrow())
                .toList();
    }

    private List<String> keys() {
        return written().stream().map(version -> version.key().toString()).toList();
    }

    /** As the owner of the destination reads it. */
    private byte[] bytes(String key) throws IOException {
        return StoreTestBed.bytes(bed.sendAs(READER, "GET", "/target/" + key, Map.of(), new byte[0]));
    }

    private JsonNode manifest(String id, String stamp) throws IOException {
        return JSON.readTree(bytes("reports/source/" + id + "/" + stamp + "/manifest.json"));
    }

    /** The lines of all files of a report, in their order. */
    private List<String> lines(JsonNode manifest) throws IOException {
        List<String> lines = new ArrayList<>();
        for (JsonNode file : manifest.path("files")) {
            byte[] bytes = bytes(file.path("key").asText());
            assertThat(bytes).hasSize(file.path("size").asInt());
            assertThat(DigestUtils.md5Hex(bytes))
                    .isEqualTo(file.path("MD5checksum").asText());
            try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                lines.addAll(new String(in.readAllBytes(), UTF_8).lines().toList());
            }
        }
        return lines;
    }

    @Test
    void writesAReportOfTheCurrentObjects() throws IOException {
        put("b", "hello");
        put("a \"ü\"", "");
        set(daily("id", InventoryField.ETAG, InventoryField.SIZE));

        round(100);

        assertThat(keys())
                .containsExactly(
                        "reports/source/id/2024-02-07T12-34Z/manifest.checksum",
                        "reports/source/id/2024-02-07T12-34Z/manifest.json",
                        "reports/source/id/data/2024-02-07T12-34Z-000000.csv.gz",
                        "reports/source/id/hive/dt=2024-02-07-12-34/symlink.txt");
        assertThat(written()).allSatisfy(version -> assertThat(version.owner()).isEqualTo(OTHER));
        JsonNode manifest = manifest("id", "2024-02-07T12-34Z");
        assertThat(manifest.path("sourceBucket").asText()).isEqualTo("source");
        assertThat(manifest.path("destinationBucket").asText()).isEqualTo("arn:aws:s3:::target");
        assertThat(manifest.path("version").asText()).isEqualTo("2016-11-30");
        assertThat(manifest.path("creationTimestamp").asText())
                .isEqualTo(Long.toString(Instant.parse("2024-02-07T12:34:00Z").toEpochMilli()));
        assertThat(manifest.path("fileFormat").asText()).isEqualTo("CSV");
        assertThat(manifest.path("fileSchema").asText()).isEqualTo("Bucket, Key, Size, ETag");
        assertThat(lines(manifest))
                .containsExactly(
                        "\"source\",\"a%20%22%C3%BC%22\",\"0\",\"d41d8cd98f00b204e9800998ecf8427e\"",
                        "\"source\",\"b\",\"5\",\"5d41402abc4b2a76b9719d911017c592\"");
        assertThat(new String(bytes("reports/source/id/2024-02-07T12-34Z/manifest.checksum"), UTF_8))
                .isEqualTo(DigestUtils.md5Hex(bytes("reports/source/id/2024-02-07T12-34Z/manifest.json")));
        assertThat(new String(bytes("reports/source/id/hive/dt=2024-02-07-12-34/symlink.txt"), UTF_8))
                .isEqualTo("s3://target/reports/source/id/data/2024-02-07T12-34Z-000000.csv.gz");
    }

    /** More versions than a page has, in several files, some keys with versions on both sides of the end of a page. */
    @ParameterizedTest
    @ValueSource(ints = {1, 100_000})
    void hasEachVersionOnce(int lines) throws IOException {
        source = bed.buckets
                .setVersioning(source, Versioning.ENABLED, Changes.any())
                .orElseThrow();
        for (String table : List.of("object_current", "object_noncurrent")) {
            boolean current = table.equals("object_current");
            bed.database.write(handle -> handle.createUpdate(
                            "INSERT INTO " + table
                                    + " (bucket_id, object_key, sequence, null_version, delete_marker, size, etag, owner_id,"
                                    + " owner_name, storage_class, checksums, appendable) SELECT " + source.id()
                                    + ", LPAD("
                                    + (current ? "seq" : "(seq * 7) % 50") + ", 6, '0'), "
                                    + (current ? "1000000 + seq" : "seq + 1")
                                    + ", FALSE, seq % 5 = 0, IF(seq % 5 = 0, 0, seq), 'e', '', '', 'STANDARD', '', FALSE FROM seq_0_to_1499")
                    .execute());
        }
        set(configuration("all", Frequency.DAILY, Optional.empty(), true, InventoryField.SIZE));

        round(lines);

        JsonNode manifest = manifest("all", "2024-02-07T12-34Z");
        assertThat(manifest.path("fileSchema").asText())
                .isEqualTo("Bucket, Key, VersionId, IsLatest, IsDeleteMarker, Size");
        assertThat(manifest.path("files")).hasSize(lines == 1 ? 3 : 1);
        List<ListedVersion> all = bed.index.scanVersions(
                source, new VersionRange(new KeyRange(new byte[0], true, Optional.empty()), Optional.empty()), 10_000);
        assertThat(all).hasSize(3_000);
        assertThat(lines(manifest))
                .isEqualTo(all.stream()
                        .map(version -> String.join(
                                ",",
                                "\"source\"",
                                quoted(version.object().key().toString()),
                                quoted(version.id().text()),
                                quoted(version.current()),
                                quoted(version.deleteMarker()),
                                quoted(
                                        version.deleteMarker()
                                                ? ""
                                                : version.object().size())))
                        .toList());
    }

    private static String quoted(Object value) {
        return "\"" + value + "\"";
    }

    @Test
    void currentReportsHaveNoDeleteMarkersAndOnlyThePrefix() throws IOException {
        source = bed.buckets
                .setVersioning(source, Versioning.ENABLED, Changes.any())
                .orElseThrow();
        for (String key : List.of("a", "pre", "pre/1", "pre/2", "prf")) {
            put(key, "x");
        }
        bed.send("DELETE", "/source/pre/1", Map.of(), new byte[0]);
        set(configuration("p", Frequency.DAILY, Optional.of("pre"), false));

        round(1);

        assertThat(lines(manifest("p", "2024-02-07T12-34Z")))
                .containsExactly("\"source\",\"pre\"", "\"source\",\"pre/2\"");
    }

    @Test
    void ofAnEmptyBucketThereIsAReportWithoutFiles() throws IOException {
        set(daily("id"));
        round(100);
        assertThat(keys()).hasSize(3);
        assertThat(manifest("id", "2024-02-07T12-34Z").path("files")).isEmpty();
    }

    @Test
    void thereIsOneReportForEachDayOrWeek() throws IOException {
        set(daily("d"), configuration("w", Frequency.WEEKLY, Optional.empty(), false));
        round(100);
        assertThat(stamps()).containsExactly("d/2024-02-07T12-34Z", "w/2024-02-07T12-34Z");

        now = Instant.parse("2024-02-07T23:59:00Z");
        round(100);
        assertThat(stamps()).hasSize(2);

        now = Instant.parse("2024-02-08T00:00:30Z");
        round(100);
        assertThat(stamps()).containsExactly("d/2024-02-07T12-34Z", "d/2024-02-08T00-00Z", "w/2024-02-07T12-34Z");

        // A Sunday.
        now = Instant.parse("2024-02-11T00:00:00Z");
        round(100);
        assertThat(stamps())
                .contains("d/2024-02-11T00-00Z", "w/2024-02-11T00-00Z")
                .hasSize(5);
    }

    private List<String> stamps() {
        return keys().stream()
                .filter(key -> key.endsWith("/manifest.checksum"))
                .map(key -> key.substring("reports/source/".length(), key.lastIndexOf('/')))
                .toList();
    }

    @Test
    void theNextRoundBeginsAtMidnightOrAnHourAfterAFailure() throws IOException {
        set(daily("id"));
        assertThat(job(1).untilNextRound(round(100))).isEqualTo(Duration.parse("PT11H25M4S"));

        allow("arn:aws:s3:::another");
        now = now.plus(Duration.ofDays(1));
        assertThat(job(1).untilNextRound(round(100))).isEqualTo(Duration.ofHours(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"arn:aws:s3:::another", "arn:aws:s3:::sourc"})
    void writesNothingIfThePolicyOfTheDestinationDoesNotAllowIt(String arn) throws IOException {
        put("k", "x");
        allow(arn);
        set(daily("id"));
        round(100);
        assertThat(written()).isEmpty();

        allow("arn:aws:s3:::source");
        round(100);
        assertThat(keys()).hasSize(4);
    }

    /** Only the configurations whose destination is right are written. */
    @Test
    void aWrongDestinationDoesNotHoldUpTheOthers() throws IOException {
        InventoryConfiguration right = daily("right");
        Destination missing =
                new Destination(new BucketName("missing"), Optional.empty(), Optional.empty(), Optional.empty());
        Destination ofAnother =
                new Destination(new BucketName("target"), Optional.of("nobody"), Optional.empty(), Optional.empty());
        set(
                new InventoryConfiguration("a", true, missing, Frequency.DAILY, Optional.empty(), false, List.of()),
                new InventoryConfiguration("b", true, ofAnother, Frequency.DAILY, Optional.empty(), false, List.of()),
                new InventoryConfiguration(
                        "c", false, right.destination(), Frequency.DAILY, Optional.empty(), false, List.of()),
                right);
        round(100);
        assertThat(stamps()).containsExactly("right/2024-02-07T12-34Z");
    }

    @Test
    void aReportWhoseConfigurationGoesIsNotCompleted() throws IOException {
        for (int i = 0; i < 3; i++) {
            put("k" + i, "x");
        }
        set(daily("id"));
        Optional<String> begun = job(1).work(source.id(), Optional.empty());
        Optional<String> file = job(1).work(source.id(), begun);
        set(daily("other"));

        assertThat(job(1).work(source.id(), file)
                        .map(InventoryPosition::parse)
                        .orElseThrow()
                        .phase())
                .isEqualTo(InventoryPosition.Phase.NEXT);
        bed.buckets.deleteDocument(source, DocumentKind.INVENTORY, Changes.any());
        assertThat(job(1).work(source.id(), file)).isEmpty();
        assertThat(stamps()).isEmpty();
    }

    @Test
    void encryptsTheReportAsTheDestinationSays() throws IOException {
        put("k", "x");
        InventoryConfiguration plain = daily("id");
        Destination encrypted = new Destination(
                new BucketName("target"),
                Optional.of(OTHER.id()),
                Optional.empty(),
                Optional.of(new EncryptionChoice.S3()));
        set(new InventoryConfiguration(
                plain.id(), true, encrypted, Frequency.DAILY, Optional.empty(), false, List.of()));

        round(100);

        assertThat(written())
                .hasSize(4)
                .allSatisfy(version -> assertThat(
                                ((StoredForm.Encrypted) version.facts().form())
                                        .envelope()
                                        .mode())
                        .isEqualTo(EncryptionMode.S3));
        byte[] json = bytes("source/id/2024-02-07T12-34Z/manifest.json");
        assertThat(lines(JSON.readTree(json))).containsExactly("\"source\",\"k\"");
    }

    /** A delete marker has neither a list nor an end, and a noncurrent version has no end. */
    @Test
    void hasAccessControlListsAndTheEndsThatLifecycleRulesBring() throws IOException {
        source = bed.buckets
                .setVersioning(source, Versioning.ENABLED, Changes.any())
                .orElseThrow();
        bed.buckets.putDocument(
                source,
                DocumentKind.LIFECYCLE,
                "<LifecycleConfiguration><Rule><ID>r</ID><Filter><Prefix>k</Prefix></Filter><Status>Enabled</Status>"
                        + "<Expiration><Date>2030-05-06T00:00:00Z</Date></Expiration></Rule></LifecycleConfiguration>",
                Changes.any());
        put("k", "x");
        put("k", "y");
        put("other", "x");
        bed.send("DELETE", "/source/other", Map.of(), new byte[0]);
        set(configuration(
                "id",
                Frequency.DAILY,
                Optional.empty(),
                true,
                InventoryField.OBJECT_ACCESS_CONTROL_LIST,
                InventoryField.LIFECYCLE_EXPIRATION_DATE));

        round(100);

        String list = Base64.getEncoder()
                .encodeToString(("{\"version\":\"2022-11-10\",\"status\":\"AVAILABLE\",\"grants\":[{\"canonicalId\":\""
                                + source.owner().id()
                                + "\",\"type\":\"CanonicalUser\",\"permission\":\"FULL_CONTROL\"}]}")
                        .getBytes(UTF_8));
        assertThat(lines(manifest("id", "2024-02-07T12-34Z")).stream()
                        .map(line -> line.split(",", 4)[1] + line.split(",\"(true|false)\",\"(true|false)\",")[1]))
                .containsExactly(
                        "\"k\"\"" + list + "\",\"2030-05-06T00:00:00.000Z\"",
                        "\"k\"\"" + list + "\",\"\"",
                        "\"other\"\"\",\"\"",
                        "\"other\"\"" + list + "\",\"\"");
    }

    /** A key that the owner of the destination may not use, or that is not there. */
    @Test
    void aReportWhoseKeyIsRefusedIsTriedAgain() throws IOException {
        put("k", "x");
        Destination encrypted = new Destination(
                new BucketName("target"),
                Optional.empty(),
                Optional.empty(),
                Optional.of(new EncryptionChoice.Kms("unknown", Optional.empty(), false)));
        set(new InventoryConfiguration("id", true, encrypted, Frequency.DAILY, Optional.empty(), false, List.of()));

        assertThat(InventoryPosition.parse(round(100).orElseThrow()).failed()).isTrue();
        assertThat(written()).isEmpty();
    }

    /** A job may exceed the quota by what it began while there was room, and begins nothing more. */
    @Test
    void writesNothingIfTheQuotaOfTheDestinationHasNoRoom() throws IOException {
        AccountDocuments accounts = new MariaDbAccountDocuments(bed.database, () -> {});
        quotas = new MariaDbQuotas(
                bed.database,
                bed.buckets,
                accounts,
                new BucketUsage(bed.database, Clock.systemUTC()),
                new ProjectQuotas(Quota.UNLIMITED, Quota.UNLIMITED),
                Clock.systemUTC());
        put("k", "x");
        set(daily("id"));
        bed.buckets.putDocument(target, DocumentKind.QUOTA, "bytes=0 objects=-", Changes.any());
        round(100);
        assertThat(written()).isEmpty();

        bed.buckets.putDocument(target, DocumentKind.QUOTA, "bytes=1000000 objects=4", Changes.any());
        round(100);
        assertThat(written()).hasSize(4);
    }

    @Test
    void positionsAreReadBack() {
        InventoryPosition place = InventoryPosition.START
                .begin("an.id_-", NOON)
                .written(new InventoryPosition.Place(ObjectKey.of("k \u00e4"), 5));
        for (InventoryPosition position : Arrays.asList(
                InventoryPosition.START,
                place,
                place.next(true),
                place.next(false).end())) {
            assertThat(InventoryPosition.parse(position.text())).isEqualTo(position);
        }
        assertThat(place.next(true).begin("b", NOON).next(false).failed()).isTrue();
    }
}
