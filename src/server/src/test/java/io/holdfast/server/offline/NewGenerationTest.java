package io.holdfast.server.offline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.lock.Limits;
import io.holdfast.server.offline.NewGeneration.Past;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** No number that was given is given again, whatever is restored when. */
class NewGenerationTest {

    private static final long START = Instant.parse("2026-11-21T16:00:00Z").toEpochMilli();

    /** An ensemble that is alive, and the copies that were made of it. */
    private static final class Ensemble {
        private final List<Past> copies = new ArrayList<>();
        private long generation;
        private long epoch;
        private long token;

        Ensemble(long generation, long epoch, long token) {
            this.generation = generation;
            this.epoch = epoch;
            this.token = token;
        }

        Past copy() {
            Past copy = new Past(generation, epoch, token);
            copies.add(copy);
            return copy;
        }
    }

    @Test
    void whateverCopyIsRestoredWhenAllNumbersAreAboveThoseOfAllEnsemblesBefore() throws CommandException {
        for (long seed = 1; seed <= 50; seed++) {
            Random random = new Random(seed);
            long now = START;
            Ensemble alive = new Ensemble(1, 0, 0);
            List<Past> copies = new ArrayList<>(List.of(alive.copy()));
            long highestToken = 0;
            long highestEpoch = 0;
            long highestGeneration = 1;
            for (int step = 0; step < 200; step++) {
                long seconds = 2 + random.nextInt(random.nextBoolean() ? 10 : 1_000_000);
                now += seconds * 1_000;
                // As fast as no ensemble is.
                alive.token += (long) (seconds * random.nextDouble() * 1_000_000);
                alive.epoch += (long) (seconds * random.nextDouble() * 0.9);
                highestToken = Math.max(highestToken, alive.token);
                highestEpoch = Math.max(highestEpoch, alive.epoch);
                copies.add(alive.copy());
                if (random.nextInt(3) == 0) {
                    Past copy = copies.get(random.nextInt(copies.size()));
                    NewGeneration next = NewGeneration.after(copy, now);
                    String when = "seed " + seed + ", step " + step;
                    assertTrue(next.tokensAbove() >= highestToken, when);
                    assertTrue(next.at().epoch() > highestEpoch, when);
                    assertTrue(next.generation() > highestGeneration, when);
                    highestGeneration = next.generation();
                    alive = new Ensemble(next.generation(), next.at().epoch(), next.tokensAbove());
                }
            }
        }
    }

    @Test
    void aClockBehindWhatTheCopyShowsIsNotFollowed() throws CommandException {
        Past past = new Past(START + 5_000, 1_500_000_000L, 1L << 50);
        NewGeneration next = NewGeneration.after(past, START);
        assertEquals(START + 5_001, next.generation());
        assertTrue(next.at().epoch() > past.epoch());
        assertTrue(next.tokensAbove() >= past.lastToken() + (1L << 40));
    }

    @Test
    void tokensLastForCenturiesAndTheirEndIsSaid() throws CommandException {
        Past past = new Past(1, 5, 5);
        long in60years = Instant.parse("2086-11-21T00:00:00Z").toEpochMilli();
        assertTrue(NewGeneration.after(past, in60years).tokensAbove() < Limits.TOKEN_MAX / 2);
        long tooLate = Instant.parse("2400-01-01T00:00:00Z").toEpochMilli();
        assertThrows(CommandException.class, () -> NewGeneration.after(past, tooLate));
    }
}
