package io.holdfast.simulator.world;

import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.message.SnapshotChunk;
import io.holdfast.zab.log.NoRoomException;
import io.holdfast.zab.log.SnapshotDamagedException;
import io.holdfast.zab.log.SnapshotReceiver;
import io.holdfast.zab.log.SnapshotStore;
import io.holdfast.zab.log.StoredSnapshot;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Writes the chunks of a snapshot that a leader sends, in order, as a node does it. */
final class Intake {

    private record Piece(Zxid at, @Nullable SnapshotChunk chunk, long length) {}

    private final ServerProcess process;
    private final SnapshotStore store;
    private final Queue<Piece> queue = new ArrayDeque<>();
    private @Nullable SnapshotReceiver receiver;
    private boolean writing;

    Intake(ServerProcess process, SnapshotStore store) {
        this.process = process;
        this.store = store;
    }

    void offer(Zxid at, SnapshotChunk chunk) {
        queue.add(new Piece(at, chunk, 0));
        writeOn();
    }

    void expect(Zxid at, long bytes) {
        queue.add(new Piece(at, null, bytes));
        writeOn();
    }

    private void writeOn() {
        if (!writing && !queue.isEmpty()) {
            writing = true;
            process.later(process.node().fsyncNanos(), () -> {
                writing = false;
                complete(queue.remove());
                writeOn();
            });
        }
    }

    private void complete(Piece piece) {
        try {
            StoredSnapshot stored = write(piece);
            if (stored != null) {
                process.event(() -> process.core().snapshotStored(process.now(), stored.at(), stored.configuration()));
            } else if (receiver != null) {
                long bytes = receiver.bytes();
                process.event(() -> process.core().snapshotReceived(process.now(), piece.at(), bytes));
            }
        } catch (SnapshotDamagedException | NoRoomException e) {
            String reason = String.valueOf(e.getMessage());
            receiver = null;
            process.event(() -> process.core().snapshotRefused(process.now(), piece.at(), reason));
        } catch (IOException e) {
            process.fail(e);
        }
    }

    private @Nullable StoredSnapshot write(Piece piece) throws IOException {
        SnapshotChunk chunk = piece.chunk();
        boolean expected = receiver != null && receiver.at().equals(piece.at()) && receiver.bytes() == 0;
        if (chunk == null || (chunk.offset() == 0 && !expected)) {
            drop();
            receiver = store.receive(piece.at(), piece.length());
        }
        SnapshotReceiver open = receiver;
        if (open == null || chunk == null) {
            return null;
        }
        open.receive(chunk.offset(), chunk.data());
        if (!chunk.last()) {
            return null;
        }
        StoredSnapshot stored = open.finish();
        drop();
        return stored;
    }

    private void drop() throws IOException {
        SnapshotReceiver open = receiver;
        receiver = null;
        if (open != null) {
            open.close();
        }
    }

    /** The process dies: what was being written got as far as the disk lets it. */
    void die() {
        Piece piece = queue.peek();
        if (piece != null) {
            try {
                write(piece);
            } catch (IOException e) {
                process.node().note("died while it stored a piece of the snapshot at %s", piece.at());
            }
        }
    }
}
