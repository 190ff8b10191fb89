package io.pataka.service.cli;

import io.dropwizard.core.Configuration;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import io.pataka.service.job.LifecycleDryRun;
import io.pataka.service.job.LifecycleDryRun.Finding;
import io.pataka.service.job.LifecycleDryRun.Result;
import io.pataka.service.lifecycle.LifecycleAction;
import io.pataka.service.lifecycle.LifecycleRule;
import io.pataka.service.lifecycle.LifecycleXml;
import io.pataka.service.metadata.Database;
import io.pataka.service.metadata.DatabaseSettings;
import io.pataka.service.metadata.LifecycleRows;
import io.pataka.service.metadata.LifecycleRows.RuledBucket;
import io.pataka.service.metadata.MariaDbBucketCatalog;
import io.pataka.service.metadata.MariaDbLifecycleRows;
import io.pataka.service.metadata.MariaDbObjectIndex;
import io.pataka.service.metadata.MariaDbUploadLedger;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.BucketName;
import io.pataka.service.protocol.PercentCoding;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/**
 * {@code lifecycle}: prints what the lifecycle rules of a bucket would do now, and changes nothing.
 *
 * @param <T> the settings of a server
 */
public final class LifecycleCommand<T extends Configuration> extends Command {

    private static final int FIRST = 100;

    private final Class<T> type;
    private final Function<T, DatabaseSettings> database;
    private final Function<T, Rules> rules;
    private final Clock clock;
    private final PrintStream out;

    /**
     * What the settings of a server say of lifecycle rules.
     *
     * @param day the length of a day
     * @param storageClasses in their order: the cheapest is the last
     */
    public record Rules(Duration day, List<String> storageClasses) {
        public Rules {
            storageClasses = List.copyOf(storageClasses);
        }
    }

    public LifecycleCommand(Class<T> type, Function<T, DatabaseSettings> database, Function<T, Rules> rules) {
        this(type, database, rules, Clock.systemUTC(), System.out);
    }

    /** @param out gets the results */
    public LifecycleCommand(
            Class<T> type,
            Function<T, DatabaseSettings> database,
            Function<T, Rules> rules,
            Clock clock,
            PrintStream out) {
        super("lifecycle", "Prints what the lifecycle rules of a bucket would do now, and changes nothing");
        this.type = type;
        this.database = database;
        this.rules = rules;
        this.clock = clock;
        this.out = out;
    }

    @Override
    public void configure(Subparser parser) {
        parser.addArgument("file").help("the settings file of a server");
        parser.addArgument("bucket").help("the name of the bucket");
        FirstArgument.add(parser, "actions", FIRST);
    }

    @Override
    public void run(Bootstrap<?> bootstrap, Namespace arguments) throws Exception {
        int first = FirstArgument.of(arguments);
        BucketName name = new BucketName(arguments.getString("bucket"));
        T settings = SettingsReader.read(bootstrap, type, arguments.getString("file"));
        try (CommandDatabase opened = CommandDatabase.open(database.apply(settings))) {
            print(opened.database(), name, first, rules.apply(settings));
        }
    }

    private void print(Database read, BucketName name, int first, Rules known) throws IOException {
        LifecycleRows rows = new MariaDbLifecycleRows(read);
        Bucket bucket = new MariaDbBucketCatalog(read, clock)
                .findFresh(name)
                .orElseThrow(() -> new IOException("there is no bucket " + name.text()));
        Optional<RuledBucket> ruled = rows.find(bucket.id());
        if (ruled.isEmpty()) {
            out.println("The bucket " + name.text() + " has no lifecycle rules");
            return;
        }
        headline(ruled.get());
        try (MariaDbObjectIndex index = new MariaDbObjectIndex(read, clock)) {
            Result result = new LifecycleDryRun(
                            rows,
                            new MariaDbUploadLedger(read, index, clock),
                            known.day(),
                            known.storageClasses(),
                            clock)
                    .run(bucket.id(), first, finding -> out.println(line(finding, bucket.versioning())));
            out.println(summary(result, first));
        }
    }

    private void headline(RuledBucket ruled) {
        List<LifecycleRule> all = LifecycleXml.load(ruled.document()).rules();
        long enabled = all.stream().filter(LifecycleRule::enabled).count();
        Bucket bucket = ruled.bucket();
        out.println("bucket " + bucket.name().text() + ": versioning " + bucket.versioning()
                + (bucket.objectLock() ? ", object lock" : "") + ", rules " + all.size() + ", enabled " + enabled);
    }

    /** Key and id of the rule are percent-encoded: the text of a client must not control the terminal. */
    private static String line(Finding finding, Versioning versioning) {
        return "%-28s %s  %s %s  rule %s"
                .formatted(
                        words(finding.action(), versioning) + (finding.isKept() ? " (locked)" : ""),
                        PercentCoding.encodePath(finding.key().bytes()),
                        finding.action() instanceof LifecycleAction.AbortUpload ? "upload" : "version",
                        finding.id(),
                        PercentCoding.encodePath(finding.action().ruleId().getBytes(StandardCharsets.UTF_8)));
    }

    private static String words(LifecycleAction action, Versioning versioning) {
        if (action instanceof LifecycleAction.Transition transition) {
            return "move to " + transition.storageClass();
        }
        if (action instanceof LifecycleAction.AbortUpload) {
            return "abort";
        }
        boolean marks = action instanceof LifecycleAction.DeleteCurrent && versioning != Versioning.OFF;
        return marks ? "put a delete marker" : "delete";
    }

    private static String summary(Result result, int first) {
        String examined = "examined " + result.examined() + " versions and uploads";
        return result.isComplete()
                ? examined + ", " + result.due() + " are due"
                : examined + "; the first " + first + " that are due are above. --first prints more";
    }

    @Override
    public void onError(Cli cli, Namespace arguments, Throwable thrown) {
        out.flush();
        Diagnosis.print(cli, "pataka cannot tell what the rules would do", thrown);
    }
}
