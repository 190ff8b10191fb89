package io.pataka.service.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.db.ManagedDataSource;
import io.pataka.service.blob.BlobInventory;
import io.pataka.service.blob.BlobStore;
import io.pataka.service.blob.BufferPool;
import io.pataka.service.blob.ShardedBlobInventory;
import io.pataka.service.blob.ShardedBlobStore;
import io.pataka.service.blob.VolumeSet;
import io.pataka.service.blob.VolumeSettings;
import io.pataka.service.metadata.BlobLedger;
import io.pataka.service.metadata.ContentRows;
import io.pataka.service.metadata.DamageLedger;
import io.pataka.service.metadata.DamageLedger.Damage;
import io.pataka.service.metadata.DamageLedger.Kind;
import io.pataka.service.metadata.Database;
import io.pataka.service.metadata.JobPositions;
import io.pataka.service.metadata.MariaDbBlobLedger;
import io.pataka.service.metadata.MariaDbContentRows;
import io.pataka.service.metadata.MariaDbDamageLedger;
import io.pataka.service.metadata.MariaDbJobPositions;
import io.pataka.service.testing.Eventually;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import io.pataka.service.testing.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The audit reports rows without blobs, and forgets them when nothing needs them any more. The server runs no job of its own. */
final class ContentAuditIT {

    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration SLICE = Duration.ofMillis(200);

    @RegisterExtension
    final S3Server server = S3Server.own("jobs: {enabled: false}");

    @TempDir
    private Path elsewhere;

    private S3Connection wire;
    private ManagedDataSource source;
    private Database database;
    private BlobStore store;
    private BlobInventory inventory;
    private BlobLedger ledger;
    private DamageLedger damage;
    private ContentRows rows;
    private JobPositions positions;

    @BeforeEach
    void start() throws Exception {
        wire = server.connect();
        source = server.database().open(new MetricRegistry());
        database = new Database(source);
        VolumeSettings volume = new VolumeSettings(1, server.volume(), Set.of("STANDARD"));
        VolumeSet volumes = VolumeSet.open(List.of(volume), false, 0);
        store = new ShardedBlobStore(volumes, BufferPool.ofArrays());
        inventory = new ShardedBlobInventory(volumes);
        ledger = new MariaDbBlobLedger(database);
        damage = new MariaDbDamageLedger(database);
        rows = new MariaDbContentRows(database);
        positions = new MariaDbJobPositions(database);
        call("PUT", "/bbb", "");
    }

    @AfterEach
    void stop() throws Exception {
        wire.close();
        source.stop();
    }

    private ContentAudit audit() {
        return new ContentAudit(
                rows, positions, store, new BlobInspector(store, inventory, ledger, damage), ledger, damage, DAY);
    }

    private void round() throws IOException {
        ContentAudit audit = audit();
        while (audit.runSlice(SLICE) == Job.Progress.BUSY) {
            Thread.onSpinWait();
        }
    }

    private Reply call(String method, String target, String body, String... headers) throws IOException {
        Map<String, String> named = headers.length == 0 ? Map.of() : Map.of(headers[0], headers[1]);
        Reply reply = wire.call(method, target, named, Body.of(body.getBytes(UTF_8)));
        assertThat(reply.status()).as(reply.text()).isBetween(200, 299);
        return reply;
    }

    /** The file of an object that is written. */
    private Path put(String target, String body) throws IOException {
        return server.fileOf(() -> call("PUT", target, body));
    }

    private String beginUpload(String key) throws IOException {
        String text = call("POST", "/bbb/" + key + "?uploads=", "").text();
        return text.substring(text.indexOf("<UploadId>") + 10, text.indexOf("</UploadId>"));
    }

    private void complete(String key, String upload) throws IOException {
        String listed = call("GET", "/bbb/" + key + "?uploadId=" + upload, "").text();
        String etag = listed.substring(listed.indexOf("<ETag>") + 6, listed.indexOf("</ETag>"));
        call(
                "POST",
                "/bbb/" + key + "?uploadId=" + upload,
                "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>" + etag
                        + "</ETag></Part></CompleteMultipartUpload>");
    }

    private Optional<Damage> damage(Path file) {
        return damage.list(Optional.empty(), 1000).stream()
                .filter(lost -> lost.blob().toString().equals(file.getFileName().toString()))
                .findFirst();
    }

    private Optional<String> owner(Path file) {
        return damage(file).flatMap(lost -> lost.owner().map(Object::toString));
    }

    private int statusOfHead(String key) throws IOException {
        return wire.call("HEAD", key).status();
    }

    private void awaitStatusOfHead(String key, int status) throws Exception {
        Eventually.holds("HEAD " + key + " gets " + status, () -> statusOfHead(key) == status);
    }

