package io.holdfast.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.simulator.Simulation.Outcome;
import io.holdfast.simulator.world.Counts;
import io.holdfast.simulator.world.Fault;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Whole worlds under faults: what is promised holds whatever fails. {@code -Dseed} and {@code -Dseeds} choose. */
final class SimulationTest {

    private static final int SEEDS = Integer.getInteger("seeds", 120);
    private static final long FIRST = Long.getLong("seed", 1);
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(20);

    /** What commands of clients end with, besides outcomes that only a careless client has, or a crowd of them. */
    private static final Set<String> USUAL = Set.of(
            "BreakAnnounced",
            "Broken",
            "Cancelled",
            "Deadlock",
            "GrantEnded",
            "Granted",
            "LimitMismatch",
            "LockDelayed",
            "LockHeld",
            "ModeChanged",
            "ModeRefused",
            "Released",
            "SessionClosed",
            "Transferred",
            "TransferRefused",
            "Waiting",
            "YieldRequested");

    private final Counts counts = new Counts();
    private final long begun = System.nanoTime();

    @Test
    void everySeedThatEverFoundSomethingFindsNothingAnyMore() throws IOException {
        for (long seed : regressionSeeds()) {
            run(seed);
        }
    }

    @Test
    void everyInvariantHoldsWhateverFails() {
        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
            run(seed);
        }
        print("fixed seeds from " + FIRST);
        // Worlds in which nothing gets through, or nothing fails, would prove nothing.
        assertTrue(counts.answered() > 10L * SEEDS && counts.leaders() > SEEDS, () -> Summary.line(counts, 0));
        if (SEEDS >= 100) {
            assertEquals(3, counts.syncs().size(), () -> "every way of synchronizing: " + counts.syncs());
            assertEquals(Fault.Kind.values().length, counts.faults().size(), () -> "every fault: " + counts.faults());
            assertTrue(counts.results().keySet().containsAll(USUAL), () -> "every outcome: " + counts.results());
        }
    }

    @Test
    void everyInvariantHoldsInWorldsThatNobodyHasSeen() {
        long first = System.currentTimeMillis() * 1_000;
        System.out.println("fresh seeds from " + first);
        for (long seed = first; System.nanoTime() - begun < FRESH_NANOS; seed++) {
            run(seed);
        }
        print("fresh seeds from " + first);
    }

    /** Worlds of these seeds have an administrator who takes rights from clients while they work. */
    @Test
    void whatWasRevokedTakesNoEffectAtANodeThatLags() {
        Counts judged = new Counts();
        for (long seed = 1_012; seed < 1_012 + 8 * 16; seed += 16) {
            Outcome outcome = Simulation.run(seed);
            assertNull(outcome.violation(), () -> Failure.describe(outcome));
            judged.add(outcome.counts());
        }
        Set<String> seen = judged.results().keySet();
        assertTrue(seen.containsAll(Set.of("AclChanged", "RulesReplaced", "Granted")), () -> "only " + seen);
    }

    @Test
    void theSameSeedMakesTheSameWorld() {
        for (long seed = 7_000; seed < 7_010; seed++) {
            assertEquals(Simulation.run(seed).hash(), Simulation.run(seed).hash(), "seed " + seed);
        }
        assertNotEquals(Simulation.run(7_000).hash(), Simulation.run(7_001).hash());
    }

    @Test
    void aTimelineTellsTheStoryWithoutChangingIt() {
        List<String> lines = Simulation.timeline(7_002, Set.of(), 100_000);
        assertTrue(lines.stream().anyMatch(line -> line.contains("LEADING BROADCAST")), "somebody led");
        assertTrue(lines.stream().anyMatch(line -> line.contains("Proposal")), "somebody proposed");
    }

    private void run(long seed) {
        Outcome outcome = Simulation.run(seed);
        counts.add(outcome.counts());
        if (outcome.violation() != null) {
            throw new AssertionError(Failure.describe(outcome), outcome.violation());
        }
    }

    private void print(String what) {
        System.out.println(what + ": " + Summary.table(counts, System.nanoTime() - begun));
    }

    private static List<Long> regressionSeeds() throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(SimulationTest.class.getResourceAsStream("/regression-seeds.txt")),
                StandardCharsets.UTF_8))) {
            return lines.lines()
                    .map(line -> line.replaceAll("#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .map(Long::valueOf)
                    .toList();
        }
    }
}
