package io.pataka.service.metadata;

import io.pataka.service.metadata.row.Bind;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * Which store a database describes: that of the volumes it was first started with. Under another database every blob of a store
 * would look like an orphan.
 */
public final class StoreIdentity {

    private static final String FIND = "SELECT store FROM store_identity";
    private static final String HAS_BUCKETS = "SELECT EXISTS (SELECT 1 FROM bucket)";

    private final Database database;

    public StoreIdentity(Database database) {
        this.database = Objects.requireNonNull(database);
    }

    /** The store, once one was claimed. */
    public Optional<UUID> find() {
        return database.read(handle -> handle.createQuery(FIND)
                .map((row, context) -> UUID.fromString(row.getString(1)))
                .findOne());
    }

    /**
     * What the database says of itself.
     *
     * @param epoch how often {@link #raise} succeeded
     */
    public record Mark(UUID store, long epoch) {}

    /** Store and epoch, once a store was claimed. */
    public Optional<Mark> mark() {
        return database.read(handle -> handle.createQuery("SELECT store, epoch FROM store_identity")
                .map((row, context) -> new Mark(UUID.fromString(row.getString(1)), row.getLong(2)))
                .findOne());
    }

    /**
     * Raises the epoch by one.
     *
     * @return false when it is not {@code from} any more
     */
    public boolean raise(long from) {
        return database.write(handle -> Bind.all(
                                handle.createUpdate("UPDATE store_identity SET epoch = epoch + 1 WHERE epoch = ?"),
                                from)
                        .execute())
                == 1;
    }

    /** Raises the epoch to at least this, because an operator says that an older database is to be believed. */
    public void raiseTo(long epoch) {
        database.write(
                handle -> Bind.all(handle.createUpdate("UPDATE store_identity SET epoch = GREATEST(epoch, ?)"), epoch)
                        .execute());
    }

    /** Whether a bucket was made, so that there may be objects on the volumes. */
    public boolean hasBuckets() {
        return database.read(
                handle -> handle.createQuery(HAS_BUCKETS).mapTo(Boolean.class).one());
    }

    /**
     * Makes a store the database's own, unless another was claimed before or at the same time.
     *
     * @return the database's store
     */
    public UUID claim(UUID store) {
        database.write(handle -> Bind.all(
                        handle.createUpdate("INSERT IGNORE INTO store_identity (store) VALUES (?)"), store.toString())
                .execute());
        return find().orElseThrow();
    }
}
