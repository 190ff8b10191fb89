package io.pataka.service.operation.object;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.db.ManagedDataSource;
import io.pataka.service.metadata.DamageLedger;
import io.pataka.service.metadata.DamageLedger.Kind;
import io.pataka.service.metadata.Database;
import io.pataka.service.metadata.MariaDbDamageLedger;
import io.pataka.service.model.BlobId;
import io.pataka.service.testing.Eventually;
import io.pataka.service.testing.NewBucket;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import io.pataka.service.testing.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** All operations that need lost content give one final answer. While a volume is not mounted, they answer 503. */
final class LostContentIT {

    private static final int BLOCK = 65_536;

    @RegisterExtension
    static final S3Server SERVER = S3Server.own();

    private static ManagedDataSource source;
    private static DamageLedger damage;

    private final S3Connection wire;
    private final String bucket;

    @BeforeAll
    static void start() throws Exception {
        source = SERVER.database().open(new MetricRegistry());
        damage = new MariaDbDamageLedger(new Database(source));
    }

    @AfterAll
    static void stop() throws Exception {
        source.stop();
    }

    LostContentIT(S3Connection wire, @NewBucket String bucket) {
        this.wire = wire;
        this.bucket = bucket;
    }

    private String path(String key) {
        return "/" + bucket + "/" + key;
    }

    private Reply call(String method, String target, Map<String, String> headers) throws IOException {
        return wire.call(method, target, headers, Body.NONE);
    }

    private Reply put(String target, byte[] bytes, Map<String, String> headers) throws IOException {
        Reply reply = wire.call("PUT", target, headers, Body.of(bytes));
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply;
    }

    /** The file of an object that is written. */
    private Path putAndFind(String target, byte[] bytes) throws IOException {
        return SERVER.fileOf(() -> put(target, bytes, Map.of()));
    }

