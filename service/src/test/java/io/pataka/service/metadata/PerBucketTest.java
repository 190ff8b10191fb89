package io.pataka.service.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.job.BucketJob;
import io.pataka.service.job.Job;
import io.pataka.service.job.PerBucket;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jobs over buckets on a real database, by two processes. */
final class PerBucketTest {

    private static final Duration UNIT = Duration.ZERO;

    private final List<String> units = new ArrayList<>();
    private MetadataTestBed bed;
    private Bucket first;

    @BeforeEach
    void open() {
        bed = new MetadataTestBed();
        first = bed.bucket(Versioning.OFF);
        bed.bucket(Versioning.OFF);
    }

    @AfterEach
    void close() {
        bed.close();
    }

    private interface Work {
        Optional<String> on(long bucketId, Optional<String> position) throws IOException;
    }

    private Job process(String holder, Work work) {
        BucketJob job = new BucketJob() {
            @Override
            public String name() {
                return "job";
            }

            @Override
            public Job.Schedule schedule() {
                return new Job.Schedule(Duration.ofHours(1), 1);
            }

            @Override
            public Duration lookEvery() {
                return Duration.ofSeconds(3);
            }

            @Override
            public Duration untilNextRound(Optional<String> position) {
                return position.filter("late"::equals).isPresent() ? Duration.ZERO : Duration.ofHours(1);
            }

            @Override
            public Optional<String> work(long bucketId, Optional<String> position) throws IOException {
                units.add(holder + (bucketId == first.id() ? " first " : " second ") + position.orElse("begins"));
                return work.on(bucketId, position);
            }
        };
        return new PerBucket(job, new MariaDbBucketTurns(bed.database), holder);
    }

    @Test
    void aLargeBucketDelaysNoOther() throws IOException {
        Job process = process(
                "a",
                (bucket, position) ->
                        bucket == first.id() && position.isEmpty() ? Optional.of("half") : Optional.empty());
        while (process.runSlice(UNIT) == Job.Progress.BUSY) {
            Thread.onSpinWait();
        }
        assertThat(units).containsExactly("a first begins", "a second begins", "a first half");
    }

    @Test
    void anotherProcessGoesOnWhereTheFirstOneStopped() throws IOException {
        process("a", (bucket, position) -> Optional.of("half")).runSlice(UNIT);
        Job other = process("b", (bucket, position) -> Optional.empty());
        while (other.runSlice(UNIT) == Job.Progress.BUSY) {
            Thread.onSpinWait();
        }
        assertThat(units).containsExactly("a first begins", "b first half", "b second begins");
    }

    @Test
    void twoProcessesShareTheBucketsOfARound() throws IOException {
        Job other = process("b", (bucket, position) -> Optional.empty());
        Job process = process("a", (bucket, position) -> {
            // While this process works on the first bucket, the other one may have the second only.
            while (bucket == first.id() && other.runSlice(UNIT) == Job.Progress.BUSY) {
                Thread.onSpinWait();
            }
            return Optional.empty();
        });
        while (process.runSlice(UNIT) == Job.Progress.BUSY) {
            Thread.onSpinWait();
        }
        assertThat(units).containsExactly("a first begins", "b second begins");
    }

    @Test
    void aBucketThatFailsDelaysNoOther() throws IOException {
        Job process = process("a", (bucket, position) -> {
            if (bucket == first.id()) {
                throw new IOException("the disk is gone");
            }
            return Optional.empty();
        });
        assertThatThrownBy(() -> process.runSlice(UNIT)).hasMessage("the disk is gone");
        assertThat(process.runSlice(UNIT)).isEqualTo(Job.Progress.BUSY);
        assertThat(process.runSlice(UNIT)).isEqualTo(Job.Progress.IDLE);
        assertThat(units).containsExactly("a first begins", "a second begins");

        assertThatThrownBy(() -> process.runSlice(UNIT)).hasMessage("the disk is gone");
    }

    /** The job decides by the position that the last unit of the round got. */
    @Test
    void theNextRoundBeginsWhenTheJobSays() throws IOException {
        Job process = process(
                "a",
                (bucket, position) ->
                        bucket == first.id() && position.isEmpty() ? Optional.of("late") : Optional.empty());
        for (int round = 0; round < 2; round++) {
            while (process.runSlice(UNIT) == Job.Progress.BUSY) {
                Thread.onSpinWait();
            }
        }
        assertThat(units).startsWith("a first begins", "a second begins", "a first late", "a first begins");
        assertThat(units).containsOnlyOnce("a second begins");
    }

    @Test
    void aNodeLooksForBucketsMoreOftenThanARoundIsDue() {
        assertThat(process("a", (bucket, position) -> Optional.empty()).schedule())
                .isEqualTo(new Job.Schedule(Duration.ofSeconds(3), 1));
    }
}
