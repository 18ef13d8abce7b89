package io.holdfast.zab.node;

import io.holdfast.zab.log.Scrubber;
import io.holdfast.zab.log.SnapshotStore;
import io.holdfast.zab.log.WriteAheadLog;
import io.holdfast.zab.net.Workers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Does the background work on the disk, on worker threads: deletes what the log has forgotten, and reads cold files
 * again. Used on the node's context.
 */
final class Housekeeping {

    private static final Logger LOG = Logger.getLogger(ZabNode.class);

    /** One file is read in this time; a directory has some tens of them. */
    private static final long SCRUB_MILLIS = TimeUnit.MINUTES.toMillis(10);

    /** After each megabyte: a file is read with 20 MB/s at most. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** How the work ends; called on the node's context. */
    interface Outcome {

        /** The disk failed. */
        void failed(Throwable cause);

        /** A snapshot is damaged that was whole; another one is wanted. */
        void snapshotDamaged();
    }

    private final Vertx vertx;
    private final Workers workers;
    private final NodeMetrics metrics;
    private final Outcome outcome;
    private final Scrubber scrubber;
    private final Set<String> damaged = new HashSet<>();
    private Future<?> deleting = Future.succeededFuture();
    private Future<?> scrubbing = Future.succeededFuture();
    private long timer = -1;
    private volatile boolean stopped;

    Housekeeping(Vertx vertx, Workers workers, NodeMetrics metrics, SnapshotStore snapshots, Outcome outcome) {
        this.vertx = vertx;
        this.workers = workers;
        this.metrics = metrics;
        this.outcome = outcome;
        this.scrubber = snapshots.scrubber(this::pause);
    }

    void begin() {
        timer = vertx.setPeriodic(SCRUB_MILLIS, ignored -> scrub());
    }

    /**
     * Deletes files, after those before: each of them may be needed while an older one is there. What comes after
     * {@link #stop} is left to the next start, since the directory may be another process' soon.
     */
    void delete(WriteAheadLog.Retirement files) {
        if (stopped) {
            return;
        }
        deleting = deleting.compose(before -> workers.run(() -> {
                    files.run();
                    return true;
                }))
                .onFailure(outcome::failed);
    }

    /** Reads the next cold file, unless one is being read; completes when it was. */
    Future<?> scrub() {
        if (scrubbing.isComplete() && !stopped) {
            scrubbing = workers.run(this::next).onSuccess(this::read).otherwiseEmpty();
        }
        return scrubbing;
    }

    /** Begins nothing more; completes when nothing is being deleted or read. */
    Future<?> stop() {
        stopped = true;
        if (timer >= 0) {
            vertx.cancelTimer(timer);
        }
        return Future.join(deleting, scrubbing).otherwiseEmpty();
    }

    private Scrubber.@Nullable Report next() {
        return scrubber.next();
    }

    private void read(Scrubber.@Nullable Report report) {
        if (report == null || stopped) {
            return;
        }
        metrics.scrubbed(report.bytes());
        if (report.damage() == null || !damaged.add(report.file())) {
            return;
        }
        metrics.damageFound();
        if (report.snapshot() != null) {
            LOG.errorf(
                    "%s was whole and is damaged: %s; another snapshot is made, and the disk should be checked",
                    report.file(), report.damage());
            outcome.snapshotDamaged();
        } else {
            LOG.errorf(
                    "%s was whole and is damaged: %s; this node would not start with it: while the other members are"
                            + " well, check the disk, and start this node with an empty directory",
                    report.file(), report.damage());
        }
    }

    private void pause() {
        if (stopped) {
            throw new CancellationException("the node stops");
        }
        LockSupport.parkNanos(PAUSE_NANOS);
    }
}
