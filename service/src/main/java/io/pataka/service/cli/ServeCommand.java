package io.pataka.service.cli;

import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ServerCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import net.sourceforge.argparse4j.inf.Namespace;

/** Serves. What an operator can mend is told in his language when the service does not start, and without a stack trace. */
public final class ServeCommand<T extends Configuration> extends ServerCommand<T> {

    public ServeCommand(Application<T> application) {
        super(application);
    }

    @Override
    public void onError(Cli cli, Namespace arguments, Throwable thrown) {
        Throwable failure = unwrapped(thrown);
        PrintWriter out = cli.getStdErr();
        if (isForTheOperator(failure)) {
            out.println("pataka does not start: " + chain(failure));
        } else {
            failure.printStackTrace(out);
        }
        out.flush();
    }

    /** Jetty wraps what a port that is taken throws. */
    private static Throwable unwrapped(Throwable thrown) {
        return thrown.getClass() == RuntimeException.class && thrown.getCause() instanceof IOException cause
                ? cause
                : thrown;
    }

    /** Settings, files, ports, disks; whatever else goes wrong is a defect, for which the trace is wanted. */
    private static boolean isForTheOperator(Throwable failure) {
        return failure instanceof ConfigurationException
                || failure instanceof IOException
                || failure instanceof IllegalArgumentException;
    }

    /** A message, and those of its causes that say more. */
    private static String chain(Throwable failure) {
        StringBuilder text = new StringBuilder(message(failure).strip());
        if (failure instanceof ConfigurationException) {
            return text.toString();
        }
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            String more = message(cause);
            if (text.indexOf(more) < 0) {
                text.append(": ").append(more);
            }
        }
        return text.toString();
    }

    private static String message(Throwable failure) {
        String message = failure.getMessage();
        if (message == null) {
            return failure.getClass().getSimpleName();
        }
        return failure instanceof NoSuchFileException ? message + " is not there" : message;
    }
}
