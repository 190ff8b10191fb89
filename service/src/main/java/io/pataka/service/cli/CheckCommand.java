package io.pataka.service.cli;

import io.dropwizard.core.Configuration;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import io.pataka.service.cli.SettingsCheck.Finding;
import io.pataka.service.cli.SettingsCheck.Finding.Outcome;
import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicInteger;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/**
 * {@code check}: reads the settings and checks everything that {@code server} needs. Prints one line for each check, and fails
 * if a check failed.
 */
public final class CheckCommand<T extends Configuration> extends Command {

    private final Class<T> type;
    private final SettingsCheck<T> check;
    private final PrintStream out;

    public CheckCommand(Class<T> type, SettingsCheck<T> check) {
        this(type, check, System.out);
    }

    /** @param out gets the findings */
    public CheckCommand(Class<T> type, SettingsCheck<T> check, PrintStream out) {
        super("check", "Tries what a server with these settings would need: files, ports, database, Keystone");
        this.type = type;
        this.check = check;
        this.out = out;
    }

    @Override
    public void configure(Subparser parser) {
        parser.addArgument("file").help("the settings file of a server");
    }

    @Override
    public void run(Bootstrap<?> bootstrap, Namespace arguments) throws Exception {
        String file = arguments.getString("file");
        AtomicInteger failures = new AtomicInteger();
        T settings;
        try {
            settings = SettingsReader.read(bootstrap, type, file);
        } catch (WrongSettingsException wrong) {
            wrong.getErrors().forEach(fault -> out.println(new Finding(Outcome.FAILED, "settings", fault)));
            throw new ChecksFailedException(wrong.getErrors().size());
        }
        out.println(new Finding(Outcome.OK, "settings", file));
        check.run(settings, finding -> {
            out.println(finding);
            if (finding.outcome() == Outcome.FAILED) {
                failures.incrementAndGet();
            }
        });
        if (failures.get() > 0) {
            throw new ChecksFailedException(failures.get());
        }
    }

    @Override
    public void onError(Cli cli, Namespace arguments, Throwable thrown) {
        out.flush();
        if (thrown instanceof ChecksFailedException) {
            cli.getStdErr().println(thrown.getMessage());
        } else {
            Diagnosis.print(cli, "pataka cannot check", thrown);
        }
    }

    private static final class ChecksFailedException extends Exception {
        private static final long serialVersionUID = 1L;

        ChecksFailedException(int failures) {
            super("failed: " + failures);
        }
    }
}
