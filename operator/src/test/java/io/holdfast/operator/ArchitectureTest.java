package io.holdfast.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What the parts of the operator may know of each other. */
class ArchitectureTest {

    private static final JavaClasses OPERATOR = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.holdfast.operator");

    @Test
    void thePlanKnowsTheJdkOnly() {
        classes()
                .that()
                .resideInAPackage("io.holdfast.operator.plan..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("io.holdfast.operator.plan..", "java..", "org.jspecify.annotations")
                .because("a decision depends on what was looked at, and on nothing else")
                .allowEmptyShould(true)
                .check(OPERATOR);
    }

    @Test
    void theObjectsAreMadeWithoutAClient() {
        noClasses()
                .that()
                .resideInAPackage("io.holdfast.operator.desired..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.fabric8.kubernetes.client.dsl..",
                        "io.javaoperatorsdk..",
                        "io.holdfast.operator.look..",
                        "io.holdfast.operator.act..",
                        "io.holdfast.operator.cluster..")
                .because("what an object is to be is a function of its kind")
                .allowEmptyShould(true)
                .check(OPERATOR);
    }

    @Test
    void theOperatorKnowsTheServiceByItsApi() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.holdfast.server..", "io.holdfast.zab..", "io.holdfast.lock..")
                .check(OPERATOR);
    }
}
