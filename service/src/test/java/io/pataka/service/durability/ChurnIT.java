package io.pataka.service.durability;

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
import io.pataka.service.job.BlobCollector;
import io.pataka.service.job.BlobInspector;
import io.pataka.service.job.Job;
import io.pataka.service.job.OrphanSweeper;
import io.pataka.service.metadata.DamageLedger;
import io.pataka.service.metadata.Database;
import io.pataka.service.metadata.MariaDbBlobLedger;
import io.pataka.service.metadata.MariaDbDamageLedger;
import io.pataka.service.model.BlobId;
import io.pataka.service.protocol.xml.XmlElement;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import io.pataka.service.testing.S3Server;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Writers that put, copy, append, rename, upload in parts and delete the same few keys, while the collector works beside them.
 * In the end every object is whole, and every file belongs to an object.
 */
class ChurnIT {

    private static final String BUCKET = "churn";
    private static final int WRITERS = 4;
    private static final int CHANGES_OF_EACH = 150;
    private static final int OBJECTS = 12;

    /** Longer than a request may take here, so that no reader loses what it reads. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    @RegisterExtension
    static final S3Server SERVER = S3Server.own();

    private volatile boolean writing = true;

    @Test
    void leavesNoOrphanAndTakesNoLiveBlob() throws Exception {
        ManagedDataSource source = SERVER.database().open(new MetricRegistry());
        source.start();
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS + 1);
        try {
            try (S3Connection connection = SERVER.connect()) {
                assertThat(connection.call("PUT", "/" + BUCKET).status()).isEqualTo(200);
            }
            Database database = new Database(source);
            MariaDbBlobLedger ledger = new MariaDbBlobLedger(database);
            VolumeSet volumes = volumes();
            BlobStore store = new ShardedBlobStore(volumes, BufferPool.ofArrays());
            BlobInventory inventory = new ShardedBlobInventory(volumes);
            DamageLedger damage = new MariaDbDamageLedger(database);
            BlobInspector inspector = new BlobInspector(store, inventory, ledger, damage);

            churn(threads, new BlobCollector(ledger, damage, store, inspector, GRACE));
            makeEachKind();
            Set<BlobId> live = checkObjects(database);
            assertThat(live).isNotEmpty();

            lapseShares(database);
            runOut(new BlobCollector(ledger, damage, store, inspector, Duration.ZERO));
            runOut(new OrphanSweeper(ledger, store, inventory, Clock.systemUTC(), Duration.ZERO, Duration.ofDays(1)));
            runOut(new BlobCollector(ledger, damage, store, inspector, Duration.ZERO));
            assertThat(checkObjects(database)).isEqualTo(live);
            assertThat(files(inventory)).isEqualTo(live);
        } finally {
            threads.shutdownNow();
            source.stop();
        }
    }

    /** The server's volume, opened a second time as another node does it. */
    private VolumeSet volumes() throws IOException {
        VolumeSettings volume = new VolumeSettings(1, SERVER.volume(), Set.of("STANDARD"));
        return VolumeSet.open(List.of(volume), false, 0);
    }

