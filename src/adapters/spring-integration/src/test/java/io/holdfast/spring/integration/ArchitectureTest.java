package io.holdfast.spring.integration;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What the adapter needs: the client, Spring Integration and the JDK, and no part of the client that is not public. */
class ArchitectureTest {

    @Test
    void theAdapterNeedsTheClientAndSpringIntegrationOnly() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.holdfast.spring.integration",
                        "io.holdfast.client",
                        "io.holdfast.api",
                        "org.springframework.integration.support.locks",
                        "org.springframework.dao",
                        "org.jspecify.annotations",
                        "java.lang..",
                        "java.util..",
                        "java.time..")
                .check(new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("io.holdfast.spring.integration"));
    }
}
