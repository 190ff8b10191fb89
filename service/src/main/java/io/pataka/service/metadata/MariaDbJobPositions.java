package io.pataka.service.metadata;

import io.pataka.service.metadata.row.Bind;
import io.pataka.service.metadata.row.Micros;
import java.util.Objects;
import java.util.Optional;

/** The positions of jobs in MariaDB. */
public final class MariaDbJobPositions implements JobPositions {

    private final Database database;

    public MariaDbJobPositions(Database database) {
        this.database = Objects.requireNonNull(database);
    }

    @Override
    public Optional<String> position(String job) {
        return database.read(handle -> Bind.all(
                        handle.createQuery("SELECT position FROM job_position WHERE job = ? AND position IS NOT NULL"),
                        job)
                .mapTo(String.class)
                .findOne());
    }

    @Override
    public void advance(String job, String position) {
        database.write(handle -> Bind.all(
                        handle.createUpdate("INSERT INTO job_position (job, position, began_at) VALUES (?, ?, "
                                + Micros.NOW + ") ON DUPLICATE KEY UPDATE began_at = IF(position IS NULL, "
                                + "VALUES(began_at), began_at), position = VALUES(position)"),
                        job,
                        position)
                .execute());
    }

    @Override
    public void finish(String job) {
        database.write(handle -> Bind.all(
                        handle.createUpdate("UPDATE job_position SET whole_at = began_at, position = NULL"
                                + " WHERE job = ? AND position IS NOT NULL"),
                        job)
                .execute());
    }
}
