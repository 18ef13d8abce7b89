package io.holdfast.guard;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What each part of the guard needs, so that an application with one of them needs nothing of the others. */
class ArchitectureTest {

    private static final JavaClasses GUARD = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.holdfast.guard");

    @Test
    void theFenceNeedsTheJdkOnly() {
        needs("io.holdfast.guard", "java.lang..", "java.util..", "java.time..");
    }

    @Test
    void theFenceInADatabaseNeedsTheJdkOnly() {
        needs("io.holdfast.guard.jdbc", "io.holdfast.guard", "java.lang..", "java.util..", "java.sql..");
    }

    @Test
    void theFenceAtRestResourcesNeedsTheInterfacesOfJaxRs() {
        needs(
                "io.holdfast.guard.rest",
                "io.holdfast.guard",
                "java.lang..",
                "java.util..",
                "java.io",
                "jakarta.ws.rs..");
        slices().matching("io.holdfast.(**)").should().beFreeOfCycles().check(GUARD);
    }

    @Test
    void theJarHasTheIndexInWhichQuarkusLooksForFeatures() throws Exception {
        try (var index = Fence.class.getResourceAsStream("/META-INF/jandex.idx")) {
            assertNotNull(index, "no index");
            assertTrue(new String(index.readAllBytes(), StandardCharsets.ISO_8859_1).contains("FenceFeature"));
        }
    }

    private static void needs(String part, String... packages) {
        classes()
                .that()
                .resideInAPackage(part)
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage(packages).or(resideInAnyPackage(part, "org.jspecify.annotations")))
                .check(GUARD);
    }
}
