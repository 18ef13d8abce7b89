package io.holdfast.api;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What clients carry with them. */
class ArchitectureTest {

    private static final JavaClasses API = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.holdfast.api");

    @Test
    void theApiNeedsTheJdkAndTheStreamingPartOfJacksonOnly() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.holdfast.api",
                        "com.fasterxml.jackson.core..",
                        "org.jspecify.annotations",
                        "java.lang..",
                        "java.io",
                        "java.net.http",
                        "java.nio",
                        "java.nio.charset",
                        "java.security",
                        "java.time",
                        "java.util..")
                .because("every client has it on its class path, beside whatever framework it uses")
                .check(API);
    }
}
