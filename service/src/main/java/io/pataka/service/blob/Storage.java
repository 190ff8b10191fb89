package io.pataka.service.blob;

import java.io.IOException;
import java.util.List;
import java.util.UUID;

/** All stores that this process writes to and reads from, taken together. */
public interface Storage {

    /** The same for all stores of one cluster; the database has it as well. */
    UUID id();

    /**
     * The highest epoch that a store has. The epoch is a number that the database has as well, and that only rises.
     *
     * @throws IOException when a store cannot be read: its epoch may be the highest
     */
    long epoch() throws IOException;

    /**
     * Writes the epoch, durably, to every store that can be reached and takes writes.
     *
     * @throws IOException when no store has it now
     */
    void raiseEpoch(long epoch) throws IOException;

    /** Whether a store takes writes. This makes no call to a disk, since a call to a disk that hangs does not return. */
    boolean takesWrites();

    /** The state of each store, in the order of their numbers. */
    List<StorageStatus> status();
}
