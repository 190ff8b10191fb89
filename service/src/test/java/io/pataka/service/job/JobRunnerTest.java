package io.pataka.service.job;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.pataka.service.health.JobHealth;
import io.pataka.service.metadata.JobLeases;
import io.pataka.service.metadata.MetadataUnavailableException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

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
            List<String> seen = new ArrayList<>();
            while (!seen.containsAll(List.of("one", "two")) || Collections.frequency(seen, "three") < 3) {
                seen.add(runs.take());
            }
        }
        assertThat(runner.status()).extracting(JobStatus::failures).containsExactly(1L, 1L, 0L);
        assertThat(runner.status().get(2).finished()).isPresent();
        assertThat(runner.status().get(2).slices()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void aJobThatBlocksDelaysNoOtherJob() throws InterruptedException {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Job blocking = job("scrubber", () -> {
            blocked.countDown();
            await(release);
            return Job.Progress.IDLE;
        });
        try (JobRunner runner = runner("a", blocking, job("collector", () -> Job.Progress.IDLE))) {
            runner.start();
            blocked.await();
            runs.clear();
            for (int i = 0; i < 5; i++) {
                assertThat(runs.take()).isEqualTo("collector");
            }
            assertThat(runner.status().get(0).slices()).isZero();
            release.countDown();
        }
    }

    @Test
    void runsOneSliceOfAJobAtATime() throws InterruptedException {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (JobRunner runner = runner("a", job("one", () -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            Thread.onSpinWait();
            running.decrementAndGet();
            return Job.Progress.BUSY;
        }))) {
            runner.start();
            for (int i = 0; i < 50; i++) {
                runs.take();
            }
        }
        assertThat(most).hasValue(1);
    }

    @Test
    void keepsTheLeaseBetweenTwoRoundsSoThatNoOtherNodeRepeatsThem() throws InterruptedException {
        CountDownLatch ran = new CountDownLatch(3);
        try (JobRunner runner = runner("a", job("one", () -> {
            ran.countDown();
            return Job.Progress.IDLE;
        }))) {
            runner.start();
            ran.await();
            assertThat(leases.holders).containsEntry("one", "a");
        }
        assertThat(leases.holders).isEmpty();
    }

    @Test
    void runsAJobOfEveryNodeWithoutALease() throws InterruptedException {
        leases.holders.put("everywhere", "b");
        Job everywhere = new Job() {
            @Override
            public String name() {
                return "everywhere";
            }

            @Override
            public Schedule schedule() {
                return new Schedule(Duration.ofMillis(1), 1);
            }

            @Override
            public boolean runsOnEveryNode() {
                return true;
            }

            @Override
            public Progress runSlice(Duration budget) {
                runs.add("everywhere");
                return Progress.IDLE;
            }
        };
        try (JobRunner runner = runner("a", everywhere)) {
            runner.start();
            runs.take();
            runs.take();
        }
        assertThat(leases.holders).containsEntry("everywhere", "b");
    }

    @Test
    void showsLagAndLastFailureOfTheJobsThatItRuns() throws InterruptedException {
        leases.holders.put("elsewhere", "b");
        JobRunner runner = runner(
                "a",
                job("failing", () -> {
                    throw new IOException("the disk is gone");
                }),
                job("elsewhere", () -> Job.Progress.IDLE));
        try (runner) {
            runner.start();
            while (runner.status().get(0).lastFailure().isEmpty()) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
            Duration lag = runner.status().get(0).lag().orElseThrow();
            TimeUnit.MILLISECONDS.sleep(5);
            assertThat(runner.status().get(0).lag().orElseThrow()).isGreaterThan(lag);
            assertThat(runner.status().get(0).lastFailure().orElseThrow().reason())
                    .isEqualTo("java.io.IOException: the disk is gone");
            assertThat(runner.status().get(1).lag()).isEmpty();
        }
    }

    @Test
    void namesTheJobsThatFailNow() throws InterruptedException {
        JobRunner runner = runner(
                "a",
                job("failing", () -> {
                    throw new IOException("the disk is gone");
                }),
                job("working", () -> Job.Progress.IDLE));
        JobHealth health = new JobHealth(runner::failing);
        assertThat(health.execute().isHealthy()).isTrue();
        try (runner) {
            runner.start();
            while (runner.failing().isEmpty()) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
            assertThat(health.execute().getMessage()).isEqualTo("failing fails: java.io.IOException: the disk is gone");
        }
    }

    @Test
    void logsAnOutageOfTheDatabaseWhenItBeginsAndWhenItEnds() throws InterruptedException {
        AtomicInteger attempts = new AtomicInteger();
        List<ILoggingEvent> logged = loggedWhile(
                job("one", () -> {
                    int attempt = attempts.incrementAndGet();
                    if (attempt <= 5) {
                        throw new MetadataUnavailableException(
                                "no answer " + attempt, new IOException("connection refused"));
                    }
                    return Job.Progress.IDLE;
                }),
                7);

        assertThat(logged)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("job one waits for the database: no answer 1", "job one works again");
        assertThat(logged).extracting(ILoggingEvent::getThrowableProxy).containsOnlyNulls();
    }

    @Test
    void logsTheStackTraceOfAnotherFailureOnce() throws InterruptedException {
        AtomicInteger attempts = new AtomicInteger();
        List<ILoggingEvent> logged = loggedWhile(
                job("one", () -> {
                    int attempt = attempts.incrementAndGet();
                    throw new IllegalStateException(attempt <= 3 ? "a bug" : "another bug");
                }),
                6);

        assertThat(logged)
                .extracting(event -> event.getThrowableProxy().getMessage())
                .containsExactly("a bug", "another bug");
    }

    @Test
    void aJobThatAnotherNodeTakesOverDoesNotFailHere() throws InterruptedException {
        leases.failure.set(new MetadataUnavailableException("no answer", null));
        JobRunner runner = retrying(job("one", () -> Job.Progress.IDLE));
        try (runner) {
            runner.start();
            while (runner.failing().isEmpty()) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
            leases.holders.put("one", "b");
            leases.failure.set(null);
            while (!runner.failing().isEmpty()) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
        }
        assertThat(runs).isEmpty();
    }

    private JobRunner retrying(Job job) {
        return new JobRunner(
                List.of(job), leases, "a", Clock.systemUTC(), Duration.ofSeconds(10), Duration.ofMillis(1));
    }

    /** The warnings of a runner that runs a job so many times. */
    private List<ILoggingEvent> loggedWhile(Job job, int times) throws InterruptedException {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(JobRunner.class);
        log.start();
        logger.addAppender(log);
        try (JobRunner runner = retrying(job)) {
            runner.start();
            for (int i = 0; i < times; i++) {
                runs.take();
            }
        } finally {
            logger.detachAppender(log);
        }
        return log.list.stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .toList();
    }

    @Test
    void aJobThatWaitsForItsNextRoundHasNoLag() throws InterruptedException {
        Job daily = new Job() {
            @Override
            public String name() {
                return "daily";
            }

            @Override
            public Schedule schedule() {
                return new Schedule(Duration.ofDays(1), 1);
            }

            @Override
            public Progress runSlice(Duration budget) {
                return Progress.IDLE;
            }
        };
        try (JobRunner runner = runner("a", daily)) {
            runner.start();
            while (runner.status().get(0).finished().isEmpty()) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
            while (!runner.status().get(0).lag().orElseThrow().isZero()) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
        }
    }

    @Test
    void interruptsASliceThatDoesNotEndAndReleasesItsLease() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        JobRunner runner = new JobRunner(
                List.of(
                        job("hanging", () -> {
                            running.countDown();
                            await(new CountDownLatch(1));
                            return Job.Progress.BUSY;
                        }),
                        job("other", () -> Job.Progress.IDLE)),
                leases,
                "a",
                Clock.systemUTC(),
                Duration.ofMillis(50),
                Duration.ofSeconds(15));
        runner.start();
        running.await();

        runner.close();

        assertThat(leases.holders).isEmpty();
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
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
        private final AtomicReference<RuntimeException> failure = new AtomicReference<>();

        @Override
        public boolean acquire(String job, String holder, Duration length) {
            RuntimeException thrown = failure.get();
            if (thrown != null) {
                throw thrown;
            }
            return holders.computeIfAbsent(job, it -> holder).equals(holder);
        }

        @Override
        public void release(String job, String holder) {
            holders.remove(job, holder);
        }
    }
}
