package io.holdfast.zab.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.Quorum;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.message.FollowerInfo;
import io.holdfast.zab.core.message.Hello;
import io.holdfast.zab.core.message.ReadIndex;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What strangers and peers that are no longer, or never were, who they say do to a peer port: nothing. */
class PeerPortTest {

    private static final ServerId ONE = new ServerId(1);
    private static final ServerId TWO = new ServerId(2);
    private static final Member FIRST = new Member(ONE, MemberRole.VOTER, "one", 1);

    private final Vertx vertx = Vertx.vertx();
    private final Map<ServerId, Integer> ports = new ConcurrentHashMap<>();

    @AfterEach
    void closeVertx() throws InterruptedException {
        CountDownLatch closed = new CountDownLatch(1);
        vertx.close().onComplete(ignored -> closed.countDown());
        assertTrue(closed.await(Peer.PATIENCE_SECONDS, TimeUnit.SECONDS));
    }

    private Peer peer(ServerId self, String host) {
        return new Peer(vertx, ports, "ensemble", self, 4 << 20, host);
    }

    private Peer peer(ServerId self) {
        return peer(self, "127.0.0.1");
    }

    private Socket dial(Peer to, ServerId id) throws IOException {
        Socket socket = new Socket(InetAddress.getByName(to.host()), ports.get(id));
        socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(Peer.PATIENCE_SECONDS));
        return socket;
    }

    private static byte[] greeting(LinkKind kind, DiskId disk) {
        ByteBuffer out = ByteBuffer.allocate(Greeting.BYTES_MAX);
        new Greeting(1, Versions.NEWEST, kind, TWO, 7, disk, "ensemble", Greeting.NO_GENERATION).encode(out);
        byte[] bytes = new byte[out.flip().remaining()];
        out.get(bytes);
        return bytes;
    }

    private static byte[] taken(MessageEncoder encoder) {
        ByteBuffer frames = encoder.take();
        byte[] bytes = new byte[frames.remaining()];
        frames.get(bytes);
        return bytes;
    }

    /** Reads until the other end closes the connection; returns how many bytes came. */
    private static int drained(Socket socket) throws IOException {
        int count = 0;
        try {
            while (socket.getInputStream().read() >= 0) {
                count++;
            }
        } catch (java.net.SocketTimeoutException e) {
            throw new AssertionError("the connection is still open", e);
        } catch (IOException reset) {
            return count;
        }
        return count;
    }

    @Test
    void silentConnectionsKeepNoPeerOutAndEachAddressHasAFew() throws IOException {
        Peer one = peer(ONE);
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i < Strangers.MAX + 20; i++) {
            silent.add(dial(one, ONE));
        }
        Peer two = peer(TWO);
        two.run(net -> net.connect(ONE));
        Peer.until("the link is open", () -> one.links.size() == 1 && two.links.size() == 1);
        for (Socket socket : silent) {
            assertEquals(0, drained(socket), "those that say nothing are closed");
        }
    }

    @Test
    void aStrangerGetsNoRoomForMoreThanAGreeting() throws IOException {
        Peer one = peer(ONE);
        try (Socket socket = dial(one, ONE)) {
            ByteBuffer header = ByteBuffer.allocate(Frame.HEADER_BYTES).putInt(Greeting.BYTES_MAX + 1);
            socket.getOutputStream().write(header.array());
            assertEquals(0, drained(socket));
        }
    }

    @Test
    void aPeerThatNamesAnotherDiskThanItGreetedWithIsCutOff() throws IOException {
        Peer one = peer(ONE);
        MessageEncoder encoder = new MessageEncoder();
        try (Socket vote = dial(one, ONE)) {
            encoder.put(new Hello(new DiskId(2, 1), Set.of()), Versions.NEWEST);
            vote.getOutputStream().write(greeting(LinkKind.ELECTION, new DiskId(2, 0)));
            vote.getOutputStream().write(taken(encoder));
            drained(vote);
        }
        assertTrue(one.heard.isEmpty(), one.heard::toString);
        try (Socket link = dial(one, ONE)) {
            encoder.put(new FollowerInfo(new DiskId(2, 1), 0, null, 0, 2, Set.of()), Versions.NEWEST);
            link.getOutputStream().write(greeting(LinkKind.REPLICATION, new DiskId(2, 0)));
            link.getOutputStream().write(taken(encoder));
            drained(link);
        }
        assertTrue(one.received.isEmpty(), one.received::toString);
        try (Socket link = dial(one, ONE)) {
            encoder.put(new FollowerInfo(new DiskId(2, 1), 0, null, 0, 2, Set.of()), Versions.NEWEST);
            link.getOutputStream().write(greeting(LinkKind.REPLICATION, new DiskId(2, 1)));
            link.getOutputStream().write(taken(encoder));
            Peer.until("the same disk is heard", () -> one.received.size() == 1);
        }
    }

    @Test
    void whoLeavesTheConfigurationIsCutOff() throws IOException {
        Peer one = peer(ONE);
        Peer two = peer(TWO);
        two.run(net -> net.connect(ONE));
        Peer.until("the link is open", () -> one.links.size() == 1 && two.links.size() == 1);
        try (Socket voice = dial(one, ONE)) {
            MessageEncoder encoder = new MessageEncoder();
            encoder.put(new Hello(new DiskId(2, 0), Set.of()), Versions.NEWEST);
            voice.getOutputStream().write(greeting(LinkKind.ELECTION, new DiskId(2, 0)));
            voice.getOutputStream().write(taken(encoder));
            Peer.until("it is heard", () -> one.heard.contains("notified 2"));
            one.run(net -> {
                net.send(one.link(), new ReadIndex(7));
                net.members(Quorum.of(new Configuration(1, List.of(FIRST))));
            });
            drained(voice);
        }
        Peer.until("both know", () -> one.heard.contains("disconnected 2") && two.heard.contains("disconnected 1"));
        assertEquals(List.of(new ReadIndex(7)), List.copyOf(two.received), "what was sent before arrives");
    }

    @Test
    void aSecondSnapshotOnALinkThatStillSendsOneEndsTheLink() {
        Peer one = peer(ONE);
        Peer two = peer(TWO);
        two.run(net -> net.connect(ONE));
        Peer.until("the link is open", () -> one.links.size() == 1 && two.links.size() == 1);
        one.run(net -> {
            for (int i = 0; i < 1_000; i++) {
                net.sendSnapshot(one.link(), new Zxid(3, 4 + i), Long.MAX_VALUE);
            }
        });
        Peer.until("both know", () -> one.heard.contains("disconnected 2") && two.heard.contains("disconnected 1"));
        assertTrue(one.snapshotsOpened.get() <= 1, "one file at most was opened");
    }

    @Test
    void peersTalkOverIpv6() throws IOException {
        try (Socket probe = new Socket()) {
            probe.bind(new java.net.InetSocketAddress("::1", 0));
        } catch (IOException e) {
            throw new AssertionError("this machine has no IPv6 loopback address, which this test needs", e);
        }
        Peer one = peer(ONE, "::1");
        Peer two = peer(TWO, "::1");
        two.run(net -> net.connect(ONE));
        Peer.until("the link is open", () -> one.links.size() == 1 && two.links.size() == 1);
        one.run(net -> net.notify(TWO, new Hello(Set.of(ONE))));
        Peer.until("a hello arrives", () -> two.heard.contains("notified 1"));
    }
}
