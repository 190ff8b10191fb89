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