    private static void assertLost(Reply reply) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(409);
        assertThat(reply.text()).contains("<Code>ObjectContentLost</Code>");
        assertThat(reply.header("Retry-After")).isEmpty();
    }

    /** A node reports the loss that a GET found to the database, and reads the losses of all nodes from there. */
    private void awaitKnown(String key) throws Exception {
        Eventually.holds(
                key + " is known to be lost",
                () -> call("HEAD", path(key), Map.of()).status() == 409);
    }

    private void assertLostForAll(String key) throws IOException {
        assertLost(call("GET", path(key), Map.of()));
        assertLost(call("GET", path(key), Map.of("Range", "bytes=0-0")));
        assertThat(call("HEAD", path(key), Map.of()).status()).isEqualTo(409);
        assertThat(call("HEAD", path(key), Map.of("Range", "bytes=0-0")).status())
                .isEqualTo(409);
        assertLost(call("GET", path(key) + "?attributes=", Map.of("x-amz-object-attributes", "ETag")));
        assertLost(call("GET", path(key) + "?partNumber=1", Map.of()));
        Map<String, String> copy = Map.of("x-amz-copy-source", bucket + "/" + key);
        assertLost(call("PUT", path("copy"), copy));
        String upload = beginUpload("upload");
        assertLost(call("PUT", path("upload") + "?partNumber=1&uploadId=" + upload, copy));
    }

    private String beginUpload(String key) throws IOException {
        String text = call("POST", path(key) + "?uploads=", Map.of()).text();
        return text.substring(text.indexOf("<UploadId>") + 10, text.indexOf("</UploadId>"));
    }

    private Optional<String> owner(Path file) {
        return damage.list(Optional.empty(), 1000).stream()
                .filter(lost -> lost.blob().toString().equals(file.getFileName().toString()))
                .findFirst()
                .flatMap(lost -> lost.owner().map(Object::toString));
    }

    @Test
    void aMissingFileIsTheSameForAllOperations() throws Exception {
        Path file = putAndFind(path("k"), "hello".getBytes(UTF_8));
        Files.delete(file);

        assertLost(call("GET", path("k"), Map.of()));
        awaitKnown("k");

        assertLostForAll("k");
        assertThat(owner(file)).contains(bucket + "/k");
        assertThat(damage.counts().get(Kind.MISSING)).isPositive();
        String admin = SERVER.adminTask("lost-content");
        assertThat(admin.lines())
                .filteredOn(line -> line.contains(file.getFileName().toString()))
                .singleElement()
                .asString()
                .startsWith("MISSING\t")
                .contains("\t" + bucket + "/k\t");
    }

    @Test
    void aCopyThatWouldReadAMissingFileIsRefusedAtOnce() throws Exception {
        Path file = putAndFind(path("k"), "hello".getBytes(UTF_8));
        Files.delete(file);

        assertLost(call(
                "PUT", path("copy"), Map.of("x-amz-copy-source", bucket + "/k", "x-amz-storage-class", "STANDARD_IA")));
    }

    @Test
    void aDamagedSmallObjectIsRefusedBeforeItsFirstByte() throws Exception {
        Path file = putAndFind(path("k"), new byte[3000]);
        damage(file, 1000);

        assertLost(call("GET", path("k"), Map.of()));
        awaitKnown("k");

        assertLostForAll("k");
        assertThat(owner(file)).contains(bucket + "/k");
        assertThat(file).doesNotExist();
        assertThat(SERVER.volume().resolve("quarantine").resolve(file.getFileName()))
                .exists();
    }

    private static void damage(Path file, int position) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[position] ^= 1;
        Files.write(file, bytes);
    }

    @Test
    void damageInTheMiddleOfALargeObjectCutsTheAnswerAndIsRemembered() throws Exception {
        Path file = putAndFind(path("k"), new byte[100 * BLOCK]);
        damage(file, 90 * BLOCK);

        try (S3Connection other = SERVER.connect()) {
            other.discard("GET", path("k"), Map.of(), Body.NONE);
            throw new AssertionError("the answer is whole");
        } catch (IOException cut) {
            assertThat(cut).isNotNull();
        }
        awaitKnown("k");

        assertLostForAll("k");
    }

    @Test
    void oneLostPartLosesTheObject() throws Exception {
        String upload = beginUpload("k");
        String target = path("k") + "?partNumber=%d&uploadId=" + upload;
        Path first = putAndFind(target.formatted(1), new byte[5 << 20]);
        Path second = putAndFind(target.formatted(2), "end".getBytes(UTF_8));
        String document = "<CompleteMultipartUpload>";
        for (int number = 1; number <= 2; number++) {
            String query = "?max-parts=1&part-number-marker=" + (number - 1) + "&uploadId=" + upload;
            String listed = call("GET", path("k") + query, Map.of()).text();
            String etag = listed.substring(listed.indexOf("<ETag>") + 6, listed.indexOf("</ETag>"));
            document += "<Part><PartNumber>" + number + "</PartNumber><ETag>" + etag + "</ETag></Part>";
        }
        Reply done = wire.call(
                "POST",
                path("k") + "?uploadId=" + upload,
                Map.of(),
                Body.of((document + "</CompleteMultipartUpload>").getBytes(UTF_8)));
        assertThat(done.status()).as(done.text()).isEqualTo(200);
        Files.delete(second);

        assertLost(call("GET", path("k"), Map.of("Range", "bytes=-1")));
        awaitKnown("k");

        assertLostForAll("k");
        assertThat(first).exists();
        assertThat(owner(second)).contains(bucket + "/k");
    }

    private static BlobId blob(Path file) {
        return BlobId.parse(file.getFileName().toString());
    }

    private Reply complete(String key, String upload) throws IOException {
        String listed = call("GET", path(key) + "?uploadId=" + upload, Map.of()).text();
        String etag = listed.substring(listed.indexOf("<ETag>") + 6, listed.indexOf("</ETag>"));
        String document = "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>" + etag
                + "</ETag></Part></CompleteMultipartUpload>";
        return wire.call("POST", path(key) + "?uploadId=" + upload, Map.of(), Body.of(document.getBytes(UTF_8)));
    }

    @Test
    void anUploadIsNotCompletedWithALostPartUntilItIsUploadedAgain() throws Exception {
        String upload = beginUpload("k");
        String part = path("k") + "?partNumber=1&uploadId=" + upload;
        Path file = putAndFind(part, "part".getBytes(UTF_8));
        Files.delete(file);
        damage.record(blob(file), Kind.MISSING, "test");
        // The node learns of losses in the order in which they were recorded.
        damage.record(blob(putAndFind(path("later"), "later".getBytes(UTF_8))), Kind.MISSING, "test");
        awaitKnown("later");

        Reply refused = complete("k", upload);

        assertThat(refused.status()).as(refused.text()).isEqualTo(400);
        assertThat(refused.text()).contains("<Code>InvalidPart</Code>", "<PartNumber>1</PartNumber>");

        put(part, "again".getBytes(UTF_8), Map.of());
        assertThat(complete("k", upload).status()).isEqualTo(200);
        assertThat(call("GET", path("k"), Map.of()).text()).isEqualTo("again");
    }

    @Test
    void anObjectThatWasBegunByAppendingIsNotAppendedTo() throws Exception {
        Path file = putAndFind(path("k") + "?append=&position=0", "hello".getBytes(UTF_8));
        Files.delete(file);
        assertLost(call("GET", path("k"), Map.of()));
        awaitKnown("k");

        assertLost(wire.call("PUT", path("k") + "?append=&position=5", Map.of(), Body.of(new byte[1])));
    }

    @Test
    void aLostObjectCanBeOverwrittenAndDeleted() throws Exception {
        for (String key : List.of("overwritten", "deleted")) {
            Files.delete(putAndFind(path(key), "hello".getBytes(UTF_8)));
            assertLost(call("GET", path(key), Map.of()));
            awaitKnown(key);
        }

        put(path("overwritten"), "again".getBytes(UTF_8), Map.of());
        assertThat(call("GET", path("overwritten"), Map.of()).text()).isEqualTo("again");
        assertThat(call("DELETE", path("deleted"), Map.of()).status()).isEqualTo(204);
        assertThat(call("GET", path("deleted"), Map.of()).status()).isEqualTo(404);
    }

    @Test
    void aVolumeThatIsNotMountedLosesNothing(@TempDir Path aside) throws Exception {
        Path file = putAndFind(path("k"), "hello".getBytes(UTF_8));
        Path marker = SERVER.volume().resolve("volume.json");
        Path markerAside = aside.resolve("volume.json");
        Path blobAside = aside.resolve("blob");
        Files.move(marker, markerAside);
        Files.move(file, blobAside);
        try {
            Reply reply = call("GET", path("k"), Map.of());
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.header("Retry-After")).isPresent();
        } finally {
            Files.move(blobAside, file);
            Files.move(markerAside, marker);
        }

        assertThat(call("GET", path("k"), Map.of()).text()).isEqualTo("hello");
        assertThat(owner(file)).isEmpty();
    }
}
