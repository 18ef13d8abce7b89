package io.holdfast.zab.node;

import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.message.SnapshotChunk;
import io.holdfast.zab.log.NoRoomException;
import io.holdfast.zab.log.SnapshotDamagedException;
import io.holdfast.zab.log.SnapshotReceiver;
import io.holdfast.zab.log.SnapshotStore;
import io.holdfast.zab.log.StoredSnapshot;
import io.holdfast.zab.net.Workers;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes the chunks of a snapshot that a leader sends, in order, on worker threads. Used on the node's context. */
final class SnapshotIntake {

    /** Chunks of 64 KiB waiting for the disk above which no more are read from peers: 8 MiB. */
    private static final int BUSY_CHUNKS = 128;

    /** How the intake ends; called on the node's context. */
    interface Outcome {

        /** Verified and durable. */
        void stored(StoredSnapshot snapshot);

        /** Damaged, or there is no room; nothing of it is kept. */
        void refused(Zxid at, String reason);

        /** The disk failed. */
        void failed(Throwable cause);

        /** There is room for it, when {@code bytes} is 0, or so many bytes are written. */
        void received(Zxid at, long bytes);

        /** Chunks were written, {@link #isBusy} may have changed. */
        void progressed();
    }

    /** A chunk, or the news of how long a snapshot will be. */
    private record Piece(Zxid at, @Nullable SnapshotChunk chunk, long length) {}

    private final SnapshotStore store;
    private final Workers workers;
    private final Outcome outcome;
    private final Queue<Piece> queue = new ArrayDeque<>();
    private boolean writing;
    private Future<?> running = Future.succeededFuture();
    /** Touched by the one worker task that runs at a time. */
    private @Nullable SnapshotReceiver receiver;

    SnapshotIntake(SnapshotStore store, Workers workers, Outcome outcome) {
        this.store = store;
        this.workers = workers;
        this.outcome = outcome;
    }

    /** Takes the next chunk; offset 0 begins a snapshot and drops an unfinished one. */
    void offer(Zxid at, SnapshotChunk chunk) {
        queue.add(new Piece(at, chunk, 0));
        writeOn();
    }

    /** Returns the length of the file of a snapshot that is stored. */
    long fileBytes(Zxid at) {
        return store.fileBytes(at);
    }

    /** Makes sure that there is room for a snapshot of that length, which is about to come. */
    void expect(Zxid at, long bytes) {
        queue.add(new Piece(at, null, bytes));
        writeOn();
    }

    /** Returns whether so much waits that no more should be read from peers. */
    boolean isBusy() {
        return queue.size() > BUSY_CHUNKS;
    }

    /** Drops what waits and what is not complete; completes when nothing of it is left open. */
    Future<?> stop() {
        queue.clear();
        return running.otherwiseEmpty()
                .compose(written -> workers.run(() -> {
                    drop();
                    return true;
                }));
    }

    private void writeOn() {
        if (writing || queue.isEmpty()) {
            return;
        }
        writing = true;
        List<Piece> batch = new ArrayList<>(queue);
        queue.clear();
        running = workers.run(() -> write(batch))
                .onSuccess(ends -> {
                    writing = false;
                    ends.forEach(end -> end.accept(outcome));
                    outcome.progressed();
                    writeOn();
                })
                .onFailure(outcome::failed);
    }

    /** Returns what is to be told of this batch. */
    private List<Consumer<Outcome>> write(List<Piece> batch) throws IOException {
        List<Consumer<Outcome>> news = new ArrayList<>();
        for (Piece piece : batch) {
            try {
                StoredSnapshot stored = write(piece);
                if (stored != null) {
                    news.add(end -> end.stored(stored));
                }
            } catch (SnapshotDamagedException | NoRoomException e) {
                drop();
                news.add(end -> end.refused(piece.at(), String.valueOf(e.getMessage())));
            }
        }
        SnapshotReceiver open = receiver;
        if (open != null) {
            Zxid at = open.at();
            long bytes = open.bytes();
            news.add(received -> received.received(at, bytes));
        }
        return news;
    }

    private @Nullable StoredSnapshot write(Piece piece) throws IOException {
        SnapshotChunk chunk = piece.chunk();
        boolean begins = chunk == null || (chunk.offset() == 0 && !isExpected(piece.at()));
        if (begins) {
            drop();
            receiver = store.receive(piece.at(), piece.length());
        }
        SnapshotReceiver open = receiver;
        if (open == null || chunk == null) {
            // Nothing is open for what follows a piece that was refused: that was answered already.
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

    private boolean isExpected(Zxid at) {
        SnapshotReceiver open = receiver;
        return open != null && open.at().equals(at) && open.bytes() == 0;
    }

    private void drop() throws IOException {
        SnapshotReceiver open = receiver;
        receiver = null;
        if (open != null) {
            open.close();
        }
    }
}
