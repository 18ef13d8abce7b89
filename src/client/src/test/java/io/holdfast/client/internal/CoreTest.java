package io.holdfast.client.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.api.NoticeBody;
import io.holdfast.client.LeaseLostException;
import io.holdfast.client.LockRequest;
import io.holdfast.client.Loss;
import io.holdfast.client.Notice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions, keepalives, acquisitions and releases against a model of the server, in made-up time. */
class CoreTest extends MadeUpTime {

    @Test
    void aLeaseIsKeptForAsLongAsItIsHeldAndItsSessionServesTheNext() {
        LeaseHandle lease = take(LOCK);
        for (int i = 0; i < 600; i++) {
            loop.pass(100);
            lease.check();
            assertFalse(lease.stopping());
        }
        int keepalives = server.called("POST /v1/sessions/-/keepalive");
        assertTrue(keepalives >= 17 && keepalives <= 19, "a third of the ttl, not " + keepalives + " in a minute");
        assertTrue(release(lease));
        assertEquals(
                Loss.RELEASED,
                assertThrows(LeaseLostException.class, lease::check).loss());
        LeaseHandle second = take(LOCK);
        assertTrue(second.token() > lease.token());
        assertEquals(1, server.called("POST /v1/sessions"), "the session was idle, and fresh");
        assertTrue(release(second));
        loop.pass(30_000);
        assertEquals(0, server.sessionCount(), "an idle session is not renewed");
        take(LOCK);
        assertEquals(2, server.called("POST /v1/sessions"));
    }

