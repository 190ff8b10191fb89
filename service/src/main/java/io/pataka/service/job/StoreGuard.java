package io.pataka.service.job;

import io.pataka.service.blob.Storage;
import io.pataka.service.metadata.StoreIdentity;
import io.pataka.service.metadata.StoreIdentity.Mark;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether files may be deleted because the database does not name them. The database must be the one of these volumes, and
 * must not be older than they are: a database that was restored from a backup does not know the newer objects. Several jobs may ask at
 * the same time.
 */
public final class StoreGuard {

    private static final Logger LOG = LoggerFactory.getLogger(StoreGuard.class);

    private final StoreIdentity database;
    private final Storage storage;
    private final AtomicReference<String> doubt = new AtomicReference<>();

    public StoreGuard(StoreIdentity database, Storage storage) {
        this.database = Objects.requireNonNull(database);
        this.storage = Objects.requireNonNull(storage);
    }

    /** Why the database was not believed when it was last asked; empty when it was. */
    public Optional<String> doubt() {
        return Optional.ofNullable(doubt.get());
    }

    /**
     * Whether the database is to be believed now.
     *
     * @throws IOException when a store cannot be read
     */
    public boolean believesTheDatabase() throws IOException {
        return trusted().isPresent();
    }

    /** Raises the epoch of the database and then that of the stores, if the database is to be believed. */
    void raiseEpoch() throws IOException {
        Optional<Mark> mark = trusted();
        if (mark.isPresent() && database.raise(mark.get().epoch())) {
            storage.raiseEpoch(mark.get().epoch() + 1);
        }
    }

    private Optional<Mark> trusted() throws IOException {
        // The stores are read first. The database is raised before them, so it is never behind while all works.
        long epoch = storage.epoch();
        Optional<Mark> mark = database.mark();
        String reason = reason(mark, epoch);
        if (!Objects.equals(reason, doubt.getAndSet(reason)) && reason != null) {
            LOG.error("No file is deleted: {}", reason);
        }
        return reason == null ? mark : Optional.empty();
    }

    private String reason(Optional<Mark> mark, long epoch) {
        if (mark.isEmpty() || !mark.get().store().equals(storage.id())) {
            return "the database is not that of the store " + storage.id();
        }
        if (mark.get().epoch() < epoch) {
            return "the database is older than the volumes, as one is that was restored from a backup. Objects that"
                    + " were written after the backup are still on the volumes. To give them up, set"
                    + " acceptRestoredDatabase for one start";
        }
        return null;
    }
}
