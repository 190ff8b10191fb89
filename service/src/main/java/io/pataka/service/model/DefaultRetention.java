package io.pataka.service.model;

import java.time.Duration;
import java.util.Objects;

/**
 * The retention that a bucket gives to each new version that asks for none.
 *
 * @param length 1 to 36,500 days, or 1 to 100 years
 */
public record DefaultRetention(RetentionMode mode, int length, Unit unit) {

    /** In what the length is counted. */
    public enum Unit {
        DAYS(1, 36_500),

        /** A year has 365 days, as on Ceph Gateway. */
        YEARS(365, 100);

        private final int days;
        private final int longest;

        Unit(int days, int longest) {
            this.days = days;
            this.longest = longest;
        }

        /** Whether a retention can have this length. */
        public boolean allows(int length) {
            return length > 0 && length <= longest;
        }
    }

    public DefaultRetention {
        Objects.requireNonNull(mode);
        if (!unit.allows(length)) {
            throw new IllegalArgumentException("a default retention is not " + length + " " + unit);
        }
    }

    /** For how long a version is retained. */
    public Duration period() {
        return Duration.ofDays((long) length * unit.days);
    }
}
