package io.holdfast.client.internal;

import static io.holdfast.client.SessionState.CLOSED;
import static io.holdfast.client.SessionState.CONNECTED;
import static io.holdfast.client.SessionState.LOST;
import static io.holdfast.client.SessionState.STOPPING;
import static io.holdfast.client.SessionState.SUSPENDED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.client.SessionState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The arithmetic of a lease, driven by made-up clocks. */
class LeaseClockTest {

    private static final long TTL = 10_000;
    private static final LeaseTerms TERMS = new LeaseTerms(TTL, null);

    /** Both clocks run alike. */
    private static Mark at(long millis) {
        return at(millis, millis);
    }

    private static Mark at(long monotonicMillis, long wallMillis) {
        // An origin that overflows soon: only differences count.
        return new Mark(Long.MAX_VALUE - 5_000_000_000L + monotonicMillis * 1_000_000, wallMillis);
    }

    private static LeaseClock opened() {
        return new LeaseClock(TERMS, at(0), TTL, 1);
    }

    @Test
    void theStatesFollowTheTable() {
        LeaseClock clock = opened();
        assertEquals(CONNECTED, clock.at(at(0)));
        assertEquals(CONNECTED, clock.at(at(4_999)));
        assertEquals(SUSPENDED, clock.at(at(5_000)));
        assertEquals(SUSPENDED, clock.at(at(7_889)));
        assertEquals(STOPPING, clock.at(at(7_890)));
        assertEquals(STOPPING, clock.at(at(9_889)));
        assertEquals(LOST, clock.at(at(9_890)));
        assertEquals(0, clock.remainingNanos(at(0)), "what was lost has nothing left, whichever moment is asked for");
    }

    @Test
    void remainingIsRightWithoutAnythingThatLookedBefore() {
        assertEquals(9_890_000_000L, opened().remainingNanos(at(0)));
        assertEquals(1_000_000L, opened().remainingNanos(at(9_889)));
        assertEquals(0, opened().remainingNanos(at(9_890)));
        assertEquals(0, opened().remainingNanos(at(3_600_000)));
    }

    @Test
    void aProcessThatStoodStillSeesTheLossInItsFirstCall() {
        LeaseClock clock = opened();
        assertEquals(CONNECTED, clock.at(at(3_000)));
        // SIGSTOP for twelve seconds; an answer that waited in the socket is read first.
        assertFalse(clock.confirm(at(2_900), at(15_000), TTL, 1));
        assertEquals(LOST, clock.at(at(15_000)));
        assertFalse(clock.confirm(at(15_001), at(15_002), TTL, 1), "what was lost is never revived");
    }

    @Test
    void aMachineThatWasSuspendedCountsAndAWallClockThatWasSetBackDoesNot() {
        LeaseClock suspended = opened();
        assertEquals(LOST, suspended.at(at(1_000, 60_000)));
        LeaseClock setBack = opened();
        assertEquals(CONNECTED, setBack.at(at(1_000, -3_600_000)));
        assertEquals(LOST, setBack.at(at(9_890, -3_600_000)));
        LeaseClock adjusted = opened();
        assertEquals(8_890_000_000L, adjusted.remainingNanos(at(1_000, 1_500)), "half a second is an adjustment");
        assertEquals(8_790_000_000L, opened().remainingNanos(at(1_000, 1_600)));
        assertEquals(LOST, opened().at(new Mark(at(1).monotonicNanos(), Long.MAX_VALUE)));
    }

    @Test
    void aLeaseCountsFromTheSendingOfItsRequest() {
        LeaseClock clock = opened();
        assertTrue(clock.confirm(at(3_300), at(6_000), TTL, 1));
        assertEquals(CONNECTED, clock.at(at(8_299)));
        assertEquals(SUSPENDED, clock.at(at(8_300)));
        assertEquals(LOST, clock.at(at(13_190)));
    }

    @Test
    void anAnswerThatCrossedAnotherDoesNotShortenTheLease() {
        LeaseClock clock = opened();
        assertTrue(clock.confirm(at(5_000), at(5_100), TTL, 1));
        assertTrue(clock.confirm(at(3_300), at(5_200), TTL, 1));
        assertEquals(9_890_000_000L, clock.remainingNanos(at(5_000)));
    }

