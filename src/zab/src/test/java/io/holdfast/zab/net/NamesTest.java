package io.holdfast.zab.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A name is what the name service says now; a name service that fails makes a peer that is down. */
class NamesTest {

    private static final SocketAddress PEER = SocketAddress.inetSocketAddress(7101, "peer.example");

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final List<String> answers = new CopyOnWriteArrayList<>();

    @AfterEach
    void closeVertx() {
        Peer.until("closed", vertx.close()::isComplete);
    }

    @Test
    void aNameIsAskedForAtEachDial() {
        AtomicInteger moves = new AtomicInteger();
        Names names = names(host -> new InetAddress[] {address(moves.incrementAndGet())});
        ask(names, PEER);
        Peer.until("answered", () -> answers.size() == 1);
        ask(names, PEER);
        Peer.until("answered", () -> answers.size() == 2);
        assertEquals(List.of("127.0.0.1:7101", "127.0.0.2:7101"), answers);
    }

    @Test
    void allAddressesOfANameAreTriedWhoeverElseIsDialedBetween() {
        Names names = names(host -> new InetAddress[] {address(1), address(2)});
        SocketAddress other = SocketAddress.inetSocketAddress(7102, "other.example");
        for (int dials = 1; dials <= 64; dials++) {
            int asked = 2 * dials;
            ask(names, PEER);
            ask(names, other);
            Peer.until("answered", () -> answers.size() == asked);
        }
        assertEquals(
                Set.of("127.0.0.1:7101", "127.0.0.2:7101", "127.0.0.1:7102", "127.0.0.2:7102"), Set.copyOf(answers));
    }

    @Test
    void anAddressInDigitsIsNotAskedFor() {
        resolve(
                host -> {
                    throw new UnknownHostException(host);
                },
                SocketAddress.inetSocketAddress(7101, "127.0.0.9"));
        Peer.until("answered", () -> answers.size() == 1);
        assertEquals(List.of("127.0.0.9:7101"), answers);
    }

    @Test
    void aNameThatIsNotKnownSaysSo() {
        resolve(
                host -> {
                    throw new UnknownHostException(host);
                },
                PEER);
        Peer.until("answered", () -> answers.size() == 1);
        assertTrue(answers.get(0).contains("the name peer.example has no address"), answers.get(0));
    }

    @Test
    void aNameServiceThatHangsIsAskedOnceAndEndsEachDialInTime() {
        CountDownLatch hangs = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        Names names = names(host -> {
            asked.incrementAndGet();
            awaitQuietly(hangs);
            return new InetAddress[] {address(1)};
        });
        ask(names, PEER);
        ask(names, PEER);
        Peer.until("both have ended", () -> answers.size() == 2);
        String late = "the name service does not answer for peer.example";
        assertEquals(List.of(late, late), answers);
        assertEquals(1, asked.get());
        hangs.countDown();
    }

    private void resolve(Names.Lookup lookup, SocketAddress named) {
        ask(names(lookup), named);
    }

    private Names names(Names.Lookup lookup) {
        List<Names> made = new CopyOnWriteArrayList<>();
        context.runOnContext(ignored -> made.add(new Names(vertx, "names-test", lookup)));
        Peer.until("made", () -> !made.isEmpty());
        return made.get(0);
    }

    private void ask(Names names, SocketAddress named) {
        context.runOnContext(ignored -> names.resolve(named)
                .onComplete(done -> answers.add(
                        done.succeeded()
                                ? done.result().hostAddress() + ":"
                                        + done.result().port()
                                : String.valueOf(done.cause().getMessage()))));
    }

    private static InetAddress address(int last) {
        try {
            return InetAddress.getByAddress("peer.example", new byte[] {127, 0, 0, (byte) last});
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
