package io.holdfast.zab.net;

import io.holdfast.zab.core.message.Inform;
import io.holdfast.zab.core.message.Ping;
import io.holdfast.zab.core.message.Pong;
import io.holdfast.zab.core.message.Proposal;
import io.holdfast.zab.core.message.ReadIndex;
import io.holdfast.zab.core.message.Relayed;
import io.holdfast.zab.core.message.ReplicationMessage;
import io.holdfast.zab.core.message.Request;
import io.holdfast.zab.core.message.SyncTxn;
import io.holdfast.zab.core.message.Touch;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be sent on one replication link: first in, first out, bounded in messages and bytes.
 *
 * <p>A snapshot takes one place and leaves in pieces. Only then heartbeats overtake, or a long transfer would look like
 * a dead leader (ZOOKEEPER-1697).
 */
final class Lane {

    /** Stands in the queue for the first of {@code transfers}; told by identity. */
    private static final ReplicationMessage TRANSFER = new ReadIndex(0);

    private static final int MESSAGE_BYTES = 64;

    private final int framesMax;
    private final long bytesMax;
    private final Queue<ReplicationMessage> queue = new ArrayDeque<>();
    private final Deque<SnapshotTransfer> transfers = new ArrayDeque<>();
    /** Pings and pongs that came while a transfer waits or runs. */
    private final Queue<ReplicationMessage> heartbeats = new ArrayDeque<>();

    private long bytes;

    Lane(int framesMax, long bytesMax) {
        this.framesMax = framesMax;
        this.bytesMax = bytesMax;
    }

    /** Returns how many bytes wait, snapshots apart. */
    long bytes() {
        return bytes;
    }

    /** Takes a message; false when a bound is reached. */
    boolean offer(ReplicationMessage message) {
        int weight = weight(message);
        if (queue.size() + heartbeats.size() >= framesMax || bytes + weight > bytesMax) {
            return false;
        }
        bytes += weight;
        boolean overtakes = !transfers.isEmpty() && (message instanceof Ping || message instanceof Pong);
        return overtakes ? heartbeats.add(message) : queue.add(message);
    }

    /** Takes a snapshot; false while another waits or runs. */
    boolean offer(SnapshotTransfer transfer) {
        if (!transfers.isEmpty()) {
            return false;
        }
        queue.add(TRANSFER);
        return transfers.add(transfer);
    }

    /** Returns what leaves next; null when nothing can for now. */
    @Nullable
    ReplicationMessage poll() {
        boolean transferring = queue.peek() == TRANSFER;
        if (!heartbeats.isEmpty() && (transferring || transfers.isEmpty())) {
            return taken(heartbeats.poll());
        }
        return transferring ? pollTransfer() : taken(queue.poll());
    }

    /** Drops everything. */
    void clear() {
        transfers.forEach(SnapshotTransfer::close);
        transfers.clear();
        queue.clear();
        heartbeats.clear();
        bytes = 0;
    }

    private @Nullable ReplicationMessage pollTransfer() {
        SnapshotTransfer transfer = transfers.element();
        ReplicationMessage chunk = transfer.poll();
        if (transfer.isDone()) {
            transfers.remove();
            queue.remove();
        }
        return chunk;
    }

    private @Nullable ReplicationMessage taken(@Nullable ReplicationMessage message) {
        if (message != null) {
            bytes -= weight(message);
        }
        return message;
    }

    private static int weight(ReplicationMessage message) {
        if (message instanceof Proposal proposal) {
            return proposal.txn().weight() + MESSAGE_BYTES;
        }
        if (message instanceof Inform inform) {
            return inform.txn().weight() + MESSAGE_BYTES;
        }
        if (message instanceof SyncTxn sync) {
            return sync.txn().weight() + MESSAGE_BYTES;
        }
        if (message instanceof Request request) {
            return request.payload().length() + MESSAGE_BYTES;
        }
        if (message instanceof Touch touch) {
            return touch.note().length() + MESSAGE_BYTES;
        }
        if (message instanceof Relayed relayed) {
            return weight(relayed.message());
        }
        return MESSAGE_BYTES;
    }
}
