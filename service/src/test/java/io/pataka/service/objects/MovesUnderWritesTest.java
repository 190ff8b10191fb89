package io.pataka.service.objects;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.access.ServiceRole;
import io.pataka.service.job.BlobCollector;
import io.pataka.service.job.BlobInspector;
import io.pataka.service.metadata.DamageLedger;
import io.pataka.service.metadata.MariaDbDamageLedger;
import io.pataka.service.metadata.ObjectIndex.StoredPart;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Content;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.operation.StoreTestBed;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Objects that are moved between storage classes while clients write, append, copy, rename and delete, and while old blobs are deleted. */
final class MovesUnderWritesTest {

    private static final int WRITERS = 3;
    private static final int KEYS = 4;
    private static final int WRITES = 120;
    private static final List<String> CLASSES =
            List.of("STANDARD", StoreTestBed.WARM, StoreTestBed.COLD, StoreTestBed.FROZEN);
    private static final byte[] NONE = {};

    /** What an append is answered that meets a move. */
    private static final Set<S3Error> MET_A_MOVE =
            Set.of(S3Error.CONDITIONAL_REQUEST_CONFLICT, S3Error.INVALID_OBJECT_STATE);

    /** Longer than a read of this test lasts. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    @TempDir
    private Path folder;

    private final AtomicBoolean ended = new AtomicBoolean();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private StoreTestBed bed;
    private Bucket bucket;
    private BlobCollector collector;

    @BeforeEach
    void open() throws Exception {
        bed = new StoreTestBed(folder, UnaryOperator.identity(), UnaryOperator.identity(), UnaryOperator.identity());
        bucket = bed.bucket("bucket");
        DamageLedger damage = new MariaDbDamageLedger(bed.database);
        BlobInspector inspector = new BlobInspector(bed.store, bed.inventory, bed.blobs, damage);
        collector = new BlobCollector(bed.blobs, damage, bed.store, inspector, GRACE);
    }

    @AfterEach
    void close() throws Exception {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        bed.close();
    }

    @Test
    void everyAcknowledgedWriteReadsBackAndNoBlobIsForgotten() throws Exception {
        List<Future<Map<String, String>>> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            int number = i;
            writers.add(threads.submit(() -> new Writer(number).write()));
        }
        // Two nodes may move an object at the same time.
        List<Future<Integer>> movers = List.of(threads.submit(() -> move(1)), threads.submit(() -> move(2)));
        Future<?> collecting = threads.submit(this::collect);
        Map<String, String> expected = new HashMap<>();
        for (Future<Map<String, String>> writer : writers) {
            expected.putAll(writer.get());
        }
        ended.set(true);
        for (Future<Integer> mover : movers) {
            assertThat(mover.get()).as("objects that were moved").isPositive();
        }
        collecting.get();
        // A blob is due a while after it was replaced; the writers may have been faster.
        for (int tries = 0; tries < 100 && collector.collected() == 0; tries++) {
            collector.runSlice(Duration.ofSeconds(10));
            Thread.sleep(100);
        }

        for (Map.Entry<String, String> object : expected.entrySet()) {
            assertThat(new String(bed.read("/bucket/" + object.getKey()), UTF_8))
                    .isEqualTo(object.getValue());
        }
        assertThat(collector.collected()).isPositive();
        assertThat(unknownBlobs(expected.keySet())).isZero();
    }

    /** Blobs that no object has and that do not wait for the collector. Blobs are retired soon after their object is overwritten. */
    private long unknownBlobs(Set<String> keys) throws Exception {
        Set<BlobId> named = new HashSet<>();
        for (String key : keys) {
            named.addAll(blobs(bed.index.current(bucket, ObjectKey.of(key)).orElseThrow()));
        }
        long unknown = 0;
        for (int tries = 0; tries < 100; tries++) {
            while (bed.blobs.retireParts(100)) {
                // until no list is due
            }
            Set<BlobId> files = new HashSet<>(bed.blobIds());
            files.removeAll(named);
            unknown = files.stream().filter(blob -> !bed.blobs.isRetired(blob)).count();
            if (unknown == 0) {
                break;
            }
            Thread.sleep(100);
        }
        return unknown;
    }

    private List<BlobId> blobs(ObjectVersion version) {
        return version.content() instanceof Content.Parts parts
                ? bed.index.partsAfter(bucket.id(), parts, 0, 1000).stream()
                        .map(StoredPart::blob)
                        .toList()
                : List.of(((Content.Whole) version.content()).blob());
    }

    /** @return how many objects were moved */
    private int move(long seed) throws Exception {
        Random random = new Random(seed);
        StorageClassMover mover = new StorageClassMover(bed.index, bed.moves, bed.copier, bed.retry);
        int moved = 0;
        while (!ended.get()) {
            String key = "w" + random.nextInt(WRITERS) + "-" + random.nextInt(KEYS);
            Optional<ObjectVersion> version = bed.index.current(bucket, ObjectKey.of(key));
            if (version.isPresent()) {
                String storageClass = CLASSES.get(random.nextInt(CLASSES.size()));
                boolean isMoved = mover.move(
                                bucket, version.get(), storageClass, new ServiceRole("lifecycle").permit(bucket))
                        .refusal()
                        .isEmpty();
                moved += isMoved ? 1 : 0;
            }
        }
        return moved;
    }

    private Void collect() throws Exception {
        while (!ended.get()) {
            collector.runSlice(Duration.ofMillis(50));
            Thread.sleep(50);
        }
        return null;
    }

    /** Writes keys of its own, and knows what is in them. */
    private final class Writer {

        private final int number;
        private final Random random;
        private final Map<String, String> objects = new HashMap<>();

        Writer(int number) {
            this.number = number;
            this.random = new Random(number);
        }

        private String key() {
            return "w" + number + "-" + random.nextInt(KEYS);
        }

        Map<String, String> write() throws Exception {
            for (int i = 0; i < WRITES; i++) {
                String key = key();
                String other = key();
                String text = objects.get(key);
                int choice = random.nextInt(6);
                if (text == null || choice == 0) {
                    put(key, "object " + i + " ".repeat(random.nextInt(200_000)));
                } else if (choice == 1 && !other.equals(key)) {
                    bed.send("PUT", "/bucket/" + other, Map.of("x-amz-copy-source", "/bucket/" + key), NONE);
                    objects.put(other, text);
                } else if (choice == 2 && !other.equals(key)) {
                    bed.send(
                            "PUT",
                            "/bucket/" + other + "?renameObject",
                            Map.of("x-amz-rename-source", "/bucket/" + key),
                            NONE);
                    objects.put(other, objects.remove(key));
                } else if (choice == 3) {
                    bed.send("DELETE", "/bucket/" + key, Map.of(), NONE);
                    objects.remove(key);
                } else {
                    append(key, text, ", appended " + i);
                }
                if (objects.containsKey(key)) {
                    assertThat(new String(bed.read("/bucket/" + key), UTF_8)).isEqualTo(objects.get(key));
                }
            }
            return objects;
        }

        private void put(String key, String text) {
            bed.send("PUT", "/bucket/" + key, Map.of(), text.getBytes(UTF_8));
            objects.put(key, text);
        }

        private void append(String key, String text, String more) {
            try {
                bed.send(
                        "PUT",
                        "/bucket/" + key,
                        Map.of("x-amz-write-offset-bytes", Integer.toString(text.length())),
                        more.getBytes(UTF_8));
                objects.put(key, text + more);
            } catch (S3Exception refusal) {
                assertThat(MET_A_MOVE).contains(refusal.error());
            }
        }
    }
}
