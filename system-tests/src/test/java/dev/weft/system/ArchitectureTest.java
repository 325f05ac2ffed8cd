package dev.weft.system;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The house's plan, as rules: who may know whom, and what nobody does. */
class ArchitectureTest {
    private static final String SETTINGS = "dev.weft.settings";
    private static final String YJS = "dev.weft.yjs";
    private static final String STORAGE = "dev.weft.storage";
    private static final String POSTGRES = "dev.weft.storage.postgres";
    private static final String S3 = "dev.weft.storage.s3";
    private static final String ROOM = "dev.weft.room";
    private static final String SERVER = "dev.weft.server";
    private static final String WORKER = "dev.weft.worker";
    private static final String TOOLS = "dev.weft.tools";
    private static final String AUTH = "dev.weft.auth";
    private static final String DEMO = "dev.weft.demo";
    private static final String TESTING = "dev.weft.testing";

    /** Each package, and all others of ours that it may know. */
    private static final Map<String, List<String>> ARROWS = Map.ofEntries(
            Map.entry(SETTINGS, List.of()),
            Map.entry(YJS, List.of()),
            Map.entry(STORAGE, List.of(YJS, SETTINGS)),
            Map.entry(POSTGRES, List.of(STORAGE, YJS, SETTINGS)),
            Map.entry(S3, List.of(STORAGE, YJS, SETTINGS)),
            Map.entry(ROOM, List.of(STORAGE, YJS, SETTINGS)),
            Map.entry(SERVER, List.of(ROOM, STORAGE, YJS, SETTINGS)),
            Map.entry(WORKER, List.of(ROOM, STORAGE, YJS, SETTINGS)),
            Map.entry(TOOLS, List.of(POSTGRES, STORAGE, YJS, SETTINGS)),
            Map.entry(AUTH, List.of(YJS, SETTINGS)),
            Map.entry(DEMO, List.of(SERVER, WORKER, AUTH, SETTINGS)),
            Map.entry(TESTING, List.of()));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.weft");

    static Stream<String> packages() {
        return ARROWS.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("packages")
    void arrowsPointOnlyAsDrawn(String from) {
        String[] allowed = Stream.concat(Stream.of(from), ARROWS.getOrDefault(from, List.of()).stream())
                .toArray(String[]::new);

        noClasses()
                .that()
                .resideInAPackage(from)
                .should()
                .dependOnClassesThat(resideInAPackage("dev.weft..").and(not(resideInAnyPackage(allowed))))
                .because(from + " may know " + Arrays.toString(allowed))
                .check(CLASSES);
    }

    @Test
    void everyClassLivesInAPackageOfThePlan() {
        classes().should().resideInAnyPackage(packages().toArray(String[]::new)).check(CLASSES);
    }

    @Test
    void yjsStandsOnTheJdkAlone() {
        classes()
                .that()
                .resideInAPackage(YJS)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(YJS, "java..", "org.jspecify.annotations")
                .check(CLASSES);
    }

    @Test
    void noPackagesNeedEachOther() {
        slices().matching("dev.weft.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void eachTechnologyHasOneHome() {
        noClasses()
                .that(not(resideInAnyPackage(ROOM, TESTING)))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.lettuce..")
                .check(CLASSES);
        noClasses()
                .that(not(resideInAnyPackage(POSTGRES, TESTING, DEMO)))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..", "org.postgresql..", "com.zaxxer..", "org.flywaydb..")
                .check(CLASSES);
        noClasses()
                .that(not(resideInAnyPackage(S3, TESTING)))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("software.amazon..")
                .check(CLASSES);
        noClasses()
                .that(not(resideInAnyPackage(SETTINGS)))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.smallrye..")
                .check(CLASSES);
    }

    @Test
    void onlySettingsReadTheEnvironment() {
        // Logback reads LOG_LEVEL by itself, before there are settings; the demo's main has to know whether it will
        // find one.
        noClasses()
                .that(not(resideInAnyPackage(SETTINGS, TESTING)).and(not(simpleName("DemoMain"))))
                .should()
                .callMethod(System.class, "getenv", String.class)
                .orShould()
                .callMethod(System.class, "getenv")
                .check(CLASSES);
    }

    @Test
    void nobodySleepsWhereOthersWait() {
        noClasses()
                .that(not(resideInAnyPackage(WORKER, DEMO, TESTING)).and(not(simpleName("Seeding"))))
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", long.class, int.class)
                .orShould()
                .callMethod(Thread.class, "sleep", Duration.class)
                .because(
                        "event loops and client threads belong to many; a worker and the demo pause on threads of their own,"
                                + " seeding on its caller's virtual thread")
                .check(CLASSES);
    }

    @Test
    void onlyMainsEndTheProcess() {
        noClasses()
                .that(not(simpleNameEndingWith("Main")))
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "halt", int.class)
                .check(CLASSES);
    }

    @Test
    void logsGoThroughSlf4j() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.util.logging..", "org.apache.log4j..", "org.apache.logging..")
                .check(CLASSES);
        noClasses().should().callMethod(Throwable.class, "printStackTrace").check(CLASSES);
    }

    @Test
    void thereIsNoStaticState() {
        fields().that().areStatic().should().beFinal().check(CLASSES);
    }

    @Test
    void everyPackageIsNullMarked() {
        assertThat(CLASSES)
                .allSatisfy(javaClass -> assertThat(javaClass.getPackage().isAnnotatedWith(NullMarked.class))
                        .as(javaClass.getPackageName())
                        .isTrue());
    }
}
