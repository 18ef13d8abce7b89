package io.holdfast.server.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DoorTest {

    private static final int MAX = 4;
    private static final long LIMIT = TimeUnit.SECONDS.toNanos(10);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final EmbeddedChannel listening = new EmbeddedChannel();
    private final List<Fault> faults = new ArrayList<>();
    private long now = SECOND;
    private long limit = 1_000;
    private long opened = 100;
    private Door door;

    @BeforeEach
    void install() {
        var descriptors = new Descriptors(() -> limit, () -> opened, now);
        door = new Door(listening, MAX, LIMIT, descriptors, () -> now, faults::add);
        door.install();
    }

    private EmbeddedChannel accept() {
        var channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
        listening.writeInbound(channel);
        return channel;
    }

    private static Connection of(EmbeddedChannel channel) {
        return channel.attr(Connection.KEY).get();
    }

    private static void sends(EmbeddedChannel channel) {
        channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {'G'}));
    }

    private boolean accepts() {
        return listening.config().isAutoRead();
    }

    private void pass(long nanos) {
        now += nanos;
        door.sweep();
    }

    @Test
    void asManyAsMayBeAreAcceptedAndTheNextOneWhenOneLeaves() {
        var all = new ArrayList<EmbeddedChannel>();
        for (var i = 0; i < MAX; i++) {
            assertTrue(accepts());
            all.add(accept());
        }
        assertFalse(accepts());
        assertEquals(MAX, door.open());
        all.get(0).close();
        listening.runPendingTasks();
        assertTrue(accepts());
        assertEquals(1, door.pauses());
    }

    @Test
    void nobodyIsAcceptedWhileDescriptorsAreShort() {
        limit = opened + Descriptors.RESERVE + 2;
        var first = accept();
        assertTrue(accepts());
        accept();
        assertFalse(accepts(), "the reserve is left, and no more");
        opened += 2;
        first.close();
        listening.runPendingTasks();
        opened--;
        assertTrue(accepts());
        accept();
        opened++;
        assertFalse(accepts());

        opened -= 50;
        pass(SECOND);
        assertTrue(accepts(), "the node itself has closed files");
    }

    @Test
    void aLimitThatIsLoweredWhileTheProcessRunsCountsAtOnce() {
        accept();
        assertTrue(accepts());
        limit = opened + Descriptors.RESERVE;
        accept();
        assertFalse(accepts());
    }

    @Test
    void aConnectionThatSaysNothingEnds() {
        var silent = accept();
        pass(LIMIT);
        assertTrue(silent.isOpen());
        pass(1);
        assertFalse(silent.isOpen());
        assertEquals(List.of(Fault.SILENT), faults);
        assertEquals(0, door.open());
    }

    @Test
    void aHeadThatTakesTooLongEndsItsConnectionHoweverOftenBytesCome() {
        var slow = accept();
        of(slow).begun(now, false);
        of(slow).ended(now);
        pass(LIMIT * 3);
        assertTrue(slow.isOpen(), "it waits for its next request");
        for (var second = 0; second <= 10; second++) {
            sends(slow);
            pass(SECOND);
            assertEquals(second < 10, slow.isOpen(), "after " + (second + 1) + " s");
        }
        assertEquals(List.of(Fault.SLOW_HEAD), faults);
    }

    @Test
    void aRequestUnderWayMayTakeItsTime() {
        var channel = accept();
        sends(channel);
        assertEquals(now, of(channel).begun(now, false));
        pass(LIMIT * 100);
        assertTrue(channel.isOpen());
    }

    @Test
    void framesBetweenTheRequestsOfHttp2BeginNone() {
        var channel = accept();
        of(channel).begun(now, true);
        of(channel).ended(now);
        sends(channel);
        pass(LIMIT * 2);
        assertTrue(channel.isOpen());
        assertEquals(List.of(), faults);
    }

    @Test
    void keptConnectionsMakeRoomAndThoseWithARequestStay() {
        var busy = accept();
        of(busy).begun(now, false);
        for (var i = 1; i < MAX; i++) {
            var idle = accept();
            of(idle).begun(now, false);
            of(idle).ended(now);
        }
        assertFalse(accepts());
        pass(SECOND + 1);
        assertTrue(accepts());
        assertTrue(busy.isOpen());
        assertEquals(1, door.open());
        assertEquals(List.of(Fault.MAKES_ROOM, Fault.MAKES_ROOM, Fault.MAKES_ROOM), faults);
    }
}
