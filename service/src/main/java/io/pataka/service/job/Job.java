package io.pataka.service.job;

import java.io.IOException;
import java.time.Duration;

/**
 * Work in the background, done in slices. A slice is short. It may be repeated, and the process may end at any point of it: the next
 * slice finds what is not done yet. {@link JobRunner} runs the slices of one job one after the other, and different jobs side by side.
 */
public interface Job {

    /** Names the job in its lease, metrics and log; lower-case words joined by hyphens. */
    String name();

    Schedule schedule();

    /**
     * Whether every node runs the job, because it takes leases of its own or needs none. Of other jobs only the node that holds the
     * job's lease runs slices.
     */
    default boolean runsOnEveryNode() {
        return false;
    }

    /**
     * Does some of the work.
     *
     * @param budget when it is over, the slice ends with the unit of work that it is doing
     * @return whether there is more to do now
     * @throws IOException when the store fails; the slice is tried again later
     */
    Progress runSlice(Duration budget) throws IOException;

    /** What is left after a slice. */
    enum Progress {
        /** More to do now. */
        BUSY,
        /** The round is complete: nothing more to do until the interval is over. */
        IDLE
    }

    /**
     * How often a job runs and how much of the time it takes.
     *
     * @param interval from the end of a round to the beginning of the next
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
