package io.holdfast.zab.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.ensemble.Mutations;
import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.ConfigurationCodec;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.message.AckEpoch;
import io.holdfast.zab.core.message.ElectionMessage;
import io.holdfast.zab.core.message.Message;
import io.holdfast.zab.core.message.ReplicationMessage;
import io.vertx.core.buffer.Buffer;
import java.lang.management.ManagementFactory;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Whatever bytes a peer or a stranger sends, in whatever phase: they are refused by the decoders' own errors, or are a
 * message that a core takes without an exception, since an exception in a core ends its node.
 *
 * <p>{@code -Dholdfast.hostile.inputs} draws more than the build does, {@code -Dholdfast.hostile.seed} others.
 */
class HostileFramesTest {

    private static final int INPUTS = Integer.getInteger("holdfast.hostile.inputs", 60_000);
    private static final long SEED = Long.getLong("holdfast.hostile.seed", 1);

    /** One frame has a core send this at most; a whole history to each of four learners is far less here. */
    private static final long ANSWERS_MAX = 50_000;

    /** What a decoder takes beyond a small multiple of the frame: exceptions with their text, boxes, buffers. */
    private static final long ALLOCATED_BESIDES = 256 << 10;

    /** What the first inputs take is mostly classes. */
    private static final int WARM_UP = 2_000;

    private final com.sun.management.ThreadMXBean threads =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Mutations mutations = new Mutations(SEED);
    private final Random random = new Random(SEED);
    private final MessageEncoder encoder = new MessageEncoder();
    private final Map<Phase, Integer> taken = new EnumMap<>(Phase.class);
    private byte[] previous = new byte[0];
    private int inputs;
    private int refused;
    private int pulls;
    private long mostAllocated;

    @Test
    void noFrameStopsACoreThatLeadsOrFollows() {
        System.out.println("hostile frames: seed " + SEED + ", " + INPUTS + " inputs");
        for (long world = SEED; inputs < INPUTS; world++) {
            boolean leads = world % 2 == 0;
            LoneCore core = new LoneCore(world, this::mutated, (alone, seed) -> new HonestPeers(alone, seed, leads));
            for (int step = 0; step < 400 && inputs < INPUTS; step++) {
                core.step();
            }
            pulls += core.pulls();
        }
        System.out.println("hostile frames: " + refused + " refused, others taken in " + taken + ", " + pulls
                + " histories fetched, most allocated for one " + mostAllocated);
        assertTrue(refused > INPUTS / 10 && refused < INPUTS, "refused " + refused);
        assertTrue(pulls > 0, "no candidate fetches a history");
        for (Phase phase : Phase.values()) {
            assertTrue(taken.getOrDefault(phase, 0) > INPUTS / 1_000, () -> "too few reach a phase: " + taken);
        }
    }

    /** Without any fault the same worlds come to all phases: the peers are honest enough. */
    @Test
    void theSamePeersWithoutFaultsHaveTheCoreLeadAndFollow() {
        for (boolean leads : new boolean[] {false, true}) {
            LoneCore core = new LoneCore(
                    3, (alone, from, link, message) -> {}, (alone, seed) -> new HonestPeers(alone, seed, leads));
            for (int step = 0; step < 600; step++) {
                core.step();
            }
            assertEquals(Phase.BROADCAST, core.zab().status().phase(), "leads: " + leads);
            assertTrue(
                    core.zab().status().lastApplied().counter() > 20,
                    () -> core.zab().status() + "");
        }
    }

    /** It would be adopted, durably: a candidate becomes what the voter is whose history it fetches. */
    @Test
    void aHistoryThatIsNotOlderThanThePromiseIsNotFetched() {
        List<Link> liars = new ArrayList<>();
        LoneCore core = new LoneCore(
                7,
                (alone, from, link, message) -> {
                    if (link != null && liars.isEmpty() && message instanceof AckEpoch ack) {
                        liars.add(link);
                        alone.receive(link, new AckEpoch(ack.epoch(), ack.epoch(), new Zxid(ack.epoch(), 1), 7));
                        assertFalse(alone.isOpen(link), "who says so is sent away");
                    }
                },
                (alone, seed) -> new HonestPeers(alone, seed, true));
        for (int step = 0; step < 600; step++) {
            core.step();
        }
        assertEquals(1, liars.size());
        assertEquals(Phase.BROADCAST, core.zab().status().phase());
    }

    /** Before what a peer says, the core is told some of what it might have been told. */
    private void mutated(LoneCore core, ServerId from, @Nullable Link link, Message message) {
        byte[] body = bodyOf(message);
        for (int i = 0; i < 2; i++) {
            if (random.nextInt(3) == 0) {
                inputs++;
                tell(core, from, link, mutations.of(body, previous));
            }
        }
        previous = body;
    }

