package io.holdfast.shedlock;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What the adapter needs: the client, ShedLock and the JDK, and no part of the client that is not public. */
class ArchitectureTest {

    @Test
    void theAdapterNeedsTheClientAndShedLockOnly() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.holdfast.shedlock",
                        "io.holdfast.client",
                        "io.holdfast.api",
                        "net.javacrumbs.shedlock..",
                        "org.jspecify.annotations",
                        "java.lang..",
                        "java.util..",
                        "java.time..")
                .check(new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("io.holdfast.shedlock"));
    }
}
