package io.holdfast.simulator.mutation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.holdfast.simulator.mutation.Kills.Kill;
import io.holdfast.simulator.mutation.Mutant.Catch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The invariants would notice: each mutation (correctness.md#mutations-that-it-catches) is caught in a world that is
 * known to catch it.
 */
final class MutationTest {

    /** How many worlds are tried when the known one does not catch it any more, because a change made it another. */
    private static final long SEEDS_MAX = 1_000;

    private static final Map<String, Kill> NOW = new TreeMap<>();

    static Stream<Mutation> hunted() throws IOException {
        Map<String, Kill> kills = Kills.read();
        assertEquals(Mutation.ids(), kills.keySet().stream().toList(), "hunt the others, see MutationHunt");
        NOW.putAll(kills);
        Stream.Builder<Mutation> hunted = Stream.builder();
        for (Kill kill : kills.values()) {
            Mutation mutation = Mutation.read(kill.id());
            if (kill.survives()) {
                // Nothing to run, but it must still be a change of the code as it is.
                Mutant.of(mutation);
            } else {
                hunted.add(mutation);
            }
        }
        return hunted.build();
    }

    @ParameterizedTest
    @MethodSource("hunted")
    void aMutationIsCaught(Mutation mutation) throws Exception {
        Kill known = NOW.get(mutation.id());
        Mutant mutant = Mutant.of(mutation);
        Catch caught = mutant.run(known.seed());
        for (long seed = 1; caught == null && seed <= SEEDS_MAX; seed++) {
            caught = mutant.run(seed);
            known = new Kill(known.id(), seed, seed, caught == null ? "-" : caught.invariant());
        }
        assertNotNull(
                caught,
                () -> mutation + ": caught by no seed up to " + SEEDS_MAX + "; hunt it with src/simulator/hunt 100000 "
                        + mutation.id());
        NOW.put(mutation.id(), new Kill(known.id(), known.seed(), known.tried(), caught.invariant()));
    }

    /** What the mutation of the counter needs so that it shows, and the right way to deal with it. */
    @Test
    void aLeaderWhoseCounterIsUsedUpMakesWayForANewEpoch() throws Exception {
        Mutant narrow = Mutant.of(Mutation.read("narrow-counter"));
        for (long seed = 1; seed <= 6; seed++) {
            assertNull(narrow.run(seed), "seed " + seed);
        }
    }

    /** Histories are too short there to be fetched in more than one part, so the parts are made small. */
    @ParameterizedTest
    @ValueSource(longs = {476, 535, 752})
    void aCandidateThatFetchesAHistoryInManyPartsLeads(long seed) throws Exception {
        assertNull(Mutant.of(Mutation.read("narrow-parts")).run(seed));
    }

    @AfterAll
    static void writeTheTable() throws IOException {
        Files.writeString(Path.of("target", "mutations.md"), Kills.table(NOW));
    }
}
