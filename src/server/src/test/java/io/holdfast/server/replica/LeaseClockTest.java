package io.holdfast.server.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.lock.Claim;
import io.holdfast.lock.Command;
import io.holdfast.lock.CommandCodec;
import io.holdfast.lock.Limits;
import io.holdfast.lock.LockTable;
import io.holdfast.lock.Mode;
import io.holdfast.lock.Result;
import io.holdfast.zab.core.Payload;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LeaseClockTest {

    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long EPOCH = 7;
    private static final long TTL_MILLIS = 2_000;

    private final LockTable table = new LockTable();
    private final Deque<Promise<Void>> rounds = new ArrayDeque<>();
    private final List<Command> proposed = new ArrayList<>();
    private final List<Long> epochs = new ArrayList<>();
    private final List<Long> paused = new ArrayList<>();
    private boolean hasRoom = true;
    private long now = TICK * 1_000;
    private long revision = (EPOCH << 32) + 1;
    private LeaseClock clock;

    @BeforeEach
    void leadWithOneSession() {
        clock = new LeaseClock(ensemble(), () -> now, () -> 0L, TICK);
    }

    private LeaseClock.Ensemble ensemble() {
        return new LeaseClock.Ensemble() {
            @Override
            public Future<Void> confirmLeadership() {
                Promise<Void> round = Promise.promise();
                rounds.add(round);
                return round.future();
            }

            @Override
            public boolean propose(long epoch, Payload payload) {
                if (hasRoom) {
                    proposed.add(CommandCodec.decode(payload.buffer()));
                    epochs.add(epoch);
                }
                return hasRoom;
            }

            @Override
            public void paused(long nanos) {
                paused.add(nanos);
            }
        };
    }

    private long open(long ttlMillis) {
        Result result = apply(new Command.OpenSession("key" + revision, ttlMillis, "", "", 0));
        return assertInstanceOf(Result.SessionOpened.class, result).session().id();
    }

    private Result apply(Command command) {
        var applied = table.apply(revision++, command);
        clock.applied(applied);
        return applied.result();
    }

    private void passTicks(long ticks) {
        for (long i = 0; i < ticks; i++) {
            now += TICK;
            clock.tick();
        }
    }

    private void passMillis(long millis) {
        passTicks(TimeUnit.MILLISECONDS.toNanos(millis) / TICK);
    }

    private void confirmRound() {
        rounds.remove().complete();
    }

    @Test
    void aLeaseIsOverOnlyAfterAQuorumRoundThatBeganWhenItWasDue() {
        clock.lead(EPOCH, table);
        long session = open(TTL_MILLIS);

        passMillis(TTL_MILLIS);
        assertTrue(rounds.isEmpty(), "nothing is due before the ttl is over");
        passTicks(2);
        assertEquals(1, rounds.size());
        assertTrue(proposed.isEmpty(), "nothing is proposed before the round");

        confirmRound();
        assertEquals(List.of(new Command.ExpireSessions(List.of(session), 0)), proposed);
        assertEquals(List.of(EPOCH), epochs);
    }

    @Test
    void aKeepaliveDuringTheRoundSavesTheLease() {
        clock.lead(EPOCH, table);
        long session = open(TTL_MILLIS);
        passMillis(TTL_MILLIS + 200);
        assertEquals(1, rounds.size());

        clock.touched(TouchNote.encode(List.of(session)));
        confirmRound();

        assertTrue(proposed.isEmpty());
        passMillis(TTL_MILLIS);
        assertTrue(proposed.isEmpty() && rounds.isEmpty(), "the keepalive gave a full ttl");
    }

    @Test
    void aRoundThatFailsEndsNothingAndIsTriedAgain() {
        clock.lead(EPOCH, table);
        open(TTL_MILLIS);
        passMillis(TTL_MILLIS + 200);

        rounds.remove().fail("no quorum");
        assertTrue(proposed.isEmpty());

        passTicks(1);
        confirmRound();
        assertEquals(1, proposed.size());
    }

    @Test
    void aLeaderThatStoodStillExtendsEveryLeaseByThePause() {
        clock.lead(EPOCH, table);
        open(TTL_MILLIS);
        passMillis(1_000);

        now += TimeUnit.SECONDS.toNanos(20);
        clock.tick();
        passMillis(800);
        assertTrue(rounds.isEmpty(), "of the ttl of 2 s only 1.9 s have passed besides the pause");

        passMillis(600);
        confirmRound();
        assertEquals(1, proposed.size());
        assertEquals(List.of(TimeUnit.SECONDS.toNanos(20) - TICK), paused);
    }

    @Test
    void aNodeThatIsLateAtEveryTickStillEndsLeases() {
        long late = LeaseClock.PAUSE_NANOS + TICK;
        for (long tick : List.of(TICK, TICK / 10, TICK * 5)) {
            rounds.clear();
            proposed.clear();
            clock = new LeaseClock(ensemble(), () -> now, () -> 0L, tick);
            clock.lead(EPOCH, table);
            open(TTL_MILLIS);
            long opened = now;

            while (proposed.isEmpty() && now - opened < TimeUnit.MINUTES.toNanos(1)) {
                now += tick + late;
                clock.tick();
                while (!rounds.isEmpty()) {
                    confirmRound();
                }
            }
            long took = TimeUnit.NANOSECONDS.toMillis(now - opened);
            assertTrue(took >= TTL_MILLIS, "ended early, after " + took + " ms");
            assertTrue(took < 2 * TTL_MILLIS, "ended after " + took + " ms");
        }
    }

    @Test
    void aShortDelayIsNoPauseHoweverFastTheClockTicks() {
        clock = new LeaseClock(ensemble(), () -> now, () -> 0L, TICK / 10);
        clock.lead(EPOCH, table);
        open(TTL_MILLIS);
        for (int i = 0; i < 100; i++) {
            now += TICK / 10 + LeaseClock.PAUSE_NANOS / 2;
            clock.tick();
        }
        assertEquals(List.of(), paused);
    }

    @Test
    void standingStillTwiceInARowIsTwoPauses() {
        clock.lead(EPOCH, table);
        open(TTL_MILLIS);
        for (int i = 0; i < 2; i++) {
            now += TimeUnit.SECONDS.toNanos(20);
            clock.tick();
        }
        assertEquals(2, paused.size());
        assertTrue(rounds.isEmpty());
    }

    @Test
    void aPauseIsSeenAlsoWhenAnotherEventComesBeforeTheTick() {
        clock.lead(EPOCH, table);
        open(TTL_MILLIS);
        passMillis(1_000);

        now += TimeUnit.SECONDS.toNanos(20);
        open(TTL_MILLIS * 10);
        passMillis(800);

        assertTrue(rounds.isEmpty());
    }

    @Test
    void aRoundFromBeforeAPauseConfirmsNothingAfterIt() {
        clock.lead(EPOCH, table);
        open(TTL_MILLIS);
        passMillis(TTL_MILLIS + 200);
        assertEquals(1, rounds.size());

        now += TimeUnit.SECONDS.toNanos(5);
        confirmRound();

        assertTrue(proposed.isEmpty());
    }

    @Test
    void aNewLeaderGivesEveryLeaseItsFullTtl() {
        long session = open(TTL_MILLIS);
        now += TimeUnit.SECONDS.toNanos(100);
        clock.lead(EPOCH, table);

        passMillis(TTL_MILLIS);
        assertTrue(rounds.isEmpty());
        assertTrue(clock.leftMillis(session) >= 0);
        passTicks(2);
        assertEquals(1, rounds.size());
    }

    @Test
    void whoDoesNotLeadEndsNothing() {
        clock.lead(EPOCH, table);
        long session = open(TTL_MILLIS);
        passMillis(TTL_MILLIS + 200);

        clock.stop();
        confirmRound();
        passMillis(TTL_MILLIS * 3);

        assertTrue(proposed.isEmpty() && rounds.isEmpty());
        assertEquals(-1, clock.leftMillis(session));
    }

    @Test
    void aWaitIsOverInTheSameTwoSteps() {
        clock.lead(EPOCH, table);
        long session = open(60_000);
        apply(new Command.Acquire("holder", session, "a/lock", Mode.EXCLUSIVE, 0, "", 0));
        apply(new Command.Acquire("waiter", session, "a/lock", Mode.EXCLUSIVE, 1_000, "", 0));

        passMillis(1_200);
        confirmRound();

        Command.ExpireWaits waits = assertInstanceOf(Command.ExpireWaits.class, proposed.get(0));
        assertEquals("waiter", waits.tickets().get(0).grant());
    }

    @Test
    void anExpiryThatFoundNoRoomIsCalledOffByAKeepaliveAndElseTriedAgain() {
        clock.lead(EPOCH, table);
        long kept = open(TTL_MILLIS);
        long lost = open(TTL_MILLIS);
        passMillis(TTL_MILLIS + 200);
        hasRoom = false;
        confirmRound();
        assertTrue(proposed.isEmpty());

        hasRoom = true;
        clock.touched(TouchNote.encode(List.of(kept)));
        passTicks(2);
        confirmRound();

        assertEquals(List.of(new Command.ExpireSessions(List.of(lost), 0)), proposed);
    }

    @Test
    void tenThousandLeasesThatEndTogetherEndInBoundedTransactionsAndARenewalBetweenThemCounts() {
        clock.lead(EPOCH, table);
        for (int i = 0; i < 10_000; i++) {
            open(TTL_MILLIS);
        }
        long last = open(TTL_MILLIS);
        passMillis(TTL_MILLIS + 200);
        confirmRound();
        int inOneTurn = proposed.size();
        assertTrue(inOneTurn < 10, "one turn proposes " + inOneTurn + " transactions, which others have to wait for");
        assertTrue(rounds.isEmpty(), "the rest has to wait for a round of its own");

        clock.touched(TouchNote.encode(List.of(last)));
        while (proposed.size() < 10) {
            passTicks(1);
            confirmRound();
        }
        passTicks(5);

        int ended = 0;
        for (Command command : List.copyOf(proposed)) {
            int sessions = assertInstanceOf(Command.ExpireSessions.class, command)
                    .sessions()
                    .size();
            assertTrue(sessions <= Limits.EXPIRY_ITEMS, sessions + " sessions in one transaction");
            ended += sessions;
            apply(command);
        }
        assertEquals(10_000, ended);
        assertEquals(1, table.sessionCount());
        assertTrue(clock.leftMillis(last) > 0, "the renewed one lives on");
        passMillis(TTL_MILLIS + 200);
        confirmRound();
        assertEquals(new Command.ExpireSessions(List.of(last), 0), proposed.get(proposed.size() - 1));
    }

    @Test
    void theLeaderGoesOnWithSessionsWhoseEndIsTooLargeForOneTransaction() {
        long large = open(TTL_MILLIS);
        for (int i = 0; i < 25; i++) {
            List<Claim> claims = new ArrayList<>();
            for (int k = 10; k < 74; k++) {
                claims.add(Claim.exclusive("l" + i + "/" + k));
            }
            apply(new Command.Acquire("g" + i, large, claims, 0, "", 0));
        }
        apply(new Command.CloseSession(large, 0));
        assertTrue(table.endingPlaces() > 500, () -> table.endingPlaces() + " places are left");

        clock.lead(EPOCH, table);
        passTicks(3);
        assertEquals(List.of(new Command.ContinueEndings(0)), proposed, "one transaction is enough and is waited for");
        apply(proposed.get(0));
        assertEquals(0, table.endingPlaces());
        assertEquals(0, table.sessionCount());
        passTicks(3);
        assertEquals(1, proposed.size());
    }
}
