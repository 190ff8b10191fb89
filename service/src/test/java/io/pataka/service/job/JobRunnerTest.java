package io.pataka.service.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.metadata.JobLeases;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class JobRunnerTest {

    private final MemoryLeases leases = new MemoryLeases();
    private final BlockingQueue<String> runs = new LinkedBlockingQueue<>();

    private JobRunner runner(String holder, Job... jobs) {
        return new JobRunner(List.of(jobs), leases, holder, Clock.systemUTC());
    }

    private Job job(String name, Slice slice) {
        return new Job() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Schedule schedule() {
                return new Schedule(Duration.ofMillis(1), 1);
            }

            @Override
            public Progress runSlice(Duration budget) throws IOException {
                runs.add(name);
                return slice.run();
            }
        };
    }

    @Test
    void runsEveryJobAgainAndAgain() throws InterruptedException {
        try (JobRunner runner = runner("a", job("one", () -> Job.Progress.IDLE), job("two", () -> Job.Progress.BUSY))) {
            runner.start();
            for (int one = 0, two = 0; one < 3 || two < 3; ) {
                if (runs.take().equals("one")) {
                    one++;
                } else {
                    two++;
                }
            }
        }
        assertThat(leases.holders).isEmpty();
    }

    @Test
    void runsNothingWhileAnotherHoldsTheLease() throws InterruptedException {
        leases.holders.put("one", "b");
        try (JobRunner runner = runner("a", job("one", () -> Job.Progress.IDLE), job("two", () -> Job.Progress.IDLE))) {
            runner.start();
            for (int i = 0; i < 5; i++) {
                assertThat(runs.take()).isEqualTo("two");
            }
        }
        assertThat(leases.holders).containsEntry("one", "b");
    }

    @Test
    void goesOnWithTheOthersWhenAJobFails() throws InterruptedException {
        JobRunner runner = runner(
                "a",
                job("one", () -> {
                    throw new IOException("the disk is gone");
                }),
                job("two", () -> {
                    throw new IllegalStateException("the database is gone");
                }),
                job("three", () -> Job.Progress.IDLE));
        try (runner) {
            runner.start();
            for (int three = 0; three < 3; ) {
                if (runs.take().equals("three")) {
                    three++;
                }
            }
        }
        assertThat(runner.status()).extracting(JobStatus::failures).containsExactly(1L, 1L, 0L);
        assertThat(runner.status().get(2).finished()).isPresent();
        assertThat(runner.status().get(2).slices()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void endsAfterTheRunningSlice() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch closing = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        JobRunner runner = runner("a", job("one", () -> {
            running.countDown();
            try {
                closing.await();
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            ended.set(true);
            return Job.Progress.BUSY;
        }));
        runner.start();
        running.await();

        closing.countDown();
        runner.close();

        assertThat(ended).isTrue();
        assertThat(leases.holders).isEmpty();
    }

    private interface Slice {
        Job.Progress run() throws IOException;
    }

    private static final class MemoryLeases implements JobLeases {

        private final Map<String, String> holders = new ConcurrentHashMap<>();

        @Override
        public boolean acquire(String job, String holder, Duration length) {
            return holders.computeIfAbsent(job, it -> holder).equals(holder);
        }

        @Override
        public void release(String job, String holder) {
            holders.remove(job, holder);
        }
    }
}
