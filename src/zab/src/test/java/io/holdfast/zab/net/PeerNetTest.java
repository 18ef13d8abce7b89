package io.holdfast.zab.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.TxnType;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.message.FollowerInfo;
import io.holdfast.zab.core.message.Hello;
import io.holdfast.zab.core.message.Ping;
import io.holdfast.zab.core.message.ReadIndex;
import io.holdfast.zab.core.message.ReplicationMessage;
import io.holdfast.zab.core.message.Request;
import io.holdfast.zab.core.message.SnapshotChunk;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Peers talk over real sockets on the loopback interface. */
class PeerNetTest {

    private static final ServerId ONE = new ServerId(1);
    private static final ServerId TWO = new ServerId(2);
    private static final ServerId STRANGER = new ServerId(9);

    private final Vertx vertx = Vertx.vertx();
    private final Map<ServerId, Integer> ports = new ConcurrentHashMap<>();

    private Peer side(String cluster, ServerId self, long laneBytes) {
        return new Peer(vertx, ports, cluster, self, laneBytes, "127.0.0.1");
    }

    @AfterEach
    void closeVertx() throws InterruptedException {
        CountDownLatch closed = new CountDownLatch(1);
        vertx.close().onComplete(ignored -> closed.countDown());
        assertTrue(closed.await(Peer.PATIENCE_SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void electionMessagesReachAPeerThatStartsLater() {
        Peer one = side("ensemble", ONE, 1 << 20);
        one.run(net -> net.notify(TWO, new Hello(Set.of(ONE))));
        Peer two = side("ensemble", TWO, 1 << 20);
        Peer.until("a hello arrives", () -> {
            one.run(net -> net.notify(TWO, new Hello(Set.of(ONE, TWO))));
            return two.heard.contains("notified 1");
        });
    }

    @Test
    void aLinkCarriesEverythingInOrderInBothDirections() {
        Peer one = side("ensemble", ONE, 96 << 20);
        Peer two = side("ensemble", TWO, 96 << 20);
        two.run(net -> net.connect(ONE));
        Peer.until("the link is open", () -> one.links.size() == 1 && two.links.size() == 1);
        List<ReplicationMessage> sent = new ArrayList<>();
        for (long seed = 0; seed < 100; seed++) {
            sent.addAll(new Messages(seed).replication());
        }
        sent.removeIf(message -> message instanceof FollowerInfo);
        one.run(net -> sent.forEach(message -> net.send(one.link(), message)));
        two.run(net -> sent.forEach(message -> net.send(two.link(), message)));
        Peer.until("all arrived", () -> one.received.size() == sent.size() && two.received.size() == sent.size());
        assertEquals(sent, List.copyOf(one.received));
        assertEquals(sent, List.copyOf(two.received));
    }

    /** The first dial may hang for seconds, and its caller has given up long before. */
    @Test
    void aDialThatAnotherFollowsIsNotAnswered() {
        Peer one = side("ensemble", ONE, 1 << 20);
        Peer two = side("ensemble", TWO, 1 << 20);
        two.run(net -> {
            net.connect(ONE);
            net.connect(ONE);
        });
        Peer.until("one of them is closed", () -> one.heard.contains("disconnected 2"));
        Peer.until("the other is open", () -> two.links.size() == 1 && one.links.size() == 2);
        assertTrue(two.heard.isEmpty(), two.heard::toString);
    }

    @Test
    void whoIsOfAnotherEnsembleOrNoMemberIsTurnedAway() {
        Peer one = side("ensemble", ONE, 1 << 20);
        Peer other = side("another", TWO, 1 << 20);
        other.run(net -> net.connect(ONE));
        Peer.until("the dialer is told", () -> other.heard.contains("failed 1"));
        Peer stranger = side("ensemble", STRANGER, 1 << 20);
        stranger.run(net -> net.connect(ONE));
        Peer.until("the stranger is told", () -> stranger.heard.contains("failed 1"));
        assertTrue(stranger.heard.contains("outside of 0 by 1"), stranger.heard::toString);
        assertEquals(1, other.heard.size(), "another ensemble's members are no news");
        assertTrue(one.links.isEmpty());
        assertTrue(one.heard.isEmpty());
    }

    @Test
    void whoIsOfAnotherGenerationIsTurnedAwayAndWhoHasNoneIsLetIn() {
        Peer one = side("ensemble", ONE, 1 << 20);
        one.run(net -> net.generation(2));
        Peer two = side("ensemble", TWO, 1 << 20);
        two.run(net -> {
            net.generation(1);
            net.connect(ONE);
        });
        Peer.until("the dialer is told", () -> two.heard.contains("failed 1"));
        assertTrue(one.links.isEmpty());
        Peer fresh = side("ensemble", TWO, 1 << 20);
        fresh.run(net -> net.connect(ONE));
        Peer.until("the link is open", () -> one.links.size() == 1 && fresh.links.size() == 1);
    }

    @Test
    void aServerThatAnswersInPlaceOfAnotherIsNotTakenForIt() {
        Peer one = side("ensemble", ONE, 1 << 20);
        ports.put(TWO, ports.get(ONE));
        one.run(net -> net.connect(TWO));
        Peer.until("the dial fails", () -> one.heard.contains("failed 2"));
    }

    @Test
    void aSnapshotArrivesWholeAndPingsDoNotWaitForIt() {
        Peer one = side("ensemble", ONE, 96 << 20);
        Peer two = side("ensemble", TWO, 96 << 20);
        two.run(net -> net.connect(ONE));
        Peer.until("the link is open", () -> one.links.size() == 1 && two.links.size() == 1);
        one.run(net -> {
            net.send(one.link(), new ReadIndex(1));
            net.sendSnapshot(one.link(), new Zxid(3, 4), Long.MAX_VALUE);
            net.send(one.link(), new ReadIndex(2));
            net.send(one.link(), new Ping(3, 1, new Zxid(3, 4), 0));
        });
        Peer.until("all arrived", () -> two.received.size() >= 3 && two.received.contains(new ReadIndex(2)));
        List<ReplicationMessage> received = List.copyOf(two.received);
        assertEquals(new ReadIndex(1), received.get(0));
        assertEquals(new ReadIndex(2), received.get(received.size() - 1));
        assertTrue(received.get(1) instanceof Ping, "the ping overtakes: " + received.get(1));
        long offset = 0;
        for (ReplicationMessage message : received.subList(2, received.size() - 1)) {
            SnapshotChunk chunk = (SnapshotChunk) message;
            assertEquals(offset, chunk.offset());
            assertEquals(Peer.snapshotPiece(offset), chunk.data());
            offset += chunk.data().length();
            assertEquals(offset == Peer.SNAPSHOT_BYTES, chunk.last());
        }
        assertEquals(Peer.SNAPSHOT_BYTES, offset);
    }

    @Test
    void aLaneThatIsFullEndsItsLink() {
        Peer one = side("ensemble", ONE, 4 << 20);
        Peer two = side("ensemble", TWO, 4 << 20);
        two.run(net -> net.connect(ONE));
        Peer.until("the link is open", () -> one.links.size() == 1 && two.links.size() == 1);
        Payload large = Payload.of(new byte[1 << 20]);
        one.run(net -> {
            for (int i = 0; i < 8; i++) {
                net.send(one.link(), new Request(i, TxnType.COMMAND, large));
            }
        });
        Peer.until(
                "both ends know", () -> one.heard.contains("disconnected 2") && two.heard.contains("disconnected 1"));
    }

    @Test
    void nothingIsHeardOnALinkThatThisServerClosed() {
        Peer one = side("ensemble", ONE, 4 << 20);
        Peer two = side("ensemble", TWO, 4 << 20);
        two.run(net -> net.connect(ONE));
        Peer.until("the link is open", () -> one.links.size() == 1 && two.links.size() == 1);
        one.run(net -> net.close(one.link(), "enough"));
        Peer.until("the other end knows", () -> two.heard.contains("disconnected 1"));
        assertTrue(one.heard.stream().noneMatch(what -> what.startsWith("disconnected")), one.heard::toString);
        two.run(net -> net.connect(ONE));
        Peer.until("a fresh link is another link", () -> one.links.size() == 2);
        assertEquals(2, Set.copyOf(one.links).size());
    }
}
