package io.pataka.service.cli;

import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import io.pataka.service.protocol.OperationRouter;
import io.pataka.service.protocol.Parameters;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/** Tells what a request would reach: {@code explain "GET /bucket/key?acl"}. */
public final class ExplainCommand extends Command {

    private static final String OPERATIONS = "io/pataka/service/operation";

    private final PrintStream out;

    public ExplainCommand() {
        this(System.out);
    }

    ExplainCommand(PrintStream out) {
        super("explain", "Tells which operation a request asks for, what it needs, and which class does it");
        this.out = out;
    }

    @Override
    public void configure(Subparser parser) {
        parser.addArgument("request").help("method and path, as in \"GET /bucket/key?acl\"");
        parser.addArgument("-H", "--header")
                .action(net.sourceforge.argparse4j.impl.Arguments.append())
                .dest("headers")
                .help("a header that decides, as in \"x-amz-copy-source: /b/k\"; may be repeated");
    }

    @Override
    public void run(Bootstrap<?> bootstrap, Namespace arguments) throws Exception {
        explain(
                arguments.getString("request"),
                Optional.ofNullable(arguments.<String>getList("headers")).orElse(List.of()));
    }

    void explain(String request, List<String> headerLines) throws IOException {
        String[] words = request.trim().split("\\s+", 2);
        if (words.length < 2 || !words[1].startsWith("/")) {
            out.println("A request is a method and a path: \"GET /bucket/key?acl\"");
            return;
        }
        int mark = words[1].indexOf('?');
        String path = mark < 0 ? words[1] : words[1].substring(0, mark);
        Parameters parameters = Parameters.parse(mark < 0 ? "" : words[1].substring(mark + 1));
        String[] names = path.substring(1).split("/", 2);
        boolean hasBucket = !names[0].isEmpty();
        boolean hasKey = names.length > 1 && !names[1].isEmpty();
        RequestHeaders.Builder headers = RequestHeaders.builder();
        for (String line : headerLines) {
            int colon = line.indexOf(':');
            headers.add(
                    colon < 0 ? line : line.substring(0, colon),
                    colon < 0 ? "" : line.substring(colon + 1).trim());
        }
        try {
            S3Operation operation = new OperationRouter()
                    .route(words[0], OperationRouter.resourceOf(hasBucket, hasKey), parameters, headers.build());
            out.println("operation  " + operation.amazonName());
            out.println("action     " + operation.access().actionFor(parameters.has("versionId")));
            out.println("class      " + handlerOf(operation).orElse("none: answers 501 NotImplemented"));
        } catch (S3Exception refusal) {
            out.println("refused    " + refusal.error().status() + " "
                    + refusal.error().code() + ": " + refusal.getMessage());
        }
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
