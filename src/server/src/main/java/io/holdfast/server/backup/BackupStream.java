package io.holdfast.server.backup;

import io.holdfast.server.config.HoldfastConfig;
import io.holdfast.server.replica.Revision;
import io.holdfast.server.stream.Outlet;
import io.holdfast.server.stream.Streamed;
import io.holdfast.zab.log.BackupSource;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One backup on its way to one reader: read on a worker thread as fast as the connection takes it, and no faster. A
 * reader that takes nothing for too long, or needs too long for all, is cut off, since the file lies on the disk until
 * the end. On the event loop of the connection, except {@link #leave}.
 */
public final class BackupStream implements Streamed {

    private static final Logger LOG = Logger.getLogger("io.holdfast.backup");
    private static final int READ_BYTES = 256 << 10;
    private static final long LOOK_MILLIS = 250;
    private static final long NO_TIMER = -1;

    private final Context context;
    private final Outlet outlet;
    private final HoldfastConfig.Backup bounds;
    private final Consumer<BackupStream> onOver;
    private final Promise<Void> begun = Promise.promise();
    private final long begunAt = System.nanoTime();
    private @Nullable BackupSource source;
    private long sent;
    private long movedAt = begunAt;
    private long timer = NO_TIMER;
    private boolean reading;
    private boolean over;

    BackupStream(Context context, Outlet outlet, HoldfastConfig.Backup bounds, Consumer<BackupStream> onOver) {
        this.context = context;
        this.outlet = outlet;
        this.bounds = bounds;
        this.onOver = onOver;
    }

    void begin(Future<BackupSource> opening) {
        opening.onComplete(opened -> {
            if (opened.failed()) {
                close();
                begun.fail(opened.cause());
                return;
            }
            BackupSource ready = opened.result();
            source = ready;
            if (over) {
                discard(ready);
                return;
            }
            movedAt = System.nanoTime();
            timer = context.owner().setPeriodic(LOOK_MILLIS, ignored -> context.runOnContext(v -> look(ready)));
            begun.complete();
            // In a later turn: whoever waits for the beginning completes the head of the answer first.
            context.runOnContext(v -> pump());
        });
    }

    /** Returns the revision of what is sent; known once it has {@link #begun}. */
    public Revision revision() {
        return Revision.unpack(known().snapshot().at().zxid().packed());
    }

    /** Returns how many bytes it will have; known once it has {@link #begun}. */
    public long bytes() {
        return known().bytes();
    }

    private BackupSource known() {
        BackupSource known = source;
        if (known == null) {
            throw new IllegalStateException("the backup has not begun");
        }
        return known;
    }

    @Override
    public Future<Void> begun() {
        return begun.future();
    }

    @Override
    public void drained() {
        movedAt = System.nanoTime();
        pump();
    }

    /** The connection is gone, or all was sent. */
    @Override
    public void close() {
        if (over) {
            return;
        }
        over = true;
        if (timer != NO_TIMER) {
            context.owner().cancelTimer(timer);
        }
        BackupSource open = source;
        if (open != null && !reading) {
            discard(open);
        }
        onOver.accept(this);
    }

    /** Returns whether all of it was sent. */
    boolean isWhole() {
        BackupSource known = source;
        return known != null && sent >= known.bytes();
    }

    /** The node is about to end; any thread. */
    void leave() {
        context.runOnContext(v -> {
            BackupSource open = source;
            if (open != null) {
                cut(open, "this node is stopping; fetch it from another");
            }
        });
    }

    private void pump() {
        BackupSource open = source;
        if (over || reading || open == null || outlet.isFull()) {
            return;
        }
        reading = true;
        context.<Buffer>executeBlocking(() -> read(open), false).onComplete(read -> {
            reading = false;
            if (over) {
                discard(open);
            } else if (read.failed()) {
                cut(open, "its file cannot be read: " + read.cause().getMessage());
            } else {
                write(open, read.result());
            }
        });
    }

    private static Buffer read(BackupSource open) throws IOException {
        Buffer buffer = Buffer.buffer(READ_BYTES);
        byte[] piece = open.next();
        while (piece.length > 0) {
            buffer.appendBytes(piece);
            piece = buffer.length() < READ_BYTES ? open.next() : new byte[0];
        }
        return buffer;
    }

    private void write(BackupSource open, Buffer bytes) {
        sent += bytes.length();
        movedAt = System.nanoTime();
        outlet.write(bytes);
        if (sent < open.bytes()) {
            pump();
            return;
        }
        LOG.infof(
                "backup at %s: %d bytes in %d ms",
                open.snapshot().at().zxid(), sent, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunAt));
        outlet.end();
        close();
    }

    private void look(BackupSource open) {
        long now = System.nanoTime();
        if (over) {
            return;
        }
        if (outlet.isFull() && now - movedAt > bounds.stall().toNanos()) {
            cut(open, "its reader took nothing for " + bounds.stall().toMillis() + " ms; fetch it again");
        } else if (now - begunAt > bounds.timeMax().toNanos()) {
            cut(
                    open,
                    "it is not done after " + bounds.timeMax().toSeconds()
                            + " s; fetch it over a faster way, or raise holdfast.backup.time-max");
        }
    }

    private void cut(BackupSource open, String reason) {
        if (over) {
            return;
        }
        LOG.warnf(
                "backup at %s ends after %d of %d bytes: %s",
                open.snapshot().at().zxid(), sent, open.bytes(), reason);
        close();
        outlet.cut();
    }

    private void discard(BackupSource open) {
        context.executeBlocking(
                () -> {
                    open.close();
                    return true;
                },
                false);
    }
}