    private void churn(ExecutorService threads, Job collector) throws Exception {
        List<Future<Void>> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            writers.add(threads.submit(new Changes(i)));
        }
        Future<Void> collecting = threads.submit(() -> {
            while (writing) {
                collector.runSlice(Duration.ofMillis(50));
            }
            return null;
        });
        for (Future<Void> writer : writers) {
            writer.get();
        }
        writing = false;
        collecting.get();
    }

    /** One writer. */
    private final class Changes implements Callable<Void> {
        private final Random random;

        private Changes(int seed) {
            this.random = new Random(seed);
        }

        @Override
        public Void call() throws IOException {
            try (S3Connection connection = SERVER.connect()) {
                for (int i = 0; i < CHANGES_OF_EACH; i++) {
                    int status = change(connection).status();
                    // 404, 409 and the like are right when another writer changed the key in between. No other fault
                    // is.
                    assertThat(status).isIn(200, 204, 206, 400, 404, 409);
                }
                return null;
            }
        }

        private Reply change(S3Connection connection) throws IOException {
            String target = "/" + BUCKET + "/" + key();
            byte[] body = new byte[random.nextInt(40_000) + 1];
            random.nextBytes(body);
            return switch (random.nextInt(8)) {
                case 0, 1 -> connection.call("PUT", target, Map.of(), Body.of(body));
                case 2 -> connection.call("DELETE", target);
                case 3 -> connection.call("PUT", target, Map.of("x-amz-copy-source", source()), Body.of(new byte[0]));
                case 4 ->
                    connection.call(
                            "PUT",
                            target + "?renameObject=",
                            Map.of("x-amz-rename-source", source()),
                            Body.of(new byte[0]));
                case 5 -> append(connection, target, body);
                case 6 -> upload(connection, target, body);
                default -> read(connection, target);
            };
        }

        private String key() {
            return "key-" + random.nextInt(OBJECTS);
        }

        private String source() {
            return BUCKET + "/" + key();
        }

        private Reply append(S3Connection connection, String target, byte[] body) throws IOException {
            String size =
                    connection.call("HEAD", target).header("Content-Length").orElse("0");
            return connection.call("PUT", target, Map.of("x-amz-write-offset-bytes", size), Body.of(body));
        }

        private Reply upload(S3Connection connection, String target, byte[] body) throws IOException {
            Reply begun = connection.call("POST", target + "?uploads=", Map.of(), Body.of(new byte[0]));
            String id = XmlElement.parse(begun.body(), "InitiateMultipartUploadResult")
                    .requiredText("UploadId");
            // Sent twice, so that a part is replaced.
            connection.call("PUT", target + "?partNumber=1&uploadId=" + id, Map.of(), Body.of(new byte[7]));
            Reply part = connection.call("PUT", target + "?partNumber=1&uploadId=" + id, Map.of(), Body.of(body));
            if (random.nextInt(4) == 0) {
                return connection.call("DELETE", target + "?uploadId=" + id);
            }
            String list = "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"
                    + part.header("ETag").orElseThrow() + "</ETag></Part></CompleteMultipartUpload>";
            return connection.call("POST", target + "?uploadId=" + id, Map.of(), Body.of(list.getBytes(UTF_8)));
        }

        private Reply read(S3Connection connection, String target) throws IOException {
            Reply reply = connection.call("GET", target);
            if (reply.status() == 200) {
                requireWhole(reply);
            }
            return reply;
        }
    }

    /** One object for each way in which a key gets content, so that none is missing by chance. */
    private void makeEachKind() throws IOException {
        try (S3Connection connection = SERVER.connect()) {
            for (String kind : List.of("blob", "list")) {
                String put = kind.equals("blob") ? "" : "?append=&position=0";
                for (String way : List.of("rename", "copy")) {
                    String source = BUCKET + "/" + kind + "-before-" + way;
                    String target = "/" + BUCKET + "/" + kind + "-after-" + way
                            + (way.equals("rename") ? "?renameObject=" : "");
                    Body body = Body.of((source + " and more").getBytes(UTF_8));
                    Map<String, String> from = Map.of("x-amz-" + way + "-source", source);
                    assertThat(connection
                                    .call("PUT", "/" + source + put, Map.of(), body)
                                    .status())
                            .isEqualTo(200);
                    assertThat(connection
                                    .call("PUT", target, from, Body.of(new byte[0]))
                                    .status())
                            .isEqualTo(200);
                    connection.call("DELETE", "/" + source);
                }
            }
        }
    }

    private static void requireWhole(Reply reply) {
        String etag = reply.header("ETag").orElseThrow().replace("\"", "");
        if (!etag.contains("-")) {
            assertThat(DigestUtils.md5Hex(reply.body())).isEqualTo(etag);
        }
        assertThat(reply.header("Content-Length")).contains(Integer.toString(reply.body().length));
    }

    /** Reads every object; the blobs that the objects are made of. */
    private Set<BlobId> checkObjects(Database database) throws IOException {
        try (S3Connection connection = SERVER.connect()) {
            XmlElement list =
                    XmlElement.parse(connection.call("GET", "/" + BUCKET).body(), "ListBucketResult");
            for (XmlElement object : list.all("Contents")) {
                Reply reply = connection.call("GET", "/" + BUCKET + "/" + object.requiredText("Key"));
                assertThat(reply.status()).as(object.requiredText("Key")).isEqualTo(200);
                assertThat(object.requiredText("Size")).isEqualTo(Integer.toString(reply.body().length));
                requireWhole(reply);
            }
        }
        return database.read(handle -> handle.createQuery("SELECT blob_id FROM object_current WHERE blob_id IS NOT NULL"
                        + " UNION SELECT p.blob_id FROM part p JOIN object_current c ON c.upload_id = p.upload_id")
                .map((row, context) -> BlobId.of(row.getBytes(1)))
                .collect(Collectors.toSet()));
    }

    /** Content that is shared has a day to be published. The day is over. */
    private static void lapseShares(Database database) {
        for (String lapse : List.of("UPDATE blob_link SET linked_at = 0", "UPDATE retired_parts SET due_at = 0")) {
            database.write(handle -> handle.execute(lapse));
        }
    }

    private static void runOut(Job job) throws IOException {
        Job.Progress progress = Job.Progress.BUSY;
        while (progress == Job.Progress.BUSY) {
            progress = job.runSlice(Duration.ofSeconds(1));
        }
    }

    private static Set<BlobId> files(BlobInventory inventory) {
        Set<BlobId> found = new HashSet<>();
        Optional<String> position = Optional.empty();
        do {
            BlobInventory.Page page = inventory.page(position);
            page.blobs().forEach(entry -> found.add(entry.id()));
            position = page.next();
        } while (position.isPresent());
        return found;
    }
}
