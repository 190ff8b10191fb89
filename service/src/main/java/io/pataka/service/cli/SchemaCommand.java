package io.pataka.service.cli;

import io.dropwizard.core.Configuration;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.migrations.DbCommand;
import io.pataka.service.metadata.DatabaseProbe;
import io.pataka.service.metadata.DatabaseSettings;
import io.pataka.service.metadata.Schema;
import java.util.function.Function;
import net.sourceforge.argparse4j.inf.Namespace;

/** {@code db migrate}, {@code db status} and Dropwizard's other commands for schemas. A failure is printed in one line. */
public final class SchemaCommand<T extends Configuration> extends DbCommand<T> {

    private final Function<T, DatabaseSettings> database;

    public SchemaCommand(Class<T> settings, Function<T, DatabaseSettings> database) {
        super("db", configuration -> database.apply(configuration).forMigrations(), settings, Schema.CHANGE_LOG);
        this.database = database;
    }

    @Override
    public void run(Bootstrap<?> bootstrap, Namespace arguments) throws Exception {
        LogFiles.requireWritable(bootstrap, getConfigurationClass(), arguments.getString("file"));
        super.run(bootstrap, arguments);
    }

    /** Connects once first, because a pool that cannot connect logs each attempt. */
    @Override
    protected void run(Bootstrap<T> bootstrap, Namespace arguments, T configuration) throws Exception {
        String unused = DatabaseProbe.connect(database.apply(configuration));
        super.run(bootstrap, arguments, configuration);
    }

    @Override
    public void onError(Cli cli, Namespace arguments, Throwable thrown) {
        Diagnosis.print(cli, "pataka cannot work on the schema", thrown);
    }
}
