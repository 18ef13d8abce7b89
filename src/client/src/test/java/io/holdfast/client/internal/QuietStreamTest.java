package io.holdfast.client.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.api.NoticeBody;
import io.holdfast.client.Loss;
import io.holdfast.client.Notice;
import io.holdfast.client.spi.TransportRequest;
import io.holdfast.client.spi.TransportStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The stream that tells a session's holder when to ask, in made-up time. */
class QuietStreamTest extends MadeUpTime {

    private static final String ATTACHED = "{\"session\":\"3-1\",\"grants\":[],\"notices\":[]}";

    private final List<FakeStream> streams = new ArrayList<>();
    private LeaseHandle lease;
    private QuietStream quiet;

    @BeforeEach
    void follow() {
        transport.streams(this::open);
        lease = take(LOCK);
        quiet = QuietStream.follow(client.services(), lease.session());
        loop.until(1_000, () -> streams.size() == 1);
        loop.pass(100);
    }

    private void open(TransportRequest request, CompletableFuture<TransportStream> answer) {
        assertTrue(request.target().endsWith("/attach?renew=false"), request.target());
        FakeStream stream = new FakeStream(loop, 200, "");
        streams.add(stream);
        answer.complete(stream);
        stream.say("attached", "3-1", ATTACHED);
    }

    private FakeStream last() {
        return streams.get(streams.size() - 1);
    }

    private int keepalives() {
        return server.called("POST /v1/sessions/-/keepalive");
    }

    @Test
    void aNoticeIsToldAtOnceAndNotWithTheNextKeepalive() {
        List<Notice.Kind> told = new ArrayList<>();
        lease.onNotice(notice -> told.add(notice.kind()));
        loop.pass(500);
        server.notices.add(
                new NoticeBody(NoticeBody.YIELD_REQUESTED, lease.grant(), "other", 5_000L, null, null, null));
        loop.pass(500);
        assertEquals(List.of(), told);
        last().say("yield-requested", "3-2", "{\"kind\":\"yield-requested\",\"grant\":\"x\"}");
        loop.pass(20);
        assertEquals(List.of(Notice.Kind.YIELD_REQUESTED), told);
    }

    @Test
    void aLossIsToldAtOnceAndWhatTheStreamSaysOfItIsNotBelieved() {
        last().say("lost", "3-2", "{\"grant\":\"" + lease.grant() + "\",\"cause\":\"broken\"}");
        last().say("ended", "3-3", "{\"cause\":\"expired\"}");
        loop.pass(500);
        lease.check();
        assertFalse(lease.stopping(), "the server says that it goes on");
        server.breakGrant(lease.grant());
        last().say("lost", "3-4", "{}");
        loop.until(300, lease::isOver);
        assertEquals(Loss.BROKEN, lease.lost().join());
    }

    @Test
    void newsDuringAKeepaliveAreAskedForAfterIt() {
        transport.latency = 50;
        List<Notice.Kind> told = new ArrayList<>();
        lease.onNotice(notice -> told.add(notice.kind()));
        last().say("granted", "3-2", "{}");
        loop.pass(60);
        // The keepalive has been handled, and its answer is on its way.
        server.notices.add(
                new NoticeBody(NoticeBody.YIELD_REQUESTED, lease.grant(), "other", 5_000L, null, null, null));
        last().say("yield-requested", "3-3", "{}");
        loop.pass(400);
        assertEquals(List.of(Notice.Kind.YIELD_REQUESTED), told);
    }

    @Test
    void aStreamOfNoiseCausesFewKeepalives() {
        int before = keepalives();
        for (int i = 0; i < 1_000; i++) {
            last().say("granted", "3-2", "{}");
        }
        loop.pass(5_000);
        assertTrue(keepalives() - before < 60, "" + (keepalives() - before));
    }

    @Test
    void aStreamThatSaysNothingDoesNotKeepTheLeaseAliveAndIsReplaced() {
        loop.pass(20_000);
        assertTrue(streams.size() >= 3, "a silent one is replaced by one at another node");
        lease.check();
        transport.all(FakeTransport.swallows());
        for (int i = 0; i < 60; i++) {
            last().say("bookmark", null, "{\"revision\":\"3-9\",\"ageMs\":0}");
            loop.pass(200);
        }
        assertTrue(lease.isOver(), "a bookmark is no keepalive");
        loop.pass(1_000);
        assertTrue(last().isClosed());
        int opened = transport.opened.size();
        loop.pass(60_000);
        assertEquals(opened, transport.opened.size(), "it ends with the session");
    }

    @Test
    void itEndsWhenItIsClosed() {
        quiet.close();
        loop.pass(10);
        assertTrue(last().isClosed());
        loop.pass(60_000);
        assertEquals(1, streams.size());
    }

    @Test
    void aServerWithoutTheStreamIsAskedOnceAndKeepalivesGoOn() {
        quiet.close();
        String problem = new String(ModelServer.problem(404, "path-unknown").body());
        transport.streams((request, answer) -> answer.complete(new FakeStream(loop, 404, problem)));
        transport.opened.clear();
        QuietStream.follow(client.services(), lease.session());
        loop.pass(60_000);
        assertEquals(1, transport.opened.size());
        lease.check();
    }
}
