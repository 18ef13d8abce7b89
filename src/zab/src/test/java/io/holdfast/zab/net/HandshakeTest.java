package io.holdfast.zab.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.ServerId;
import io.vertx.core.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Servers of different generations of an ensemble do not talk, and say what to do about it. */
class HandshakeTest {

    private static final long RESTORED = 1_795_276_800_123L;

    private static Handshake of(int server, long generation) {
        NetConfig config = new NetConfig(
                "orders",
                new ServerId(server),
                new DiskId(server, 1),
                7,
                "127.0.0.1",
                0,
                1_000,
                4L << 20,
                Versions.NEWEST,
                member -> SocketAddress.inetSocketAddress(member.port(), member.host()),
                PeerTls.off());
        return new Handshake(config, id -> true, () -> generation, () -> 1, () -> -1);
    }

    private static Greeting read(ByteBuffer frame) throws FrameException {
        return Greeting.decode(frame.position(Frame.HEADER_BYTES));
    }

    private static @Nullable String objection(Handshake here, Handshake peer) throws FrameException {
        return here.objection(read(peer.greeting(LinkKind.ELECTION)));
    }

    @Test
    void serversOfOneGenerationTalk() throws FrameException {
        assertNull(objection(of(1, 1), of(2, 1)));
        assertNull(objection(of(1, RESTORED), of(2, RESTORED)));
    }

    @Test
    void aServerWithoutAHistoryTalksWithAnyGeneration() throws FrameException {
        assertNull(objection(of(1, RESTORED), of(2, Greeting.NO_GENERATION)));
        assertNull(objection(of(2, Greeting.NO_GENERATION), of(1, RESTORED)));
        assertNull(objection(of(2, Greeting.NO_GENERATION), of(1, Greeting.NO_GENERATION)));
    }

    @Test
    void bothSidesTurnAnotherGenerationAwayAndSayWhoseDirectoryIsToBeEmptied() throws FrameException {
        for (String objection :
                new String[] {objection(of(1, RESTORED), of(2, 1)), objection(of(2, 1), of(1, RESTORED))}) {
            assertNotNull(objection);
            assertTrue(objection.endsWith("empty the data directory of server 2 and add it again"), objection);
            assertTrue(objection.length() <= 128, "it fits into a refusal: " + objection.length());
        }
    }

    @Test
    void aGreetingOfAReleaseThatKnowsNoRestoringIsOfTheFirstGeneration() throws FrameException {
        ByteBuffer frame = of(1, RESTORED).greeting(LinkKind.REPLICATION).position(Frame.HEADER_BYTES);
        frame.limit(frame.limit() - Long.BYTES);
        assertEquals(1, Greeting.decode(frame).generation());
    }
}
