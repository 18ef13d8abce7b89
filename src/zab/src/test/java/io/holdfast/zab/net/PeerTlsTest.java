package io.holdfast.zab.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.ensemble.Authority;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.message.Hello;
import io.holdfast.zab.core.message.ReadIndex;
import io.holdfast.zab.tls.TlsFiles;
import io.holdfast.zab.tls.TlsMaterial;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Peers prove to each other which members they are, over real sockets. */
class PeerTlsTest {

    private static final ServerId ONE = new ServerId(1);
    private static final ServerId TWO = new ServerId(2);
    private static final Authority AUTHORITY = new Authority("members");
    private static final Authority.Issued FIRST = AUTHORITY.member("ensemble", 1);
    private static final Authority.Issued SECOND = AUTHORITY.member("ensemble", 2);

    private final Vertx vertx = Vertx.vertx();
    private final Map<ServerId, Integer> ports = new ConcurrentHashMap<>();

    @TempDir
    private Path directory;

    @AfterEach
    void closeVertx() throws InterruptedException {
        CountDownLatch closed = new CountDownLatch(1);
        vertx.close().onComplete(ignored -> closed.countDown());
        assertTrue(closed.await(Peer.PATIENCE_SECONDS, TimeUnit.SECONDS));
    }

    private TlsMaterial material(Authority.Issued own, Authority.Issued... revoked) throws Exception {
        own.write(directory, "own");
        Path ca = directory.resolve("ca");
        Authority.put(ca, AUTHORITY.pem());
        Path crl = revoked.length == 0 ? null : directory.resolve("crl");
        if (crl != null) {
            Authority.put(crl, AUTHORITY.revoking(revoked));
        }
        return new TlsFiles(directory.resolve("own.crt"), directory.resolve("own.key"), ca, crl)
                .read(vertx, System.currentTimeMillis());
    }

    private PeerTls tls(PeerTls.Mode mode, Authority.Issued own) throws Exception {
        return PeerTls.of(mode, false, material(own));
    }

    private Peer peer(ServerId self, PeerTls tls) {
        return new Peer(vertx, ports, self, tls);
    }

    private static void talk(Peer one, Peer two) {
        two.run(net -> net.connect(ONE));
        Peer.until("the link is open", () -> !one.links.isEmpty() && !two.links.isEmpty());
        one.run(net -> net.send(one.link(), new ReadIndex(7)));
        Peer.until("a message arrives", () -> two.received.contains(new ReadIndex(7)));
    }

    private void isRefused(Authority.Issued accepting, Authority.Issued dialing) throws Exception {
        Peer one = peer(ONE, tls(PeerTls.Mode.REQUIRED, accepting));
        Peer two = peer(TWO, tls(PeerTls.Mode.REQUIRED, dialing));
        two.run(net -> net.connect(ONE));
        Peer.until("the dialer knows", () -> two.heard.contains("failed 1"));
        assertTrue(two.links.isEmpty());
        assertTrue(one.links.isEmpty());
        assertTrue(one.heard.isEmpty(), one.heard::toString);
    }

    /** Its first handshakes are with itself, so that none of them is one that a peer waits for. */
    @Test
    void aNodeCanShakeHandsWithItself() throws Exception {
        assertEquals(TlsWarmUp.HANDSHAKES, TlsWarmUp.run(tls(PeerTls.Mode.REQUIRED, FIRST)));
    }

    @Test
    void membersTalkSecurelyInBothDirections() throws Exception {
        PeerTls first = tls(PeerTls.Mode.REQUIRED, FIRST);
        PeerTls second = tls(PeerTls.Mode.REQUIRED, SECOND);
        Peer one = peer(ONE, first);
        Peer two = peer(TWO, second);
        talk(one, two);
        Peer.until("a hello arrives", () -> {
            one.run(net -> net.notify(TWO, new Hello(Set.of(ONE))));
            return two.heard.contains("notified 1");
        });
        Peer.until("both count", () -> first.links(true) == 2 && second.links(true) == 2);
        assertEquals(0, first.links(false) + second.links(false));
    }

