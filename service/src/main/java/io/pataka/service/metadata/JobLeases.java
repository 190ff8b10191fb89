package io.pataka.service.metadata;

import java.time.Duration;

/** One node of many runs a job: the one that holds its lease. */
public interface JobLeases {

    /**
     * Takes or renews the lease of a job.
     *
     * @param holder names this process
     * @return whether the caller holds the lease until {@code length} from now, by the database's clock
     */
    boolean acquire(String job, String holder, Duration length);

    /** Gives the lease up, if the holder has it. */
    void release(String job, String holder);
}
