package io.pataka.service.documentation;

import static org.mockito.Mockito.RETURNS_DEFAULTS;
import static org.mockito.Mockito.mock;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.pataka.service.operation.OperationCatalog;
import io.pataka.service.operation.absent.AbsentConfigurations;
import io.pataka.service.protocol.Route;
import io.pataka.service.protocol.S3Operation;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mockito.stubbing.Answer;

/**
 * The part of README.md that says which operations work: the rows of {@link S3Operation} against the classes that are registered for
 * them, and how many tests of two public suites pass. {@code make features} writes it.
 */
final class FeatureTable {

    private static final String BEGIN = "<!-- features: written by `make features` -->\n";
    private static final String END = "<!-- end of features -->\n";

    private static final String OPERATIONS = "io.pataka.service.operation";

    /** Tests of each suite, as its runner counts them. */
    private static final int S3_TESTS = 1551;

    private static final int S3_API_TESTS = 587;

    private final Path root;

    /**
     * @param root the folder of README.md
     */
    FeatureTable(Path root) {
        this.root = root;
    }

    /** What becomes of a request for an operation. */
    private enum State {
        WORKS,
        NONE_SET,
        NOT_IMPLEMENTED
    }

    /** Writes the features into README.md, which is in the working directory. */
    public static void main(String[] none) throws Exception {
        FeatureTable table = new FeatureTable(Path.of(""));
        Path readme = Path.of("README.md");
        String text = Files.readString(readme);
        String written = text.substring(0, start(text)) + table.text() + text.substring(text.indexOf(END));
        Files.writeString(readme, written);
    }

    private static int start(String readme) {
        return readme.indexOf(BEGIN) + BEGIN.length();
    }

    /** What README.md has now. */
    String inReadme() throws IOException {
        String text = Files.readString(root.resolve("README.md"));
        return text.substring(start(text), text.indexOf(END));
    }

    /** What README.md should have. */
    String text() throws Exception {
        Set<S3Operation> handled = registered();
        Set<S3Operation> absent = absent();
        Map<String, Map<State, List<String>>> rows = new LinkedHashMap<>();
        for (S3Operation operation : S3Operation.all()) {
            State state = absent.contains(operation)
                    ? State.NONE_SET
                    : handled.contains(operation) ? State.WORKS : State.NOT_IMPLEMENTED;
            rows.computeIfAbsent(topic(operation.route()), topic -> new EnumMap<>(State.class))
                    .computeIfAbsent(state, it -> new ArrayList<>())
                    .add(operation.amazonName());
        }
        StringBuilder text =
                new StringBuilder("| | Works | Answers that none is set | Answers 501 |\n| --- | --- | --- | --- |\n");
        rows.forEach((topic, states) -> text.append(row(topic, states)));
        return text.append('\n').append(suites()).toString();
    }

    private static String row(String topic, Map<State, List<String>> states) {
        StringBuilder row = new StringBuilder("| ").append(topic);
        for (State state : State.values()) {
            String names = String.join(", ", states.getOrDefault(state, List.of()));
            row.append(names.isEmpty() ? " |" : " | " + names);
        }
        return row.append(" |\n").toString();
    }

    /** Operations of one sub-resource stand in one row. */
    private static String topic(Route route) {
        if (!route.words().isEmpty()) {
            return "`?" + route.words().get(0) + "`";
        }
        return switch (route.resource()) {
            case SERVICE -> "service";
            case TOPICS -> "topics";
            case BUCKET -> "bucket";
            case OBJECT -> route.needs().contains("uploadId") ? "`?uploads`" : "object";
            case ACCOUNT_ACCESS_BLOCK -> "`?publicAccessBlock`";
        };
    }

    private String suites() throws IOException {
        return ("%d of the %d tests of ceph/s3-tests pass (boto3 1.42, `objectOwnership: ObjectWriter`), and %d of the %d of"
                        + " openstack/swift's\n`test/s3api`. The others are listed with reasons:"
                        + " [s3-tests](service/src/test/s3tests/expected.tsv),"
                        + " [s3api](service/src/test/swift-s3api/expected.tsv).\n")
                .formatted(
                        S3_TESTS - failing("s3tests"), S3_TESTS, S3_API_TESTS - failing("swift-s3api"), S3_API_TESTS);
    }

    /** Tests of a list that do not pass with the newer client. */
    private int failing(String suite) throws IOException {
        return (int)
                Files.readAllLines(
                                root.resolve("service/src/test").resolve(suite).resolve("expected.tsv"))
                        .stream()
                        .filter(line -> !line.startsWith("#") && !line.isBlank())
                        .map(line -> line.split("\t")[1])
                        .filter(client -> !client.equals("old"))
                        .count();
    }

    private static Set<S3Operation> absent() {
        OperationCatalog catalog = new OperationCatalog();
        new AbsentConfigurations().register(catalog);
        return catalog.implemented();
    }

    /** Registers the operations of every feature, whose parts are mocks: no operation is performed. */
    private static Set<S3Operation> registered() throws ReflectiveOperationException {
        OperationCatalog catalog = new OperationCatalog();
        List<String> features = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages(OPERATIONS).stream()
                        .filter(found -> found.tryGetMethod("register", OperationCatalog.class)
                                .isPresent())
                        .map(JavaClass::getName)
                        .sorted()
                        .toList();
        for (String feature : features) {
            Class<?> type = Class.forName(feature);
            Method register = type.getDeclaredMethod("register", OperationCatalog.class);
            register.invoke(withMocks(type), catalog);
        }
        return catalog.implemented();
    }

    private static Object withMocks(Class<?> type) throws ReflectiveOperationException {
        Constructor<?> constructor = type.getDeclaredConstructors()[0];
        Object[] parts = Arrays.stream(constructor.getParameterTypes())
                .map(FeatureTable::part)
                .toArray();
        return constructor.newInstance(parts);
    }

    private static Object part(Class<?> type) {
        if (type == String.class) {
            return "";
        }
        if (type == Set.class) {
            return Set.of();
        }
        if (type == int.class) {
            return 0;
        }
        Answer<Object> answer =
                call -> call.getMethod().getReturnType() == String.class ? "" : RETURNS_DEFAULTS.answer(call);
        return mock(type, answer);
    }
}
