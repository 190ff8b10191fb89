package io.pataka.service.cli;

import io.dropwizard.core.Configuration;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.util.DataSize;
import io.pataka.service.access.ServiceRole;
import io.pataka.service.metadata.AccountDocuments;
import io.pataka.service.metadata.BucketUsage;
import io.pataka.service.metadata.Database;
import io.pataka.service.metadata.DatabaseSettings;
import io.pataka.service.metadata.MariaDbAccountDocuments;
import io.pataka.service.metadata.MariaDbBucketCatalog;
import io.pataka.service.metadata.MariaDbQuotas;
import io.pataka.service.metadata.Quotas;
import io.pataka.service.metadata.Quotas.ProjectQuotas;
import io.pataka.service.metadata.Quotas.SetQuota;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.model.Quota;
import io.pataka.service.protocol.PercentCoding;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.MutuallyExclusiveGroup;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import net.sourceforge.argparse4j.inf.Subparsers;

/**
 * {@code quota}: shows, sets and clears how much may lie in a bucket or in the buckets of a project.
 *
 * @param <T> the settings of a server
 */
public final class QuotaCommand<T extends Configuration> extends Command {

    private static final ServiceRole OPERATOR = new ServiceRole("command-quota");

    private final Class<T> type;
    private final Function<T, DatabaseSettings> database;
    private final Function<T, ProjectQuotas> defaults;
    private final PrintStream out;

    /**
     * @param defaults of projects and buckets without a quota of their own
     */
    public QuotaCommand(Class<T> type, Function<T, DatabaseSettings> database, Function<T, ProjectQuotas> defaults) {
        this(type, database, defaults, System.out);
    }

    /** @param out gets the results */
    public QuotaCommand(
            Class<T> type,
            Function<T, DatabaseSettings> database,
            Function<T, ProjectQuotas> defaults,
            PrintStream out) {
        super("quota", "Shows, sets and clears how much may lie in a bucket or in the buckets of a project");
        this.type = type;
        this.database = database;
        this.defaults = defaults;
        this.out = out;
    }

    @Override
    public void configure(Subparser parser) {
        Subparsers actions =
                parser.addSubparsers().title("actions").dest("action").metavar("action");
        Subparser show = actions.addParser("show").help("print what holds for a project or bucket, or all that is set");
        target(show, false);
        Subparser set = actions.addParser("set").help("set a quota, in place of the one that there was");
        target(set, true);
        set.addArgument("--bytes").metavar("SIZE").help("the most bytes, such as 500GiB; any number without this");
        set.addArgument("--objects").type(Long.class).help("the most objects; any number without this");
        target(actions.addParser("clear").help("remove a quota, so that the next wider one holds"), true);
    }

    private static void target(Subparser parser, boolean required) {
        parser.addArgument("file").help("the settings file of a server");
        MutuallyExclusiveGroup target = parser.addMutuallyExclusiveGroup().required(required);
        target.addArgument("--project").metavar("ID").help("the id of a project");
        target.addArgument("--bucket").metavar("NAME").help("the name of a bucket");
        if (required) {
            parser.addArgument("--each-bucket")
                    .action(Arguments.storeTrue())
                    .help("with --project: each bucket of the project that has no quota of its own, and not all of them"
                            + " together");
        }
    }

    @Override
    public void run(Bootstrap<?> bootstrap, Namespace arguments) throws Exception {
        T settings = SettingsReader.read(bootstrap, type, arguments.getString("file"));
        try (CommandDatabase opened = CommandDatabase.open(database.apply(settings))) {
            new Work(opened.database(), defaults.apply(settings), arguments).run();
        }
    }

    /** One call of the command. */
    private final class Work {
        private final MariaDbBucketCatalog buckets;
        private final AccountDocuments accounts;
        private final Quotas quotas;
        private final Namespace arguments;
        private final Optional<String> project;
        private final Optional<String> bucket;
        private final ProjectQuotas known;

        Work(Database database, ProjectQuotas known, Namespace arguments) {
            Clock clock = Clock.systemUTC();
            this.buckets = new MariaDbBucketCatalog(database, clock);
            this.accounts = new MariaDbAccountDocuments(database, buckets::forgetOwnersDocuments);
            this.quotas =
                    new MariaDbQuotas(database, buckets, accounts, new BucketUsage(database, clock), known, clock);
            this.known = known;
            this.arguments = arguments;
            this.project = Optional.ofNullable(arguments.getString("project"));
            this.bucket = Optional.ofNullable(arguments.getString("bucket"));
        }

