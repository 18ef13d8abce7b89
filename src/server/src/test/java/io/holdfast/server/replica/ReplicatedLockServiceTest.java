package io.holdfast.server.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.lock.Claim;
import io.holdfast.server.caller.Caller;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole service on an ensemble of one, over its real log. */
@QuarkusTest
class ReplicatedLockServiceTest {

    private static final Caller ANYONE = Caller.anonymous();

    /** How long what must happen may take; shorter than the longest poll, at whose end everything is answered. */
    private static final Duration PATIENCE = Duration.ofSeconds(50);

    /** Of leases, waits and polls that are not meant to end. */
    private static final Duration LONG = Duration.ofMinutes(5);

    private static final long PAUSE_NANOS = 10_000_000;
    private static final Duration NONE = Duration.ZERO;

    @Inject
    LockService service;

    @Inject
    Replica replica;

    private String lock;

    @BeforeEach
    void nameALock() {
        lock = "tests/" + UUID.randomUUID();
    }

    private static <T> T await(Uni<T> uni) {
        return uni.await().atMost(PATIENCE);
    }

    private static <T> T inTime(CompletableFuture<T> future) {
        return future.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    private static Refused refusal(Uni<?> uni) {
        return assertThrows(Refused.class, () -> await(uni));
    }

    private static void eventually(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadline < 0, "not in time");
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private String open(Duration ttl) {
        return await(service.openSession(ANYONE, new SessionRequest(null, ttl, "tester", "")))
                .value()
                .id();
    }

    private AcquireRequest ask(String session, Duration waitFor, Duration poll) {
        return new AcquireRequest(
                UUID.randomUUID().toString(),
                session,
                List.of(Claim.exclusive(lock)),
                waitFor,
                "{\"why\":\"test\"}",
                poll);
    }

    private int waiting() {
        return await(service.lock(ANYONE, lock, ReadOptions.LINEARIZABLE))
                .value()
                .waiting();
    }

    private int polls() {
        CompletableFuture<Integer> size = new CompletableFuture<>();
        replica.onNode(() -> size.complete(replica.events().grantHolds().size()));
        return size.join();
    }

    @Test
    void aFreeLockIsGrantedAtOnceAndOnlyOnce() {
        String session = open(LONG);
        AcquireRequest request = ask(session, NONE, NONE);

        Answer<GrantView> first = await(service.acquire(ANYONE, request));
        Answer<GrantView> again = await(service.acquire(ANYONE, request));

        assertEquals(GrantView.State.GRANTED, first.value().state());
        assertTrue(first.value().token() > 0);
        assertTrue(first.value().fresh());
        assertFalse(again.value().fresh());
        assertEquals(first.value().token(), again.value().token());
        assertEquals("leader", first.at().role());
        assertTrue(again.at().revision().compareTo(first.at().revision()) > 0);
    }

    @Test
    void aTryOnAHeldLockSaysWhoHoldsIt() {
        String session = open(LONG);
        GrantView held =
                await(service.acquire(ANYONE, ask(session, NONE, NONE))).value();

        AcquireRequest request = ask(session, NONE, NONE);
        Refused refused = refusal(service.acquire(ANYONE, request));
        Refused again = refusal(service.acquire(ANYONE, request));

        assertEquals(Problem.LOCK_HELD, refused.problem());
        assertNotNull(refused.lock());
        assertEquals(held.id(), refused.lock().holders().get(0).id());
        assertEquals(Problem.LOCK_HELD, again.problem());
    }

    @Test
    void aReleaseCompletesTheHeldRequestOfTheNextInLine() {
        String holder = open(LONG);
        GrantView held = await(service.acquire(ANYONE, ask(holder, NONE, NONE))).value();
        CompletableFuture<Answer<GrantView>> next =
                service.acquire(ANYONE, ask(open(LONG), LONG, LONG)).subscribeAsCompletionStage();
        eventually(() -> waiting() == 1);
        assertFalse(next.isDone());

        await(service.release(ANYONE, held.id(), held.token(), null, Duration.ZERO));

        GrantView granted = inTime(next).value();
        assertEquals(GrantView.State.GRANTED, granted.state());
        assertTrue(granted.token() > held.token());
        assertTrue(granted.fresh());
    }

    @Test
    void aPollThatEndsFirstSaysWhereTheTicketStands() {
        GrantView held =
                await(service.acquire(ANYONE, ask(open(LONG), NONE, NONE))).value();
        AcquireRequest request = ask(open(LONG), LONG, Duration.ofMillis(150));

        GrantView waiting = await(service.acquire(ANYONE, request)).value();

        assertEquals(GrantView.State.WAITING, waiting.state());
        assertEquals(1, waiting.position());
        assertEquals(held.id(), waiting.behind());
        CompletableFuture<Answer<GrantView>> poll =
                service.grant(ANYONE, request.grant(), LONG, ReadOptions.LOCAL).subscribeAsCompletionStage();
        await(service.release(ANYONE, held.id(), null, null, Duration.ZERO));
        assertEquals(GrantView.State.GRANTED, inTime(poll).value().state());
    }

    @Test
    void aRequestCutByItsClientLeavesNothingBehind() {
        await(service.acquire(ANYONE, ask(open(LONG), NONE, NONE)));
        // Those of earlier tests may still be ending.
        eventually(() -> polls() == 0);
        var cut =
                service.acquire(ANYONE, ask(open(LONG), LONG, LONG)).subscribe().with(answer -> {});
        eventually(() -> polls() == 1);

        cut.cancel();

        eventually(() -> polls() == 0);
        assertEquals(1, waiting(), "the ticket keeps its place in line");
    }

    @Test
    void aWaitThatIsOverEndsTheHeldRequest() {
        await(service.acquire(ANYONE, ask(open(LONG), NONE, NONE)));

        Refused refused = refusal(service.acquire(ANYONE, ask(open(LONG), Duration.ofMillis(200), LONG)));

        assertEquals(Problem.LOCK_HELD, refused.problem());
        assertEquals(0, waiting());
    }

    @Test
    void aSessionThatIsNotKeptAliveLosesItsLockToTheNextInLine() {
        // In one transaction, so that it has the lock however soon it expires.
        PrivateAcquireRequest request = new PrivateAcquireRequest(null, lock, Duration.ofMillis(500), NONE, "", NONE);
        String mortal = await(service.acquire(ANYONE, request)).value().grant().session();

        GrantView next =
                await(service.acquire(ANYONE, ask(open(LONG), LONG, LONG))).value();

        assertEquals(GrantView.State.GRANTED, next.state());
        assertEquals(
                Problem.SESSION_ENDED,
                refusal(service.session(ANYONE, mortal, ReadOptions.LINEARIZABLE))
                        .problem());
        assertEquals(
                KeptAlive.State.ENDED,
                await(service.keepAlive(ANYONE, mortal, false)).value().state());
        assertEquals(
                Problem.SESSION_ENDED,
                refusal(service.acquire(ANYONE, ask(mortal, NONE, NONE))).problem());
    }

    @Test
    void keepalivesHoldASessionBeyondItsTtl() {
        // Each keepalive may be late by nearly all of it, on a machine that has other things to do.
        String session = open(Duration.ofSeconds(10));
        String without = open(Duration.ofSeconds(10));
        eventually(() -> {
            List<KeptAlive> kept = await(service.keepAlive(ANYONE, List.of(session, "no-session"), true))
                    .value();
            assertEquals(KeptAlive.State.ALIVE, kept.get(0).state());
            assertEquals(KeptAlive.State.UNKNOWN, kept.get(1).state());
            assertEquals("no-session", kept.get(1).session());
            return isEnded(without);
        });
    }

    private boolean isEnded(String session) {
        try {
            await(service.session(ANYONE, session, ReadOptions.LOCAL));
            return false;
        } catch (Refused e) {
            return e.problem() == Problem.SESSION_ENDED;
        }
    }

    @Test
    void aSessionIsOpenedOnceForAKey() {
        SessionRequest request = new SessionRequest(UUID.randomUUID().toString(), LONG, "tester", "");

        SessionView first = await(service.openSession(ANYONE, request)).value();

        assertEquals(
                first.id(), await(service.openSession(ANYONE, request)).value().id());
        SessionRequest other = new SessionRequest(request.idempotencyKey(), LONG, "other", "");
        assertEquals(
                Problem.GRANT_MISMATCH,
                refusal(service.openSession(ANYONE, other)).problem());
    }

    @Test
    void aTtlOutsideTheBoundsIsBroughtToTheNearerOne() {
        SessionView session = await(service.openSession(ANYONE, new SessionRequest(null, Duration.ofDays(3), "", "")))
                .value();

        assertEquals(session.ttlMaxMs(), session.ttlMs());
    }

    @Test
    void closingASessionFreesAllItHadAndMayBeRepeated() {
        String session = open(LONG);
        GrantView grant =
                await(service.acquire(ANYONE, ask(session, NONE, NONE))).value();
        assertEquals(
                grant.id(),
                await(service.session(ANYONE, session, ReadOptions.LINEARIZABLE))
                        .value()
                        .grants()
                        .get(0)
                        .id());

        await(service.closeSession(ANYONE, session, Closing.OWN));
        await(service.closeSession(ANYONE, session, Closing.OWN));

        assertTrue(await(service.lock(ANYONE, lock, ReadOptions.LINEARIZABLE))
                .value()
                .holders()
                .isEmpty());
        assertEquals(
                Problem.SESSION_ENDED,
                refusal(service.grant(ANYONE, grant.id(), NONE, ReadOptions.LOCAL))
                        .problem());
        assertEquals(
                Problem.SESSION_UNKNOWN,
                refusal(service.closeSession(ANYONE, "9-9", Closing.OWN)).problem());
        assertEquals(
                Problem.SESSION_UNKNOWN,
                refusal(service.closeSession(ANYONE, "x", Closing.OWN)).problem());
    }

    @Test
    void aPrivateGrantEndsItsSession() {
        PrivateAcquireRequest request = new PrivateAcquireRequest(null, lock, LONG, NONE, "", NONE);

        GrantView grant = await(service.acquire(ANYONE, request)).value().grant();
        await(service.release(ANYONE, grant.id(), null, null, Duration.ZERO));
        await(service.release(ANYONE, grant.id(), null, null, Duration.ZERO));

        assertTrue(isEnded(grant.session()));
        assertEquals(
                Problem.GRANT_ENDED,
                refusal(service.grant(ANYONE, grant.id(), NONE, ReadOptions.LINEARIZABLE))
                        .problem());
        await(service.release(ANYONE, "never", null, null, Duration.ZERO));
        assertEquals(
                Problem.GRANT_UNKNOWN,
                refusal(service.release(ANYONE, "never-either", 7L, null, Duration.ZERO))
                        .problem());
    }

    @Test
    void aReleaseWithAnotherTokenDoesNothing() {
        GrantView grant =
                await(service.acquire(ANYONE, ask(open(LONG), NONE, NONE))).value();

        assertEquals(
                Problem.TOKEN_STALE,
                refusal(service.release(ANYONE, grant.id(), grant.token() + 1, null, Duration.ZERO))
                        .problem());
        assertEquals(
                Problem.TOKEN_STALE,
                refusal(service.release(ANYONE, grant.id(), 0L, null, Duration.ZERO))
                        .problem());

        assertTrue(
                await(service.checkToken(ANYONE, lock, grant.token())).value().valid());
        assertFalse(await(service.checkToken(ANYONE, lock, grant.token() + 1))
                .value()
                .valid());
        await(service.release(ANYONE, grant.id(), grant.token(), null, Duration.ZERO));
        assertEquals(
                0,
                await(service.checkToken(ANYONE, lock, grant.token())).value().current());
    }

    @Test
    void whatBreaksTheRulesOfTheTableIsRefusedBeforeItIsProposed() {
        String session = open(LONG);
        List<Claim> unordered = List.of(Claim.shared("b"), Claim.shared("a"));
        AcquireRequest badName = new AcquireRequest("g", session, unordered, NONE, "", NONE);

        assertEquals(
                Problem.INVALID_REQUEST,
                refusal(service.acquire(ANYONE, badName)).problem());
        assertEquals(
                Problem.INVALID_REQUEST,
                refusal(service.keepAlive(ANYONE, List.of(), false)).problem());
        assertEquals(
                Problem.INVALID_REQUEST,
                refusal(service.sessions(ANYONE, new PageRequest("", "x", 1), ReadOptions.LOCAL))
                        .problem());
    }

    @Test
    void aReadWaitsForTheRevisionItAsksFor() {
        GrantView grant =
                await(service.acquire(ANYONE, ask(open(LONG), NONE, NONE))).value();
        Revision now = await(service.grant(ANYONE, grant.id(), NONE, ReadOptions.LOCAL))
                .at()
                .revision();
        Revision future = new Revision(now.epoch() + 1, 1);

        ReadOptions reached = new ReadOptions(ReadOptions.Consistency.LOCAL, now, Duration.ofMinutes(1));
        assertEquals(
                grant.id(),
                await(service.grant(ANYONE, grant.id(), NONE, reached)).value().id());
        ReadOptions ahead = new ReadOptions(ReadOptions.Consistency.LOCAL, future, null);
        assertEquals(
                Problem.NOT_READY, refusal(service.lock(ANYONE, lock, ahead)).problem());
    }

    @Test
    void listingsArePaged() {
        List<String> names = new ArrayList<>();
        String session = open(LONG);
        for (int i = 0; i < 5; i++) {
            names.add(lock + "/" + i);
            await(service.acquire(
                    ANYONE,
                    new AcquireRequest(
                            UUID.randomUUID().toString(),
                            session,
                            List.of(Claim.exclusive(names.get(i))),
                            NONE,
                            "",
                            NONE)));
        }

        List<String> seen = new ArrayList<>();
        String after = "";
        do {
            Page<LockView> page = await(service.locks(
                            ANYONE, LockFilter.HELD, new PageRequest(lock + "/", after, 2), ReadOptions.LINEARIZABLE))
                    .value();
            page.items().forEach(item -> seen.add(item.name()));
            after = page.next();
        } while (!after.isEmpty());

        assertEquals(names, seen);
        assertTrue(await(service.locks(
                        ANYONE, LockFilter.WAITING, new PageRequest(lock, "", 10), ReadOptions.LINEARIZABLE))
                .value()
                .items()
                .isEmpty());
        Page<SessionView> sessions = await(
                        service.sessions(ANYONE, new PageRequest("tester", "", 1), ReadOptions.LINEARIZABLE))
                .value();
        assertNotEquals("", sessions.next());
    }

    @Test
    void tenThousandWaitersCostNoThreads() {
        GrantView held =
                await(service.acquire(ANYONE, ask(open(LONG), NONE, NONE))).value();
        List<String> sessions = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            sessions.add(open(LONG));
        }
        eventually(() -> polls() == 0);
        int threads = Thread.activeCount();
        List<CompletableFuture<Answer<GrantView>>> waiters = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            waiters.add(service.acquire(ANYONE, ask(sessions.get(i / 1_000), LONG, LONG))
                    .subscribeAsCompletionStage());
        }
        eventually(() -> polls() == 10_000);
        // Pools of others may grow meanwhile, but nothing by the thousands.
        assertTrue(Thread.activeCount() <= threads + 100, () -> threads + " became " + Thread.activeCount());

        await(service.release(ANYONE, held.id(), null, null, Duration.ZERO));
        inTime(waiters.get(0));
        // The last in line first, so that nobody is granted meanwhile.
        for (int i = sessions.size() - 1; i >= 0; i--) {
            await(service.closeSession(ANYONE, sessions.get(i), Closing.OWN));
        }

        for (CompletableFuture<Answer<GrantView>> waiter : waiters.subList(1, waiters.size())) {
            CompletionException ended = assertThrows(CompletionException.class, () -> inTime(waiter));
            assertEquals(Problem.SESSION_ENDED, ((Refused) ended.getCause()).problem());
        }
    }

    @Test
    void aNodeOfItsOwnIsTheLeaderOfItsEnsemble() {
        ClusterView cluster = await(service.cluster(ANYONE)).value();

        assertEquals(1, cluster.leader());
        assertEquals(1, cluster.members().size());
        assertEquals("leader", cluster.members().get(0).role());
        assertEquals("broadcast", cluster.members().get(0).state());
    }
}
