package io.holdfast.server.audit;

import io.holdfast.server.config.AuditConfig;
import io.holdfast.server.config.BadConfiguration;
import io.holdfast.server.config.HoldfastConfig;
import io.holdfast.server.metrics.Meters;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Writes records, beside the event loops: to the file of the settings, or to the log of the node. What cannot be
 * written waits in a queue of bounded length; records beyond it are lost, and counted.
 */
@Singleton
public final class AuditLog {

    /** Records that wait, of some 1 KiB each. */
    static final int QUEUE_MAX = 4_096;

    private static final Logger LINES = Logger.getLogger("holdfast.audit");
    private static final Logger LOG = Logger.getLogger("io.holdfast.audit");
    private static final String FILE = "holdfast.audit.file";
    /** Wakes the writer, which has to end. An interrupt would close the file. */
    private static final AuditRecord STOP = AuditRecord.ofNothing();

    private static final long TICK_MILLIS = 1_000;

    /** Records until it is looked whether the file is still at its place. */
    private static final int BATCH = 1_000;

    private static final long STOP_MILLIS = 5_000;

    /** Where a line goes. */
    private interface Sink {
        void write(String line) throws IOException;
    }

    private final int node;
    private final AuditConfig config;
    private final @Nullable AuditFile file;
    private final Sink sink;
    private final BlockingQueue<AuditRecord> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
    private final Repeats repeats = new Repeats();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong written = new AtomicLong();
    private volatile boolean broken;
    private volatile boolean stopped;
    private @Nullable Thread writer;
    private long lostTold;

    @Inject
    AuditLog(HoldfastConfig config, Meters meters) {
        this(config.nodeId(), config.audit());
        meters.counter("holdfast.audit.records", "Records of requests that were written", this, log -> log.written());
        meters.counter(
                "holdfast.audit.lost",
                "Records of requests that were not written, since as many as may wait were waiting",
                this,
                log -> log.lost());
        meters.gauge(
                "holdfast.audit.broken",
                "1 while the file of records cannot be written, else 0",
                this,
                log -> log.broken ? 1 : 0);
    }

    AuditLog(int node, AuditConfig config) {
        this.node = node;
        this.config = config;
        if (config.mandatory() && config.file().isEmpty()) {
            throw new BadConfiguration("holdfast.audit.mandatory", "needs " + FILE + ": set one, or false");
        }
        Path path = config.file().orElse(null);
        this.file = path == null
                ? null
                : new AuditFile(path.toAbsolutePath(), config.fileSize().asLongValue(), config.filesKept());
        this.sink = file == null ? LINES::info : file::append;
    }

    /** Before the node itself starts: a wrong file ends it at once. */
    void onStart(@Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE) StartupEvent event) {
        start();
    }

    void onStop(@Observes @Priority(Interceptor.Priority.LIBRARY_AFTER) ShutdownEvent event) {
        stop();
    }

    void start() {
        if (file != null) {
            try {
                file.open();
            } catch (IOException | RuntimeException e) {
                throw new BadConfiguration(FILE, "cannot be written: " + e + "; its directory must exist");
            }
        }
        Thread thread = new Thread(this::run, "holdfast-audit");
        thread.setDaemon(true);
        thread.start();
        writer = thread;
    }

    void stop() {
        Thread thread = writer;
        if (thread == null) {
            return;
        }
        stopped = true;
        // Where the queue is full, the writer does not wait for it.
        queue.offer(STOP);
        try {
            thread.join(STOP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    AuditConfig.Level level() {
        return config.level();
    }

    /** Returns whether what must be recorded cannot be now, and so must not be done; any thread. */
    public boolean isUnableAndMandatory() {
        return config.mandatory() && (broken || queue.remainingCapacity() == 0);
    }

    /**
     * Has a record written; any thread, never blocks.
     *
     * @param isRefusal whether equal ones of the same time become one line
     */
    void offer(AuditRecord record, boolean isRefusal) {
        if ((!isRefusal || repeats.isFirst(record, System.nanoTime())) && !queue.offer(record)) {
            lost.incrementAndGet();
        }
    }

    long lost() {
        return lost.get();
    }

    long written() {
        return written.get();
    }

    private void run() {
        long sweptAt = System.nanoTime();
        try {
            while (!stopped) {
                AuditRecord next = queue.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
                if (next != null || broken) {
                    place();
                }
                if (next != null) {
                    writeAll(next);
                }
                long now = System.nanoTime();
                if (now - sweptAt > TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS)) {
                    sweptAt = now;
                    sweep(now);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        end();
    }

    private void writeAll(AuditRecord first) throws InterruptedException {
        AuditRecord next = first;
        int done = 0;
        while (next != null && !next.equals(STOP)) {
            while (!tried(next.json(node))) {
                if (stopped) {
                    return;
                }
                TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
                place();
            }
            tellLost();
            done++;
            next = done < BATCH ? queue.poll() : null;
        }
    }

    /** Opens the file where it is not open, or not at its place any more. */
    private void place() {
        if (file == null) {
            return;
        }
        try {
            file.open();
            isBroken(null);
        } catch (IOException | RuntimeException e) {
            isBroken(e);
        }
    }

    private boolean tried(String line) {
        try {
            sink.write(line);
            written.incrementAndGet();
            isBroken(null);
            return true;
        } catch (IOException | RuntimeException e) {
            isBroken(e);
            return false;
        }
    }

    private void isBroken(@Nullable Exception why) {
        if (why != null && !broken) {
            LOG.errorf("%s cannot be written, records wait: %s", FILE, why);
        } else if (why == null && broken) {
            LOG.infof("%s can be written again", FILE);
        }
        broken = why != null;
    }

    private void tellLost() {
        long now = lost.get();
        if (now > lostTold && tried(AuditRecord.lost(node, System.currentTimeMillis(), now - lostTold))) {
            lostTold = now;
        }
    }

    private void sweep(long now) {
        for (AuditRecord record : repeats.over(now)) {
            if (!queue.offer(record)) {
                lost.incrementAndGet();
            }
        }
    }

    /** Writes what waits, once; the node ends. */
    private void end() {
        sweep(System.nanoTime() + Repeats.WINDOW_NANOS);
        place();
        AuditRecord next = queue.poll();
        while (next != null && (next.equals(STOP) || tried(next.json(node)))) {
            next = queue.poll();
        }
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                LOG.warnf("%s did not close: %s", FILE, e);
            }
        }
    }
}
