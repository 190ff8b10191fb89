package io.pataka.service.job;

import java.io.IOException;
import java.time.Duration;

/**
 * Work in the background that one node of many does, in slices. A slice is short, may be repeated, and may be killed at any point:
 * what it leaves undone the next one finds again.
 */
public interface Job {

    /** Names the job in its lease, metrics and log; lower-case words joined by hyphens. */
    String name();

    Schedule schedule();

    /**
     * Does some of the work.
     *
     * @param budget how long to go on; the unit of work that it ends in is finished
     * @return whether there is more to do now
     * @throws IOException when the store fails; the slice is tried again later
     */
    Progress runSlice(Duration budget) throws IOException;

    /** What is left after a slice. */
    enum Progress {
        /** More to do now. */
        BUSY,
        /** Nothing more to do until the interval is over. */
        IDLE
    }

    /**
     * How often a job runs and how hard.
     *
     * @param interval from the end of the work to its next beginning
     * @param share of the time that the job runs while it is busy, above 0, at most 1
     */
    record Schedule(Duration interval, double share) {

        public Schedule {
            if (interval.isNegative() || interval.isZero()) {
                throw new IllegalArgumentException("an interval is longer than nothing");
            }
            if (!(share > 0 && share <= 1)) {
                throw new IllegalArgumentException("a share is above 0 and at most 1, not " + share);
            }
        }
    }
}
