package io.holdfast.zab.net;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.message.ElectionMessage;
import io.holdfast.zab.core.message.ReplicationMessage;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** One peer with real sockets, on a context of its own, and what it heard. */
final class Peer implements PeerEvents {

    static final long PATIENCE_SECONDS = 60;
    static final ServerId ONE = new ServerId(1);
    static final ServerId TWO = new ServerId(2);

    /** The members that every peer knows. */
    static final Configuration BOTH = new Configuration(
            0, List.of(new Member(ONE, MemberRole.VOTER, "one", 1), new Member(TWO, MemberRole.VOTER, "two", 1)));

    static final long SNAPSHOT_BYTES = 5 * (64 << 10);

    static Payload snapshotPiece(long offset) {
        byte[] bytes = new byte[(int) Math.min(64 << 10, SNAPSHOT_BYTES - offset)];
        new Random(offset).nextBytes(bytes);
        return Payload.of(bytes);
    }

    private SnapshotFiles.SnapshotFile openSnapshot() {
        snapshotsOpened.incrementAndGet();
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

    final ConcurrentLinkedQueue<String> heard = new ConcurrentLinkedQueue<>();
    final ConcurrentLinkedQueue<ReplicationMessage> received = new ConcurrentLinkedQueue<>();
    final AtomicInteger snapshotsOpened = new AtomicInteger();
    final ConcurrentLinkedQueue<Link> links = new ConcurrentLinkedQueue<>();
    private final String host;
    private final io.vertx.core.Context context;
    private volatile PeerNet net;

    /**
     * Where a peer is.
     *
     * @param laneBytes that may wait for one of its links
     */
    private record Place(String cluster, long laneBytes, String host, PeerTls tls) {}

    Peer(Vertx vertx, Map<ServerId, Integer> ports, String cluster, ServerId self, long laneBytes, String host) {
        this(vertx, ports, self, new Place(cluster, laneBytes, host, PeerTls.off()));
    }

    /** One that secures its connections in an ensemble of that name. */
    Peer(Vertx vertx, Map<ServerId, Integer> ports, ServerId self, PeerTls tls) {
        this(vertx, ports, self, new Place("ensemble", 4 << 20, "127.0.0.1", tls));
    }

    private Peer(Vertx vertx, Map<ServerId, Integer> ports, ServerId self, Place place) {
        this.host = place.host();
        NetConfig config = new NetConfig(
                place.cluster(),
                self,
                new DiskId(self.value(), 0),
                1,
                host,
                0,
                100_000,
                place.laneBytes(),
                Versions.NEWEST,
                member -> SocketAddress.inetSocketAddress(ports.getOrDefault(member.id(), 1), host),
                place.tls());
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
                        Peer.this,
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

    String host() {
        return host;
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
