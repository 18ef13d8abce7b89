package io.holdfast.cdi;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What the adapter needs of an application, and how its container finds it. */
class ArchitectureTest {

    private static final JavaClasses ADAPTER = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.holdfast.cdi");

    @Test
    void theAdapterNeedsTheClientAndInterfacesOnly() {
        needs(
                "(?!.*(Mutiny|Vertx)).*",
                "io.holdfast..",
                "java..",
                "jakarta.enterprise..",
                "jakarta.inject",
                "jakarta.interceptor",
                "jakarta.annotation",
                "org.eclipse.microprofile.config",
                "org.jspecify.annotations");
        needs(".*MutinyResults", "java..", "io.smallrye.mutiny..");
        needs(".*VertxThreads", "java..", "io.vertx.core..");
    }

    private static void needs(String types, String... packages) {
        classes()
                .that()
                .haveNameMatching(types)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(packages))
                .check(ADAPTER);
    }

    @Test
    void theJarHasTheIndexInWhichQuarkusLooksForBeans() throws Exception {
        try (var index = Locked.class.getResourceAsStream("/META-INF/jandex.idx")) {
            assertNotNull(index, "no index");
            assertTrue(new String(index.readAllBytes(), StandardCharsets.ISO_8859_1).contains("LockedInterceptor"));
        }
    }
}
