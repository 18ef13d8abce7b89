package io.holdfast.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Lock cycles beside a large state: without a snapshot, while every node makes one after the other, and then the
 * restart of a node that has all of it on its disk.
 */
final class BesideSnapshots {

    private static final int CLIENTS = 16;
    private static final int RESTARTED = 3;
    private static final Duration RAMP = Duration.ofSeconds(1);
    private static final long END_MILLIS = 120_000;

    private final Holdfast holdfast;
    private final Options options;
    private final Report report;

    BesideSnapshots(Holdfast holdfast, Options options, Report report) {
        this.holdfast = holdfast;
        this.options = options;
        this.report = report;
    }

    /** Fills the state with so many locks first, a multiple of 5 000. */
    void run(int locks) throws IOException, InterruptedException, ExecutionException, TimeoutException {
        // A prefix as long as names are that tell tenant, kind and place: each lock has some 200 bytes in a snapshot.
        new ManyLocks(holdfast.port(1), "bench/large/" + "tenant-".repeat(12) + "/").take(locks);
        var cycles = new LockCycles(holdfast, "bench/beside");
        cycles.run(CLIENTS, options.warmUp(), Duration.ZERO);
        var table = "Lock cycle beside " + locks + " locks";
        var syncs = report.diskSyncs();
        report.operation(table, "no snapshot", CLIENTS, cycles.run(CLIENTS, RAMP, options.time()), syncs);

        var taken = new AtomicInteger();
        var failure = new AtomicReference<Exception>();
        var taking = new Thread(() -> snapshots(taken, failure), "snapshots");
        taking.start();
        syncs = report.diskSyncs();
        var beside = cycles.run(CLIENTS, RAMP, options.time());
        taking.interrupt();
        taking.join(END_MILLIS);
        if (failure.get() != null) {
            throw new IllegalStateException("no snapshot could be made", failure.get());
        }
        report.operation(table, taken + " snapshots", CLIENTS, beside, syncs);

        holdfast.kill(RESTARTED);
        var start = System.nanoTime();
        holdfast.restart(RESTARTED);
        report.restarted(locks, System.nanoTime() - start);
    }

    private void snapshots(AtomicInteger taken, AtomicReference<Exception> failure) {
        try {
            for (var node = 1; !Thread.currentThread().isInterrupted(); node = 1 + node % LockSystem.NODES) {
                holdfast.snapshot(node);
                taken.incrementAndGet();
            }
        } catch (InterruptedException e) {
            // The run is over.
            Thread.currentThread().interrupt();
        } catch (IOException | IllegalStateException e) {
            failure.set(e);
        }
    }
}
