package io.pataka.service.lifecycle;

import java.time.Instant;
import java.util.Objects;

/** When an action of a rule is due. */
public sealed interface Due {

    /**
     * An age in days.
     *
     * @param days not negative
     */
    record Days(int days) implements Due {
        public Days {
            if (days < 0) {
                throw new IllegalArgumentException("an age is not negative");
            }
        }
    }

    /**
     * A day, for versions of any age, then and later.
     *
     * @param date a midnight in UTC
     */
    record Date(Instant date) implements Due {
        public Date {
            Objects.requireNonNull(date);
        }
    }
}
