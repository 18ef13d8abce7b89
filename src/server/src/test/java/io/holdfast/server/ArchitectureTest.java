package io.holdfast.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final JavaClasses SERVER = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.holdfast.server");

    @Test
    void restKnowsTheApplicationServiceAndNotTheProtocol() {
        noClasses()
                .that()
                .resideInAPackage("io.holdfast.server.rest..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.holdfast.zab..")
                .allowEmptyShould(true)
                .check(SERVER);
    }

    @Test
    void theApplicationServiceDoesNotKnowItsClients() {
        noClasses()
                .that()
                .resideInAPackage("io.holdfast.server.replica..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.holdfast.server.rest..", "io.holdfast.server.health..", "io.holdfast.server.metrics..")
                .check(SERVER);
    }

    /** A node never loads the library for stores: it is for commands that end soon, and large. */
    @Test
    void onlyCommandsOnFilesKnowStores() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.holdfast.server.store..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("software.amazon..")
                .check(SERVER);
        noClasses()
                .that()
                .resideOutsideOfPackages("io.holdfast.server.store..", "io.holdfast.server.offline..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.holdfast.server.store..")
                .check(SERVER);
    }

    @Test
    void roomsHaveNoCycles() {
        slices().matching("io.holdfast.server.(*)..").should().beFreeOfCycles().check(SERVER);
    }
}
