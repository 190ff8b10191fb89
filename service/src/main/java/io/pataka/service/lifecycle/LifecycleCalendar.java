package io.pataka.service.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * When something is due. A period of days ends at the next midnight in UTC. If a day of the settings is not 24 hours long, which is for
 * tests, the period ends exactly. Clients get times of real days in any case.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html">AWS: lifecycle configuration elements</a>
 */
public final class LifecycleCalendar {

    private static final Duration REAL_DAY = Duration.ofDays(1);

    /** The last time that the headers can say: a date of RFC 9110 has a year of four digits. */
    private static final Instant LAST_IN_HEADER = Instant.parse("9999-12-31T00:00:00Z");

    private final Duration day;

    /**
     * @param day the length of a day; positive
     */
    public LifecycleCalendar(Duration day) {
        if (day.isNegative() || day.isZero()) {
            throw new IllegalArgumentException("a day has a length");
        }
        this.day = day;
    }

    /** When something that began then is due after so many days. */
    Instant due(Instant since, int days) {
        Instant end = since.plus(day.multipliedBy(days));
        return day.equals(REAL_DAY) ? nextMidnight(end) : end;
    }

    /** When a version of that age is due. */
    Instant due(Instant createdAt, Due due) {
        return due instanceof Due.Days age ? due(createdAt, age.days()) : ((Due.Date) due).date();
    }

    /**
     * What began before this time is due after so many days, and nothing else.
     *
     * @return to the microsecond; not before 1970
     */
    Instant dueBefore(int days, Instant now) {
        Instant end = day.equals(REAL_DAY) ? now.truncatedTo(ChronoUnit.DAYS) : now;
        Instant youngest = end.minus(day.multipliedBy(days));
        return youngest.isBefore(Instant.EPOCH) ? Instant.EPOCH : after(youngest);
    }

    /** Versions that were created before this time are due, and no others. */
    Instant dueBefore(Due due, Instant now) {
        if (due instanceof Due.Days age) {
            return dueBefore(age.days(), now);
        }
        return ((Due.Date) due).date().isAfter(now) ? Instant.EPOCH : after(now);
    }

    /** The next microsecond. */
    static Instant after(Instant time) {
        return time.truncatedTo(ChronoUnit.MICROS).plus(1, ChronoUnit.MICROS);
    }

    /** When clients are told that a version of that age is due; empty beyond the year 9999. */
    static Optional<Instant> announced(Instant createdAt, Due due) {
        return due instanceof Due.Days age ? announced(createdAt, age.days()) : Optional.of(((Due.Date) due).date());
    }

    /** When clients are told that something is due after so many days; empty beyond the year 9999. */
    static Optional<Instant> announced(Instant since, int days) {
        return Optional.of(nextMidnight(since.plus(REAL_DAY.multipliedBy(days))))
                .filter(time -> !time.isAfter(LAST_IN_HEADER));
    }

    /** The same time if it is a midnight. */
    private static Instant nextMidnight(Instant time) {
        Instant midnight = time.truncatedTo(ChronoUnit.DAYS);
        return midnight.equals(time) ? time : midnight.plus(REAL_DAY);
    }
}
