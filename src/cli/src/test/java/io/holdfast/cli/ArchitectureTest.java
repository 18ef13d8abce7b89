package io.holdfast.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What the command may bring with it, and how it reaches a server. */
class ArchitectureTest {

    private static final JavaClasses COMMAND = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.holdfast.cli");

    /** A program of its own that answers itself. */
    private static final String REHEARSAL = "Rehearsal";

    /** The one class with YAML, which is loaded when there is some. */
    private static final String YAML = "RulesFile";

    @Test
    void theCommandNeedsTheClientAndPicocliOnly() {
        classes()
                .that()
                .doNotHaveSimpleName(REHEARSAL)
                .and()
                .doNotHaveSimpleName(YAML)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.holdfast.cli..",
                        "io.holdfast.client",
                        "io.holdfast.client.spi",
                        "io.holdfast.api",
                        "com.fasterxml.jackson.core..",
                        "picocli",
                        "org.jspecify.annotations",
                        "java..",
                        "javax.net.ssl")
                .because("each library is time before the first request")
                .check(COMMAND);
    }

    @Test
    void requestsGoThroughTheClient() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.net.http")
                .because("fail-over and bounds live in the client")
                .check(COMMAND);
    }
}
