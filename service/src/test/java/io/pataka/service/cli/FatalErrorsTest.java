package io.pataka.service.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.job.Job;
import io.pataka.service.job.JobRunner;
import io.pataka.service.metadata.JobLeases;
import io.pataka.service.testing.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FatalErrorsTest {

    @TempDir
    private Path folder;

    private int endOf(Class<?> program) throws Exception {
        try (ServerProcess process =
                ServerProcess.start(List.of("-Xmx64m"), List.of(program.getName()), folder.resolve("log"))) {
            return process.awaitEnd(Duration.ofMinutes(1));
        }
    }

    private String output() throws Exception {
        return Files.readString(folder.resolve("log"));
    }

    @Test
    void endTheProcessOfAJob() throws Exception {
        assertThat(endOf(BrokenJob.class)).isEqualTo(FatalErrors.STATUS);
        assertThat(output())
                .contains("Thread job-failing ended, and with it the process", "NoClassDefFoundError: lost");
    }

    @Test
    void endTheProcessOfAPool() throws Exception {
        assertThat(endOf(BrokenPool.class)).isEqualTo(FatalErrors.STATUS);
        assertThat(output()).contains("StackOverflowError");
    }

    @Test
    void exceptionsEndTheirThread() throws Exception {
        assertThat(endOf(BrokenThread.class)).isZero();
        assertThat(output()).contains("Thread worker ended", "IllegalStateException: broken");
    }

    /** A job that throws an Error, in a process in which only the runner's threads work. */
    static final class BrokenJob {

        private BrokenJob() {}

        public static void main(String[] none) throws InterruptedException {
            FatalErrors.install();
            new JobRunner(List.of(new Failing()), new AlwaysLeased(), "holder", Clock.systemUTC()).start();
            Thread.sleep(Duration.ofMinutes(2).toMillis());
        }
    }

    private static final class Failing implements Job {
        @Override
        public String name() {
            return "failing";
        }

        @Override
        public Schedule schedule() {
            return new Schedule(Duration.ofHours(1), 1);
        }

        @Override
        public Progress runSlice(Duration budget) {
            throw new NoClassDefFoundError("lost");
        }
    }

    private static final class AlwaysLeased implements JobLeases {
        @Override
        public boolean acquire(String job, String holder, Duration duration) {
            return true;
        }

        @Override
        public void release(String job, String holder) {
            // nothing is kept
        }
    }

    /** A task that throws an Error. */
    static final class BrokenPool {

        private BrokenPool() {}

        public static void main(String[] none) throws InterruptedException {
            FatalErrors.install();
            Executors.newSingleThreadExecutor().execute(() -> {
                throw new StackOverflowError();
            });
            Thread.sleep(Duration.ofMinutes(2).toMillis());
        }
    }

    /** A thread that throws an exception, in a process that goes on. */
    static final class BrokenThread {

        private BrokenThread() {}

        public static void main(String[] none) throws InterruptedException {
            FatalErrors.install();
            Thread worker = new Thread(
                    () -> {
                        throw new IllegalStateException("broken");
                    },
                    "worker");
            worker.start();
            worker.join();
        }
    }
}
