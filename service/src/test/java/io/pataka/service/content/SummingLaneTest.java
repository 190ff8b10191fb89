package io.pataka.service.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.blob.BufferPool;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SummingLaneTest {

    private final ContentDigest digest = new ContentDigest(Set.of());
    private final BufferPool<byte[]> pool = BufferPool.ofArrays();

    @Test
    void sumsBuffersInTheOrderInWhichTheyWereFilled() throws Exception {
        MessageDigest expected = MessageDigest.getInstance("MD5");
        Random random = new Random(7);

        try (SummingLane lane = new SummingLane(digest, pool, SummingLane.threads())) {
            for (int i = 0; i < 500; i++) {
                byte[] buffer = lane.buffer();
                random.nextBytes(buffer);
                int count = 1 + random.nextInt(buffer.length);
                expected.update(buffer, 0, count);
                lane.sum(count);
            }
            lane.finish();
        }
        digest.end();

        assertThat(digest.md5()).isEqualTo(expected.digest());
    }

    @Test
    void fillsOneBufferAgainAndAgainWhileTheSumKeepsUp() {
        Set<Integer> buffers = new HashSet<>();
        try (SummingLane lane = new SummingLane(digest, pool, Runnable::run)) {
            for (int i = 0; i < 10; i++) {
                buffers.add(System.identityHashCode(lane.buffer()));
                lane.sum(1);
            }
            lane.finish();
        }

        assertThat(buffers).hasSize(1);
    }

    @Test
    void waitsForTheSumWhenAllBuffersAreAheadOfIt() throws InterruptedException {
        AtomicReference<Runnable> held = new AtomicReference<>();
        Set<Integer> filled = new HashSet<>();
        AtomicReference<Integer> another = new AtomicReference<>();
        try (SummingLane lane = new SummingLane(digest, pool, held::set)) {
            for (int i = 0; i < SummingLane.BUFFERS; i++) {
                filled.add(System.identityHashCode(lane.buffer()));
                lane.sum(1);
            }
            Thread reader = new Thread(() -> another.set(System.identityHashCode(lane.buffer())));
            reader.start();
            while (reader.getState() != Thread.State.WAITING) {
                Thread.sleep(1);
                assertThat(another.get()).isNull();
            }
            held.get().run();
            reader.join();
        }

        assertThat(filled).hasSize(SummingLane.BUFFERS).contains(another.get());
    }

    @Test
    void sumsOnTheReadingThreadIfTheSystemHasNoThreadLeft() {
        Executor noThreads = task -> {
            throw new OutOfMemoryError("unable to create native thread");
        };
        try (SummingLane lane = new SummingLane(digest, pool, noThreads)) {
            lane.buffer();
            lane.sum(1);
            lane.finish();
        }
        digest.end();

        assertThat(digest.md5()).hasSize(16);
    }

    @Test
    void failsTheReaderWhenTheSumFailed() {
        SummingLane lane = new SummingLane(digest, pool, Runnable::run);
        byte[] buffer = lane.buffer();
        lane.sum(buffer.length + 1);

        assertThatThrownBy(lane::finish)
                .isInstanceOf(IllegalStateException.class)
                .hasRootCauseInstanceOf(RuntimeException.class);
        lane.close();
    }
}
