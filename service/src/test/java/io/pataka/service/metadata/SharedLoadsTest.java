package io.pataka.service.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class SharedLoadsTest {

    private final CountDownLatch loading = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final AtomicInteger count = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** The load of the busy project waits and then fails. */
    private final SharedLoads<String, Integer> loads =
            new SharedLoads<>(100, Duration.ofMinutes(1), Ticker.systemTicker(), key -> {
                if ("busy".equals(ConnectionShares.project())) {
                    loading.countDown();
                    await(released);
                    throw new ProjectBusyException();
                }
                return count.incrementAndGet();
            });

    @AfterEach
    void end() {
        released.countDown();
        threads.shutdownNow();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <V> V as(String project, Supplier<V> work) {
        ConnectionShares.actFor(project);
        try {
            return work.get();
        } finally {
            ConnectionShares.endOfRequest();
        }
    }

    @Test
    void aProjectDoesNotWaitForTheLoadOfAnother() throws Exception {
        Future<Integer> busy = threads.submit(() -> as("busy", () -> loads.get("bucket")));
        loading.await();

        assertThat(as("quiet", () -> loads.get("bucket"))).isEqualTo(1);
        assertThat(as("quiet", () -> loads.getSince("bucket", System.nanoTime())))
                .isEqualTo(2);

        released.countDown();
        assertThatThrownBy(busy::get).hasCauseInstanceOf(ProjectBusyException.class);
        assertThat(as("third", () -> loads.get("bucket")))
                .as("what failed does not replace what was loaded")
                .isEqualTo(2);
    }

    @Test
    void requestsOfOneProjectShareALoadAndItsFailure() throws Exception {
        Future<Integer> first = threads.submit(() -> as("busy", () -> loads.get("bucket")));
        loading.await();
        Future<Integer> second = threads.submit(() -> as("busy", () -> loads.get("bucket")));

        released.countDown();

        assertThatThrownBy(first::get).hasCauseInstanceOf(ProjectBusyException.class);
        assertThatThrownBy(second::get).hasCauseInstanceOf(ProjectBusyException.class);
    }

    @Test
    void allProjectsShareAValueThatIsThere() {
        assertThat(as("one", () -> loads.get("bucket"))).isEqualTo(1);
        assertThat(as("two", () -> loads.get("bucket"))).isEqualTo(1);
        assertThat(loads.get("bucket")).as("a job").isEqualTo(1);
    }
}
