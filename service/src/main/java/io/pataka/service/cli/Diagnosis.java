package io.pataka.service.cli;

import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.cli.Cli;
import io.pataka.service.metadata.DatabaseFaultException;
import io.pataka.service.metadata.MetadataUnavailableException;
import io.pataka.service.metadata.Schema;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.util.regex.Pattern;

/**
 * Prints why a command failed: one line for a fault that an operator can correct, a stack trace for a defect of the program.
 */
final class Diagnosis {

    /** The message of an exception that wraps another begins with the class of the other. */
    private static final Pattern CLASS_IN_FRONT = Pattern.compile("^([a-z0-9]+\\.)+[A-Z]\\w*: ");

    private Diagnosis() {}

    /** @param outcome what failed: {@code "pataka does not start"} */
    static void print(Cli cli, String outcome, Throwable thrown) {
        Throwable failure = unwrapped(thrown);
        PrintWriter out = cli.getStdErr();
        if (isForTheOperator(failure)) {
            out.println(outcome + ": " + chain(failure));
        } else {
            failure.printStackTrace(out);
        }
        out.flush();
    }

    /** Jetty wraps the exception for a port in use. */
    private static Throwable unwrapped(Throwable thrown) {
        return thrown.getClass() == RuntimeException.class && thrown.getCause() instanceof IOException cause
                ? cause
                : thrown;
    }

    /** Whether the fault is in settings, files, ports, disks or the database. */
    private static boolean isForTheOperator(Throwable failure) {
        return failure instanceof ConfigurationException
                || failure instanceof IOException
                || failure instanceof IllegalArgumentException
                || failure instanceof MetadataUnavailableException
                || Schema.isFailureOfTheDatabase(failure);
    }

    /** The message, followed by those messages of its causes that add something. */
    private static String chain(Throwable failure) {
        StringBuilder text = new StringBuilder(message(failure).strip());
        if (failure instanceof ConfigurationException || failure instanceof DatabaseFaultException) {
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
        return failure instanceof NoSuchFileException
                ? message + " is not there"
                : CLASS_IN_FRONT.matcher(message).replaceFirst("").replaceAll("\\s*\\R\\s*", " ");
    }
}
