package io.pataka.service.operation.copy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.db.ManagedDataSource;
import io.pataka.service.blob.BlobStore;
import io.pataka.service.blob.BufferPool;
import io.pataka.service.blob.ShardedBlobInventory;
import io.pataka.service.blob.ShardedBlobStore;
import io.pataka.service.blob.VolumeSet;
import io.pataka.service.blob.VolumeSettings;
import io.pataka.service.job.BlobCollector;
import io.pataka.service.job.BlobInspector;
import io.pataka.service.job.Job;
import io.pataka.service.metadata.BlobLedger;
import io.pataka.service.metadata.DamageLedger;
import io.pataka.service.metadata.Database;
import io.pataka.service.metadata.MariaDbBlobLedger;
import io.pataka.service.metadata.MariaDbDamageLedger;
import io.pataka.service.protocol.PercentCoding;
import io.pataka.service.testing.Eventually;
import io.pataka.service.testing.NewBucket;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import io.pataka.service.testing.S3Server;
import io.pataka.service.testing.Versions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CopyObjectIT {

    private static final String HELLO = "5d41402abc4b2a76b9719d911017c592";

    private static final Duration DAYS = Duration.ofDays(3);

    @RegisterExtension
    static final S3Server SERVER = S3Server.own();

    private static ManagedDataSource source;
    private static Database database;
    private static BlobCollector collector;

    private final S3Connection wire;
    private final String bucket;
    private final Set<Path> blobsOfOtherTests;

    @BeforeAll
    static void start() throws Exception {
        source = SERVER.database().open(new MetricRegistry());
        database = new Database(source);
        VolumeSettings volume = new VolumeSettings(1, SERVER.volume(), Set.of("STANDARD"));
        VolumeSet volumes = VolumeSet.open(List.of(volume), false, 0);
        BlobStore store = new ShardedBlobStore(volumes, BufferPool.ofArrays());
        BlobLedger ledger = new MariaDbBlobLedger(database);
        DamageLedger damage = new MariaDbDamageLedger(database);
        BlobInspector inspector = new BlobInspector(store, new ShardedBlobInventory(volumes), ledger, damage);
        collector = new BlobCollector(ledger, damage, store, inspector, Duration.ZERO);
    }

    @AfterAll
    static void stop() throws Exception {
        source.stop();
    }

    CopyObjectIT(S3Connection wire, @NewBucket String bucket) throws IOException {
        this.wire = wire;
        this.bucket = bucket;
        this.blobsOfOtherTests = SERVER.blobFiles();
        put(
                "source",
                "hello",
                Map.of("Content-Type", "text/x-a", "x-amz-meta-a", "1", "x-amz-tagging", "t=1", "Cache-Control", "c"));
    }

    @Test
    void aCopyHasTheContentAndHeadersOfItsSource() throws IOException {
        Reply copied = copy("copy", Map.of());

        assertThat(copied.status()).as(copied.text()).isEqualTo(200);
        assertThat(copied.text())
                .contains("<CopyObjectResult", "<ETag>&quot;" + HELLO + "&quot;</ETag>", "<LastModified>");
        Reply got = get("copy");
        assertThat(got.text()).isEqualTo("hello");
        assertThat(got.header("ETag")).contains('"' + HELLO + '"');
        assertThat(got.header("Content-Type")).contains("text/x-a");
        assertThat(got.header("Cache-Control")).contains("c");
        assertThat(got.header("x-amz-meta-a")).contains("1");
        assertThat(got.header("x-amz-tagging-count")).contains("1");
    }

    @Test
    void aSourceLargerThanFiveGibibytesIsNotCopiedAtOnce() throws IOException {
        sourceHasSize(5L << 30);
        assertThat(copy("copy", Map.of()).status()).isEqualTo(200);

        sourceHasSize((5L << 30) + 1);
        Reply refused = copy("other", Map.of());
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text()).contains("<Code>InvalidRequest</Code>", "a copy source: 5368709120<");
    }

    /** Changes the size in the row only. The operation refuses the copy before it reads content. */
    private void sourceHasSize(long bytes) {
        int changed = database.write(handle -> handle.execute(
                "UPDATE object_current SET size = ? WHERE object_key = 'source' AND bucket_id ="
                        + " (SELECT id FROM bucket WHERE name = ?)",
                bytes,
                bucket));
        assertThat(changed).isEqualTo(1);
    }

    @Test
    void aCopySharesTheBytesOfItsSource() throws IOException {
        Set<Path> before = blobs();

        copy("copy", Map.of());
        copy("copy2", Map.of("x-amz-metadata-directive", "REPLACE"));

        assertThat(blobs()).isEqualTo(before);
    }

    @Test
    void sharedBytesGoWithTheLastOfTheirObjects() throws Exception {
        Set<Path> before = blobs();
        Path file = SERVER.fileOf(() -> put("k", "only here", Map.of()));
        copy("copy1", Map.of("x-amz-copy-source", bucket + "/k"));
        copy("copy2", Map.of("x-amz-copy-source", bucket + "/copy1"));

        for (String key : List.of("k", "copy1")) {
            wire.call("DELETE", "/" + bucket + "/" + key);
            collect();
            assertThat(blobs()).contains(file);
            assertThat(get("copy2").text()).isEqualTo("only here");
        }
        wire.call("DELETE", "/" + bucket + "/copy2");
        collect();

        assertThat(blobs()).isEqualTo(before);
        assertThat(get("source").text()).isEqualTo("hello");
    }

    @Test
    void theBytesOfAnOverwrittenSourceStayWithItsCopy() throws Exception {
        copy("copy", Map.of());
        put("source", "other", Map.of());
        collect();

        assertThat(get("copy").text()).isEqualTo("hello");
        assertThat(get("source").text()).isEqualTo("other");
    }

    @Test
    void aCopyOfManyPartsSharesThem() throws Exception {
        String upload = begin("parts");
        byte[] first = new byte[5 << 20];
        String list = part("parts", upload, 1, first) + part("parts", upload, 2, "end".getBytes(UTF_8));
        wire.call(
                "POST",
                "/" + bucket + "/parts?uploadId=" + upload,
                Map.of(),
                Body.of(("<CompleteMultipartUpload>" + list + "</CompleteMultipartUpload>").getBytes(UTF_8)));
        Set<Path> before = blobs();

        Reply copied = copy("copy", Map.of("x-amz-copy-source", bucket + "/parts"));
        wire.call("DELETE", "/" + bucket + "/parts");
        collect();

        assertThat(copied.text()).contains("-2&quot;</ETag>");
        assertThat(blobs()).isEqualTo(before);
        Reply got = get("copy");
        assertThat(got.length()).isEqualTo(first.length + 3);
        assertThat(got.text()).endsWith("end");
        wire.call("DELETE", "/" + bucket + "/copy");
        Eventually.holds("the collector deletes both parts", () -> {
            round();
            return blobs().size() == before.size() - 2;
        });
    }

    @Test
    void anotherChecksumIsComputed() throws IOException {
        Reply copied = copy("copy", Map.of("x-amz-checksum-algorithm", "SHA256"));

        String sha256 = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=";
        assertThat(copied.text()).contains("<ChecksumSHA256>" + sha256 + "</ChecksumSHA256>");
        assertThat(wire.call("HEAD", "/" + bucket + "/copy", Map.of("x-amz-checksum-mode", "ENABLED"), Body.NONE)
                        .header("x-amz-checksum-sha256"))
                .contains(sha256);
        assertThat(get("copy").text()).isEqualTo("hello");
    }

    @Test
    void directivesSayWhatIsReplaced() throws IOException {
        copy("meta", Map.of("x-amz-metadata-directive", "REPLACE", "x-amz-meta-b", "2", "Content-Type", "text/x-b"));
        copy("tags", Map.of("x-amz-tagging-directive", "REPLACE", "x-amz-tagging", "u=1&v=2"));
        copy("untagged", Map.of("x-amz-tagging-directive", "REPLACE"));
        copy("ignored", Map.of("x-amz-meta-b", "2", "Content-Type", "text/x-b"));

        assertThat(get("meta").headersOf("x-amz-meta-")).containsExactly(Map.entry("x-amz-meta-b", "2"));
        assertThat(get("meta").header("Content-Type")).contains("text/x-b");
        assertThat(get("meta").header("Cache-Control")).isEmpty();
        assertThat(get("meta").header("x-amz-tagging-count")).contains("1");
        assertThat(get("tags").header("x-amz-tagging-count")).contains("2");
        assertThat(get("tags").header("x-amz-meta-a")).contains("1");
        assertThat(get("untagged").header("x-amz-tagging-count")).isEmpty();
        assertThat(get("ignored").headersOf("x-amz-meta-")).containsExactly(Map.entry("x-amz-meta-a", "1"));
        assertThat(get("ignored").header("Content-Type")).contains("text/x-a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-amz-metadata-directive", "x-amz-tagging-directive"})
    void aDirectiveIsCopyOrReplace(String directive) throws IOException {
        assertCode("InvalidArgument", copy("copy", Map.of(directive, "MERGE")));
        assertThat(get("copy").status()).isEqualTo(404);
    }

    /** The presence of such a header decides, and not whether its value differs. */
    @ParameterizedTest
    @CsvSource({
        "x-amz-storage-class, STANDARD_IA, 200",
        "x-amz-storage-class, STANDARD, 200",
        "x-amz-website-redirect-location, /there, 200",
        "x-amz-metadata-directive, REPLACE, 200",
        "x-amz-metadata-directive, COPY, 400",
        "x-amz-tagging-directive, REPLACE, 400",
        "x-amz-checksum-algorithm, SHA256, 400",
        "x-amz-meta-b, 2, 400"
    })
    void aCopyOntoItselfNamesWhatItChanges(String header, String value, int status) throws IOException {
        put("cold", "hello", Map.of("x-amz-storage-class", "STANDARD_IA"));

        Reply reply = wire.call(
                "PUT",
                "/" + bucket + "/cold",
                Map.of("x-amz-copy-source", "/" + bucket + "/cold", header, value),
                Body.NONE);

        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
        String kept = status == 200 && !value.equals("STANDARD_IA") ? null : "STANDARD_IA";
        assertThat(get("cold").header("x-amz-storage-class")).isEqualTo(Optional.ofNullable(kept));
    }

    @Test
    void aCopyOntoItselfMustChangeSomething() throws Exception {
        assertCode("InvalidRequest", copy("source", Map.of()));
        assertCode("InvalidRequest", copy("source", Map.of("x-amz-metadata-directive", "COPY", "x-amz-meta-b", "2")));
        assertThat(get("source").header("x-amz-meta-a")).contains("1");

        assertThat(copy("source", Map.of("x-amz-metadata-directive", "REPLACE", "x-amz-meta-b", "2"))
                        .status())
                .isEqualTo(200);
        collect();
        assertThat(get("source").text()).isEqualTo("hello");
        assertThat(get("source").headersOf("x-amz-meta-")).containsExactly(Map.entry("x-amz-meta-b", "2"));
    }

    @ParameterizedTest
    @CsvSource({
        "x-amz-copy-source-if-match, ETAG, 200",
        "x-amz-copy-source-if-match, OTHER, 412",
        "x-amz-copy-source-if-none-match, ETAG, 412",
        "x-amz-copy-source-if-none-match, OTHER, 200",
        "x-amz-copy-source-if-modified-since, 'Sat, 01 Jan 2000 00:00:00 GMT', 200",
        "x-amz-copy-source-if-modified-since, MODIFIED, 412",
        "x-amz-copy-source-if-modified-since, 'Thu, 01 Jan 2099 00:00:00 GMT', 200",
        "x-amz-copy-source-if-unmodified-since, 'Sat, 01 Jan 2000 00:00:00 GMT', 412",
        "x-amz-copy-source-if-unmodified-since, 'Thu, 01 Jan 2099 00:00:00 GMT', 200",
        "If-None-Match, *, 200",
        "If-Match, ETAG, 404"
    })
    void conditionsAreJudged(String header, String value, int status) throws IOException {
        String sent = switch (value) {
            case "ETAG" -> '"' + HELLO + '"';
            case "OTHER" -> "\"other\"";
            case "MODIFIED" -> get("source").header("Last-Modified").orElseThrow();
            default -> value;
        };

        Reply answer = copy("copy", Map.of(header, sent));

        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(get("copy").status()).isEqualTo(status == 200 ? 200 : 404);
    }

    @Test
    void aCopyDoesNotOverwriteWhatItMustNot() throws IOException {
        put("there", "x", Map.of());

        assertCode("PreconditionFailed", copy("there", Map.of("If-None-Match", "*")));
        assertCode("PreconditionFailed", copy("there", Map.of("If-Match", "\"other\"")));
        assertThat(get("there").text()).isEqualTo("x");
        assertThat(copy("there", Map.of("If-Match", '"' + DigestUtils.md5Hex("x") + '"'))
                        .status())
                .isEqualTo(200);
        assertThat(get("there").text()).isEqualTo("hello");
    }

    @ParameterizedTest
    @CsvSource({
        "'', InvalidArgument",
        "/, InvalidArgument",
        "BUCKET, InvalidArgument",
        "BUCKET/, InvalidArgument",
        "BUCKET/%, InvalidArgument",
        "BUCKET/%zz, InvalidArgument",
        "BUCKET/source?versionId=, InvalidArgument",
        "BUCKET/source?versionId=Nonsense, InvalidArgument",
        "BUCKET/none, NoSuchKey",
        "no-such-bucket/source, NoSuchBucket",
        "http://localhost/BUCKET/source, InvalidArgument"
    })
    void aSourceThatIsNoneCopiesNothing(String source, String code) throws IOException {
        assertCode(code, copy("copy", Map.of("x-amz-copy-source", source.replace("BUCKET", bucket))));
        assertThat(get("copy").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a%20b", "ü☃", "a/../b", "//", "a?versionId=1", "a&b=c", "a+b"})
    void keysOfAnyLettersAreCopied(String key) throws IOException {
        String escaped = PercentCoding.encodePath(key.getBytes(UTF_8));
        wire.call("PUT", "/" + bucket + "/" + escaped, Map.of(), Body.of("odd".getBytes(UTF_8)));

        assertThat(copy("copy", Map.of("x-amz-copy-source", "/" + bucket + "/" + escaped))
                        .status())
                .isEqualTo(200);
        assertThat(get("copy").text()).isEqualTo("odd");
    }

    @Test
    void versionsAreCopied() throws IOException {
        Versions.set(wire, bucket, "Enabled");
        String old = put("v", "old", Map.of()).header("x-amz-version-id").orElseThrow();
        put("v", "new", Map.of());

        Reply copied = copy("copy", Map.of("x-amz-copy-source", bucket + "/v?versionId=" + old));

        assertThat(copied.header("x-amz-copy-source-version-id")).contains(old);
        assertThat(copied.header("x-amz-version-id")).isPresent();
        assertThat(get("copy").text()).isEqualTo("old");
        assertThat(copy("v", Map.of("x-amz-copy-source", bucket + "/v?versionId=" + old))
                        .status())
                .isEqualTo(200);
        assertThat(get("v").text()).isEqualTo("old");
        assertThat(copy("null", Map.of("x-amz-copy-source", bucket + "/source?versionId=null"))
                        .header("x-amz-copy-source-version-id"))
                .contains("null");
    }

    /** As Amazon does it, though its PutObject returns no version there. */
    @Test
    void aCopyInASuspendedBucketNamesItsNullVersion() throws IOException {
        assertThat(copy("copy", Map.of()).header("x-amz-version-id")).isEmpty();
        Versions.set(wire, bucket, "Suspended");

        Reply copied = copy("copy", Map.of());

        assertThat(copied.header("x-amz-version-id")).contains("null");
        assertThat(copied.header("x-amz-copy-source-version-id")).isEmpty();
        assertThat(put("k", "x", Map.of()).header("x-amz-version-id")).isEmpty();
    }

    @Test
    void aPlusInASourceIsASpace() throws IOException {
        put("a%20b", "space", Map.of());
        put("a%2Bb", "plus", Map.of());

        copy("copy", Map.of("x-amz-copy-source", bucket + "/a+b"));
        assertThat(get("copy").text()).isEqualTo("space");
        copy("copy", Map.of("x-amz-copy-source", bucket + "/a%2Bb"));
        assertThat(get("copy").text()).isEqualTo("plus");
    }

    @Test
    void aDeleteMarkerIsNoSource() throws IOException {
        Versions.set(wire, bucket, "Enabled");
        String marker = wire.call("DELETE", "/" + bucket + "/source")
                .header("x-amz-version-id")
                .orElseThrow();

        assertCode("NoSuchKey", copy("copy", Map.of()));
        assertCode("InvalidRequest", copy("copy", Map.of("x-amz-copy-source", bucket + "/source?versionId=" + marker)));
        assertThat(copy("copy", Map.of("x-amz-copy-source", bucket + "/source?versionId=null"))
                        .status())
                .isEqualTo(200);
    }

    private Reply put(String key, String content, Map<String, String> headers) throws IOException {
        return wire.call("PUT", "/" + bucket + "/" + key, headers, Body.of(content.getBytes(UTF_8)));
    }

    private Reply get(String key) throws IOException {
        return wire.call("GET", "/" + bucket + "/" + key);
    }

    private Reply copy(String key, Map<String, String> headers) throws IOException {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("x-amz-copy-source", bucket + "/source");
        all.putAll(headers);
        return wire.call("PUT", "/" + bucket + "/" + key, all, Body.NONE);
    }

    private String begin(String key) throws IOException {
        String text = wire.call("POST", "/" + bucket + "/" + key + "?uploads=").text();
        return text.substring(text.indexOf("<UploadId>") + 10, text.indexOf("</UploadId>"));
    }

    private String part(String key, String upload, int number, byte[] content) throws IOException {
        String target = "/" + bucket + "/" + key + "?partNumber=" + number + "&uploadId=" + upload;
        String etag = wire.call("PUT", target, Map.of(), Body.of(content))
                .header("ETag")
                .orElseThrow();
        return "<Part><PartNumber>" + number + "</PartNumber><ETag>" + etag + "</ETag></Part>";
    }

    private static void assertCode(String code, Reply reply) {
        assertThat(reply.text()).contains("<Code>" + code + "</Code>");
    }

    /** The files of all blobs that this test has written. */
    private Set<Path> blobs() throws IOException {
        Set<Path> blobs = SERVER.blobFiles();
        blobs.removeAll(blobsOfOtherTests);
        return blobs;
    }

    /**
     * Does what the server's own job does days later. The server retires content after its reply and in the order of the replies, so
     * when the file of the last object that was deleted is gone, the collector has seen all content that was removed before.
     */
    private void collect() throws Exception {
        Path last = SERVER.fileOf(() -> put("last", "last", Map.of()));
        wire.call("DELETE", "/" + bucket + "/last");
        Eventually.holds("the collector deletes " + last, () -> {
            round();
            return Files.notExists(last);
        });
        // The first round retires the blobs of parts, and the next one deletes them.
        round();
    }

    /** Lets the collector work off all that was removed, as if it had been removed days ago. */
    private void round() throws Exception {
        database.write(handle -> {
            handle.execute("UPDATE blob_link SET linked_at = linked_at - ?", DAYS.toNanos() / 1_000);
            return handle.execute("UPDATE retired_parts SET due_at = due_at - ?", DAYS.toNanos() / 1_000);
        });
        while (collector.runSlice(Duration.ofSeconds(1)) == Job.Progress.BUSY) {
            Thread.onSpinWait();
        }
    }
}
