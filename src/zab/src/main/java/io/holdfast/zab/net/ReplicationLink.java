package io.holdfast.zab.net;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.message.ReplicationMessage;
import org.jspecify.annotations.Nullable;

/** One open replication connection and what waits for it. */
final class ReplicationLink {

    private final Link id;
    private final boolean accepted;
    private final FramedSocket socket;
    private final Lane lane;
    private final MessageEncoder encoder;
    private boolean unflushed;
    private @Nullable SnapshotTransfer newest;

    /**
     * Takes over a connection on which both ends have greeted each other.
     *
     * @param accepted whether the peer opened it
     */
    ReplicationLink(Link id, boolean accepted, FramedSocket socket, Lane lane, MessageEncoder encoder) {
        this.id = id;
        this.accepted = accepted;
        this.socket = socket;
        this.lane = lane;
        this.encoder = encoder;
        socket.whenWritable(this::flush);
    }

    Link id() {
        return id;
    }

    /** Returns whether the peer opened it, as a learner does. */
    boolean isAccepted() {
        return accepted;
    }

    /** Takes a message; false when too much waits. */
    boolean offer(ReplicationMessage message) {
        return lane.offer(message);
    }

    /** Takes a snapshot; false while another is on its way. */
    boolean offer(SnapshotTransfer transfer) {
        boolean taken = lane.offer(transfer);
        if (taken) {
            newest = transfer;
        }
        return taken;
    }

    /** Has the newest snapshot that was taken go on up to an offset; false when it is another one. */
    boolean goesOn(Zxid at, long upTo) {
        SnapshotTransfer transfer = newest;
        if (transfer == null || !transfer.at().equals(at)) {
            return false;
        }
        transfer.allow(upTo);
        flush();
        return true;
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

    /** Returns how many bytes wait to be sent on it. */
    long queuedBytes() {
        return lane.bytes();
    }
}
