package io.holdfast.ensemble;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.ensemble.PeerNetwork.Way;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Node 2 of three listens, and node 1 dials it. */
class PeerNetworkTest {

    private static final int BOUND_MILLIS = 60_000;
    private static final int SILENCE_MILLIS = 200;
    private static final byte[] WORD = {1, 2, 3};

    private final PeerNetwork network = new PeerNetwork(3);
    private ServerSocket listener;
    private int port;

    @BeforeEach
    void listen() throws IOException {
        listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        listener.setSoTimeout(BOUND_MILLIS);
        port = network.standBefore(2, listener.getLocalPort());
    }

    @AfterEach
    void end() throws IOException {
        network.close();
        listener.close();
    }

    @Test
    void whatIsSentArrivesInBothDirections() throws Exception {
        try (var one = dial();
                var two = accept()) {
            arrives(one, two);
            arrives(two, one);
        }
    }

    @Test
    void whatIsHeldBackArrivesWhenTheWayIsOpenAgainWhileTheOtherDirectionIsWell() throws Exception {
        try (var one = dial();
                var two = accept()) {
            network.setFrom(1, Way.HELD);
            one.getOutputStream().write(WORD);
            silent(two);
            arrives(two, one);
            network.heal();
            assertArrayEquals(WORD, two.getInputStream().readNBytes(WORD.length));
        }
    }

    @Test
    void waysOfOthersDoNotMatter() throws Exception {
        try (var one = dial();
                var two = accept()) {
            network.set(3, 2, Way.CUT);
            network.set(1, 3, Way.LOST);
            arrives(one, two);
            arrives(two, one);
        }
    }

    @Test
    void aConnectionThatLostBytesIsResetWhenTheWayIsOpenAgainAndOneThatDidNotIsNot() throws Exception {
        try (var one = dial();
                var two = accept();
                var quiet = dial();
                var quietPeer = accept()) {
            network.setTo(2, Way.LOST);
            one.getOutputStream().write(WORD);
            silent(two);
            network.heal();
            ended(two);
            ended(one);
            arrives(quiet, quietPeer);
        }
    }

    @Test
    void aCutResetsWhatIsThereAndWhatComes() throws Exception {
        try (var one = dial();
                var two = accept()) {
            network.set(2, 1, Way.CUT);
            ended(one);
            ended(two);
            try (var again = dial()) {
                ended(again);
            }
            network.heal();
            try (var again = dial();
                    var answered = accept()) {
                arrives(again, answered);
            }
        }
    }

    @Test
    void thatAPeerIsGoneIsNotKnownBeforeTheWayIsOpenAgain() throws Exception {
        try (var one = dial();
                var two = accept()) {
            network.set(2, 1, Way.HELD);
            two.shutdownOutput();
            silent(one);
            network.heal();
            ended(one);
        }
    }

    /** Says who dials, as the first frame of a node does. */
    private Socket dial() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(BOUND_MILLIS);
        socket.getOutputStream().write(greeting());
        return socket;
    }

    private static byte[] greeting() {
        return ByteBuffer.allocate(PeerConnection.GREETING_BYTES)
                .putShort(PeerConnection.GREETING_BYTES - Short.BYTES, (short) 1)
                .array();
    }

    private Socket accept() throws IOException {
        var socket = listener.accept();
        socket.setSoTimeout(BOUND_MILLIS);
        assertArrayEquals(greeting(), socket.getInputStream().readNBytes(PeerConnection.GREETING_BYTES));
        return socket;
    }

    private static void arrives(Socket from, Socket to) throws IOException {
        from.getOutputStream().write(WORD);
        assertArrayEquals(WORD, to.getInputStream().readNBytes(WORD.length));
    }

    private static void silent(Socket socket) throws IOException {
        socket.setSoTimeout(SILENCE_MILLIS);
        assertThrows(SocketTimeoutException.class, () -> socket.getInputStream().read());
        socket.setSoTimeout(BOUND_MILLIS);
    }

    private static void ended(Socket socket) {
        try {
            assertEquals(-1, socket.getInputStream().read());
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the connection is still there", e);
        } catch (IOException reset) {
            // That is an end as well.
        }
    }
}
