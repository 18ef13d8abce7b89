package io.holdfast.overlap.worker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The loop of a worker. Each turn reads the clock, then checks the lease, then appends one record with one write. The
 * clock is read before the check: a process that stands still between check and write writes late, which shows as a
 * stale write, but its turn began inside its lease.
 */
final class Turns implements AutoCloseable {

    private final long worker;
    private final long pauseNanos;
    private final FileChannel file;
    private final Signals signals;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(Turn.BYTES);

    /**
     * Opens the file.
     *
     * @param process which process of the contender this is, from 0
     * @param pauseMillis between two turns
     */
    Turns(WorkerSettings settings, int process, long pauseMillis) throws IOException {
        this.pauseNanos = pauseMillis * 1_000_000;
        this.worker = process * 100L + settings.number();
        this.signals = settings.signalFiles();
        this.file = FileChannel.open(settings.turns(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /**
     * Works until the check says that it must not, or the driver has it give up.
     *
     * @param mayWrite looks at the lease
     */
    void work(long token, BooleanSupplier mayWrite) throws IOException {
        while (!signals.mustGiveUp()) {
            var began = System.nanoTime();
            if (!mayWrite.getAsBoolean()) {
                return;
            }
            signals.passPause(Signals.Writer.PLAIN);
            append(new Turn(worker, token, began, System.nanoTime()));
            LockSupport.parkNanos(pauseNanos);
        }
    }

    private void append(Turn turn) throws IOException {
        buffer.clear();
        turn.put(buffer);
        buffer.flip();
        var written = file.write(buffer);
        if (written != Turn.BYTES) {
            throw new IOException("a record was written in parts: " + written + " bytes");
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
