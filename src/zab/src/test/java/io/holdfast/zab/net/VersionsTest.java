package io.holdfast.zab.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.MemberInfo;
import io.holdfast.zab.core.MemberState;
import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.message.FollowerInfo;
import io.holdfast.zab.core.message.Hello;
import io.holdfast.zab.core.message.Notification;
import io.holdfast.zab.core.message.Overview;
import io.vertx.core.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Servers of adjacent versions speak the newest that both know, and nobody speaks less than all have agreed on. */
class VersionsTest {

    private static final ServerId ONE = new ServerId(1);
    private static final ServerId TWO = new ServerId(2);
    private static final DiskId DISK = new DiskId(3, 4);
    private static final MemberInfo INFO = new MemberInfo("http://one:80", "0.1.0");

    private static Handshake handshake(ServerId self, int protocolMax, int level) {
        NetConfig config = new NetConfig(
                "ensemble",
                self,
                DISK,
                1,
                "127.0.0.1",
                0,
                1_000,
                1 << 20,
                protocolMax,
                member -> SocketAddress.inetSocketAddress(1, "127.0.0.1"),
                PeerTls.off());
        return new Handshake(config, Set.of(ONE, TWO)::contains, () -> 1, () -> level, () -> -1);
    }

    /** What server 2 says first when it speaks that version at most. */
    private static Greeting greeting(int protocolMax) throws FrameException {
        ByteBuffer frame = handshake(TWO, protocolMax, 1).greeting(LinkKind.REPLICATION);
        return Greeting.decode(frame.position(Frame.HEADER_BYTES).slice());
    }

    @Test
    void versionsOfWhichOneIsTwoBelowAtMostSpeakTheNewestThatBothKnow() throws FrameException {
        int[][] cases = {{1, 1, 1}, {1, 2, 1}, {2, 1, 1}, {2, 2, 2}, {3, 2, 2}, {2, 3, 2}, {1, 3, 1}, {3, 1, 1}};
        for (int[] each : cases) {
            Handshake here = handshake(ONE, each[0], 1);
            Greeting peer = greeting(each[1]);
            assertNull(here.objection(peer));
            assertEquals(each[2], here.version(peer));
        }
    }

    @Test
    void versionsThatAreTooFarApartAreRefusedInWords() throws FrameException {
        for (int[] each : new int[][] {{1, 4}, {4, 1}}) {
            String objection = handshake(ONE, each[0], 1).objection(greeting(each[1]));
            assertNotNull(objection);
            assertTrue(objection.contains("upgrade one release at a time"), objection);
        }
    }

    @Test
    void whoSpeaksLessThanAllHaveAgreedOnIsRefusedInWords() throws FrameException {
        String objection = handshake(ONE, 2, 2).objection(greeting(1));
        assertNotNull(objection);
        assertTrue(objection.contains("too old for this ensemble"), objection);
        assertNull(handshake(ONE, 2, 2).objection(greeting(2)));
    }

    /** An older server would take a field that it does not know for damage. */
    @Test
    void messagesOfTheFirstVersionHaveNothingOfTheSecond() throws FrameException {
        MessageEncoder encoder = new MessageEncoder();
        encoder.put(new Hello(DISK, Set.of(ONE)), 1);
        assertEquals(new Hello(Set.of(ONE)), MessageDecoder.election(body(encoder), 1));
        encoder.put(new Notification(Role.LOOKING, 5, null, null, 0, 7, DISK), 1);
        assertEquals(new Notification(Role.LOOKING, 5, null, null, 0, 7), MessageDecoder.election(body(encoder), 1));
        encoder.put(new FollowerInfo(DISK, 0, null, 7, 2, Set.of(ONE), INFO), 1);
        assertEquals(new FollowerInfo(DISK, 0, null, 7, 1, Set.of(ONE)), MessageDecoder.replication(body(encoder), 1));
        encoder.put(new FollowerInfo(DISK, 0, null, 7, 2, Set.of(ONE), INFO), 2);
        assertEquals(new FollowerInfo(DISK, 0, null, 7, 2, Set.of(ONE)), MessageDecoder.replication(body(encoder), 2));
        encoder.put(overview(INFO), 2);
        assertEquals(overview(MemberInfo.NONE), MessageDecoder.replication(body(encoder), 2));
    }

    private static Overview overview(MemberInfo info) {
        return new Overview(
                7,
                List.of(new MemberState(
                        ONE, Role.LEADING, Phase.BROADCAST, Zxid.ZERO, Zxid.ZERO, Zxid.ZERO, DISK, info)));
    }

    private static ByteBuffer body(MessageEncoder encoder) {
        return encoder.take().position(Frame.HEADER_BYTES).slice();
    }
}
