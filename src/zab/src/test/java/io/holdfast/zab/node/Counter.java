package io.holdfast.zab.node;

import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Zxid;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The smallest state machine that can tell wrong from right: a sum, and a hash over the order in which it grew. */
final class Counter implements StateMachine {

    static final StateMachineFactory<Counter> FACTORY = padded(0);

    /** Makes machines whose snapshots have so many bytes more. */
    static StateMachineFactory<Counter> padded(long bytes) {
        return new Factory(bytes);
    }

    private record Factory(long padding) implements StateMachineFactory<Counter> {
        @Override
        public Counter empty(int level) {
            return new Counter(0, padding);
        }

        @Override
        public @Nullable String screen(Payload payload, PayloadOrigin origin, int level) {
            return payload.length() == Long.BYTES ? null : payload.length() + " bytes are no number";
        }

        @Override
        public Counter read(InputStream in) throws IOException {
            DataInputStream data = new DataInputStream(in);
            Counter counter = new Counter(0, padding);
            counter.sum = data.readLong();
            counter.order = data.readLong();
            data.skipNBytes(padding);
            return counter;
        }
    }

    private final long bias;
    private final long padding;
    private long sum;
    private long order;

    Counter() {
        this(0);
    }

    /** Makes a machine whose state is not a function of its log when others have another bias. */
    Counter(long bias) {
        this(bias, 0);
    }

    private Counter(long bias, long padding) {
        this.bias = bias;
        this.padding = padding;
    }

    static Payload add(long amount) {
        return Payload.of(ByteBuffer.allocate(8).putLong(amount).array());
    }

    long sum() {
        return sum;
    }

    @Override
    public Object apply(Zxid zxid, Payload payload) {
        sum += payload.buffer().getLong();
        order = order * 31 + zxid.packed() + sum + bias;
        return sum;
    }

    @Override
    public void writeSnapshot(OutputStream out) throws IOException {
        DataOutputStream data = new DataOutputStream(out);
        data.writeLong(sum);
        data.writeLong(order);
        byte[] piece = new byte[4_096];
        for (long left = padding; left > 0; left -= piece.length) {
            data.write(piece, 0, (int) Math.min(left, piece.length));
        }
        data.flush();
    }

    @Override
    public long digest() {
        return order;
    }
}
