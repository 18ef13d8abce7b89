package io.holdfast.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the client may bring into a program, and where it may look at a clock. */
class ArchitectureTest {

    private static final JavaClasses CLIENT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.holdfast.client");

    @Test
    void theClientNeedsTheJdkAndTheApiOnly() {
        classes()
                .that()
                .doNotHaveFullyQualifiedName("io.holdfast.client.spi.MicrometerObserver")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.holdfast.client..",
                        "io.holdfast.api",
                        "org.jspecify.annotations",
                        "java..",
                        "javax.net.ssl")
                .because("it works beside every framework")
                .check(CLIENT);
    }

    @Test
    void theArithmeticOfALeaseSeesNoClockNoThreadAndNoChance() {
        DescribedPredicate<JavaClass> arithmetic = DescribedPredicate.describe(
                "the arithmetic of a lease",
                type -> Set.of("LeaseClock", "LeaseTerms", "Mark").contains(type.getSimpleName()));
        classes()
                .that(arithmetic)
                .should()
                .onlyDependOnClassesThat(DescribedPredicate.describe(
                        "values",
                        type -> type.getPackageName().equals("java.lang")
                                        && !Set.of("java.lang.Thread", "java.lang.Runtime")
                                                .contains(type.getName())
                                || type.getName().startsWith("java.lang.runtime")
                                || type.getName().startsWith("java.lang.invoke")
                                || type.getPackageName().equals("org.jspecify.annotations")
                                || type.getSimpleName().equals("SessionState")
                                || arithmetic.test(type)))
                .check(CLIENT);
        noClasses()
                .that(arithmetic)
                .should()
                .callMethodWhere(DescribedPredicate.describe("a clock", ArchitectureTest::readsAClock))
                .check(CLIENT);
    }

    private static boolean readsAClock(JavaMethodCall call) {
        return Set.of("nanoTime", "currentTimeMillis").contains(call.getName());
    }

    @Test
    void theProgramSeesNothingOfHowTheClientWorksButTheWayIn() {
        noClasses()
                .that()
                .resideInAPackage("io.holdfast.client")
                .and()
                .doNotHaveSimpleName("ClientBuilder")
                .and()
                .doNotHaveSimpleName("Credential")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.holdfast.client.internal")
                .check(CLIENT);
        noClasses()
                .that()
                .resideInAPackage("io.holdfast.client.spi")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.holdfast.client.internal")
                .check(CLIENT);
    }
}
