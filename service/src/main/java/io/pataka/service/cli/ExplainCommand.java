package io.pataka.service.cli;

import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import io.pataka.service.access.AccessExplanation;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.Caller;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.Owner;
import io.pataka.service.protocol.AccountRequest;
import io.pataka.service.protocol.OperationRouter;
import io.pataka.service.protocol.Parameters;
import io.pataka.service.protocol.PercentCoding;
import io.pataka.service.protocol.RawRequest;
import io.pataka.service.protocol.RequestBody;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.Route;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Request;
import io.pataka.service.protocol.TopicRequest;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/**
 * Prints the operation that a request selects: {@code explain "GET /bucket/key?acl"}. With the settings of a server and a
 * caller it also prints, rule by rule, whether that server would authorise the request.
 */
public final class ExplainCommand extends Command {

    private static final String OPERATIONS = "io/pataka/service/operation";

    private final AccessOfSettings access;
    private final PrintStream out;

    public ExplainCommand(AccessOfSettings access) {
        this(access, System.out);
    }

    ExplainCommand(AccessOfSettings access, PrintStream out) {
        super(
                "explain",
                "Prints the operation of a request, the permission that it needs, and whether a caller has it");
        this.access = access;
        this.out = out;
    }

    @Override
    public void configure(Subparser parser) {
        parser.addArgument("request").help("method and path, as in \"GET /bucket/key?acl\"");
        parser.addArgument("-H", "--header")
                .action(Arguments.append())
                .dest("headers")
                .help("a header that decides, as in \"x-amz-copy-source: /b/k\"; may be repeated");
        parser.addArgument("-s", "--settings")
                .help("the settings file of a server: prints also whether that server would authorise the caller now");
        parser.addArgument("--anonymous").action(Arguments.storeTrue()).help("the caller has no key");
        parser.addArgument("--project").help("id of the project that the caller acts for");
        parser.addArgument("--user").setDefault("").help("id of the caller");
        parser.addArgument("--domain").setDefault("").help("id of the caller's domain");
        parser.addArgument("--role")
                .action(Arguments.append())
                .dest("roles")
                .help("name of a role that the caller has on the project; may be repeated");
        parser.addArgument("--from").setDefault("127.0.0.1").help("the caller's address");
        parser.addArgument("--https").action(Arguments.storeTrue()).help("the caller uses TLS");
    }

    @Override
    public void run(Bootstrap<?> bootstrap, Namespace arguments) throws Exception {
        explain(bootstrap, arguments);
    }

    @Override
    public void onError(Cli cli, Namespace arguments, Throwable thrown) {
        Diagnosis.print(cli, "pataka cannot explain", thrown);
    }

    void explain(Bootstrap<?> bootstrap, Namespace arguments) throws Exception {
        String[] words = arguments.getString("request").trim().split("\\s+", 2);
        if (words.length < 2 || !words[1].startsWith("/")) {
            out.println("A request is a method and a path: \"GET /bucket/key?acl\"");
            return;
        }
        try {
            S3Request request = request(words[0], words[1], arguments);
            S3Operation operation = request.operation();
            out.println("operation  " + operation.amazonName());
            out.println("action     "
                    + operation.access().actionFor(request.versionId().isPresent()));
            out.println("class      " + handlerOf(operation).orElse("none: answers 501 NotImplemented"));
            if (arguments.getString("settings") != null) {
                decide(bootstrap, request, arguments);
            }
        } catch (S3Exception refusal) {
            out.println("refused    " + refusal.error().status() + " "
                    + refusal.error().code() + ": " + refusal.getMessage());
        }
    }