    @Test
    void aSnapshotIsLongerThanWhatTlsTakesAtOnce() throws Exception {
        Peer one = peer(ONE, tls(PeerTls.Mode.REQUIRED, FIRST));
        Peer two = peer(TWO, tls(PeerTls.Mode.REQUIRED, SECOND));
        talk(one, two);
        one.run(net -> net.sendSnapshot(one.link(), new io.holdfast.zab.core.Zxid(3, 4), Long.MAX_VALUE));
        Peer.until("all chunks arrived", () -> two.received.size() == 6);
    }

    @Test
    void aPeerWhoseCertificateNamesNoMemberIsRefused() throws Exception {
        isRefused(FIRST, AUTHORITY.certificate().dns("somewhere").issue());
    }

    @Test
    void aPeerWhoseCertificateNamesAnotherMemberIsRefused() throws Exception {
        isRefused(FIRST, FIRST);
    }

    @Test
    void aPeerIsNotIdentifiedByReverseLookup() throws Exception {
        // The address is of localhost in both directions, and the configuration has neither for any member.
        isRefused(
                AUTHORITY.certificate().dns("localhost").ip("127.0.0.1").issue(),
                AUTHORITY.certificate().uri("holdfast://ensemble/member/2").issue());
        isRefused(
                FIRST, AUTHORITY.certificate().dns("localhost").ip("127.0.0.1").issue());
    }

    @Test
    void aClientCertificateIsNoPeer() throws Exception {
        isRefused(
                FIRST,
                AUTHORITY
                        .certificate()
                        .uri("holdfast://ensemble/member/2")
                        .forClients()
                        .issue());
    }

    @Test
    void aCertificateOfAnotherAuthorityIsNoPeers() throws Exception {
        isRefused(FIRST, new Authority("others").member("ensemble", 2));
    }

    @Test
    void aPlainFrameIsRefusedWhenTlsIsRequired() throws Exception {
        Peer one = peer(ONE, tls(PeerTls.Mode.REQUIRED, FIRST));
        Peer two = peer(TWO, PeerTls.off());
        two.run(net -> net.connect(ONE));
        Peer.until("the dialer knows", () -> two.heard.contains("failed 1"));
        assertTrue(one.links.isEmpty());
        try (Socket plain = new Socket(InetAddress.getByName(one.host()), ports.get(ONE))) {
            plain.setSoTimeout((int) TimeUnit.SECONDS.toMillis(Peer.PATIENCE_SECONDS));
            ByteBuffer out = ByteBuffer.allocate(Greeting.BYTES_MAX);
            new Greeting(1, Versions.NEWEST, LinkKind.REPLICATION, TWO, 7, new DiskId(2, 0), "ensemble", 0).encode(out);
            plain.getOutputStream().write(out.array(), 0, out.position());
            byte[] answer = plain.getInputStream().readAllBytes();
            assertTrue(answer.length < 16, "an alert at most: " + answer.length);
        } catch (IOException reset) {
            assertTrue(one.links.isEmpty());
        }
        assertTrue(one.heard.isEmpty(), one.heard::toString);
    }

    @Test
    void aPeerThatRequiresTlsTalksWithNoneThatDoesNot() throws Exception {
        Peer one = peer(ONE, PeerTls.off());
        Peer two = peer(TWO, tls(PeerTls.Mode.REQUIRED, SECOND));
        two.run(net -> net.connect(ONE));
        Peer.until("the dialer knows", () -> two.heard.contains("failed 1"));
        assertTrue(one.links.isEmpty());
    }

    @Test
    void mixedTalksWithAllOthers() throws Exception {
        PeerTls mixed = tls(PeerTls.Mode.MIXED, FIRST);
        Peer one = peer(ONE, mixed);
        Peer plain = peer(TWO, PeerTls.off());
        talk(one, plain);
        Peer.until("it counts as plain", () -> mixed.links(false) == 1);
        one.run(net -> net.notify(TWO, new Hello(Set.of(ONE))));
        Peer.until("a plain peer is dialed again without TLS", () -> plain.heard.contains("notified 1"));
        PeerTls other = tls(PeerTls.Mode.MIXED, SECOND);
        Peer two = peer(TWO, other);
        two.run(net -> net.connect(ONE));
        Peer.until("it counts as secured", () -> other.links(true) == 1);
        assertEquals(0, other.links(false));
        PeerTls required = tls(PeerTls.Mode.REQUIRED, SECOND);
        Peer again = peer(TWO, required);
        again.run(net -> net.connect(ONE));
        Peer.until("it counts as secured", () -> required.links(true) == 1);
    }

