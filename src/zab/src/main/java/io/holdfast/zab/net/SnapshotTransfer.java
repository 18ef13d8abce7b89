package io.holdfast.zab.net;

import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.message.SnapshotChunk;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One snapshot on its way into a link: read piece by piece on a worker thread, a little ahead of what the network
 * takes.
 */
final class SnapshotTransfer {

    private static final Logger LOG = Logger.getLogger(SnapshotTransfer.class);

    /** Chunks of 64 KiB read in one go, and the level below which the next are fetched. */
    private static final int BATCH_CHUNKS = 8;

    private final Workers workers;
    private final FileReader reader;
    private final Runnable whenMore;
    private final Consumer<String> whenBroken;
    private final Queue<SnapshotChunk> ready = new ArrayDeque<>();
    private boolean reading;
    private boolean readToEnd;
    private boolean closed;
    private long limit;
    private final Zxid at;

    /**
     * Prepares a transfer; nothing is read before {@link #start}.
     *
     * @param whenMore runs on the caller's context when {@link #poll} has something again
     * @param whenBroken is told on the caller's context why the file cannot be read
     */
    SnapshotTransfer(Workers workers, SnapshotFiles files, Zxid at, Runnable whenMore, Consumer<String> whenBroken) {
        this.workers = workers;
        this.at = at;
        this.reader = new FileReader(files, at);
        this.whenMore = whenMore;
        this.whenBroken = whenBroken;
    }

    Zxid at() {
        return at;
    }

    /** Lets chunks go that end at this offset or before. */
    void allow(long upTo) {
        limit = Math.max(limit, upTo);
    }

    void start() {
        refill();
    }

    /** Returns the next chunk; null when none is there yet, or may go yet, or after the last. */
    @Nullable
    SnapshotChunk poll() {
        SnapshotChunk chunk = ready.peek();
        if (chunk != null && chunk.offset() + chunk.data().length() > limit) {
            return null;
        }
        ready.poll();
        refill();
        return chunk;
    }

    /** Returns whether the last chunk was taken. */
    boolean isDone() {
        return readToEnd && ready.isEmpty();
    }

    void close() {
        if (!closed) {
            closed = true;
            ready.clear();
            if (!reading) {
                workers.run(reader::close);
            }
        }
    }

    private void refill() {
        if (reading || readToEnd || closed || ready.size() >= BATCH_CHUNKS) {
            return;
        }
        reading = true;
        workers.run(reader::read).onComplete(read -> {
            reading = false;
            if (closed) {
                workers.run(reader::close);
            } else if (read.failed()) {
                close();
                whenBroken.accept("snapshot cannot be read: " + read.cause().getMessage());
            } else {
                ready.addAll(read.result());
                readToEnd = reader.atEnd;
                if (readToEnd) {
                    workers.run(reader::close);
                }
                whenMore.run();
            }
        });
    }

    /** The part that blocks; its tasks follow one another, each on some worker thread. */
    private static final class FileReader {
        private final SnapshotFiles files;
        private final Zxid at;
        private SnapshotFiles.@Nullable SnapshotFile file;
        private @Nullable Payload ahead;
        private long offset;
        private volatile boolean atEnd;

        FileReader(SnapshotFiles files, Zxid at) {
            this.files = files;
            this.at = at;
        }

        /** Reads one piece ahead of what it returns, since the last chunk has to say that it is the last. */
        private List<SnapshotChunk> read() throws IOException {
            SnapshotFiles.SnapshotFile open = file;
            if (open == null) {
                open = files.open(at);
                file = open;
            }
            Payload next = ahead == null ? open.read(0) : ahead;
            List<SnapshotChunk> chunks = new ArrayList<>(BATCH_CHUNKS);
            while (!atEnd && chunks.size() < BATCH_CHUNKS) {
                Payload following = open.read(offset + next.length());
                atEnd = following.length() == 0;
                chunks.add(new SnapshotChunk(offset, next, atEnd));
                offset += next.length();
                next = following;
            }
            ahead = next;
            return chunks;
        }

        private boolean close() {
            SnapshotFiles.SnapshotFile open = file;
            file = null;
            if (open == null) {
                return false;
            }
            try {
                open.close();
            } catch (IOException e) {
                LOG.debugf("closing the snapshot at %s: %s", at, e.getMessage());
            }
            return true;
        }
    }
}
