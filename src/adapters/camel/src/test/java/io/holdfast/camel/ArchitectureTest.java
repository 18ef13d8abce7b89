package io.holdfast.camel;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What the adapter needs of an application. */
class ArchitectureTest {

    @Test
    void theAdapterNeedsTheClientAndCamelsInterfacesOnly() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.holdfast..",
                        "java..",
                        "org.apache.camel",
                        "org.apache.camel.cluster",
                        "org.apache.camel.spi",
                        "org.apache.camel.support.cluster",
                        "org.slf4j",
                        "org.jspecify.annotations")
                .check(new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("io.holdfast.camel"));
    }
}