    @Test
    void findsRowsOfEveryKindWithoutTheirBlobs() throws Exception {
        Path whole = put("/bbb/whole", "whole");
        Path current = put("/bbb/current", "current");
        Path copied = put("/bbb/copied", "copied");
        call("PUT", "/bbb/copy", "", "x-amz-copy-source", "bbb/copied");
        call("DELETE", "/bbb/copied", "");
        call("PUT", "/bbb?versioning=", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>");
        Path old = put("/bbb/versions", "old");
        put("/bbb/versions", "new");
        call("DELETE", "/bbb/versions", "");
        String running = beginUpload("running");
        Path part = put("/bbb/running?partNumber=1&uploadId=" + running, "part");
        String completed = beginUpload("multi");
        Path ofObject = put("/bbb/multi?partNumber=1&uploadId=" + completed, "part of an object");
        complete("multi", completed);
        List<Path> lost = List.of(current, copied, old, part, ofObject);
        for (Path file : lost) {
            Files.delete(file);
        }

        round();

        assertThat(damage.counts()).containsEntry(Kind.MISSING, 5L).containsEntry(Kind.DAMAGED, 0L);
        assertThat(lost).allSatisfy(file -> assertThat(damage(file)).isPresent());
        assertThat(damage(whole)).isEmpty();
        assertThat(owner(current)).contains("bbb/current");
        assertThat(owner(copied)).contains("bbb/copy");
        assertThat(owner(old)).contains("bbb/versions");
        assertThat(owner(ofObject)).contains("bbb/multi");
        assertThat(owner(part)).isEmpty();
        awaitStatusOfHead("/bbb/current", 409);
        assertThat(statusOfHead("/bbb/multi")).isEqualTo(409);
        assertThat(statusOfHead("/bbb/copy")).isEqualTo(409);
        assertThat(statusOfHead("/bbb/whole")).isEqualTo(200);
    }

    @Test
    void goesOnInAnotherProcessWhereItWasLeft() throws Exception {
        call("PUT", "/bbb?versioning=", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>");
        String upload = beginUpload("upload");
        for (int i = 0; i < 3; i++) {
            put("/bbb/key-" + i, "old " + i);
            put("/bbb/key-" + i, "new " + i);
            put("/bbb/upload?partNumber=" + (i + 1) + "&uploadId=" + upload, "part " + i);
        }
        long audited = 0;
        int processes = 0;
        Job.Progress progress;
        do {
            ContentAudit audit = audit();
            progress = audit.runSlice(Duration.ZERO);
            audited += audit.audited();
            processes++;
        } while (progress == Job.Progress.BUSY);

        assertThat(audited).isEqualTo(9);
        assertThat(processes).isGreaterThan(3);
        assertThat(positions.position(ContentAudit.NAME)).isEmpty();
    }

    @Test
    void pagesNameEveryRowOnceWhateverTheirSize() throws Exception {
        call("PUT", "/bbb?versioning=", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>");
        String upload = beginUpload("upload");
        for (int i = 0; i < 3; i++) {
            for (int version = 0; version < 4; version++) {
                put("/bbb/key-" + i, "version " + version);
            }
            call("DELETE", "/bbb/key-" + i, "");
            put("/bbb/upload?partNumber=" + (i + 1) + "&uploadId=" + upload, "part " + i);
        }
        call("PUT", "/other", "");
        put("/other/k", "k");
        for (int limit = 1; limit <= 20; limit++) {
            Set<String> seen = new HashSet<>();
            int count = 0;
            Optional<String> position = Optional.empty();
            do {
                ContentRows.Page page = rows.page(position, limit);
                for (ContentRows.Row row : page.rows()) {
                    assertThat(rows.isThere(row)).isTrue();
                    seen.add(row.position());
                    count++;
                }
                position = page.next();
            } while (position.isPresent());
            assertThat(count).as("limit " + limit).isEqualTo(16);
            assertThat(seen).hasSize(16);
        }
    }

    /** The result of an exchange of names between two files of the first format. */
    @Test
    void findsABlobThatIsNotWhatItsRowSays() throws Exception {
        Path file = put("/bbb/k", "hello");
        database.write(handle -> handle.execute("UPDATE object_current SET etag = '00112233445566778899aabbccddeeff'"));

        round();

        assertThat(damage(file).orElseThrow().kind()).isEqualTo(Kind.DAMAGED);
        assertThat(damage(file).orElseThrow().reason()).contains("00112233445566778899aabbccddeeff");
        assertThat(owner(file)).contains("bbb/k");
    }

    @Test
    void aBlobThatIsBroughtBackIsNotLostAnyMore() throws Exception {
        Path file = put("/bbb/k", "hello");
        Path aside = elsewhere.resolve("aside");
        Files.move(file, aside);
        round();
        awaitStatusOfHead("/bbb/k", 409);

        Files.move(aside, file);
        round();

        assertThat(damage.counts()).containsEntry(Kind.MISSING, 0L);
        awaitStatusOfHead("/bbb/k", 200);
        assertThat(call("GET", "/bbb/k", "").text()).isEqualTo("hello");
    }

    @Test
    void aMissingBlobIsForgottenWithItsObject() throws Exception {
        Path file = put("/bbb/k", "hello");
        Files.delete(file);
        round();
        assertThat(damage(file)).isPresent();

        call("DELETE", "/bbb/k", "");
        collectUntilNothingWaits();

        assertThat(damage(file)).isEmpty();
    }

    private void collectUntilNothingWaits() throws Exception {
        Eventually.holds("content is retired", () -> ledger.waiting() > 0);
        BlobCollector collector = new BlobCollector(
                ledger, damage, store, new BlobInspector(store, inventory, ledger, damage), Duration.ZERO);
        while (collector.runSlice(SLICE) == Job.Progress.BUSY) {
            Thread.onSpinWait();
        }
        assertThat(ledger.waiting()).isZero();
    }

    /** The tail of the file does not say for which key it was written. */
    private static void damageTail(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 10] ^= 1;
        Files.write(file, bytes);
    }

    @Test
    void aDamagedBlobLeavesQuarantineWithItsObject() throws Exception {
        Path file = put("/bbb/k", "hello");
        damageTail(file);
        round();
        assertThat(owner(file)).contains("bbb/k");
        assertThat(inventory.quarantined(1)).hasSize(1);

        call("DELETE", "/bbb/k", "");
        collectUntilNothingWaits();

        assertThat(inventory.quarantined(1)).isEmpty();
        assertThat(damage(file)).isEmpty();
    }

    /** Only the descriptor of a shared blob has its original key, so a whole round must have found no version of it. */
    @Test
    void aDamagedBlobThatWasSharedStaysUntilARoundMetNoVersionOfIt() throws Exception {
        Path file = put("/bbb/k", "hello");
        call("PUT", "/bbb/copy", "", "x-amz-copy-source", "bbb/k");
        damageTail(file);
        round();
        call("DELETE", "/bbb/copy", "");
        Eventually.holds("content is retired", () -> ledger.waiting() > 0);
        // As if all this had happened two days ago.
        database.write(handle -> handle.execute("UPDATE blob_link SET linked_at = 1"));
        BlobCollector collector = new BlobCollector(
                ledger, damage, store, new BlobInspector(store, inventory, ledger, damage), Duration.ZERO);
        round();
        collector.runSlice(SLICE);
        assertThat(inventory.quarantined(1)).as("the first object needs it").hasSize(1);

        call("DELETE", "/bbb/k", "");
        collector.runSlice(SLICE);
        round();
        collectUntilNothingWaits();

        assertThat(inventory.quarantined(1)).isEmpty();
        assertThat(damage(file)).isEmpty();
    }

    /** Copies of an object in parts have part lists of their own, and there may be very many of them. */
    @Test
    void aNodeRemembersABoundedNumberOfKeys() throws Exception {
        String upload = beginUpload("multi");
        Path part = put("/bbb/multi?partNumber=1&uploadId=" + upload, "part of an object");
        complete("multi", upload);
        for (int i = 0; i < 5; i++) {
            call("PUT", "/bbb/copy-" + i, "", "x-amz-copy-source", "bbb/multi");
        }
        Files.delete(part);

        round();

        assertThat(damage.lost(1).uploads()).hasSize(2);
        assertThat(damage.lost(10).uploads()).hasSize(6);
    }

    @Test
    void filesThatExchangedNamesAreNotLost() throws Exception {
        Path first = put("/bbb/first", "hello");
        Path second = put("/bbb/second", "world");
        Path aside = elsewhere.resolve("aside");
        Files.move(first, aside);
        Files.move(second, first);
        Files.move(aside, second);

        round();

        assertThat(damage.list(Optional.empty(), 10)).isEmpty();
        assertThat(call("GET", "/bbb/first", "").text()).isEqualTo("hello");
        assertThat(call("GET", "/bbb/second", "").text()).isEqualTo("world");
    }

    /** The second object has its own file again, so the first one has none. */
    @Test
    void aBlobIsMissingWhenItsNameHadTheFileOfAnotherBlob() throws Exception {
        Path first = put("/bbb/first", "hello");
        Path second = put("/bbb/second", "world");
        Files.delete(first);
        Files.move(second, first);

        round();

        assertThat(damage(first).orElseThrow().kind()).isEqualTo(Kind.MISSING);
        assertThat(owner(first)).contains("bbb/first");
        assertThat(damage(second)).isEmpty();
        assertThat(call("GET", "/bbb/second", "").text()).isEqualTo("world");
    }
}
