package io.holdfast.zab;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import io.holdfast.zab.log.FileDisk;
import java.io.File;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.BaseStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** Who may know whom, and what the deterministic core may touch. */
class ArchitectureTest {

    private static final String CORE = "io.holdfast.zab.core..";
    private static final String LOG = "io.holdfast.zab.log..";
    private static final String NET = "io.holdfast.zab.net..";
    private static final String NODE = "io.holdfast.zab.node..";
    private static final String TLS = "io.holdfast.zab.tls..";

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.holdfast.zab");
    private static final JavaClasses TESTS = new ClassFileImporter()
            .withImportOption(new ImportOption.OnlyIncludeTests())
            .importPackages("io.holdfast");

    @Test
    void theCoreDependsOnTheLanguageAndItsCollectionsOnly() {
        classes()
                .that()
                .resideInAPackage(CORE)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                                CORE,
                                "java.lang",
                                "java.lang.invoke",
                                "java.lang.runtime",
                                "java.util",
                                "java.util.function",
                                "java.util.stream",
                                "org.jspecify.annotations")
                        .or(belongToAnyOf(ByteBuffer.class, StandardCharsets.class, CRC32C.class, TimeUnit.class))
                        .or(arraysAndPrimitives()))
                .check(MAIN);
    }

    @Test
    void theCoreReadsNoClockDrawsNoRandomNumberAndStartsNoThread() {
        noClasses()
                .that()
                .resideInAPackage(CORE)
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "identityHashCode", Object.class)
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .dependOnClassesThat(belongToAnyOf(Random.class, UUID.class, Instant.class, Thread.class))
                .check(MAIN);
    }

    @Test
    void theCoreIteratesOverNothingWhoseOrderDiffersFromRunToRun() {
        noClasses()
                .that()
                .resideInAPackage(CORE)
                .should()
                .dependOnClassesThat(belongToAnyOf(HashMap.class, HashSet.class, IdentityHashMap.class)
                        .and(not(belongToAnyOf(LinkedHashMap.class, LinkedHashSet.class))))
                .orShould()
                .callMethodWhere(ofOrCopyOf())
                .orShould()
                .callMethod(BaseStream.class, "parallel")
                .check(MAIN);
    }

    @Test
    void thePackagesAreFreeOfCycles() {
        SlicesRuleDefinition.slices()
                .matching("io.holdfast.zab.(*)..")
                .should()
                .beFreeOfCycles()
                .check(MAIN);
    }

    @Test
    void thePhasesOfTheCoreAreFreeOfCycles() {
        SlicesRuleDefinition.slices()
                .matching("io.holdfast.zab.core.(*)..")
                .should()
                .beFreeOfCycles()
                .check(MAIN);
    }

    @Test
    void theLogAndTheNetKnowTheCoresRecordsAndNotEachOther() {
        noClasses()
                .that()
                .resideInAPackage(LOG)
                .should()
                .dependOnClassesThat(resideInAnyPackage(NET, NODE, "io.vertx..", "io.netty.."))
                .check(MAIN);
        noClasses()
                .that()
                .resideInAPackage(NET)
                .should()
                .dependOnClassesThat(resideInAnyPackage(LOG, NODE))
                .allowEmptyShould(true)
                .check(MAIN);
        noClasses()
                .that()
                .resideInAnyPackage(LOG, NET)
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("io.holdfast.zab.core.Zab")
                .check(MAIN);
    }

    @Test
    void onlyTheFileDiskAndItsCheckAndCertificatesSeeFilesAndOthersTheirNamesAtMost() {
        noClasses()
                .that(not(JavaClass.Predicates.belongTo(JavaClass.Predicates.equivalentTo(FileDisk.class))))
                .and()
                .doNotHaveFullyQualifiedName("io.holdfast.zab.log.DirectoryAccess")
                .and()
                .resideOutsideOfPackage(TLS)
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.nio.file..", "java.nio.channels..")
                        .and(not(belongToAnyOf(Path.class))))
                .orShould()
                .dependOnClassesThat(belongToAnyOf(File.class, RandomAccessFile.class))
                .check(MAIN);
    }

    @Test
    void onlyTheNetAndTheNodeAndWhatReadsKeysSeeVertx() {
        noClasses()
                .that(not(resideInAnyPackage(NET, NODE, TLS)))
                .should()
                .dependOnClassesThat(resideInAPackage("io.vertx.."))
                .check(MAIN);
    }

    @Test
    void noTestSleeps() {
        noClasses().should().callMethod(Thread.class, "sleep", long.class).check(TESTS);
    }

    private static DescribedPredicate<JavaClass> arraysAndPrimitives() {
        return DescribedPredicate.describe("arrays and primitives", type -> type.isArray() || type.isPrimitive());
    }

    private static DescribedPredicate<JavaCall<?>> ofOrCopyOf() {
        return DescribedPredicate.describe(
                "Map.of, Set.of and their kin",
                call -> (call.getTargetOwner().isEquivalentTo(Map.class)
                                || call.getTargetOwner().isEquivalentTo(Set.class))
                        && call.getName().matches("of|ofEntries|copyOf"));
    }
}