    @Test
    void stoppingIsForGoodButTheWorkGetsMoreTimeToEnd() {
        LeaseClock clock = opened();
        assertEquals(STOPPING, clock.at(at(8_000)));
        assertTrue(clock.confirm(at(7_500), at(8_100), TTL, 1));
        assertEquals(STOPPING, clock.at(at(8_100)));
        assertFalse(clock.isFresh(at(8_100)));
        assertEquals(STOPPING, clock.at(at(17_389)));
        assertEquals(LOST, clock.at(at(17_390)));
    }

    @Test
    void stoppingIsForGoodAlsoWhenNothingLookedBeforeTheAnswer() {
        LeaseClock clock = opened();
        assertTrue(clock.confirm(at(7_000), at(8_500), TTL, 1));
        assertEquals(STOPPING, clock.at(at(8_500)));
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, Long.MAX_VALUE / 1_000_000, 3_600_000, TTL + 1})
    void aServerThatSaysMoreThanWasAskedForIsNotBelieved(long said) {
        LeaseClock clock = new LeaseClock(TERMS, at(0), said, 1);
        assertEquals(9_890_000_000L, clock.remainingNanos(at(0)));
        assertTrue(clock.confirm(at(1_000), at(1_001), said, 1));
        assertEquals(9_890_000_000L, clock.remainingNanos(at(1_000)));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, 1, 99})
    void aServerThatSaysNextToNothingIsBelieved(long said) {
        assertEquals(LOST, new LeaseClock(TERMS, at(0), said, 1).at(at(0)));
        LeaseClock clock = opened();
        assertFalse(clock.confirm(at(1_000), at(1_001), said, 1) && clock.at(at(1_001)) != LOST);
        assertEquals(LOST, clock.at(at(1_002)));
    }

    @Test
    void theDriftThatTheServerTellsShortensTheLease() {
        assertEquals(9_850_000_000L, new LeaseClock(TERMS, at(0), TTL, 5).remainingNanos(at(0)));
        assertEquals(9_890_000_000L, new LeaseClock(TERMS, at(0), TTL, null).remainingNanos(at(0)));
        assertEquals(9_890_000_000L, new LeaseClock(TERMS, at(0), TTL, 0).remainingNanos(at(0)), "never less than one");
        assertEquals(9_890_000_000L, new LeaseClock(TERMS, at(0), TTL, -7).remainingNanos(at(0)));
        assertEquals(LOST, new LeaseClock(TERMS, at(0), TTL, Integer.MAX_VALUE).at(at(0)));
        LeaseClock clock = opened();
        assertTrue(clock.confirm(at(1_000), at(1_001), TTL, 10));
        assertEquals(9_800_000_000L, clock.remainingNanos(at(1_000)));
    }

    @Test
    void theEndThatTheServerSaysAndThatOfTheOwnerAreAtOnce() {
        LeaseClock ended = opened();
        ended.end();
        assertEquals(LOST, ended.at(at(1)));
        assertEquals(0, ended.remainingNanos(at(1)));
        LeaseClock closed = opened();
        closed.close();
        assertEquals(CLOSED, closed.at(at(1)));
        ended.close();
        assertEquals(LOST, ended.at(at(1)), "what was lost was not closed");
    }

    @Test
    void aGraceOfOnesOwnMovesTheStopOnly() {
        assertEquals(STOPPING, new LeaseClock(new LeaseTerms(TTL, 3_000L), at(0), TTL, 1).at(at(6_890)));
        assertEquals(SUSPENDED, new LeaseClock(new LeaseTerms(TTL, 3_000L), at(0), TTL, 1).at(at(6_889)));
        assertEquals(SUSPENDED, new LeaseClock(new LeaseTerms(TTL, 0L), at(0), TTL, 1).at(at(9_889)));
        // Longer than there is: not before the lease is in danger.
        assertEquals(CONNECTED, new LeaseClock(new LeaseTerms(TTL, 60_000L), at(0), TTL, 1).at(at(4_999)));
        assertEquals(STOPPING, new LeaseClock(new LeaseTerms(TTL, 60_000L), at(0), TTL, 1).at(at(5_000)));
    }

    @Test
    void timersAreToldWhenSomethingIsDue() {
        LeaseClock clock = opened();
        assertEquals(3_333, clock.keepaliveInMillis(at(0)));
        assertEquals(0, clock.keepaliveInMillis(at(3_333)));
        assertEquals(1_666, clock.patienceMillis());
        for (long now = 0, steps = 0; clock.at(at(now)) != LOST; steps++) {
            long next = clock.changeInMillis(at(now));
            SessionState before = clock.at(at(now));
            assertEquals(before, clock.at(at(now + next - 1)));
            now += next;
            assertTrue(clock.at(at(now)) != before && steps < 3);
        }
        assertEquals(Long.MAX_VALUE, clock.changeInMillis(at(20_000)));
    }

    /**
     * A server and a client with clocks of their own, a network that delays, loses and reorders, a process that stands
     * still and a wall clock that is set: whatever happens, the client never believes in a lease that the server has
     * ended.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theClientNeverBelievesInALeaseThatTheServerHasEnded(long seed) {
        int believed = 0;
        int losses = 0;
        for (int run = 0; run < 300; run++) {
            Run one = new Run(new Random(seed * 1_000 + run));
            one.run();
            believed += one.believed;
            losses += one.lost ? 1 : 0;
        }
        assertTrue(believed > 10_000 && losses > 20 && losses < 300, "believed " + believed + ", lost " + losses);
    }

    private static final class Run {
        private record Answer(long arrives, Mark sent) {}

        private final Random random;
        private final long ttl;
        private final double serverRate;
        private final LeaseClock clock;
        private final List<Answer> answers = new ArrayList<>();
        private long wallOffset;
        private double serverEnd;
        private int believed;
        private boolean lost;

        Run(Random random) {
            this.random = random;
            this.ttl = 1_000 + random.nextInt(20_000);
            // The leader waits ttl × (1 + drift) on a clock that may be a thousandth fast.
            this.serverRate = 1 + (random.nextDouble() * 2 - 1) / 1_000;
            this.clock = new LeaseClock(new LeaseTerms(ttl, null), at(0), ttl, 1);
            this.serverEnd = end(random.nextInt(50));
        }

        /** When the server ends a lease that it confirmed at that moment, in true time. */
        private double end(long confirmedAt) {
            return confirmedAt + ttl * 1.001 / serverRate;
        }

        void run() {
            boolean broken = random.nextInt(3) == 0;
            long now = 0;
            while (now < 20 * ttl && !lost) {
                now += random.nextInt(500) == 0 ? random.nextInt((int) (2 * ttl)) : random.nextInt((int) (ttl / 10));
                if (random.nextInt(40) == 0) {
                    wallOffset -= random.nextInt(20) == 0 ? -random.nextInt(10_000) : random.nextInt(7_200_000);
                }
                Mark mark = at(now, now + wallOffset);
                boolean cut = broken && now > 5 * ttl;
                if (!cut && random.nextInt(3) == 0) {
                    send(now, mark);
                }
                receive(now, mark);
                if (clock.remainingNanos(mark) > 0) {
                    believed++;
                    assertTrue(now < serverEnd, "believed at " + now + ", ended at " + serverEnd);
                    assertTrue(clock.at(mark) != LOST);
                } else {
                    lost = true;
                }
            }
        }

        private void send(long now, Mark mark) {
            long arrives = now + random.nextInt((int) (random.nextInt(10) == 0 ? ttl : ttl / 8));
            if (arrives < serverEnd && random.nextInt(4) != 0) {
                serverEnd = Math.max(serverEnd, end(arrives));
                answers.add(new Answer(
                        arrives + random.nextInt((int) (random.nextInt(10) == 0 ? 2 * ttl : ttl / 8)), mark));
            }
        }

        private void receive(long now, Mark mark) {
            List<Answer> there =
                    answers.stream().filter(answer -> answer.arrives() <= now).toList();
            answers.removeAll(there);
            List<Answer> shuffled = new ArrayList<>(there);
            Collections.shuffle(shuffled, random);
            shuffled.forEach(answer -> clock.confirm(answer.sent(), mark, random.nextBoolean() ? ttl : 3 * ttl, 1));
        }
    }
}
