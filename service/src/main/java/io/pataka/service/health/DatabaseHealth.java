package io.pataka.service.health;

import com.codahale.metrics.health.HealthCheck;
import io.pataka.service.metadata.Database;
import io.pataka.service.metadata.MetadataUnavailableException;
import io.pataka.service.metadata.Schema;

/** Healthy if the database answers and has the schema of this release. */
public final class DatabaseHealth extends HealthCheck {

    private final Database database;

    public DatabaseHealth(Database database) {
        this.database = database;
    }

    @Override
    protected Result check() {
        try {
            return Schema.isCurrent(database)
                    ? Result.healthy()
                    : Result.unhealthy(
                            "the schema is older than this release: change set %s is missing", Schema.NEWEST);
        } catch (MetadataUnavailableException e) {
            return Result.unhealthy(e.getMessage());
        }
    }
}
