package io.holdfast.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.api.GrantRequest;
import io.holdfast.ensemble.Mutations;
import io.holdfast.lock.LockTable;
import io.holdfast.server.config.NodeSettings;
import io.holdfast.server.rest.input.Bodies;
import io.holdfast.server.rest.input.InputTargets;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Zab;
import io.holdfast.zab.log.DiskFile;
import io.vertx.core.buffer.Buffer;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Damaged bytes for everything that reads bytes of clients, peers, issuers and disks: each reader takes them or refuses
 * them as it declares, in bounded memory, and leaves nothing behind that stops a node.
 *
 * <p>{@code -Dholdfast.fuzz.seed} draws other damage, {@code -Dholdfast.fuzz.times} more of it. {@code -Pfuzz} tries
 * the same targets by coverage.
 */
class FuzzTest {

    private static final long SEED = Long.getLong("holdfast.fuzz.seed", 1);
    private static final int TIMES = Integer.getInteger("holdfast.fuzz.times", 1);

    /** Types of what comes from outside. */
    private static final Set<Class<?>> BYTES = Set.of(
            ByteBuffer.class,
            byte[].class,
            InputStream.class,
            DataInputStream.class,
            Buffer.class,
            Payload.class,
            DiskFile.class);

    private static final Pattern READS =
            Pattern.compile("(decode|read|parse|feed|head|verify|election|replication).*|of|text|get|check|answer");

    /** What looks like a reader of such bytes and needs no target, with the reason. */
    private static final SortedMap<String, String> WITHOUT = new TreeMap<>(Map.ofEntries(
            Map.entry("io.holdfast.lock.Digest", "of bytes that were encoded here"),
            Map.entry(
                    "io.holdfast.server.replica.LockStateMachine$Factory",
                    "the state and the screen, which have targets"),
            Map.entry("io.holdfast.server.rest.BodyReader$Outcome", "has a body, and does not look at it"),
            Map.entry("io.holdfast.server.rest.Gate$1", "has a body, and does not look at it"),
            Map.entry("io.holdfast.server.rest.RecordReader", "reads by Bodies"),
            Map.entry("io.holdfast.server.rest.input.Bodies$Body", "part of Bodies"),
            Map.entry("io.holdfast.zab.core.Payload", "is the bytes"),
            Map.entry("io.holdfast.zab.log.BackupFile$Part", "is the bytes"),
            Map.entry("io.holdfast.zab.log.DiskFile", "is the bytes"),
            Map.entry("io.holdfast.zab.log.FileDisk$OpenFile", "is the bytes"),
            Map.entry("io.holdfast.zab.node.StateMachineFactory", "the state machine's, which has targets")));

    static Stream<String> names() {
        return Targets.ALL.stream().map(FuzzTarget::name);
    }

    static FuzzTarget named(String name) {
        return Targets.ALL.stream()
                .filter(target -> target.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("names")
    void damagedBytesAreTakenOrRefusedAsDeclared(String name) throws IOException {
        FuzzTarget target = named(name);
        assertTrue(target.samples().stream().anyMatch(target::takes), "no sample without a fault is taken");
        Mutations mutations = new Mutations(SEED * 31 + name.hashCode());
        int refused = 0;
        byte[] other = target.samples().get(0);
        for (int i = 0; i < target.inputs() * TIMES; i++) {
            byte[] sample = target.samples().get(i % target.samples().size());
            byte[] input = mutations.of(sample, other);
            other = sample;
            try {
                refused += target.takes(input.clone()) ? 0 : 1;
            } catch (AssertionError e) {
                Path file = Files.createDirectories(Path.of("target", "fuzz")).resolve(name + "-" + i);
                Files.write(file, input);
                throw new AssertionError("seed " + SEED + ", input " + i + ", kept in " + file, e);
            }
        }
        assertTrue(target.declared().isEmpty() || refused > 0, "no damage is refused");
    }

    @Test
    void aBuildTriesAHundredThousandInputs() {
        int inputs = Targets.ALL.stream().mapToInt(FuzzTarget::inputs).sum();
        assertTrue(inputs >= 100_000, inputs + " inputs");
        assertEquals(Targets.ALL.size(), names().distinct().count(), "two targets have one name");
    }

    @Test
    void everyReaderOfForeignBytesHasATarget() throws IOException {
        Set<String> missing = new TreeSet<>();
        for (Class<?> type : ClassesOf.all(Zab.class, LockTable.class, NodeSettings.class)) {
            boolean reads = Stream.of(type.getDeclaredMethods())
                    .anyMatch(method -> !Modifier.isPrivate(method.getModifiers())
                            && !method.isSynthetic()
                            && READS.matcher(method.getName()).matches()
                            && Stream.of(method.getParameterTypes()).anyMatch(BYTES::contains));
            if (reads) {
                missing.add(type.getName());
            }
        }
        Targets.ALL.forEach(target -> target.readers().forEach(reader -> missing.remove(reader.getName())));
        assertEquals(WITHOUT.keySet(), missing, "each needs a target in Targets, or a reason in WITHOUT");
    }

    @Test
    void everyBodyOfACallHasATarget() throws IOException {
        Set<Class<?>> bodies = ClassesOf.all(GrantRequest.class).stream()
                .filter(Bodies::isBody)
                .collect(Collectors.toSet());
        assertEquals(bodies, InputTargets.bodies());
    }
}
