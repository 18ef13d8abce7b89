package io.holdfast.client.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.api.GrantBody;
import io.holdfast.api.OpenedSession;
import io.holdfast.client.LockRequest;
import io.holdfast.client.RefusedException;
import io.holdfast.client.UnavailableException;
import io.holdfast.client.spi.TransportResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that are away, late, busy or untruthful, in made-up time: none makes the client believe in a lease. */
class FaultyServerTest extends MadeUpTime {

    @Test
    void aSessionThatTookLongToOpenCountsFromTheFirstTry() {
        // The first try opens it, and its answer is lost; the session is older than its answer.
        transport.all(transport.losesAnswers());
        PendingLease pending = begin(LOCK, 60_000);
        loop.pass(4_000);
        assertEquals(1, server.called("POST /v1/sessions") > 0 ? 1 : 0);
        transport.all(transport.well());
        loop.until(10_000, pending.result()::isDone);
        LeaseHandle lease = pending.result().join().orElseThrow();
        assertTrue(lease.remaining().compareTo(Duration.ofSeconds(5)) > 0, "handed out fresh");
        assertTrue(server.called("POST /v1/sessions/-/keepalive") > 0, "a keepalive came first");
        lease.check();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "<html>bad gateway</html>", "{\"id\":\"x\"}", "null"})
    void garbageIsNoAnswer(String garbage) {
        byte[] bytes = garbage.getBytes(StandardCharsets.UTF_8);
        for (int status : new int[] {200, 201, 302, 400, 410, 423, 500, 502, 503}) {
            transport.all(transport.well());
            PendingLease pending = begin(LOCK, 20_000);
            transport.all(transport.answers(new TransportResponse(status, Map.of(), bytes)));
            loop.pass(3_000);
            assertFalse(pending.result().isDone(), () -> status + " " + garbage);
            transport.all(transport.well());
            loop.until(10_000, pending.result()::isDone);
            LeaseHandle lease = pending.result().join().orElseThrow();
            lease.check();
            transport.all(transport.answers(new TransportResponse(status, Map.of(), bytes)));
            loop.until(20_000, () -> lease.remaining().isZero());
            transport.all(transport.well());
            assertFalse(release(lease));
            loop.until(20_000, () -> server.tickets.isEmpty());
        }
    }

    @Test
    void aGrantThatWasNotAskedForIsNotBelieved() {
        LeaseHandle holder = take(LOCK);
        for (String[] wrong :
                new String[][] {{"other", "a", ""}, {holder.grant(), "a", ""}, {"", "b", ""}, {"", "a", "3-77"}}) {
            transport.all((request, answer) -> {
                if (request.method().equals("PUT")) {
                    String asked = request.target().replaceAll(".*/|\\?.*", "");
                    String session = request.body().replaceAll(".*\"session\":\"([^\"]+)\".*", "$1");
                    GrantBody lie = new GrantBody(
                            wrong[0].isEmpty() ? asked : wrong[0],
                            wrong[1],
                            "exclusive",
                            null,
                            null,
                            null,
                            "granted",
                            99L,
                            wrong[2].isEmpty() ? session : wrong[2],
                            null,
                            null,
                            0,
                            null,
                            null,
                            null,
                            null,
                            null);
                    answer.complete(ModelServer.answer(201, lie));
                } else {
                    transport.well().take(request, answer);
                }
            });
            PendingLease pending = begin(LOCK, 0);
            assertInstanceOf(UnavailableException.class, failure(pending, 20_000));
        }
    }

    @Test
    void aServerThatLiesAboutDurationsIsNotBelieved() {
        transport.all((request, answer) -> {
            if (request.method().equals("POST") && request.target().equals("/v1/sessions")) {
                Futures.onComplete(
                        server.handle(request),
                        (response, failure) -> answer.complete(ModelServer.answer(
                                201, new OpenedSession("3-1", 1_000_000_000_000L, 1, Long.MAX_VALUE, null, "liar"))));
            } else {
                transport.well().take(request, answer);
            }
        });
        LeaseHandle lease = take(LOCK);
        assertTrue(lease.remaining().compareTo(Duration.ofSeconds(10)) < 0);
        lease.check();
    }

    @Test
    void sessionsThatAreOverAtOnceAreNotOpenedForEver() {
        transport.all((request, answer) -> {
            Futures.forget(server.handle(request));
            answer.complete(ModelServer.answer(201, new OpenedSession("3-9", 0, 1, 1, null, "liar")));
        });
        assertInstanceOf(UnavailableException.class, failure(begin(LOCK, 0), 60_000));
        assertTrue(server.called("POST /v1/sessions") <= 3);
    }

    @Test
    void aServerThatEndsEverySessionIsNotKeptBusy() {
        transport.all((request, answer) -> {
            if (request.method().equals("PUT")) {
                answer.complete(ModelServer.problem(410, "session-ended"));
            } else {
                transport.well().take(request, answer);
            }
        });
        PendingLease pending = begin(LOCK, Acquisition.FOREVER);
        loop.pass(60_000);
        assertFalse(pending.result().isDone());
        assertTrue(server.called("POST /v1/sessions") < 200, "" + server.called("POST /v1/sessions"));
        PendingLease bounded = begin(LOCK, 1_000);
        loop.until(10_000, bounded.result()::isDone);
        assertEquals(Optional.empty(), bounded.result().join());
    }

    @Test
    void withoutAnyNodeARequestIsGivenUpInTime() {
        transport.all(FakeTransport.refuses());
        long began = loop.millis();
        assertInstanceOf(UnavailableException.class, failure(begin(LOCK, 0), 20_000));
        assertTrue(loop.millis() - began <= 5_100, "at " + (loop.millis() - began));
        began = loop.millis();
        assertInstanceOf(UnavailableException.class, failure(begin(LOCK, Acquisition.FOREVER), 60_000));
        assertTrue(loop.millis() - began >= 30_000 && loop.millis() - began <= 31_000);
        assertTrue(transport.sent.size() < 600, "back-off, not " + transport.sent.size() + " requests");
    }

    @Test
    void whatIsRefusedIsSaidAndTheTicketIsWithdrawn() {
        transport.all((request, answer) -> {
            if (request.method().equals("PUT")) {
                answer.complete(ModelServer.problem(409, "limit-mismatch"));
            } else {
                transport.well().take(request, answer);
            }
        });
        RefusedException refused = assertInstanceOf(RefusedException.class, failure(begin(LOCK, 0), 10_000));
        assertEquals("limit-mismatch", refused.problem());
        assertTrue(refused.node().startsWith("http://"));
        assertEquals(1, server.called("DELETE /v1/grants/id"));
    }

    @Test
    void aBusyEnsembleIsAskedAgainNotBeforeItSays() {
        TransportResponse overloaded = ModelServer.problem(503, "overloaded");
        TransportResponse busy = new TransportResponse(503, Map.of("retry-after", "2"), overloaded.body());
        transport.all((request, answer) -> answer.complete(busy));
        PendingLease pending = begin(LOCK, 60_000);
        loop.pass(10_000);
        assertTrue(transport.sent.size() <= 3 * 6, "" + transport.sent.size());
        transport.all(transport.well());
        loop.until(3_000, pending.result()::isDone);
        pending.result().join().orElseThrow().check();
    }

    @Test
    void aSetIsOneLeaseWithOneToken() {
        LeaseHandle lease = take(LockRequest.all(LockRequest.exclusive("y"), LockRequest.exclusive("x")));
        assertEquals(List.of("x", "y"), lease.locks());
        PendingLease refused = begin(LockRequest.exclusive("y"), 0);
        loop.until(1_000, refused.result()::isDone);
        assertEquals(Optional.empty(), refused.result().join());
        assertTrue(release(lease));
        assertNotEquals(lease.token(), take(LockRequest.exclusive("y")).token());
    }
}
