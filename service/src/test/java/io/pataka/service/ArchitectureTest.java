package io.pataka.service;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMembers;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.pataka.service.access.AccessGate;
import io.pataka.service.access.AdmittedCall;
import io.pataka.service.access.ServiceRole;
import io.pataka.service.access.WritePermit;
import io.pataka.service.metadata.AccountDocuments;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.Outcome;
import io.pataka.service.metadata.UploadLedger;
import io.pataka.service.model.ChangeContext;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The dependencies of the packages are those that ARCHITECTURE.md lists, and only one package uses each of some libraries. */
@AnalyzeClasses(packages = "io.pataka", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String SERVICE = "io.pataka.service";
    private static final String KEYSTONE = "keystone-middleware";

    private static final String APPLICATION = "application";

    /** A line of the list in ARCHITECTURE.md. */
    private static final Pattern ARROW = Pattern.compile("(?m)^([a-z]+) +→ +([a-z -]+)$");

    private static String packagesOf(String name) {
        return SERVICE + "." + name + "..";
    }

    /** Finds a dependency that the list does not have, and one on the list that no class has. */
    @ArchTest
    static void packagesUseEachOtherAsListed(JavaClasses all) throws IOException {
        Map<String, Set<String>> used = new TreeMap<>();
        for (JavaClass user : all) {
            String name = packageOf(user);
            if (name.equals(APPLICATION) || name.equals(KEYSTONE)) {
                continue;
            }
            Set<String> others = used.computeIfAbsent(name, absent -> new TreeSet<>());
            user.getDirectDependenciesFromSelf().stream()
                    .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                    .filter(target -> target.getPackageName().startsWith("io.pataka."))
                    .map(ArchitectureTest::packageOf)
                    .filter(other -> !other.equals(name))
                    .forEach(others::add);
        }
        assertThat(used).isEqualTo(drawn());
    }

    private static String packageOf(JavaClass type) {
        String name = type.getPackageName();
        if (name.startsWith("io.pataka.keystone")) {
            return KEYSTONE;
        }
        return name.equals(SERVICE)
                ? APPLICATION
                : name.substring(SERVICE.length() + 1).split("\\.")[0];
    }

    private static Map<String, Set<String>> drawn() throws IOException {
        Map<String, Set<String>> arrows = new TreeMap<>();
        Matcher line = ARROW.matcher(Files.readString(Path.of("..", "ARCHITECTURE.md")));
        while (line.find()) {
            String others = line.group(2);
            arrows.put(line.group(1), others.equals("nothing") ? Set.of() : Set.of(others.split(" ")));
        }
        return arrows;
    }

    @ArchTest
    static final ArchRule THE_MIDDLEWARE_DOES_NOT_USE_THE_SERVICE = noClasses()
            .that(resideInAPackage("io.pataka.keystone.."))
            .should()
            .dependOnClassesThat(resideInAPackage(SERVICE + ".."));

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().matching(SERVICE + ".(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule FEATURES_DO_NOT_IMPORT_EACH_OTHER =
            slices().matching(SERVICE + ".operation.(*)..").should().notDependOnEachOther();

    @ArchTest
    static final ArchRule ONLY_HTTP_USES_SERVLETS_AND_JETTY = noClasses()
            .that(resideInAPackage(SERVICE + "..")
                    .and(resideOutsideOfPackages(packagesOf("http"), packagesOf("delivery"))))
            .should()
            .dependOnClassesThat(resideInAnyPackage("jakarta.ws.rs..", "jakarta.servlet..", "org.eclipse.jetty.."));

    /** It sends requests with Jetty's client. */
    @ArchTest
    static final ArchRule DELIVERY_IS_NO_SERVER = noClasses()
            .that(resideInAPackage(packagesOf("delivery")))
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "jakarta.ws.rs..", "jakarta.servlet..", "org.eclipse.jetty.server..", "org.eclipse.jetty.ee10.."));

    @ArchTest
    static final ArchRule ONLY_DELIVERY_USES_CLIENTS_OF_BROKERS = noClasses()
            .that(resideInAPackage(SERVICE + "..").and(resideOutsideOfPackage(packagesOf("delivery"))))
            .should()
            .dependOnClassesThat(resideInAnyPackage("com.rabbitmq..", "org.apache.kafka.."));

    @ArchTest
    static final ArchRule ONLY_METADATA_USES_SQL = noClasses()
            .that(resideInAPackage(SERVICE + "..").and(resideOutsideOfPackage(packagesOf("metadata"))))
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.jdbi..", "java.sql..", "org.mariadb.."));

    /** The packages that know only the ids of blobs, and not which kind of store holds them. */
    private static final String[] ABOVE_BLOB = {
        packagesOf("content"),
        packagesOf("job"),
        packagesOf("health"),
        packagesOf("operation"),
        packagesOf("objects"),
        packagesOf("metadata"),
        packagesOf("access"),
        packagesOf("model")
    };

    /** Words for the kind of store that keeps files on volumes. */
    private static final String FILES = "(?i).*(volume|shard).*";

    @ArchTest
    static final ArchRule ONLY_BLOB_KNOWS_FILES = noClasses()
            .that(resideInAnyPackage(ABOVE_BLOB))
            .should()
            .dependOnClassesThat(resideInAPackage("java.nio.file..")
                    .or(belongToAnyOf(File.class, FileNotFoundException.class, FileInputStream.class))
                    .or(resideInAPackage(packagesOf("blob")).and(nameMatching(FILES))))
            .orShould()
            .haveNameMatching(FILES);

    @ArchTest
    static final ArchRule ONLY_BLOB_NAMES_FILES = noMembers()
            .that()
            .areDeclaredInClassesThat(resideInAnyPackage(ABOVE_BLOB))
            .should()
            .haveNameMatching(FILES);

    @ArchTest
    static final ArchRule ONLY_THE_MIDDLEWARE_SPEAKS_OPENSTACK = noClasses()
            .that(resideInAPackage(SERVICE + ".."))
            .should()
            .dependOnClassesThat(resideInAPackage("org.openstack4j.."));

    @ArchTest
    static void onlyTheGateAdmits(JavaClasses all) {
        assertThat(makersOf(all, AdmittedCall.class)).containsExactly(AccessGate.class.getName());
    }

    private static Set<String> makersOf(JavaClasses all, Class<?> made) {
        return all.get(made).getConstructors().stream()
                .flatMap(constructor -> constructor.getCallsOfSelf().stream())
                .map(call -> call.getOriginOwner().getFullName())
                .collect(Collectors.toSet());
    }

    /** What is special about an operation is a trait in its row. A comparison elsewhere would be forgotten when a row is added. */
    @ArchTest
    static void operationsAreComparedNowhere(JavaClasses all) throws IOException {
        Pattern comparison =
                Pattern.compile("[!=]= *S3Operation\\.[A-Z]|(?:EnumSet|Set)\\.of\\(\\s*S3Operation\\.[A-Z]");
        try (Stream<Path> sources = Files.walk(Path.of("src", "main", "java"))) {
            List<Path> comparing = sources.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> comparison.matcher(read(file)).find())
                    .toList();
            assertThat(comparing).isEmpty();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** So a write without authorisation does not compile. */
    @ArchTest
    static void onlyAuthorisedCallsAndRolesMakePermits(JavaClasses all) {
        assertThat(makersOf(all, WritePermit.class))
                .containsExactlyInAnyOrder(AdmittedCall.class.getName(), ServiceRole.class.getName());
        assertThat(makersOf(all, ChangeContext.class)).containsExactly(WritePermit.class.getName());
    }

    /** The methods of metadata that change nothing which a caller sees; all others must take a {@link ChangeContext}. */
    private static final Set<String> WITHOUT_CONTEXT = Set.of(
            "AccountDocuments.find",
            "BucketCatalog.find",
            "BucketCatalog.findSince",
            "BucketCatalog.findFresh",
            "BucketCatalog.refreshDocuments",
            "BucketCatalog.page",
            "BucketCatalog.document",
            "BucketCatalog.ownersDocument",
            "BucketCatalog.usage",
            "ObjectIndex.current",
            "ObjectIndex.version",
            "ObjectIndex.tags",
            "ObjectIndex.renamed",
            "ObjectIndex.expireRenames",
            "ObjectIndex.scan",
            "ObjectIndex.scanVersions",
            "ObjectIndex.parts",
            "ObjectIndex.partsAfter",
            "UploadLedger.find",
            "UploadLedger.keyOf",
            "UploadLedger.parts",
            "UploadLedger.scan",
            "UploadLedger.completed",
            "UploadLedger.expireCompleted");

    /** So a new change of buckets, objects, uploads or accounts needs a permit. */
    @ArchTest
    static void changesOfMetadataTakeTheirContext(JavaClasses all) {
        Set<String> without = Stream.of(
                        AccountDocuments.class, BucketCatalog.class, ObjectIndex.class, UploadLedger.class)
                .flatMap(type -> all.get(type).getMethods().stream())
                .filter(method -> method.getRawParameterTypes().stream()
                        .noneMatch(parameter -> parameter.isEquivalentTo(ChangeContext.class)))
                .map(method -> method.getOwner().getSimpleName() + "." + method.getName())
                .collect(Collectors.toSet());
        assertThat(without).isEqualTo(WITHOUT_CONTEXT);
    }

    @ArchTest
    static final ArchRule ONLY_JOBS_AND_COMMANDS_ACT_FOR_THE_SERVICE = noClasses()
            .that(resideInAPackage(SERVICE + "..")
                    .and(resideOutsideOfPackage(packagesOf("job")))
                    .and(resideOutsideOfPackage(packagesOf("cli")))
                    .and(not(type(ServiceRole.class))))
            .should()
            .dependOnClassesThat(type(ServiceRole.class));

    /** A caller that tests for one class of outcome does not notice a new class. */
    @ArchTest
    static void outcomesAreFolded(JavaClasses all) {
        Set<String> asking = all.stream()
                .flatMap(user -> user.getInstanceofChecks().stream())
                .filter(check -> check.getRawType().isAssignableTo(Outcome.class)
                        || check.getRawType().isAssignableTo(BucketCatalog.Creation.class))
                .map(check -> check.getOwner().getFullName())
                .collect(Collectors.toSet());
        assertThat(asking).isEmpty();
    }

    @ArchTest
    static final ArchRule CLASSES_ARE_NAMED_AFTER_WHAT_THEY_ARE =
            noClasses().should().haveNameMatching(".*(Utils?|Helper|Manager|Base|Impl)");
}