    @Test
    void peersSpeakTheNewestVersionOnly() throws Exception {
        peer(ONE, tls(PeerTls.Mode.REQUIRED, FIRST));
        TlsMaterial second = material(SECOND);
        try (SSLSocket socket = (SSLSocket)
                second.context().getSocketFactory().createSocket(InetAddress.getByName("127.0.0.1"), ports.get(ONE))) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            SSLException refused =
                    org.junit.jupiter.api.Assertions.assertThrows(SSLException.class, socket::startHandshake);
            assertFalse(String.valueOf(refused.getMessage()).isEmpty());
        }
    }

    @Test
    void linksOutliveNewFilesAndEndWhenACertificateIsRevoked() throws Exception {
        PeerTls first = tls(PeerTls.Mode.REQUIRED, FIRST);
        Peer one = peer(ONE, first);
        Peer two = peer(TWO, tls(PeerTls.Mode.REQUIRED, SECOND));
        talk(one, two);
        Authority.Issued newer = AUTHORITY.member("ensemble", 1);
        first.replace(material(newer));
        PeerTls third = tls(PeerTls.Mode.REQUIRED, SECOND);
        Peer another = peer(TWO, third);
        another.run(net -> net.connect(ONE));
        Peer.until("new connections see the new certificate", () -> third.links(true) == 1);
        one.run(net -> net.send(one.link(), new ReadIndex(8)));
        Peer.until("the old link lives", () -> two.received.contains(new ReadIndex(8)));
        first.replace(material(newer, SECOND));
        Peer.until(
                "both links end",
                () -> one.heard.stream().filter("disconnected 2"::equals).count() == 2);
        another.run(net -> net.connect(ONE));
        Peer.until("a revoked member is refused", () -> another.heard.contains("failed 1"));
    }

    @Test
    void aLinkEndsWhenACertificateExpires() throws Exception {
        Instant now = Instant.now();
        Authority.Issued brief = AUTHORITY
                .certificate()
                .uri("holdfast://ensemble/member/2")
                .valid(now.minus(Duration.ofHours(1)), now.plus(Duration.ofDays(1)))
                .issue();
        AtomicLong days = new AtomicLong();
        PeerTls first = PeerTls.of(
                PeerTls.Mode.REQUIRED,
                false,
                material(FIRST),
                () -> now.plus(Duration.ofDays(days.get())).toEpochMilli());
        Peer one = peer(ONE, first);
        Peer two = peer(TWO, tls(PeerTls.Mode.REQUIRED, brief));
        talk(one, two);
        Peer.until("it is counted, so it was looked at", () -> first.links(true) == 1);
        assertTrue(one.heard.isEmpty(), one.heard::toString);
        days.set(2);
        Peer.until("the link ends", () -> one.heard.contains("disconnected 2"));
    }

    @Test
    void silentConnectionsDoNotKeepPeersApart() throws Exception {
        Peer one = peer(ONE, tls(PeerTls.Mode.REQUIRED, FIRST));
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i < Strangers.MAX + 20; i++) {
            Socket socket = new Socket(InetAddress.getByName(one.host()), ports.get(ONE));
            if (i % 2 == 0) {
                // It begins a handshake and says no more.
                socket.getOutputStream().write(new byte[] {0x16, 3, 1, 1, 0, 1, 0});
            }
            silent.add(socket);
        }
        Peer two = peer(TWO, tls(PeerTls.Mode.REQUIRED, SECOND));
        talk(one, two);
        for (Socket socket : silent) {
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(Peer.PATIENCE_SECONDS));
            try (socket) {
                assertTrue(socket.getInputStream().readAllBytes().length < 16, "those that say nothing are closed");
            } catch (java.net.SocketTimeoutException e) {
                throw new AssertionError("the connection is still open", e);
            } catch (IOException reset) {
                assertTrue(socket.isClosed());
            }
        }
    }
}
