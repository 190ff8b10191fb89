package io.pataka.service.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.lifecycle.LifecycleAnnouncements.Announcement;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class LifecycleAnnouncementsTest {

    private static final ObjectKey KEY = ObjectKey.of("logs/a");
    private static final Instant CREATED = Instant.parse("2026-11-28T08:11:00Z");

    private static LifecycleRule rule(
            String id, LifecycleFilter filter, Optional<Expiration> expiration, int abortDays) {
        return new LifecycleRule(
                id,
                true,
                filter,
                false,
                expiration,
                List.of(),
                Optional.empty(),
                List.of(),
                abortDays > 0 ? OptionalInt.of(abortDays) : OptionalInt.empty());
    }

    private static LifecycleRule expiring(String id, Due due) {
        return rule(id, LifecycleFilter.ofPrefix(Optional.of("logs/")), Optional.of(Expiration.at(due)), 0);
    }

    private static LifecycleAnnouncements of(LifecycleRule... rules) {
        return new LifecycleAnnouncements(new LifecycleConfiguration(List.of(rules), Optional.empty()));
    }

    private static Optional<Announcement> expiration(LifecycleRule... rules) {
        return of(rules).expiration(KEY, 5, Map.of(), CREATED);
    }

    @Test
    void announcesTheMidnightAfterTheLastDay() {
        assertThat(expiration(expiring("r", new Due.Days(3))))
                .contains(new Announcement(Instant.parse("2026-12-02T00:00:00Z"), "r"));
    }

    @Test
    void announcesTheFirstOfSeveralEnds() {
        Instant date = Instant.parse("2026-11-30T00:00:00Z");
        assertThat(expiration(
                        expiring("days", new Due.Days(3)),
                        expiring("date", new Due.Date(date)),
                        expiring("same", new Due.Days(1))))
                .contains(new Announcement(date, "date"));
    }

    @Test
    void announcesNothingOfOtherRules() {
        LifecycleRule marker = rule(
                "marker", LifecycleFilter.ALL, Optional.of(new Expiration(Optional.empty(), Optional.of(true))), 7);
        assertThat(expiration(marker)).isEmpty();
        assertThat(of(expiring("r", new Due.Days(3))).expiration(ObjectKey.of("other"), 5, Map.of(), CREATED))
                .isEmpty();
        assertThat(of(expiring("r", new Due.Days(3))).abort(KEY, CREATED)).isEmpty();
        assertThat(of(marker).abort(KEY, CREATED))
                .contains(new Announcement(Instant.parse("2026-12-06T00:00:00Z"), "marker"));
    }

    @Test
    void announcesNothingThatAHeaderCannotSay() {
        assertThat(expiration(expiring("r", new Due.Days(Integer.MAX_VALUE)))).isEmpty();
        assertThat(expiration(expiring("r", new Due.Days(2_912_000)))).isPresent();
        assertThat(of(rule("r", LifecycleFilter.ALL, Optional.empty(), Integer.MAX_VALUE))
                        .abort(KEY, CREATED))
                .isEmpty();
    }

    /** The sweep removes what is announced at the time that was announced, if a day is a real day. */
    @Test
    void announcesWhenTheJudgeDecides() {
        int announced = 0;
        for (int seed = 0; seed < 3_000; seed++) {
            RandomRules random = new RandomRules(seed);
            LifecycleConfiguration configuration = random.configuration();
            AgedVersion version = random.version();
            if (version.deleteMarker() || version.noncurrent().isPresent()) {
                continue;
            }
            LifecycleJudge judge = new LifecycleJudge(
                    configuration, new LifecycleCalendar(Duration.ofDays(1)), RandomRules.CLASSES, Versioning.OFF);
            Optional<Announcement> end = new LifecycleAnnouncements(configuration)
                    .expiration(version.key(), version.size(), version.tags(), version.createdAt());
            if (end.isEmpty()) {
                assertThat(judge.judge(version, RandomRules.NOW.plus(9_999, ChronoUnit.DAYS))
                                .filter(LifecycleAction.DeleteCurrent.class::isInstance))
                        .isEmpty();
                continue;
            }
            announced++;
            Instant time = end.get().time();
            assertThat(judge.judge(version, time))
                    .contains(new LifecycleAction.DeleteCurrent(end.get().ruleId()));
            assertThat(judge.judge(version, time.minus(1, ChronoUnit.MICROS))
                            .filter(LifecycleAction.DeleteCurrent.class::isInstance))
                    .isEmpty();
        }
        assertThat(announced).isGreaterThan(100);
    }
}
