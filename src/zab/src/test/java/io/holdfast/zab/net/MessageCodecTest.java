package io.holdfast.zab.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.TxnType;
import io.holdfast.zab.core.message.ElectionMessage;
import io.holdfast.zab.core.message.Message;
import io.holdfast.zab.core.message.ReplicationMessage;
import io.holdfast.zab.core.message.Request;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What goes into a frame comes out of it, and nothing else does. */
class MessageCodecTest {

    private static final int SEEDS = 200;

    @Test
    void everyMessageComesBackAsItWas() throws FrameException {
        Set<Class<?>> seen = new HashSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            Messages messages = new Messages(seed);
            for (ElectionMessage message : messages.election()) {
                assertEquals(message, MessageDecoder.election(bodyOf(message), Versions.NEWEST), "seed " + seed);
                seen.add(message.getClass());
            }
            for (ReplicationMessage message : messages.replication()) {
                assertEquals(message, MessageDecoder.replication(bodyOf(message), Versions.NEWEST), "seed " + seed);
                seen.add(message.getClass());
            }
        }
        Set<Class<?>> all = new HashSet<>(Set.of(ElectionMessage.class.getPermittedSubclasses()));
        all.addAll(Set.of(ReplicationMessage.class.getPermittedSubclasses()));
        assertEquals(all, seen, "the generator draws every message there is");
    }

    @Test
    void aMessageThatEndsTooEarlyOrTooLateIsRefused() {
        for (Message message : all(new Messages(7))) {
            byte[] whole = bytesOf(bodyOf(message));
            int step = Math.max(1, whole.length / 50);
            for (int length = 0; length < whole.length; length += step) {
                byte[] part = Arrays.copyOf(whole, length);
                assertThrows(FrameException.class, () -> decode(message, ByteBuffer.wrap(part)), message::toString);
            }
            byte[] longer = Arrays.copyOf(whole, whole.length + 1);
            assertThrows(FrameException.class, () -> decode(message, ByteBuffer.wrap(longer)), message::toString);
        }
    }

    @Test
    void aDamagedBodyGivesAMessageOrAClearErrorAndNothingElse() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            for (Message message : all(new Messages(seed))) {
                byte[] bytes = bytesOf(bodyOf(message));
                bytes[random.nextInt(Math.min(bytes.length, 80))] ^= (byte) (1 << random.nextInt(8));
                try {
                    decode(message, ByteBuffer.wrap(bytes));
                } catch (FrameException e) {
                    assertTrue(e.getMessage().contains("message of code"), e::getMessage);
                }
            }
        }
    }

    @Test
    void aFlippedBitAnywhereInAFrameIsNoticed() {
        byte[] frame = bytesOf(frameOf(new Request(5, TxnType.COMMAND, Payload.of(new byte[] {1, 2, 3}))));
        for (int bit = 0; bit < frame.length * 8; bit++) {
            byte[] damaged = frame.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            FrameDecoder decoder = new FrameDecoder(Frame.MAX_BODY_BYTES);
            decoder.feed(Buffer.buffer(damaged));
            ByteBuffer body;
            try {
                body = decoder.next();
            } catch (FrameException e) {
                continue;
            }
            // A length that became larger waits for bytes that never come; it must not give a body.
            assertNull(body, "bit " + bit);
        }
    }

    @Test
    void framesComeOutWhereverTheStreamWasCut() throws FrameException {
        List<ReplicationMessage> messages = new Messages(11).replication();
        MessageEncoder encoder = new MessageEncoder();
        messages.forEach(message -> encoder.put(message, Versions.NEWEST));
        byte[] stream = bytesOf(encoder.take());
        for (int piece : new int[] {1, 2, 3, 7, 8, 9, 100, 4_096, 65_536, stream.length}) {
            FrameDecoder decoder = new FrameDecoder(Frame.MAX_BODY_BYTES);
            List<ReplicationMessage> received = new ArrayList<>();
            for (int at = 0; at < stream.length; at += piece) {
                decoder.feed(Buffer.buffer(Arrays.copyOfRange(stream, at, Math.min(at + piece, stream.length))));
                for (ByteBuffer body = decoder.next(); body != null; body = decoder.next()) {
                    received.add(MessageDecoder.replication(body, Versions.NEWEST));
                }
            }
            assertEquals(messages, received, "pieces of " + piece);
        }
    }

    @Test
    void aLengthOutOfBoundsIsRefusedBeforeAnythingIsAllocated() {
        for (int length : new int[] {0, -1, Frame.MAX_BODY_BYTES + 1, Integer.MAX_VALUE}) {
            FrameDecoder decoder = new FrameDecoder(Frame.MAX_BODY_BYTES);
            decoder.feed(Buffer.buffer().appendInt(length).appendInt(0));
            assertThrows(FrameException.class, decoder::next, "length " + length);
        }
    }

    @Test
    void theLargestPayloadFitsIntoAFrame() throws FrameException {
        Request request = new Request(1, TxnType.COMMAND, Payload.of(new byte[Payload.MAX_BYTES]));
        FrameDecoder decoder = new FrameDecoder(Frame.MAX_BODY_BYTES);
        decoder.feed(Buffer.buffer(bytesOf(frameOf(request))));
        ByteBuffer body = decoder.next();
        assertEquals(request, body == null ? null : MessageDecoder.replication(body, Versions.NEWEST));
    }

    private static List<Message> all(Messages messages) {
        List<Message> all = new ArrayList<>(messages.election());
        all.addAll(messages.replication());
        return all;
    }

    private static void decode(Message kind, ByteBuffer body) throws FrameException {
        if (kind instanceof ElectionMessage) {
            MessageDecoder.election(body, Versions.NEWEST);
        } else {
            MessageDecoder.replication(body, Versions.NEWEST);
        }
    }

    private static ByteBuffer frameOf(Message message) {
        MessageEncoder encoder = new MessageEncoder();
        if (message instanceof ElectionMessage election) {
            encoder.put(election, Versions.NEWEST);
        } else {
            encoder.put((ReplicationMessage) message, Versions.NEWEST);
        }
        return encoder.take();
    }

    private static ByteBuffer bodyOf(Message message) {
        return frameOf(message).position(Frame.HEADER_BYTES).slice();
    }

    private static byte[] bytesOf(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
