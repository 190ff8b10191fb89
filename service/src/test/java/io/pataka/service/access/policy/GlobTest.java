package io.pataka.service.access.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.testing.WorkGrowth;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobTest {

    private static String text(Random random, String letters, int most) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
        return text.toString();
    }

    @Test
    void matchesWhatTheSameRegularExpressionMatches() {
        Random random = new Random(7);
        int matched = 0;
        for (int i = 0; i < 200_000; i++) {
            String pattern = text(random, "ab*?", 7);
            String asked = text(random, "ab", 8);
            boolean expected = Pattern.matches(pattern.replace("*", ".*").replace("?", "."), asked);
            assertThat(Glob.of(pattern).matches(asked))
                    .as("%s on %s", pattern, asked)
                    .isEqualTo(expected);
            matched += expected ? 1 : 0;
        }
        assertThat(matched).isGreaterThan(10_000);
    }

    /** Longer runs are searched for with another algorithm. */
    @Test
    void findsLongRunsAsItFindsShortOnes() {
        Random random = new Random(9);
        int matched = 0;
        for (int i = 0; i < 20_000; i++) {
            String run = text(random, "ab?", 130) + "a".repeat(random.nextInt(3));
            String asked = text(random, "ab", 40)
                    + (random.nextBoolean() ? run.replace('?', 'b') : text(random, "ab", 200))
                    + text(random, "ab", 40);
            String pattern = "*" + run + "*" + text(random, "ab", 2) + "*";
            boolean expected = Pattern.matches(pattern.replace("*", ".*").replace("?", "."), asked);
            assertThat(Glob.of(pattern).matches(asked))
                    .as("%s on %s", pattern, asked)
                    .isEqualTo(expected);
            matched += expected ? 1 : 0;
        }
        assertThat(matched).isBetween(5_000, 15_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 63, 64, 65, 66})
    void findsCharactersOfAllLengths(int length) {
        String letters = "a\u00e9\u0800\ud83d\ude00";
        Random random = new Random(11);
        int matched = 0;
        for (int i = 0; i < 2_000; i++) {
            StringBuilder run = new StringBuilder();
            StringBuilder pattern = new StringBuilder("*");
            while (run.length() < length) {
                char c = letters.charAt(random.nextInt(letters.length()));
                run.append(c);
                pattern.append(random.nextInt(3) == 0 ? '?' : c);
            }
            pattern.append('*');
            String asked = text(random, letters, 70) + (random.nextBoolean() ? run : "") + text(random, letters, 70);
            boolean expected = false;
            for (int at = 0; at + length <= asked.length() && !expected; at++) {
                expected = true;
                for (int place = 0; place < length && expected; place++) {
                    char wanted = pattern.charAt(place + 1);
                    expected = wanted == '?' || wanted == asked.charAt(at + place);
                }
            }
            assertThat(Glob.of(pattern.toString()).matches(asked))
                    .as("%s on %s", pattern, asked)
                    .isEqualTo(expected);
            matched += expected ? 1 : 0;
        }
        assertThat(matched).isGreaterThan(500);
    }

    /** The work does not grow with the length of a run up to 64 characters: DeleteObjects matches 1,000 keys with 200 such runs. */
    @Test
    void comparesAShortRunAtAllItsPlacesAtOnce() {
        String asked = "a".repeat(WorkGrowth.WHOLE);
        long one = nanos(Glob.of("*?b*"), asked);
        long many = nanos(Glob.of("*" + "?".repeat(63) + "b*"), asked);

        assertThat(many).isLessThan(10 * one);
    }

    /** The least processor time of some matches. */
    private static long nanos(Glob glob, String asked) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 50; i++) {
            long begun = threads.getCurrentThreadCpuTime();
            assertThat(glob.matches(asked)).isFalse();
            least = Math.min(least, threads.getCurrentThreadCpuTime() - begun);
        }
        return least;
    }

    @ParameterizedTest
    @ValueSource(strings = {"?", "a", "ab", "a?"})
    void takesWorkInProportionToTheText(String unit) {
        // The run begins with characters that the text is full of, and ends with one that the text does not have.
        Glob glob = Glob.of("*" + unit.repeat(4_000 / unit.length()) + "b".repeat(65) + "*" + "*?b".repeat(10) + "*");

        WorkGrowth.assertLinear("a run of " + unit, "a"::repeat, glob::matches);
    }

    @Test
    void decidesWhetherALongerTextCanMatch() {
        Random random = new Random(8);
        for (int i = 0; i < 20_000; i++) {
            String pattern = text(random, "ab*?", 5);
            String beginning = text(random, "ab", 3);
            boolean expected = false;
            for (int length = 1; length <= 5 && !expected; length++) {
                for (int bits = 0; bits < 1 << length && !expected; bits++) {
                    StringBuilder rest = new StringBuilder();
                    for (int bit = 0; bit < length; bit++) {
                        rest.append((bits >> bit & 1) == 0 ? 'a' : 'b');
                    }
                    expected = Glob.of(pattern).matches(beginning + rest);
                }
            }
            assertThat(Glob.of(pattern).matchesSomeLongerThan(beginning))
                    .as("%s beginning %s", pattern, beginning)
                    .isEqualTo(expected);
            assertThat(Glob.of(pattern).matchesSomeFrom(beginning))
                    .as("%s from %s", pattern, beginning)
                    .isEqualTo(expected || Glob.of(pattern).matches(beginning));
        }
    }

    @ParameterizedTest
    @CsvSource({"*.*, a.b, true", "a*, a, true", "'', '', true", "'', a, false", "*, '', true", "?, '', false"})
    void matchesTheEdges(String pattern, String asked, boolean matches) {
        assertThat(Glob.of(pattern).matches(asked)).isEqualTo(matches);
    }

    @Test
    void aLiteralHoldsNoWildcards() {
        Glob glob = new Glob.Builder().pattern("a/").literal("*?").pattern("/*").build();
        assertThat(glob.matches("a/*?/b")).isTrue();
        assertThat(glob.matches("a/xy/b")).isFalse();
    }
}
