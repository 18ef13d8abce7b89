package io.holdfast.zab.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.TxnType;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.message.ElectionMessage;
import io.holdfast.zab.core.message.Hello;
import io.holdfast.zab.core.message.Ping;
import io.holdfast.zab.core.message.ReadIndex;
import io.holdfast.zab.core.message.ReplicationMessage;
import io.holdfast.zab.core.message.Request;
import io.holdfast.zab.core.message.SnapshotChunk;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Peers talk over real sockets on the loopback interface. */
class PeerNetTest {

    private static final long PATIENCE_SECONDS = 60;
    private static final ServerId ONE = new ServerId(1);
    private static final ServerId TWO = new ServerId(2);
    private static final ServerId STRANGER = new ServerId(9);
    private static final Configuration BOTH = new Configuration(
            0, List.of(new Member(ONE, MemberRole.VOTER, "one", 1), new Member(TWO, MemberRole.VOTER, "two", 1)));

    private final Vertx vertx = Vertx.vertx();
    private final Map<ServerId, Integer> ports = new ConcurrentHashMap<>();

    @AfterEach
    void closeVertx() throws InterruptedException {
        CountDownLatch closed = new CountDownLatch(1);
        vertx.close().onComplete(ignored -> closed.countDown());
        assertTrue(closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void electionMessagesReachAPeerThatStartsLater() {
        Side one = new Side("ensemble", ONE, 1 << 20);
        one.run(net -> net.notify(TWO, new Hello(Set.of(ONE))));
        Side two = new Side("ensemble", TWO, 1 << 20);
        until("a hello arrives", () -> {
            one.run(net -> net.notify(TWO, new Hello(Set.of(ONE, TWO))));
            return two.heard.contains("notified 1");
        });
    }

    @Test
    void aLinkCarriesEverythingInOrderInBothDirections() {
        Side one = new Side("ensemble", ONE, 96 << 20);
        Side two = new Side("ensemble", TWO, 96 << 20);
        two.run(net -> net.connect(ONE));
        until("the link is open", () -> one.links.size() == 1 && two.links.size() == 1);
        List<ReplicationMessage> sent = new ArrayList<>();
        for (long seed = 0; seed < 100; seed++) {
            sent.addAll(new Messages(seed).replication());
        }
        one.run(net -> sent.forEach(message -> net.send(one.link(), message)));
        two.run(net -> sent.forEach(message -> net.send(two.link(), message)));
        until("all arrived", () -> one.received.size() == sent.size() && two.received.size() == sent.size());
        assertEquals(sent, List.copyOf(one.received));
        assertEquals(sent, List.copyOf(two.received));
    }

    /** The first dial may hang for seconds, and its caller has given up long before. */
    @Test
    void aDialThatAnotherFollowsIsNotAnswered() {
        Side one = new Side("ensemble", ONE, 1 << 20);
        Side two = new Side("ensemble", TWO, 1 << 20);
        two.run(net -> {
            net.connect(ONE);
            net.connect(ONE);
        });
        until("one of them is closed", () -> one.heard.contains("disconnected 2"));
        until("the other is open", () -> two.links.size() == 1 && one.links.size() == 2);
        assertTrue(two.heard.isEmpty(), two.heard::toString);
    }

    @Test
    void whoIsOfAnotherEnsembleOrNoMemberIsTurnedAway() {
        Side one = new Side("ensemble", ONE, 1 << 20);
        Side other = new Side("another", TWO, 1 << 20);
        other.run(net -> net.connect(ONE));
        until("the dialer is told", () -> other.heard.contains("failed 1"));
        Side stranger = new Side("ensemble", STRANGER, 1 << 20);
        stranger.run(net -> net.connect(ONE));
        until("the stranger is told", () -> stranger.heard.contains("failed 1"));
        assertTrue(stranger.heard.contains("outside of 0 by 1"), stranger.heard::toString);
        assertEquals(1, other.heard.size(), "another ensemble's members are no news");
        assertTrue(one.links.isEmpty());
        assertTrue(one.heard.isEmpty());
    }

    @Test
    void whoIsOfAnotherGenerationIsTurnedAwayAndWhoHasNoneIsLetIn() {
        Side one = new Side("ensemble", ONE, 1 << 20);
        one.run(net -> net.generation(2));
        Side two = new Side("ensemble", TWO, 1 << 20);
        two.run(net -> {
            net.generation(1);
            net.connect(ONE);
        });
        until("the dialer is told", () -> two.heard.contains("failed 1"));
        assertTrue(one.links.isEmpty());
        Side fresh = new Side("ensemble", TWO, 1 << 20);
        fresh.run(net -> net.connect(ONE));
        until("the link is open", () -> one.links.size() == 1 && fresh.links.size() == 1);
    }

    @Test
    void aServerThatAnswersInPlaceOfAnotherIsNotTakenForIt() {
        Side one = new Side("ensemble", ONE, 1 << 20);
        ports.put(TWO, ports.get(ONE));
        one.run(net -> net.connect(TWO));
        until("the dial fails", () -> one.heard.contains("failed 2"));
    }

    @Test
    void aSnapshotArrivesWholeAndPingsDoNotWaitForIt() {
        Side one = new Side("ensemble", ONE, 96 << 20);
        Side two = new Side("ensemble", TWO, 96 << 20);
        two.run(net -> net.connect(ONE));
        until("the link is open", () -> one.links.size() == 1 && two.links.size() == 1);
        one.run(net -> {
            net.send(one.link(), new ReadIndex(1));
            net.sendSnapshot(one.link(), new Zxid(3, 4));
            net.send(one.link(), new ReadIndex(2));
            net.send(one.link(), new Ping(3, 1, new Zxid(3, 4), 0));
        });
        until("all arrived", () -> two.received.size() >= 3 && two.received.contains(new ReadIndex(2)));
        List<ReplicationMessage> received = List.copyOf(two.received);
        assertEquals(new ReadIndex(1), received.get(0));
        assertEquals(new ReadIndex(2), received.get(received.size() - 1));
        assertTrue(received.get(1) instanceof Ping, "the ping overtakes: " + received.get(1));
        long offset = 0;
        for (ReplicationMessage message : received.subList(2, received.size() - 1)) {
            SnapshotChunk chunk = (SnapshotChunk) message;
            assertEquals(offset, chunk.offset());
            assertEquals(snapshotPiece(offset), chunk.data());
            offset += chunk.data().length();
            assertEquals(offset == SNAPSHOT_BYTES, chunk.last());
        }
        assertEquals(SNAPSHOT_BYTES, offset);
    }

    @Test
    void aLaneThatIsFullEndsItsLink() {
        Side one = new Side("ensemble", ONE, 4 << 20);
        Side two = new Side("ensemble", TWO, 4 << 20);
        two.run(net -> net.connect(ONE));
        until("the link is open", () -> one.links.size() == 1 && two.links.size() == 1);
        Payload large = Payload.of(new byte[1 << 20]);
        one.run(net -> {
            for (int i = 0; i < 8; i++) {
                net.send(one.link(), new Request(i, TxnType.COMMAND, large));
            }
        });
        until("both ends know", () -> one.heard.contains("disconnected 2") && two.heard.contains("disconnected 1"));
    }

    @Test
    void nothingIsHeardOnALinkThatThisServerClosed() {
        Side one = new Side("ensemble", ONE, 4 << 20);
        Side two = new Side("ensemble", TWO, 4 << 20);
        two.run(net -> net.connect(ONE));
        until("the link is open", () -> one.links.size() == 1 && two.links.size() == 1);
        one.run(net -> net.close(one.link(), "enough"));
        until("the other end knows", () -> two.heard.contains("disconnected 1"));
        assertTrue(one.heard.stream().noneMatch(what -> what.startsWith("disconnected")), one.heard::toString);
        two.run(net -> net.connect(ONE));
        until("a fresh link is another link", () -> one.links.size() == 2);
        assertEquals(2, Set.copyOf(one.links).size());
    }

    private static final long SNAPSHOT_BYTES = 5 * (64 << 10);

    private static Payload snapshotPiece(long offset) {
        byte[] bytes = new byte[(int) Math.min(64 << 10, SNAPSHOT_BYTES - offset)];
        new Random(offset).nextBytes(bytes);
        return Payload.of(bytes);
    }

    private static SnapshotFiles.SnapshotFile openSnapshot() {
        return new SnapshotFiles.SnapshotFile() {
            @Override
            public Payload read(long offset) {
                return snapshotPiece(offset);
            }

            @Override
            public void close() {}
        };
    }

    static void until(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, () -> "not within " + PATIENCE_SECONDS + " s: " + what);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    /** One peer on a context of its own, and what it heard. */
    private final class Side implements PeerEvents {
        final ConcurrentLinkedQueue<String> heard = new ConcurrentLinkedQueue<>();
        final ConcurrentLinkedQueue<ReplicationMessage> received = new ConcurrentLinkedQueue<>();
        final ConcurrentLinkedQueue<Link> links = new ConcurrentLinkedQueue<>();
        private final io.vertx.core.Context context;
        private volatile PeerNet net;

        Side(String cluster, ServerId self, long laneBytes) {
            NetConfig config = new NetConfig(
                    cluster,
                    self,
                    new DiskId(self.value(), 0),
                    1,
                    "127.0.0.1",
                    0,
                    100_000,
                    laneBytes,
                    Versions.NEWEST,
                    member -> SocketAddress.inetSocketAddress(ports.getOrDefault(member.id(), 1), "127.0.0.1"));
            io.vertx.core.Context[] own = new io.vertx.core.Context[1];
            CountDownLatch listening = new CountDownLatch(1);
            vertx.deployVerticle(new io.vertx.core.AbstractVerticle() {
                @Override
                public void start() {
                    own[0] = context;
                    net = new PeerNet(
                            vertx,
                            config,
                            BOTH,
                            Side.this,
                            at -> openSnapshot(),
                            new Workers(context, vertx.createSharedWorkerExecutor("t")));
                    net.listen().onSuccess(port -> {
                        ports.put(self, port);
                        listening.countDown();
                    });
                }
            });
            try {
                assertTrue(listening.await(PATIENCE_SECONDS, TimeUnit.SECONDS), "the peer port listens");
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            context = own[0];
        }

        void run(Consumer<PeerNet> action) {
            context.runOnContext(ignored -> {
                action.accept(net);
                net.flush();
            });
        }

        Link link() {
            return links.element();
        }

        @Override
        public void notified(ServerId from, ElectionMessage message) {
            heard.add("notified " + from);
        }

        @Override
        public void received(Link from, ReplicationMessage message) {
            received.add(message);
        }

        @Override
        public void accepted(Link link) {
            links.add(link);
        }

        @Override
        public void connected(Link link) {
            links.add(link);
        }

        @Override
        public void connectFailed(ServerId leader) {
            heard.add("failed " + leader);
        }

        @Override
        public void turnedAway(ServerId by, long version) {
            heard.add("outside of " + version + " by " + by);
        }

        @Override
        public void disconnected(Link link, String reason) {
            heard.add("disconnected " + link.peer());
        }
    }
}
