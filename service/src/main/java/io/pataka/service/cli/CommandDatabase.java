package io.pataka.service.cli;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.db.ManagedDataSource;
import io.pataka.service.metadata.Database;
import io.pataka.service.metadata.DatabaseSettings;
import io.pataka.service.metadata.Schema;
import io.pataka.service.metadata.SchemaOutdatedException;

/** The database of a server, open while a command runs. */
final class CommandDatabase implements AutoCloseable {

    private final ManagedDataSource source;
    private final Database database;

    private CommandDatabase(ManagedDataSource source) {
        this.source = source;
        this.database = new Database(source);
    }

    /**
     * @throws SchemaOutdatedException when it does not have this release's schema
     */
    static CommandDatabase open(DatabaseSettings settings) throws Exception {
        ManagedDataSource source = settings.open(new MetricRegistry());
        source.start();
        CommandDatabase opened = new CommandDatabase(source);
        try {
            if (!Schema.isCurrent(opened.database)) {
                throw new SchemaOutdatedException();
            }
        } catch (Exception e) {
            source.stop();
            throw e;
        }
        return opened;
    }

    Database database() {
        return database;
    }

    @Override
    public void close() throws Exception {
        source.stop();
    }
}
