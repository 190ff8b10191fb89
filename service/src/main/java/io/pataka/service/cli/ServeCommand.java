package io.pataka.service.cli;

import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ServerCommand;
import io.dropwizard.core.setup.Bootstrap;
import net.sourceforge.argparse4j.inf.Namespace;

/** Runs the server. A fault that an operator can correct is printed in one line. */
public final class ServeCommand<T extends Configuration> extends ServerCommand<T> {

    public ServeCommand(Application<T> application) {
        super(application);
    }

    @Override
    public void run(Bootstrap<?> bootstrap, Namespace namespace) throws Exception {
        FatalErrors.install();
        LogFiles.requireWritable(bootstrap, getConfigurationClass(), namespace.getString("file"));
        super.run(bootstrap, namespace);
    }

    @Override
    public void onError(Cli cli, Namespace arguments, Throwable thrown) {
        Diagnosis.print(cli, "pataka does not start", thrown);
    }
}
