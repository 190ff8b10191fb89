package io.pataka.service.metadata;

import java.util.Optional;

/** How far a job came in its round, stored so that another process continues there. */
public interface JobPositions {

    /** Where to continue; empty at the beginning of a round. */
    Optional<String> position(String job);

    /**
     * Stores how far a job came. If there was no position before, a round begins now.
     *
     * @param position in words of the job; at most 4,096 ASCII characters
     */
    void advance(String job, String position);

    /** The round that began with the first {@link #advance} is complete. */
    void finish(String job);
}
