package io.pataka.service.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.db.ManagedDataSource;
import io.pataka.service.testing.EmbeddedMariaDb;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One project whose requests are slow, and another. */
@Timeout(60)
final class ConnectionSharesTest {

    @Test
    void aProjectWithSlowRequestsLeavesConnectionsToOthers() throws Exception {
        ManagedDataSource source = EmbeddedMariaDb.shared().freshSchema().open(new MetricRegistry());
        Database database = new Database(source, new ConnectionShares(2, Duration.ofMillis(100)));
        ExecutorService threads = Executors.newFixedThreadPool(3);
        CountDownLatch inside = new CountDownLatch(2);
        CountDownLatch end = new CountDownLatch(1);
        try {
            List<Future<Integer>> slow = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                slow.add(threads.submit(() -> as(
                        "busy",
                        () -> database.read(handle -> {
                            inside.countDown();
                            await(end);
                            return 1;
                        }))));
            }
            inside.await();

            assertThatThrownBy(() -> as("busy", () -> database.read(handle -> 2)))
                    .isInstanceOf(ProjectBusyException.class);
            assertThat(as("quiet", () -> database.read(handle -> 3))).isEqualTo(3);
            assertThat(database.<Integer>read(handle -> 4)).as("a job").isEqualTo(4);

            end.countDown();
            for (Future<Integer> ended : slow) {
                assertThat(ended.get()).isEqualTo(1);
            }
            assertThat(as("busy", () -> database.read(handle -> 5))).isEqualTo(5);
        } finally {
            end.countDown();
            threads.shutdownNow();
            source.stop();
        }
    }

    private static int as(String project, java.util.function.Supplier<Integer> work) {
        ConnectionShares.actFor(project);
        try {
            return work.get();
        } finally {
            ConnectionShares.endOfRequest();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
