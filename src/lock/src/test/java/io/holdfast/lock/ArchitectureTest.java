package io.holdfast.lock;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What the replicated state may know, so that every replica and every run of the simulator does the same. */
class ArchitectureTest {

    private static final JavaClasses LOCK = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.holdfast.lock");

    private static final Set<String> HASH_ORDER = Set.of(
            "java.util.HashMap",
            "java.util.HashSet",
            "java.util.IdentityHashMap",
            "java.util.WeakHashMap",
            "java.util.Hashtable");

    private static final Set<String> OUTER_WORLD = Set.of(
            "java.lang.Thread",
            "java.lang.ThreadLocal",
            "java.lang.Runtime",
            "java.lang.Process",
            "java.lang.ProcessBuilder",
            "java.util.Random",
            "java.util.SplittableRandom",
            "java.util.UUID",
            "java.util.Timer",
            "java.util.Date",
            "java.util.Calendar",
            "java.util.Locale",
            "java.io.File",
            "java.io.FileInputStream",
            "java.io.FileOutputStream",
            "java.io.RandomAccessFile");

    @Test
    void theStateKnowsTheJdkOfValuesAndStreamsOnly() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.holdfast.lock..",
                        "org.jspecify.annotations",
                        "java.lang",
                        "java.lang.annotation",
                        "java.lang.invoke",
                        "java.lang.runtime",
                        "java.util",
                        "java.util.function",
                        "java.util.zip",
                        "java.nio",
                        "java.nio.charset",
                        "java.io")
                .because("whatever else a replica saw could differ from what the others see")
                .check(LOCK);
    }

    @Test
    void theStateSeesNoClockNoThreadNoFileAndNoChance() {
        noClasses()
                .should()
                .dependOnClassesThat(named(OUTER_WORLD))
                .because("time and chance come in with the command")
                .check(LOCK);
        noClasses()
                .should()
                .callMethodWhere(called(Set.of(
                        "java.lang.System.nanoTime",
                        "java.lang.System.currentTimeMillis",
                        "java.lang.System.identityHashCode",
                        "java.lang.System.getProperty",
                        "java.lang.System.getenv",
                        "java.lang.Math.random")))
                .check(LOCK);
    }

    @Test
    void nothingIsKeptOrMadeInTheOrderOfHashes() {
        noClasses()
                .should()
                .dependOnClassesThat(named(HASH_ORDER))
                .because("two replicas would write different snapshots")
                .check(LOCK);
        noClasses()
                .should()
                .callMethodWhere(called(Set.of(
                        "java.util.Map.of",
                        "java.util.Map.ofEntries",
                        "java.util.Map.copyOf",
                        "java.util.Set.of",
                        "java.util.Set.copyOf",
                        "java.util.Collection.parallelStream")))
                .because("their order changes from one run of the JVM to the next")
                .check(LOCK);
    }

    @Test
    void theTableDoesNotKnowTheLeaseClock() {
        noClasses()
                .that()
                .resideInAPackage("io.holdfast.lock")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.holdfast.lock.lease")
                .because("deadlines are never replicated")
                .check(LOCK);
        slices().matching("io.holdfast.lock.(*)..").should().beFreeOfCycles().check(LOCK);
    }

    @Test
    void whatAddsBytesAsksForRoomFirst() {
        Set<String> adds = Set.of(
                "io.holdfast.lock.State.open(io.holdfast.lock.Session)",
                "io.holdfast.lock.State.add(io.holdfast.lock.Grant)",
                "io.holdfast.lock.State.attach(io.holdfast.lock.Session, java.lang.String, java.util.List)",
                "io.holdfast.lock.State.tell(io.holdfast.lock.Grant, io.holdfast.lock.Notice)");
        Set<String> known = new TreeSet<>();
        LOCK.get(State.class).getMethods().forEach(method -> known.add(method.getFullName()));
        assertTrue(known.containsAll(adds), () -> "State has only " + known);
        Set<String> may = Set.of("Ledger", "State", "TableSnapshot$Reader");
        noClasses()
                .should()
                .callMethodWhere(DescribedPredicate.describe(
                        "one of " + adds + " from outside of " + may,
                        call -> adds.contains(call.getTarget().getFullName())
                                && !may.contains(
                                        call.getOriginOwner().getName().substring("io.holdfast.lock.".length()))))
                .because("the ledger refuses what would pass the quota in bytes")
                .check(LOCK);
    }

    private static DescribedPredicate<JavaClass> named(Set<String> names) {
        return DescribedPredicate.describe("are one of " + names, type -> names.contains(type.getName()));
    }

    private static DescribedPredicate<JavaMethodCall> called(Set<String> names) {
        return DescribedPredicate.describe(
                "one of " + names,
                call -> names.contains(
                        call.getTargetOwner().getName() + "." + call.getTarget().getName()));
    }
}
