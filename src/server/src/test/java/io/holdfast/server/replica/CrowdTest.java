package io.holdfast.server.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.lock.Claim;
import io.holdfast.server.caller.Caller;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Ten thousand in one line. */
@QuarkusTest
class CrowdTest {

    private static final Caller ANYONE = Caller.anonymous();

    private static final int CROWD = 10_000;
    private static final int AT_ONCE = 500;
    private static final int OF_ONE = 1_000;
    private static final String LOCK = "crowd/lock";
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final long PAUSE_NANOS = 10_000_000;

    @Inject
    LockService service;

    @Inject
    Replica replica;

    @Test
    void ofTenThousandHeldRequestsAReleaseAnswersOneAndNoneHasAThread() {
        String owner = open();
        // A session has 1 000 tickets at most.
        List<String> others = Stream.generate(this::open).limit(CROWD / OF_ONE).toList();
        await(take("crowd-holder", owner));
        standInLine(others);
        int threads = ManagementFactory.getThreadMXBean().getThreadCount();
        int held = replica.state().polls();
        List<CompletableFuture<Answer<GrantView>>> polls = new ArrayList<>();
        for (int i = 0; i < CROWD; i++) {
            polls.add(service.grant(ANYONE, "crowd-" + i, Duration.ofSeconds(55), ReadOptions.LOCAL)
                    .subscribeAsCompletionStage());
        }
        eventually(() -> replica.state().polls() >= held + CROWD || isDone(polls));
        int more = ManagementFactory.getThreadMXBean().getThreadCount() - threads;
        assertTrue(more < 100, () -> more + " threads more for " + CROWD + " held requests");

        await(service.release(ANYONE, "crowd-holder", null, null, Duration.ZERO));
        eventually(() -> granted(polls) > 0);
        // The next transaction comes after all that the release woke.
        LockView lock =
                await(service.lock(ANYONE, LOCK, ReadOptions.LINEARIZABLE)).value();
        assertEquals(CROWD - 1, lock.waiting());
        assertEquals("crowd-0", lock.holders().get(0).id());
        assertEquals(1, granted(polls));

        // The last in line first, so that nobody is granted meanwhile.
        for (int i = others.size() - 1; i >= 0; i--) {
            await(service.closeSession(ANYONE, others.get(i), Closing.OWN));
        }
        await(service.closeSession(ANYONE, owner, Closing.OWN));
        eventually(() -> polls.stream().allMatch(CompletableFuture::isDone));
        assertEquals(1, granted(polls));
    }

    private void standInLine(List<String> sessions) {
        List<Uni<Answer<GrantView>>> tickets = new ArrayList<>();
        for (int i = 0; i < CROWD; i++) {
            tickets.add(take("crowd-" + i, sessions.get(i / OF_ONE)));
            if (tickets.size() == AT_ONCE) {
                await(Uni.join().all(tickets).andFailFast());
                tickets.clear();
            }
        }
        assertEquals(
                CROWD,
                await(service.lock(ANYONE, LOCK, ReadOptions.LINEARIZABLE))
                        .value()
                        .waiting());
    }

    private Uni<Answer<GrantView>> take(String grant, String session) {
        return service.acquire(
                ANYONE,
                new AcquireRequest(
                        grant, session, List.of(Claim.exclusive(LOCK)), Duration.ofHours(1), "", Duration.ZERO));
    }

    private String open() {
        return await(service.openSession(ANYONE, new SessionRequest(null, PATIENCE.multipliedBy(3), "crowd", "")))
                .value()
                .id();
    }

    /** A machine may be so slow that the first of them are over before the last are held. */
    private static boolean isDone(List<CompletableFuture<Answer<GrantView>>> polls) {
        return polls.stream().anyMatch(CompletableFuture::isDone);
    }

    private static long granted(List<CompletableFuture<Answer<GrantView>>> polls) {
        return polls.stream()
                .filter(poll -> poll.isDone() && !poll.isCompletedExceptionally())
                .filter(poll -> poll.join().value().state() == GrantView.State.GRANTED)
                .count();
    }

    private static <T> T await(Uni<T> uni) {
        return uni.await().atMost(PATIENCE);
    }

    private static void eventually(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadline < 0, "not in time");
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