    @Test
    void manySessionsShareOneKeepalive() {
        List<LeaseHandle> leases = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            leases.add(take(LockRequest.exclusive("many/" + i)));
            loop.pass(50);
        }
        loop.pass(20_000);
        int before = server.called("POST /v1/sessions/-/keepalive");
        loop.pass(60_000);
        int keepalives = server.called("POST /v1/sessions/-/keepalive") - before;
        assertTrue(keepalives <= 19, "one for all, not " + keepalives + " in a minute");
        leases.forEach(LeaseHandle::check);
    }

    @Test
    void withoutAnyNodeTheWorkIsStoppedAndThenTheLeaseIsLost() {
        LeaseHandle lease = take(LOCK);
        List<String> told = new ArrayList<>();
        lease.onStop(() -> told.add("stop at " + loop.millis()));
        lease.lost().thenAccept(loss -> told.add(loss + " at " + loop.millis()));
        long base = loop.millis();
        transport.all(FakeTransport.swallows());
        loop.until(20_000, lease::stopping);
        assertTrue(loop.millis() - base > 5_000 && loop.millis() - base <= 7_890);
        lease.check();
        loop.until(20_000, () -> lease.remaining().isZero());
        assertEquals(
                Loss.EXPIRED,
                assertThrows(LeaseLostException.class, lease::check).loss());
        loop.pass(10);
        assertEquals(2, told.size(), told.toString());
        assertTrue(told.get(0).startsWith("stop at ") && told.get(1).startsWith("EXPIRED at "), told.toString());
        assertFalse(release(lease));
    }

    @Test
    void aNodeThatIsDownOrSilentOrLoneCostsNoLease() {
        for (int node = 0; node < 3; node++) {
            LeaseHandle lease = take(LOCK);
            transport.all(transport.well());
            transport.at(node, node == 1 ? FakeTransport.swallows() : FakeTransport.refuses());
            for (int i = 0; i < 300; i++) {
                loop.pass(100);
                lease.check();
                assertFalse(lease.stopping());
            }
            assertTrue(release(lease));
        }
    }

    @Test
    void thatTheLeaseIsLostIsSeenInTheFirstCallAfterTheProcessStoodStill() {
        LeaseHandle lease = take(LOCK);
        loop.pass(3_000);
        loop.standStill(12_000);
        assertTrue(lease.remaining().isZero());
        assertTrue(lease.stopping());
        assertThrows(LeaseLostException.class, lease::check);
        loop.pass(100);
        assertFalse(release(lease));
    }

    @Test
    void aSuspendedMachineCountsByItsWallClock() {
        LeaseHandle lease = take(LOCK);
        loop.setWallClock(60_000);
        assertThrows(LeaseLostException.class, lease::check);
    }

    @Test
    void aLostAnswerIsAskedForAgainAndThereIsOneGrant() {
        LeaseHandle first = take(LOCK);
        assertTrue(release(first));
        transport.all(transport.losesAnswers());
        PendingLease pending = begin(LOCK, 0);
        loop.pass(1_000);
        transport.all(transport.well());
        loop.until(10_000, pending.result()::isDone);
        LeaseHandle lease = pending.result().join().orElseThrow();
        assertEquals(first.token() + 1, lease.token(), "the same id, so the same grant");
        assertEquals(2, server.called("PUT /v1/grants/id") - 1);
        assertTrue(release(lease));
        assertEquals(0, server.tickets.size());
    }

    @Test
    void aTryThatIsRepeatedAndFindsItsTicketOverIsNotGranted() {
        LeaseHandle holder = take(LOCK);
        transport.all(transport.losesAnswers());
        PendingLease pending = begin(LOCK, 0);
        loop.pass(1_000);
        transport.all(transport.well());
        loop.until(10_000, pending.result()::isDone);
        assertEquals(Optional.empty(), pending.result().join());
        holder.check();
    }

    @Test
    void aReleaseWhoseAnswerWasLostIsRepeatedAndNothingIsLeft() {
        LeaseHandle lease = take(LOCK);
        transport.all(transport.losesAnswers());
        CompletableFuture<Boolean> released = client.release(lease);
        loop.pass(1_000);
        transport.all(transport.well());
        loop.until(10_000, released::isDone);
        assertTrue(released.join());
        assertEquals(0, server.tickets.size());
    }

    @Test
    void aSessionWithAReleaseOfUnknownOutcomeIsGivenToNothing() {
        CoreClient patient = client(Duration.ofMinutes(5));
        LeaseHandle lease = take(patient, LOCK);
        transport.all(FakeTransport.swallows());
        CompletableFuture<Boolean> released = patient.release(lease);
        loop.until(6_000, released::isDone);
        assertTrue(released.join(), "it was held until then");
        transport.all(transport.well());
        LeaseHandle other = take(patient, LockRequest.exclusive("b"));
        assertEquals(2, server.called("POST /v1/sessions"), "the session is fresh, and in doubt");
        loop.until(10_000, () -> server.tickets.size() == 1);
        other.check();
        assertEquals(1, server.sessionCount(), "the one in doubt was ended");
    }

    @Test
    void aTicketWaitsAndIsGrantedWhenTheHolderReleases() {
        LeaseHandle holder = take(LOCK);
        PendingLease pending = begin(LOCK, Acquisition.FOREVER);
        loop.pass(120_000);
        assertFalse(pending.result().isDone());
        assertTrue(release(holder));
        loop.until(1_000, pending.result()::isDone);
        pending.result().join().orElseThrow().check();
    }

    @Test
    void aLostWakeUpCostsAThirdOfATtl() {
        LeaseHandle holder = take(LOCK);
        PendingLease pending = begin(LOCK, Acquisition.FOREVER);
        loop.pass(100);
        // Held requests get no answer any more; keepalives do.
        transport.all((request, answer) -> {
            if (!request.target().contains("poll=")) {
                transport.well().take(request, answer);
            }
        });
        assertTrue(release(holder));
        loop.until(10_000 / 3 + 100, pending.result()::isDone);
        pending.result().join().orElseThrow().check();
    }

    @Test
    void aTicketThatIsNotGrantedInTimeIsOver() {
        LeaseHandle holder = take(LOCK);
        long began = loop.millis();
        PendingLease pending = begin(LOCK, 3_000);
        loop.until(10_000, pending.result()::isDone);
        assertEquals(Optional.empty(), pending.result().join());
        assertTrue(loop.millis() - began < 3_200);
        assertEquals(1, server.tickets.size());
        holder.check();
    }

    @Test
    void aWithdrawnRequestLeavesTheQueueBeforeItIsOver() {
        LeaseHandle holder = take(LOCK);
        PendingLease pending = begin(LOCK, Acquisition.FOREVER);
        loop.pass(1_000);
        assertEquals(2, server.tickets.size());
        CompletableFuture<Boolean> gone = pending.cancel();
        loop.until(1_000, gone::isDone);
        assertEquals(1, server.tickets.size());
        assertTrue(pending.result().isCompletedExceptionally());
        assertTrue(release(holder));
        loop.pass(30_000);
        assertEquals(0, server.sessionCount());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
    void whateverCrossesAWithdrawalIsReleased(int after) {
        PendingLease pending = begin(LOCK, Acquisition.FOREVER);
        loop.pass(after);
        CompletableFuture<Boolean> gone = pending.cancel();
        loop.until(1_000, gone::isDone);
        loop.pass(1_000);
        assertEquals(0, server.tickets.size());
        LeaseHandle next = take(LOCK);
        next.check();
    }

    @Test
    void aRequestWithdrawnWithoutAnyNodeEndsItsSessionBehind() {
        CoreClient patient = client(Duration.ofMinutes(5));
        LeaseHandle holder = take(patient, LOCK);
        PendingLease pending =
                patient.begin(Owner.borrowing(patient.pool(), loop, () -> true), LOCK, Acquisition.FOREVER);
        loop.pass(1_000);
        transport.all(FakeTransport.swallows());
        CompletableFuture<Boolean> gone = pending.cancel();
        loop.until(6_000, gone::isDone);
        transport.all(transport.well());
        loop.until(10_000, () -> server.tickets.size() == 1);
        holder.check();
    }

    @Test
    void aTicketWhoseSessionEndedQueuesAnewInAnother() {
        LeaseHandle holder = take(LOCK);
        PendingLease pending = begin(LOCK, Acquisition.FOREVER);
        loop.pass(1_000);
        String ticket = server.tickets.keySet().stream().skip(1).findFirst().orElseThrow();
        server.endSessionOf(ticket);
        loop.pass(5_000);
        assertEquals(2, server.tickets.size());
        assertFalse(server.tickets.containsKey(ticket));
        assertTrue(release(holder));
        loop.until(1_000, pending.result()::isDone);
        pending.result().join().orElseThrow().check();
    }

    @Test
    void aTicketWhoseSessionWasNearItsEndIsGrantedAndItsLeaseGoesOn() {
        CoreClient patient = client(Duration.ofMinutes(5));
        LeaseHandle holder = take(patient, LOCK);
        PendingLease pending = begin(LOCK, Acquisition.FOREVER);
        loop.pass(1_000);
        transport.all(FakeTransport.swallows());
        loop.pass(7_200);
        transport.all(transport.well());
        loop.pass(30_000);
        Futures.forget(patient.release(holder));
        loop.until(5_000, pending.result()::isDone);
        LeaseHandle lease = pending.result().join().orElseThrow();
        loop.pass(60_000);
        lease.check();
        assertFalse(lease.stopping());
        assertEquals(2, server.called("POST /v1/sessions"), "it kept its session and its place in the queue");
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 7_500, 9_000})
    void aSessionIsUsedHoweverLongItsOpeningTook(int millis) {
        transport.all(transport.losesAnswers());
        PendingLease pending = begin(LOCK, Acquisition.FOREVER);
        loop.pass(millis);
        transport.all(transport.well());
        loop.until(5_000, pending.result()::isDone);
        LeaseHandle lease = pending.result().join().orElseThrow();
        loop.pass(60_000);
        lease.check();
        assertFalse(lease.stopping());
    }

    @Test
    void whatIsGrantedToAnOwnerWhoseWorkMustStopIsGivenBack() {
        CoreClient patient = client(Duration.ofMinutes(5));
        LeaseHandle holder = take(patient, LOCK);
        Owner owner = Owner.borrowing(pool(), loop, () -> true);
        PendingLease held = client.begin(owner, LockRequest.exclusive("b"), 0);
        loop.until(1_000, held.result()::isDone);
        LeaseHandle stopped = held.result().join().orElseThrow();
        PendingLease pending = client.begin(owner, LOCK, Acquisition.FOREVER);
        loop.pass(1_000);
        transport.all(FakeTransport.swallows());
        loop.until(20_000, stopped::stopping);
        transport.all(transport.well());
        loop.pass(5_000);
        Futures.forget(patient.release(holder));
        assertInstanceOf(LeaseLostException.class, failure(pending, 10_000));
        assertEquals(1, server.tickets.size(), "the other one is given back, this one is still held");
        stopped.check();
        int keepalives = server.called("POST /v1/sessions/-/keepalive");
        loop.pass(30_000);
        stopped.check();
        assertTrue(stopped.stopping());
        assertTrue(server.called("POST /v1/sessions/-/keepalive") - keepalives <= 10);
    }

    @Test
    void anOwnerThatHoldsSomethingInTheEndedSessionIsTold() {
        Owner owner = Owner.borrowing(pool(), loop, () -> true);
        PendingLease held = client.begin(owner, LOCK, 0);
        loop.until(1_000, held.result()::isDone);
        LeaseHandle other = take(LockRequest.exclusive("b"));
        PendingLease pending = client.begin(owner, LockRequest.exclusive("b"), Acquisition.FOREVER);
        loop.pass(1_000);
        server.endSessionOf(held.result().join().orElseThrow().grant());
        assertInstanceOf(LeaseLostException.class, failure(pending, 10_000));
        assertEquals(
                Loss.SESSION_ENDED,
                assertThrows(LeaseLostException.class, held.result().join().orElseThrow()::check)
                        .loss());
        other.check();
        assertFalse(release(held.result().join().orElseThrow()));
        PendingLease again = client.begin(owner, LOCK, 0);
        loop.until(1_000, again.result()::isDone);
        again.result().join().orElseThrow().check();
    }

    @Test
    void aSessionWhoseOwnerIsGoneIsEnded() {
        boolean[] lives = {true};
        PendingLease held = client.begin(Owner.borrowing(pool(), loop, () -> lives[0]), LOCK, 0);
        loop.until(1_000, held.result()::isDone);
        loop.pass(60_000);
        assertEquals(1, server.sessionCount());
        lives[0] = false;
        loop.until(10_000, () -> server.sessionCount() == 0);
    }

    @Test
    void aGrantThatAnAdministratorTookIsLostWithTheNextKeepalive() {
        LeaseHandle lease = take(LOCK);
        loop.pass(1_000);
        server.breakGrant(lease.grant());
        loop.until(4_000, () -> lease.remaining().isZero());
        assertEquals(
                Loss.BROKEN,
                assertThrows(LeaseLostException.class, lease::check).loss());
        assertFalse(release(lease));
    }

    @Test
    void aReleaseThatFindsItsSessionEndedSaysSo() {
        for (Loss how : List.of(Loss.SESSION_ENDED, Loss.BROKEN)) {
            LeaseHandle lease = take(LOCK);
            String slug = how == Loss.SESSION_ENDED ? "session-ended" : "grant-ended";
            transport.all((request, answer) -> {
                if (request.method().equals("DELETE")) {
                    answer.complete(ModelServer.problem(410, slug));
                } else {
                    transport.well().take(request, answer);
                }
            });
            assertFalse(release(lease));
            assertEquals(how, lease.lostException().loss());
            assertEquals(how, lease.lost().join());
            transport.all(transport.well());
            server.breakGrant(lease.grant());
        }
    }

    @Test
    void aGrantThatANodeLeftOutIsAskedForAndKept() {
        LeaseHandle lease = take(LOCK);
        server.unlisted.add(lease.grant());
        for (int i = 0; i < 200; i++) {
            loop.pass(100);
            lease.check();
        }
        assertTrue(server.called("GET /v1/grants/id") > 3);
    }

    @Test
    void anAnnouncedBreakStopsTheWorkBeforeItHappens() {
        LeaseHandle lease = take(LOCK);
        List<Notice> notices = new ArrayList<>();
        lease.onNotice(notices::add);
        loop.pass(1_000);
        long announced = loop.millis();
        server.notices.add(
                new NoticeBody(NoticeBody.BREAK_ANNOUNCED, lease.grant(), null, null, "admin", "stuck", 20_000L));
        loop.until(30_000, lease::stopping);
        assertEquals(
                List.of(new Notice(Notice.Kind.BREAK_ANNOUNCED, null, Duration.ofSeconds(20), "admin", "stuck")),
                notices);
        lease.check();
        loop.until(30_000, () -> lease.remaining().isZero());
        assertTrue(loop.millis() <= announced + 20_000, "over before the break at " + loop.millis());
        assertEquals(
                Loss.BROKEN,
                assertThrows(LeaseLostException.class, lease::check).loss());
    }

    @Test
    void aRequestToYieldIsToldOnceAndItsLapseToo() {
        LeaseHandle lease = take(LOCK);
        List<Notice> notices = new ArrayList<>();
        lease.onNotice(notices::add);
        NoticeBody wish = new NoticeBody(NoticeBody.YIELD_REQUESTED, lease.grant(), "other", 30_000L, null, null, null);
        server.notices.add(wish);
        loop.pass(20_000);
        server.notices.clear();
        loop.pass(5_000);
        assertEquals(
                List.of(Notice.Kind.YIELD_REQUESTED, Notice.Kind.YIELD_LAPSED),
                notices.stream().map(Notice::kind).toList());
        assertEquals("other", notices.get(0).to());
        lease.check();
    }
}
