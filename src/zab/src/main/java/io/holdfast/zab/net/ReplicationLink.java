package io.holdfast.zab.net;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.message.ReplicationMessage;
import org.jspecify.annotations.Nullable;

/** One open replication connection and what waits for it. */
final class ReplicationLink {

    private final Link id;
    private final FramedSocket socket;
    private final Lane lane;
    private final MessageEncoder encoder;
    private boolean unflushed;

    ReplicationLink(Link id, FramedSocket socket, Lane lane, MessageEncoder encoder) {
        this.id = id;
        this.socket = socket;
        this.lane = lane;
        this.encoder = encoder;
        socket.whenWritable(this::flush);
    }

    Link id() {
        return id;
    }

    /** Takes a message; false when too much waits. */
    boolean offer(ReplicationMessage message) {
        return lane.offer(message);
    }

    void offer(SnapshotTransfer transfer) {
        lane.offer(transfer);
    }

    /** Returns whether this is the first call since the last {@link #flush}. */
    boolean becomesUnflushed() {
        boolean first = !unflushed;
        unflushed = true;
        return first;
    }

    FramedSocket socket() {
        return socket;
    }

    /** Writes what waits, in one piece for each 128 KiB, until nothing is left or the network takes no more. */
    void flush() {
        unflushed = false;
        while (socket.isWritable()) {
            @Nullable ReplicationMessage message = null;
            while (!encoder.isFull() && (message = lane.poll()) != null) {
                encoder.put(message, socket.version());
            }
            if (encoder.isEmpty()) {
                return;
            }
            socket.write(encoder.take());
            if (message == null) {
                return;
            }
        }
    }

    void close() {
        socket.close();
        lane.clear();
    }
}
