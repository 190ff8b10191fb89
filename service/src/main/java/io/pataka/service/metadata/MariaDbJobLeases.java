package io.pataka.service.metadata;

import io.pataka.service.metadata.row.Bind;
import io.pataka.service.metadata.row.Micros;
import java.time.Duration;

/** The leases of jobs in MariaDB. */
public final class MariaDbJobLeases implements JobLeases {

    /** Assignments run from left to right: the end is moved if the first one left, or made, the caller the holder. */
    private static final String ACQUIRE = "INSERT INTO job_lease (job, holder, expires_at) VALUES (?, ?, " + Micros.NOW
            + " + ?) ON DUPLICATE KEY UPDATE holder = IF(expires_at <= " + Micros.NOW + ", VALUES(holder), holder),"
            + " expires_at = IF(holder = VALUES(holder), VALUES(expires_at), expires_at) RETURNING holder";

    private final Database database;

    public MariaDbJobLeases(Database database) {
        this.database = database;
    }

    @Override
    public boolean acquire(String job, String holder, Duration length) {
        return database.write(handle -> Bind.all(handle.createQuery(ACQUIRE), job, holder, length.toNanos() / 1_000)
                .mapTo(String.class)
                .one()
                .equals(holder));
    }

    @Override
    public void release(String job, String holder) {
        database.write(handle -> Bind.all(
                        handle.createUpdate("DELETE FROM job_lease WHERE job = ? AND holder = ?"), job, holder)
                .execute());
    }
}
