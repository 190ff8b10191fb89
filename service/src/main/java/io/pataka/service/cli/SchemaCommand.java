package io.pataka.service.cli;

import io.dropwizard.core.Configuration;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.db.DatabaseConfiguration;
import io.dropwizard.migrations.DbCommand;
import io.pataka.service.metadata.Schema;
import net.sourceforge.argparse4j.inf.Namespace;

/** {@code db migrate}, {@code db status} and whatever else Dropwizard does to a schema. What fails is told in one line. */
public final class SchemaCommand<T extends Configuration> extends DbCommand<T> {

    public SchemaCommand(Class<T> settings, DatabaseConfiguration<T> database) {
        super("db", database, settings, Schema.CHANGE_LOG);
    }

    @Override
    public void onError(Cli cli, Namespace arguments, Throwable thrown) {
        Diagnosis.print(cli, "pataka cannot work on the schema", thrown);
    }
}
