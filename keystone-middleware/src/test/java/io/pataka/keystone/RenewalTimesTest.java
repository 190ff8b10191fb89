package io.pataka.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RenewalTimesTest {

    private static final Duration MINUTE = Duration.ofSeconds(60);

    @Test
    void aKeyInConstantUseCostsAtMost1Point01CallsInALifetime() {
        double questions = (double) MINUTE.toNanos() / new RenewalTimes(MINUTE).later();
        assertThat(questions).isBetween(1.0, 1.0102);
    }

    @Test
    void aShortLifetimeLeavesATenthForTheAnswer() {
        assertThat(new RenewalTimes(Duration.ofSeconds(1)).later())
                .isEqualTo(Duration.ofMillis(900).toNanos());
    }

    @Test
    void keysThatCameTogetherComeBackApartAndEachInTime() {
        RenewalTimes times = new RenewalTimes(MINUTE);
        Random random = new Random(1);
        long[] first =
                LongStream.generate(() -> times.first(random)).limit(10_000).toArray();

        assertThat(LongStream.of(first)).allMatch(age -> age >= times.inUseFrom() && age < times.later());
        // Where all of them came at once, no second sees more than twice its share of the 29 seconds.
        long fullest = LongStream.range(30, 60)
                .map(second -> LongStream.of(first)
                        .filter(age -> Duration.ofNanos(age).toSeconds() == second)
                        .count())
                .max()
                .orElseThrow();
        assertThat(fullest).isLessThan(2 * first.length / 29);
    }
}