    private void decide(Bootstrap<?> bootstrap, S3Request request, Namespace arguments) throws Exception {
        boolean anonymous = arguments.getBoolean("anonymous");
        if (anonymous == (arguments.getString("project") != null)) {
            out.println("A caller acts for a --project, or is --anonymous");
            return;
        }
        Caller caller = anonymous ? Caller.ANONYMOUS : caller(arguments);
        out.println("caller     "
                + (anonymous
                        ? "anonymous"
                        : (caller.user().id().isEmpty()
                                        ? "a user"
                                        : "user " + caller.user().id()) + " of project "
                                + caller.account().id() + ", roles " + caller.roles()));
        AccessExplanation explanation = access.explain(bootstrap, arguments.getString("settings"), request, caller);
        explanation.facts().forEach(fact -> out.println("looks at   " + fact));
        explanation.rules().forEach(rule -> out.println("decides    " + rule));
        out.println(explanation
                .refusal()
                .map(error -> "refused    " + error.status() + " " + error.code())
                .orElse("allowed"));
    }

    private static Caller caller(Namespace arguments) {
        String project = arguments.getString("project");
        String user = arguments.getString("user");
        List<String> roles =
                Optional.ofNullable(arguments.<String>getList("roles")).orElse(List.of());
        return new Caller(
                new Owner(project, project),
                new Owner(user, user),
                arguments.getString("domain"),
                Set.copyOf(roles),
                Optional.of("explain"));
    }

    private static S3Request request(String method, String target, Namespace arguments) {
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        String query = mark < 0 ? "" : target.substring(mark + 1);
        Parameters parameters = Parameters.parse(query);
        RequestHeaders headers = headers(
                Optional.ofNullable(arguments.<String>getList("headers")).orElse(List.of()));
        Optional<Route.Resource> ofAccount = AccountRequest.resourceOf(path, headers);
        String[] names = path.substring(1).split("/", 2);
        Optional<BucketName> bucket = Optional.of(PercentCoding.decodePath(names[0]))
                .filter(name -> name.length > 0 && ofAccount.isEmpty())
                .map(name -> new BucketName(new String(name, StandardCharsets.UTF_8)));
        Optional<ObjectKey> key = Optional.of(names.length > 1 ? names[1] : "")
                .filter(name -> !name.isEmpty() && ofAccount.isEmpty())
                .map(name -> ObjectKey.of(PercentCoding.decodePath(name)));
        Route.Resource named = ofAccount.orElse(OperationRouter.resourceOf(bucket.isPresent(), key.isPresent()));
        Route.Resource resource = named == Route.Resource.SERVICE && TopicRequest.isOne(method, parameters)
                ? Route.Resource.TOPICS
                : named;
        S3Operation operation = new OperationRouter().route(method, resource, parameters, headers);
        RawRequest raw = new RawRequest(
                method,
                path,
                query,
                headers,
                RequestBody.EMPTY,
                arguments.getBoolean("https"),
                arguments.getString("from"),
                Optional.empty());
        return new S3Request("explain", operation, bucket, key, parameters, headers, RequestBody.EMPTY, raw);
    }

    private static RequestHeaders headers(List<String> lines) {
        RequestHeaders.Builder headers = RequestHeaders.builder();
        for (String line : lines) {
            int colon = line.indexOf(':');
            headers.add(
                    colon < 0 ? line : line.substring(0, colon),
                    colon < 0 ? "" : line.substring(colon + 1).trim());
        }
        return headers.build();
    }

    /** The class of the operation's name, below the package of operations. */
    static Optional<String> handlerOf(S3Operation operation) throws IOException {
        URI home = homeOf();
        if (home.getPath().endsWith(".jar")) {
            try (FileSystem jar = FileSystems.newFileSystem(Path.of(home))) {
                return find(jar.getPath("/"), operation);
            }
        }
        return find(Path.of(home), operation);
    }

    private static URI homeOf() throws IOException {
        try {
            return ExplainCommand.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI();
        } catch (URISyntaxException unreadable) {
            throw new IOException(unreadable);
        }
    }

    private static Optional<String> find(Path root, S3Operation operation) throws IOException {
        try (Stream<Path> files = Files.walk(root.resolve(OPERATIONS))) {
            return files.filter(file -> file.endsWith(operation.amazonName() + ".class"))
                    .map(file -> root.relativize(file).toString())
                    .map(name ->
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .findFirst();
        }
    }
}
