package io.holdfast.server.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DoorTest {

    private static final int MAX = 4;
    private static final long LIMIT = TimeUnit.SECONDS.toNanos(10);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Listening listening = new Listening();
    private final List<Fault> faults = new ArrayList<>();
    private long now = SECOND;
    private long limit = 1_000;
    private long opened = 100;
    private Door door;

    /** A listening socket; something can happen on another event loop just before its reading stops. */
    private static final class Listening extends EmbeddedChannel {
        private final ChannelConfig config = new DefaultChannelConfig(this) {
            @Override
            public ChannelConfig setAutoRead(boolean autoRead) {
                if (!autoRead) {
                    beforeStop.run();
                }
                return super.setAutoRead(autoRead);
            }
        };
        private Runnable beforeStop = () -> {};

        @Override
        public ChannelConfig config() {
            // The superclass asks for it before this class has one.
            return config == null ? super.config() : config;
        }
    }

    @BeforeEach
    void install() {
        door = door(MAX);
    }

    private Door door(int max) {
        var descriptors = new Descriptors(() -> limit, () -> opened, now);
        var made = new Door(listening, max, LIMIT, descriptors, () -> now, faults::add);
        if (door != null) {
            listening.pipeline().remove(door);
        }
        made.install();
        return made;
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
    void aConnectionThatLeavesWhileAcceptingIsPausedDoesNotLeaveItPausedForever() {
        var first = accept();
        for (var i = 2; i < MAX; i++) {
            accept();
        }
        // Closed here as on its own event loop: the pause has begun, and reading has not stopped yet.
        listening.beforeStop = first::close;
        accept();
        assertEquals(1, door.pauses());
        listening.runPendingTasks();
        assertTrue(accepts());
        assertFalse(door.isPaused());
    }

    @Test
    void aConnectionThatLeftBeforeThePauseWasSeenOpensTheDoorAtTheNextSweepAndEndsNoOther() {
        var first = accept();
        var idle = accept();
        of(idle).begun(now, false);
        of(idle).ended(now);
        limit = opened + Descriptors.RESERVE + 3;
        accept();
        assertFalse(accepts());
        limit++;
        pass(SECOND + 1);
        assertTrue(accepts());
        assertTrue(idle.isOpen() && first.isOpen());
    }

    @Test
    void readingThatNettyTookUpAgainByItselfStopsAtTheNextConnection() {
        for (var i = 0; i < MAX; i++) {
            accept();
        }
        listening.config().setAutoRead(true);
        accept();
        assertFalse(accepts());
        assertEquals(1, door.pauses());
    }

    @Test
    void roomIsMadeAmongConnectionsThatServeRequestsMeanwhile() throws InterruptedException {
        var many = 4_000;
        door = door(many);
        now = 100 * SECOND;
        var all = new ArrayList<Connection>();
        for (var i = 0; i < many; i++) {
            all.add(of(accept()));
        }
        var stopped = new AtomicBoolean();
        // Each request makes its connection another one's place in the order of idle times.
        var others = new Thread(() -> {
            var random = new Random(1);
            while (!stopped.get()) {
                var connection = all.get(random.nextInt(many));
                connection.begun(now, false);
                connection.ended(random.nextLong(50 * SECOND));
            }
        });
        others.start();
        try {
            for (var sweep = 0; sweep < 30; sweep++) {
                limit = 0;
                door.sweep();
            }
        } finally {
            stopped.set(true);
            others.join();
        }
        assertTrue(door.open() < many);
        assertTrue(faults.stream().allMatch(Fault.MAKES_ROOM::equals));
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
