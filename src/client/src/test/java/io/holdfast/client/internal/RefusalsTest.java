package io.holdfast.client.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.client.AccessException;
import io.holdfast.client.HoldfastException;
import io.holdfast.client.QuotaExceededException;
import io.holdfast.client.RefusedException;
import io.holdfast.client.SessionState;
import io.holdfast.client.spi.TransportResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of calls and leases when a node refuses the caller, in made-up time. */
class RefusalsTest extends MadeUpTime {

    private static TransportResponse refusal(int status, String slug, String more, String retryAfter) {
        String body = "{\"type\":\"urn:holdfast:problem:" + slug + "\",\"title\":\"t\"" + more + "}";
        return new TransportResponse(
                status,
                retryAfter.isEmpty() ? Map.of() : Map.of("Retry-After", retryAfter),
                body.getBytes(StandardCharsets.UTF_8));
    }

    private static FakeTransport.Way says(TransportResponse refusal) {
        return (request, answer) -> answer.complete(refusal);
    }

    /** Answers grants so, and everything else as it should be. */
    private FakeTransport.Way saysOfGrants(TransportResponse refusal) {
        return (request, answer) -> {
            if (request.method().equals("PUT")) {
                answer.complete(refusal);
            } else {
                transport.well().take(request, answer);
            }
        };
    }

    private long asked(String method) {
        return transport.sent.stream()
                .filter(line -> line.startsWith(method + " /v1/grants/"))
                .count();
    }

    @Test
    void whatIsForbiddenIsFinalAndNamesVerbAndLock() {
        String more = ",\"detail\":\"key:ci may not acquire a\",\"verb\":\"acquire\",\"lock\":\"a\"";
        transport.all(saysOfGrants(refusal(403, "forbidden", more, "")));
        AccessException forbidden = assertInstanceOf(AccessException.class, failure(begin(LOCK, 60_000), 5_000));
        assertEquals("forbidden", forbidden.problem());
        assertEquals(Optional.of("acquire"), forbidden.verb());
        assertEquals(Optional.of("a"), forbidden.lock());
        assertEquals("forbidden: key:ci may not acquire a", forbidden.getMessage());
        assertEquals(1, asked("PUT"));

        transport.all(saysOfGrants(refusal(403, "not-yours", "", "")));
        AccessException other = assertInstanceOf(AccessException.class, failure(begin(LOCK, 60_000), 5_000));
        assertEquals("not-yours", other.problem());
        assertEquals(Optional.empty(), other.verb());
        assertEquals(2, asked("PUT"));
    }

    @Test
    void anIdOfAnotherCallerIsFinal() {
        transport.all(saysOfGrants(refusal(409, "id-taken", "", "")));
        HoldfastException taken = failure(begin(LOCK, 60_000), 5_000);
        assertInstanceOf(RefusedException.class, taken);
        assertEquals("id-taken", taken.problem());
        assertEquals(1, asked("PUT"));
    }

    @Test
    void aQuotaIsFinal() {
        transport.all(saysOfGrants(refusal(429, "quota-exceeded", "", "1")));
        HoldfastException exceeded = failure(begin(LOCK, 60_000), 5_000);
        assertEquals("quota-exceeded", exceeded.problem());
        assertEquals(
                Duration.ofSeconds(1),
                assertInstanceOf(QuotaExceededException.class, exceeded).retryAfter());
        assertEquals(1, asked("PUT"));
    }

    @Test
    void aNodeThatIsAskedTooOftenIsAskedAgainWhenItSays() {
        transport.all(saysOfGrants(refusal(429, "rate-limited", "", "2")));
        long began = loop.millis();
        PendingLease pending = begin(LOCK, 60_000);
        loop.pass(3_000);
        assertEquals(2, asked("PUT"), "and no other node in its place");
        transport.all(transport.well());
        loop.until(5_000, pending.result()::isDone);
        assertTrue(pending.result().join().isPresent());
        assertTrue(loop.millis() - began >= 4_000, "" + (loop.millis() - began));

        transport.all(saysOfGrants(refusal(429, "rate-limited", "", "")));
        PendingLease hurried = begin(LOCK, 60_000);
        loop.pass(2_000);
        assertTrue(asked("PUT") <= 25, "not more than ten times a second: " + asked("PUT"));
        hurried.cancel();
    }

    @Test
    void aNodeThatWantsMorePatienceThanTheCallHasEndsIt() {
        transport.all(saysOfGrants(refusal(429, "rate-limited", "", "60")));
        HoldfastException limited = failure(begin(LOCK, 0), 1_000);
        assertEquals("rate-limited", limited.problem());
        assertEquals(
                Duration.ofSeconds(60),
                assertInstanceOf(QuotaExceededException.class, limited).retryAfter());
    }

    @Test
    void aCredentialThatCannotBeCheckedIsCheckedByAnotherNode() {
        transport.at(0, says(refusal(503, "auth-unavailable", "", "1")));
        transport.at(1, says(refusal(503, "auth-unavailable", "", "1")));
        take(LOCK).check();
    }

    @Test
    void aSessionWhoseCredentialIsRefusedIsSuspendedBeforeItsLeaseEnds() {
        LeaseHandle lease = take(LOCK);
        List<SessionState> told = new ArrayList<>();
        lease.session().listeners.add(told::add);
        loop.pass(3_000);
        long began = loop.millis();
        int sent = transport.sent.size();
        transport.all(says(refusal(401, "unauthenticated", "", "")));
        loop.until(5_000, () -> !told.isEmpty());
        assertEquals(List.of(SessionState.SUSPENDED), told);
        assertTrue(loop.millis() - began < 1_000, "with the first keepalive that is refused, also anew");
        lease.check();
        assertFalse(lease.stopping(), "its lease has not ended");
        PendingLease more = client.begin(Owner.of(lease.session(), pool(), loop), LOCK, 1_000);
        loop.pass(1_000);
        assertTrue(transport.sent.size() - sent < 60, "a refused client is no flood: " + transport.sent.size());
        more.cancel();

        transport.all(transport.well());
        loop.until(3_000, () -> told.size() == 2);
        assertEquals(SessionState.CONNECTED, told.get(1), "another credential was there in time");
        lease.check();
        loop.pass(20_000);
        lease.check();
    }

    @Test
    void aCredentialThatStaysRefusedStopsTheWorkBeforeTheLeaseEnds() {
        LeaseHandle lease = take(LOCK);
        List<String> told = new ArrayList<>();
        lease.onStop(() -> told.add("stop"));
        lease.lost().thenAccept(loss -> told.add("lost"));
        transport.all(says(refusal(401, "unauthenticated", "", "")));
        loop.until(20_000, lease::stopping);
        assertFalse(lease.remaining().isZero(), "there is time left to stop in");
        loop.until(20_000, () -> told.size() == 2);
        assertEquals(List.of("stop", "lost"), told);
    }
}
