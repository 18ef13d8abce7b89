package io.holdfast.zab.net;

import io.holdfast.fuzz.FuzzTarget;
import io.holdfast.fuzz.Golden;
import io.holdfast.zab.core.ConfigurationCodec;
import io.holdfast.zab.core.Payload;
import io.vertx.core.buffer.Buffer;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** What a connection at the peer port may send. */
public final class NetTargets {

    private static final String FILE = "peer-protocol.txt";

    private NetTargets() {}

    private interface Body {
        void read(ByteBuffer body, int version) throws FrameException;
    }

    /** Returns those of this package. */
    public static List<FuzzTarget> all() {
        return List.of(
                new FuzzTarget(
                        "frames",
                        Set.of(FrameDecoder.class),
                        Golden.of(FILE, name -> true),
                        5_000,
                        Set.of(FrameException.class),
                        NetTargets::frames),
                messages("election", 8_000, true, MessageDecoder::election),
                messages("replication", 24_000, false, MessageDecoder::replication),
                new FuzzTarget(
                        "greetings",
                        Set.of(Greeting.class),
                        bodies(Golden.of(FILE, name -> name.startsWith("Greeting"))),
                        4_000,
                        Set.of(FrameException.class),
                        input -> Greeting.decode(ByteBuffer.wrap(input))),
                new FuzzTarget(
                        "configurations",
                        Set.of(ConfigurationCodec.class),
                        configurations(),
                        4_000,
                        Set.of(IllegalArgumentException.class, BufferUnderflowException.class),
                        input -> ConfigurationCodec.of(Payload.of(input))));
    }

    private static FuzzTarget messages(String name, int inputs, boolean election, Body reader) {
        List<byte[]> samples = new ArrayList<>();
        for (int version = 1; version <= Versions.NEWEST; version++) {
            String end = " v" + version;
            // Each version reads other fields; here it is the first byte, there it follows from the greeting.
            byte[] head = {(byte) version};
            bodies(Golden.of(FILE, line -> line.endsWith(end) && isElection(line) == election))
                    .forEach(body -> samples.add(ByteBuffer.allocate(1 + body.length)
                            .put(head)
                            .put(body)
                            .array()));
        }
        return new FuzzTarget(
                name, Set.of(MessageDecoder.class), samples, inputs, Set.of(FrameException.class), input -> {
                    ByteBuffer in = ByteBuffer.wrap(input);
                    int version = in.hasRemaining() ? Math.floorMod(in.get() - 1, Versions.NEWEST) + 1 : 1;
                    reader.read(in.slice(), version);
                });
    }

    private static boolean isElection(String line) {
        return line.startsWith("Hello") || line.startsWith("Notification");
    }

    private static void frames(byte[] input) throws FrameException {
        FrameDecoder decoder = new FrameDecoder(Frame.MAX_BODY_BYTES);
        decoder.feed(Buffer.buffer(input));
        while (decoder.next() != null) {
            // Each of them would be read by one of the other targets.
        }
    }

    private static List<byte[]> bodies(List<byte[]> frames) {
        return frames.stream()
                .map(frame -> Arrays.copyOfRange(frame, Frame.HEADER_BYTES, frame.length))
                .toList();
    }

    private static List<byte[]> configurations() {
        // The answer to a node that joins: the length, then the configuration.
        return bodies(Golden.of(FILE, name -> name.equals("Joining"))).stream()
                .map(body -> Arrays.copyOfRange(body, Integer.BYTES, body.length))
                .toList();
    }
}