        void run() throws IOException {
            switch (arguments.getString("action")) {
                case "set" -> set();
                case "clear" -> clear();
                default -> show();
            }
        }

        private void set() throws IOException {
            Quota quota = new Quota(bytes(), objects());
            if (quota.equals(Quota.UNLIMITED)) {
                throw new IOException("--bytes, or --objects, or both must say what the quota is");
            }
            if (bucket.isPresent()) {
                Bucket found = found(bucket.get());
                buckets.putDocument(
                        found,
                        DocumentKind.QUOTA,
                        quota.text(),
                        OPERATOR.permit(found).change(found, Kind.PUT_CONFIGURATION));
            } else {
                accounts.put(
                        project.orElseThrow(),
                        kindOfProject(),
                        quota.text(),
                        OPERATOR.permitOutsideBuckets().changeOutsideBuckets(Kind.PUT_CONFIGURATION));
            }
            show();
        }

        private OptionalLong bytes() throws IOException {
            String text = arguments.getString("bytes");
            if (text == null) {
                return OptionalLong.empty();
            }
            try {
                return OptionalLong.of(DataSize.parse(text).toBytes());
            } catch (IllegalArgumentException wrong) {
                throw new IOException("--bytes is '" + text + "', must be a size such as 500GiB", wrong);
            }
        }

        private OptionalLong objects() throws IOException {
            Long objects = arguments.getLong("objects");
            if (objects != null && objects < 0) {
                throw new IOException("--objects is " + objects + ", must be 0 or more");
            }
            return objects == null ? OptionalLong.empty() : OptionalLong.of(objects);
        }

        private void clear() throws IOException {
            if (bucket.isPresent()) {
                Bucket found = found(bucket.get());
                buckets.deleteDocument(
                        found, DocumentKind.QUOTA, OPERATOR.permit(found).change(found, Kind.DELETE_CONFIGURATION));
            } else {
                accounts.delete(
                        project.orElseThrow(),
                        kindOfProject(),
                        OPERATOR.permitOutsideBuckets().changeOutsideBuckets(Kind.DELETE_CONFIGURATION));
            }
            show();
        }

        private DocumentKind kindOfProject() {
            return arguments.getBoolean("each_bucket") ? DocumentKind.BUCKET_QUOTA : DocumentKind.QUOTA;
        }

        private Bucket found(String name) throws IOException {
            return buckets.findFresh(new BucketName(name))
                    .orElseThrow(() -> new IOException("there is no bucket " + name));
        }

        private void show() throws IOException {
            if (bucket.isPresent()) {
                Bucket found = found(bucket.get());
                out.println("bucket " + found.name().text() + ": " + words(quotas.ofBucket(found)));
                show(found.owner().id());
            } else if (project.isPresent()) {
                show(project.get());
            } else {
                out.println("settings, project: " + words(known.whole()));
                out.println("settings, each bucket: " + words(known.eachBucket()));
                quotas.all().forEach(set -> out.println(name(set) + ": " + words(set.quota())));
            }
        }

        private void show(String id) {
            ProjectQuotas limits = quotas.ofProject(id);
            out.println("project " + encoded(id) + ": " + words(limits.whole()));
            out.println("project " + encoded(id) + ", each bucket: " + words(limits.eachBucket()));
        }
    }

    private static String name(SetQuota set) {
        return switch (set.scope()) {
            case PROJECT -> "project " + encoded(set.name());
            case EACH_BUCKET_OF_PROJECT -> "project " + encoded(set.name()) + ", each bucket";
            case BUCKET -> "bucket " + set.name();
        };
    }

    private static String encoded(String id) {
        return PercentCoding.encodePath(id.getBytes(StandardCharsets.UTF_8));
    }

    private static String words(Quota quota) {
        return words(quota.bytes(), "bytes") + ", " + words(quota.objects(), "objects");
    }

    private static String words(OptionalLong limit, String what) {
        return limit.isPresent() ? limit.getAsLong() + " " + what : "any number of " + what;
    }

    @Override
    public void onError(Cli cli, Namespace arguments, Throwable thrown) {
        out.flush();
        Diagnosis.print(cli, "pataka cannot work on the quotas", thrown);
    }
}
