package io.pataka.service.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.pataka.service.operation.Operation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares the operation table with Amazon's list of operations, and the classes with the table. */
class CatalogTest {

    /** Asked for in the same words as their successors. */
    private static final Set<String> RENAMED =
            Set.of("GetBucketLifecycle", "PutBucketLifecycle", "GetBucketNotification", "PutBucketNotification");

    /** Ceph's operations, those of S3 Control and SNS, a form's upload and a browser's preflight: not in Amazon's model of S3. */
    private static final Set<String> NOT_IN_THE_MODEL = Set.of(
            "CreateTopic",
            "DeleteTopic",
            "GetTopic",
            "GetTopicAttributes",
            "ListTopics",
            "SetTopicAttributes",
            "GetUsage",
            "AppendObject",
            "DeleteBucketNotification",
            "GetAccountPublicAccessBlock",
            "PutAccountPublicAccessBlock",
            "DeleteAccountPublicAccessBlock",
            "PostBucketLogging",
            "PostObject",
            "PreflightService",
            "PreflightBucket",
            "PreflightObject");

    private static final Map<String, S3Operation> ROWS =
            S3Operation.all().stream().collect(Collectors.toMap(S3Operation::amazonName, row -> row));

    private final OperationRouter router = new OperationRouter();

    /** A line of Amazon's list. */
    record Listed(String name, String method, String path, String query) {

        static Listed of(String line) {
            String[] fields = line.split("\t");
            String[] uri = fields[2].split("\\?", 2);
            return new Listed(fields[0], fields[1], uri[0], uri.length > 1 ? uri[1] : "");
        }

        Route.Resource resource() {
            return OperationRouter.resourceOf(path.contains("{Bucket}"), path.contains("{Key+}"));
        }
    }

    static List<Listed> listed() throws IOException {
        try (InputStream in =
                        Objects.requireNonNull(CatalogTest.class.getResourceAsStream("/amazon-s3-operations.tsv"));
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(Listed::of)
                    .toList();
        }
    }

    static Stream<Listed> withARowOfTheirOwn() throws IOException {
        return listed().stream().filter(operation -> !RENAMED.contains(operation.name()));
    }

    @Test
    void theTableHasAmazonsOperationsAndCephsAndNoOthers() throws IOException {
        Set<String> expected = new LinkedHashSet<>(NOT_IN_THE_MODEL);
        withARowOfTheirOwn().map(Listed::name).forEach(expected::add);
        assertThat(listed()).hasSizeGreaterThanOrEqualTo(116);
        assertThat(ROWS.keySet()).containsExactlyInAnyOrderElementsOf(expected);
    }

    @ParameterizedTest
    @MethodSource("withARowOfTheirOwn")
    void aRequestInAmazonsWordsReachesItsRow(Listed operation) {
        S3Operation row = ROWS.get(operation.name());
        assertThat(row.route().method()).isEqualTo(operation.method());
        assertThat(row.route().resource()).isEqualTo(operation.resource());
        for (String word :
                operation.query().isEmpty() ? new String[0] : operation.query().split("&")) {
            assertThat(row.route().uses(word.split("=")[0])).as(word).isTrue();
        }
        assertThat(router.route(operation.method(), operation.resource(), parametersOf(operation, row), headersOf(row)))
                .isEqualTo(row);
    }

    /** Amazon's query, and what its model says of required parameters elsewhere. */
    private static Parameters parametersOf(Listed operation, S3Operation row) {
        Stream<String> words = operation.query().isEmpty()
                ? Stream.empty()
                : Arrays.stream(operation.query().split("&"));
        Stream<String> needs = row.route().needs().stream().map(name -> name + "=1");
        Stream<String> values =
                row.route().values().entrySet().stream().map(one -> one.getKey() + "=" + one.getValue());
        return Parameters.parse(
                Stream.concat(words, Stream.concat(needs, values)).distinct().collect(Collectors.joining("&")));
    }

    private static RequestHeaders headersOf(S3Operation row) {
        RequestHeaders.Builder headers = RequestHeaders.builder();
        row.route().headers().forEach(name -> headers.add(name, "x"));
        return headers.build();
    }

    @Test
    void everyRenamedOperationReachesItsSuccessor() throws IOException {
        List<Listed> renamed = listed().stream()
                .filter(operation -> RENAMED.contains(operation.name()))
                .toList();
        assertThat(renamed).extracting(Listed::name).containsOnlyOnceElementsOf(RENAMED);
        for (Listed operation : renamed) {
            S3Operation row = router.route(
                    operation.method(),
                    operation.resource(),
                    Parameters.parse(operation.query()),
                    RequestHeaders.none());
            assertThat(row.amazonName()).isEqualTo(operation.name() + "Configuration");
        }
    }

    @Test
    void aClassThatDoesAnOperationBearsItsName() {
        List<String> others = new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("io.pataka.service.operation")
                        .stream()
                        .filter(type -> type.isAssignableTo(Operation.class) && !type.isInterface())
                        .filter(type ->
                                type.isTopLevelClass() && !type.getModifiers().contains(JavaModifier.ABSTRACT))
                        .filter(type -> !isAroundAnOperation(type))
                        .map(JavaClass::getSimpleName)
                        .filter(name -> !ROWS.containsKey(name))
                        .filter(name -> !isForAKindOfDocument(name))
                        .filter(name -> !name.equals("Preflight"))
                        .toList();
        assertThat(others).isEmpty();
    }

    private static boolean isAroundAnOperation(JavaClass type) {
        return type.getFields().stream().anyMatch(field -> field.getRawType().isEquivalentTo(Operation.class));
    }

    /** One class for all configurations of a bucket, or of an object. */
    private static boolean isForAKindOfDocument(String name) {
        return name.endsWith("Document");
    }
}
