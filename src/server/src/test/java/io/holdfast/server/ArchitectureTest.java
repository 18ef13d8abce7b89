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

    @Test
    void roomsHaveNoCycles() {
        slices().matching("io.holdfast.server.(*)..").should().beFreeOfCycles().check(SERVER);
    }
}
