package io.pataka.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class RepeatedTasksTest {

    private final RepeatedTasks tasks = new RepeatedTasks("test", 1);
    private final BlockingQueue<Throwable> uncaught = new LinkedBlockingQueue<>();

    @AfterEach
    void end() {
        tasks.shutdownNow();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // As in the server.
    private void repeat(Runnable task) {
        tasks.scheduleWithFixedDelay(
                () -> {
                    Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> uncaught.add(thrown));
                    task.run();
                },
                0,
                1,
                TimeUnit.MILLISECONDS);
    }

    @Test
    void theHandlerOfTheThreadGetsAnError() throws InterruptedException {
        repeat(() -> {
            throw new NoClassDefFoundError("lost");
        });

        assertThat(uncaught.take()).isInstanceOf(NoClassDefFoundError.class);
    }

    @Test
    void theHandlerOfTheThreadGetsAnException() throws InterruptedException {
        repeat(() -> {
            throw new IllegalStateException("broken");
        });

        assertThat(uncaught.take()).hasMessage("broken");
    }

    @Test
    void aTaskThatEndsWellIsRunAgainOnADaemonThread() throws InterruptedException {
        CountDownLatch runs = new CountDownLatch(3);
        repeat(() -> {
            if (Thread.currentThread().isDaemon()) {
                runs.countDown();
            }
        });

        assertThat(runs.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(uncaught).isEmpty();
    }
}
