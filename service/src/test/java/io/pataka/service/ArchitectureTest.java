package io.pataka.service;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The arrows between the rooms, as ARCHITECTURE.md draws them. What is not listed there is forbidden here. */
@AnalyzeClasses(packages = "io.pataka", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String SERVICE = "io.pataka.service";
    private static final String KEYSTONE = "keystone-middleware";

    private static final Map<String, Set<String>> ARROWS = new LinkedHashMap<>();

    static {
        arrow("http", "protocol", "auth", "access", "operation", "model");
        arrow("operation", "protocol", "access", "metadata", "content", "model");
        arrow("cli", "job", "operation", "access", "metadata", "blob", "signature", "protocol", "model");
        arrow("job", "metadata", "content", "blob", "model");
        arrow("auth", "signature", "protocol", "model", KEYSTONE);
        arrow("access", "metadata", "protocol", "model");
        arrow("content", "blob", "protocol", "model");
        arrow("metadata", "model");
        arrow("signature", "protocol");
        arrow("protocol", "model");
        arrow("blob", "model");
        arrow("model");
        arrow("health", "metadata", "blob", KEYSTONE);
    }

    private static void arrow(String from, String... to) {
        ARROWS.put(from, Set.of(to));
    }

    private static String packagesOf(String room) {
        return room.equals(KEYSTONE) ? "io.pataka.keystone.." : SERVICE + "." + room + "..";
    }

    @ArchTest
    static void roomsCallOnlyTheRoomsTheyMay(JavaClasses all) {
        ARROWS.forEach((room, others) -> {
            String[] allowed = Stream.concat(Stream.of(room), others.stream())
                    .map(ArchitectureTest::packagesOf)
                    .toArray(String[]::new);
            classes()
                    .that(resideInAPackage(packagesOf(room)))
                    .should()
                    .onlyDependOnClassesThat(
                            resideOutsideOfPackage("io.pataka..").or(resideInAnyPackage(allowed)))
                    .check(all);
        });
    }

    @ArchTest
    static void everyPackageIsARoom(JavaClasses all) {
        Set<String> rooms = all.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith(SERVICE + "."))
                .map(name -> name.substring(SERVICE.length() + 1).split("\\.")[0])
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(ARROWS.keySet()).containsAll(rooms);
    }

    @ArchTest
    static final ArchRule THE_MIDDLEWARE_KNOWS_NOTHING_OF_OURS = noClasses()
            .that(resideInAPackage("io.pataka.keystone.."))
            .should()
            .dependOnClassesThat(resideInAPackage(SERVICE + ".."));

    @ArchTest
    static final ArchRule ROOMS_HAVE_NO_CYCLES =
            slices().matching(SERVICE + ".(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule FEATURES_DO_NOT_IMPORT_EACH_OTHER =
            slices().matching(SERVICE + ".operation.(*)..").should().notDependOnEachOther();

    @ArchTest
    static final ArchRule ONLY_THE_DOOR_SPEAKS_HTTP = noClasses()
            .that(resideInAPackage(SERVICE + "..").and(resideOutsideOfPackage(packagesOf("http"))))
            .should()
            .dependOnClassesThat(resideInAnyPackage("jakarta.ws.rs..", "jakarta.servlet..", "org.eclipse.jetty.."));

    @ArchTest
    static final ArchRule ONLY_METADATA_SPEAKS_SQL = noClasses()
            .that(resideInAPackage(SERVICE + "..").and(resideOutsideOfPackage(packagesOf("metadata"))))
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.jdbi..", "java.sql..", "org.mariadb.."));

    @ArchTest
    static final ArchRule ONLY_THE_MIDDLEWARE_SPEAKS_OPENSTACK = noClasses()
            .that(resideInAPackage(SERVICE + ".."))
            .should()
            .dependOnClassesThat(resideInAPackage("org.openstack4j.."));

    @ArchTest
    static void onlyTheGateAdmits(JavaClasses all) {
        Set<String> makers = all.get(AdmittedCall.class).getConstructors().stream()
                .flatMap(constructor -> constructor.getCallsOfSelf().stream())
                .map(call -> call.getOriginOwner().getFullName())
                .collect(Collectors.toSet());
        assertThat(makers).containsExactly(AccessGate.class.getName());
    }

    @ArchTest
    static final ArchRule CLASSES_ARE_NAMED_AFTER_WHAT_THEY_ARE =
            noClasses().should().haveNameMatching(".*(Utils?|Helper|Manager|Base|Impl)");
}
