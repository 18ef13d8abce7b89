package io.holdfast.client.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.client.LeaseLostException;
import io.holdfast.client.LockRequest;
import io.holdfast.client.Loss;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Ends that a holder gives its lease, and releases that leave locks closed, in made-up time. */
class LeaseLimitTest extends MadeUpTime {

    private final List<String> told = new ArrayList<>();

    private LeaseHandle taken() {
        LeaseHandle lease = take(LOCK);
        long base = loop.millis();
        lease.onStop(() -> told.add("stop after " + (loop.millis() - base)));
        Futures.onComplete(lease.lost(), (loss, failure) -> told.add(loss.toString()));
        return lease;
    }

    @Test
    void theWorkIsStoppedBeforeTheEndAndTheLockReleasedAtIt() {
        LeaseHandle lease = taken();
        assertTrue(lease.limit(60_000));
        PendingLease waits = begin(LOCK, Acquisition.FOREVER);
        loop.pass(57_999);
        lease.check();
        assertFalse(lease.stopping());
        loop.pass(1);
        assertTrue(lease.stopping());
        assertEquals(Duration.ofSeconds(2), lease.remaining());
        loop.pass(2_000);
        assertEquals(
                Loss.EXPIRED,
                assertThrows(LeaseLostException.class, lease::check).loss());
        loop.until(1_000, waits.result()::isDone);
        assertEquals(List.of("stop after 58000", "EXPIRED"), told);
        assertFalse(release(lease), "it was over");
    }

    @Test
    void theEndOfAShortOneComesAFifthOfItAfterTheStop() {
        LeaseHandle lease = taken();
        assertTrue(lease.limit(500));
        loop.pass(600);
        assertEquals(List.of("stop after 400", "EXPIRED"), told);
    }

    @Test
    void anEndMovesUntilTheWorkIsStopped() {
        LeaseHandle lease = taken();
        assertTrue(lease.limit(10_000));
        loop.pass(7_000);
        assertTrue(lease.limit(10_000));
        loop.pass(7_000);
        assertTrue(lease.limit(1_000));
        loop.pass(799);
        lease.check();
        loop.pass(1);
        assertFalse(lease.limit(10_000), "once it was told to stop that is for good");
        loop.pass(300);
        assertEquals(List.of("stop after 14800", "EXPIRED"), told);
        assertFalse(lease.limit(10_000));
    }

    @Test
    void itIsSeenInTheFirstCallAfterTheProcessStoodStill() {
        LeaseHandle lease = taken();
        assertTrue(lease.limit(2_000));
        loop.standStill(2_000);
        assertThrows(LeaseLostException.class, lease::check);
        loop.pass(10);
        assertEquals(1, told.size() - told.indexOf("EXPIRED"));
    }

    @Test
    void theThreadThatHadItMayTakeOthersBeforeItGivesItBack() {
        Owner owner = client.owner();
        PendingLease first = client.begin(owner, LOCK, 0);
        loop.until(1_000, first.result()::isDone);
        LeaseHandle lease = first.result().join().orElseThrow();
        assertTrue(lease.limit(1_000));
        loop.pass(2_000);
        PendingLease second = client.begin(owner, LockRequest.exclusive("b"), 0);
        loop.until(1_000, second.result()::isDone);
        assertFalse(release(lease));
        second.result().join().orElseThrow().check();
        assertTrue(release(second.result().join().orElseThrow()));
        loop.pass(1_000);
        assertEquals(0, server.tickets.size());
    }

    @Test
    void withoutAnyNodeItEndsHereAtOnceAndThereWithTheSession() {
        LeaseHandle lease = taken();
        assertTrue(lease.limit(2_000));
        transport.all(FakeTransport.swallows());
        loop.pass(2_000);
        assertThrows(LeaseLostException.class, lease::check);
        loop.pass(20_000);
        assertEquals(0, server.sessionCount());
        assertEquals("EXPIRED", told.get(told.size() - 1));
    }

    @Test
    void aReleaseLeavesTheLockClosed() {
        LeaseHandle lease = take(LOCK);
        PendingLease waits = begin(LOCK, Acquisition.FOREVER);
        long base = loop.millis();
        CompletableFuture<Boolean> released = lease.release(30_000);
        loop.until(1_000, released::isDone);
        PendingLease tries = begin(LOCK, 0);
        loop.until(1_000, tries.result()::isDone);
        assertTrue(tries.result().join().isEmpty(), "closed to all");
        loop.until(60_000, waits.result()::isDone);
        long closed = loop.millis() - base;
        assertTrue(closed >= 30_000 && closed < 31_000, () -> closed + " ms");
    }

    @Test
    void aReleaseThatClosesIsAskedForLongerThanOthersAndClosesOnce() {
        LeaseHandle lease = take(LOCK);
        transport.all(transport.losesAnswers());
        CompletableFuture<Boolean> released = lease.release(60_000);
        loop.pass(20_000);
        assertFalse(released.isDone());
        transport.all(transport.well());
        loop.until(10_000, released::isDone);
        assertTrue(released.join());
        PendingLease next = begin(LOCK, Acquisition.FOREVER);
        long base = loop.millis();
        loop.until(60_000, next.result()::isDone);
        assertTrue(loop.millis() - base < 41_000, "counted from the first of the copies");
    }

    @Test
    void whatIsNoTimeIsRefused() {
        LeaseHandle lease = take(LOCK);
        assertThrows(IllegalArgumentException.class, () -> lease.endAfter(Duration.ofMillis(-1)));
        assertThrows(IllegalArgumentException.class, () -> lease.release(Duration.ofMillis(-1)));
        assertThrows(IllegalArgumentException.class, () -> lease.release(Duration.ofDays(2)));
        assertTrue(lease.limit(LeaseLimit.millis(Duration.ofSeconds(Long.MAX_VALUE))), "as good as none");
        loop.pass(60_000);
        lease.check();
    }
}
