package io.pataka.service.cli;

import io.dropwizard.core.Configuration;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import io.pataka.service.metadata.BucketCatalog.Usage;
import io.pataka.service.metadata.BucketUsage;
import io.pataka.service.metadata.BucketUsage.BucketSum;
import io.pataka.service.metadata.BucketUsage.ProjectSum;
import io.pataka.service.metadata.DatabaseSettings;
import io.pataka.service.protocol.PercentCoding;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Function;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/**
 * {@code usage}: prints how much lies in the largest projects, or in the largest buckets of one project, as a job last added it up.
 *
 * @param <T> the settings of a server
 */
public final class UsageCommand<T extends Configuration> extends Command {

    private static final int FIRST = 100;
    private static final String LINE = "%20s %16s %-20s ";

    private final Class<T> type;
    private final Function<T, DatabaseSettings> database;
    private final PrintStream out;

    public UsageCommand(Class<T> type, Function<T, DatabaseSettings> database) {
        this(type, database, System.out);
    }

    /** @param out gets the results */
    public UsageCommand(Class<T> type, Function<T, DatabaseSettings> database, PrintStream out) {
        super("usage", "Prints how much lies in the largest projects, or in the largest buckets of one project");
        this.type = type;
        this.database = database;
        this.out = out;
    }

    @Override
    public void configure(Subparser parser) {
        parser.addArgument("file").help("the settings file of a server");
        parser.addArgument("--project").metavar("ID").help("print the buckets of this project");
        FirstArgument.add(parser, "lines", FIRST);
    }

    @Override
    public void run(Bootstrap<?> bootstrap, Namespace arguments) throws Exception {
        int first = FirstArgument.of(arguments);
        T settings = SettingsReader.read(bootstrap, type, arguments.getString("file"));
        try (CommandDatabase opened = CommandDatabase.open(database.apply(settings))) {
            BucketUsage usage = new BucketUsage(opened.database(), Clock.systemUTC());
            Optional.ofNullable(arguments.getString("project"))
                    .ifPresentOrElse(id -> buckets(usage, id, first), () -> projects(usage, first));
        }
    }

    private void projects(BucketUsage usage, int first) {
        out.println(LINE.formatted("bytes", "objects", "as of") + "buckets project");
        for (ProjectSum project : usage.largestProjects(first)) {
            String buckets = project.summed() == project.buckets()
                    ? Long.toString(project.buckets())
                    : project.summed() + "/" + project.buckets();
            out.println(line(project.usage()) + "%-7s ".formatted(buckets) + encoded(project.ownerId()) + " "
                    + encoded(project.ownerName()));
        }
    }

    private void buckets(BucketUsage usage, String project, int first) {
        out.println(LINE.formatted("bytes", "objects", "as of") + "bucket");
        for (BucketSum bucket : usage.largestBuckets(project, first)) {
            out.println(line(bucket.usage()) + bucket.name().text());
        }
    }

    private static String line(Usage usage) {
        return LINE.formatted(
                usage.bytes(),
                usage.objects(),
                usage.asOf()
                        .map(at -> at.truncatedTo(ChronoUnit.SECONDS))
                        .map(Instant::toString)
                        .orElse("not added up yet"));
    }

    /** The text of a client or of Keystone must not control the terminal. */
    private static String encoded(String text) {
        return PercentCoding.encodePath(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void onError(Cli cli, Namespace arguments, Throwable thrown) {
        out.flush();
        Diagnosis.print(cli, "pataka cannot read the usage", thrown);
    }
}
