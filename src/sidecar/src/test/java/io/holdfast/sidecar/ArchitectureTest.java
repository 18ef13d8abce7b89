package io.holdfast.sidecar;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What the sidecar may bring into a pod, and what its parts may know of each other. */
class ArchitectureTest {

    private static final JavaClasses SIDECAR = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.holdfast.sidecar");

    @Test
    void theSidecarNeedsTheJdkAndTheClientOnly() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.holdfast.sidecar..",
                        "io.holdfast.client",
                        "io.holdfast.api",
                        "org.jspecify.annotations",
                        "com.sun.net.httpserver",
                        "java..",
                        "javax.net.ssl")
                .because("it has to be small")
                .check(SIDECAR);
    }

    @Test
    void theCoreKnowsNoServerNoHookAndNoCluster() {
        noClasses()
                .that()
                .resideInAPackage("io.holdfast.sidecar.core")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.holdfast.sidecar",
                        "io.holdfast.sidecar.http",
                        "io.holdfast.sidecar.hook",
                        "io.holdfast.sidecar.kubernetes",
                        "io.holdfast.sidecar.settings",
                        "com.sun.net.httpserver")
                .check(SIDECAR);
    }

    @Test
    void theClusterCannotReachTheElectionsThreads() {
        noClasses()
                .that()
                .resideInAPackage("io.holdfast.sidecar.kubernetes")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.holdfast.client", "io.holdfast.sidecar.http", "io.holdfast.sidecar.hook")
                .because("an API server that is slow or down never disturbs the election")
                .check(SIDECAR);
    }
}