    private void tell(LoneCore core, ServerId from, @Nullable Link link, byte[] body) {
        long before = threads.getCurrentThreadAllocatedBytes();
        Message message = decoded(link == null, body);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        if (inputs > WARM_UP) {
            mostAllocated = Math.max(mostAllocated, allocated);
            assertTrue(
                    allocated <= ALLOCATED_BESIDES + 64L * body.length,
                    () -> allocated + " bytes for a frame of " + body.length);
        }
        if (message == null) {
            refused++;
            return;
        }
        long answers = core.sent();
        Phase phase = core.zab().status().phase();
        try {
            if (message instanceof ElectionMessage election) {
                core.zab().notified(core.now(), from, election);
            } else if (link != null) {
                core.receive(link, (ReplicationMessage) message);
            }
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + SEED + ", input " + inputs + ", in " + phase + ": " + message, e);
        }
        taken.merge(phase, 1, Integer::sum);
        assertTrue(
                core.sent() - answers <= ANSWERS_MAX, () -> message + " has " + (core.sent() - answers) + " answers");
    }

    /** Returns the message that a frame with this body carries; null when it is refused, as it should be. */
    private static @Nullable Message decoded(boolean election, byte[] body) {
        if (body.length == 0) {
            return null;
        }
        ByteBuffer frame = ByteBuffer.allocate(Frame.HEADER_BYTES + body.length);
        int start = Frame.begin(frame);
        frame.put(body);
        Frame.end(frame, start);
        FrameDecoder decoder = new FrameDecoder(Frame.MAX_BODY_BYTES);
        decoder.feed(Buffer.buffer(frame.array()));
        try {
            ByteBuffer cut = decoder.next();
            return election
                    ? MessageDecoder.election(cut, Versions.NEWEST)
                    : MessageDecoder.replication(cut, Versions.NEWEST);
        } catch (FrameException e) {
            return null;
        }
    }

    /** Returns the body as it would arrive; of what a link and a vote carry alike. */
    private byte[] bodyOf(Message message) {
        if (message instanceof ElectionMessage election) {
            encoder.put(election, Versions.NEWEST);
        } else {
            encoder.put((ReplicationMessage) message, Versions.NEWEST);
        }
        ByteBuffer frame = encoder.take();
        byte[] body = new byte[frame.remaining() - Frame.HEADER_BYTES];
        frame.position(Frame.HEADER_BYTES).get(body);
        return body;
    }

    @Test
    void noStreamOfBytesHurtsADecoderOfFrames() {
        for (int i = 0; i < INPUTS / 6; i++) {
            byte[] stream = mutations.of(greeting(), previous);
            previous = stream;
            FrameDecoder decoder = new FrameDecoder(Greeting.BYTES_MAX);
            long before = threads.getCurrentThreadAllocatedBytes();
            decoder.feed(Buffer.buffer(stream));
            try {
                for (ByteBuffer body = decoder.next(); body != null; body = decoder.next()) {
                    Greeting.decode(body);
                }
            } catch (FrameException expected) {
                refused++;
            }
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertTrue(i < WARM_UP || allocated < ALLOCATED_BESIDES + 64L * stream.length, () -> allocated + " bytes");
        }
        assertTrue(refused > 0);
    }

    @Test
    void noGreetingGetsAnythingButAnAnswer() {
        int greeted = 0;
        for (int i = 0; i < INPUTS / 6; i++) {
            byte[] frame = greeting();
            byte[] body = new byte[frame.length - Frame.HEADER_BYTES];
            System.arraycopy(frame, Frame.HEADER_BYTES, body, 0, body.length);
            try {
                Greeting peer = Greeting.decode(ByteBuffer.wrap(mutations.of(body, previous)));
                NetConfig config = new NetConfig(
                        "orders",
                        new ServerId(1),
                        new DiskId(1, 1),
                        1,
                        "::1",
                        0,
                        9,
                        9,
                        2,
                        member -> null,
                        PeerTls.off());
                Handshake handshake = new Handshake(config, id -> id.value() < 4, () -> 5, () -> 2, () -> 7);
                String objection = handshake.objection(peer);
                if (objection != null) {
                    handshake.refusal(objection, peer);
                }
                greeted++;
            } catch (FrameException expected) {
                refused++;
            }
            previous = body;
        }
        assertTrue(greeted > 0 && refused > 0);
    }

    private byte[] greeting() {
        ByteBuffer out = ByteBuffer.allocate(Greeting.BYTES_MAX);
        new Greeting(1, 2, LinkKind.REPLICATION, new ServerId(2), 7, new DiskId(2, 2), "orders", random.nextInt(7))
                .encode(out);
        byte[] bytes = new byte[out.flip().remaining()];
        out.get(bytes);
        return bytes;
    }

    @Test
    void noConfigurationIsReadThatNoneWrote() {
        byte[] whole = bytesOf(ConfigurationCodec.payload(LoneCore.MEMBERS));
        int read = 0;
        for (int i = 0; i < INPUTS / 6; i++) {
            byte[] bytes = mutations.of(whole, previous);
            previous = whole;
            try {
                Payload payload = Payload.of(bytes);
                Configuration configuration = ConfigurationCodec.of(payload);
                assertEquals(configuration, ConfigurationCodec.of(ConfigurationCodec.payload(configuration)));
                read++;
            } catch (IllegalArgumentException | BufferUnderflowException expected) {
                refused++;
            }
        }
        assertTrue(read > 0 && refused > 0);
    }

    private static byte[] bytesOf(Payload payload) {
        byte[] bytes = new byte[payload.length()];
        payload.buffer().get(bytes);
        return bytes;
    }
}
