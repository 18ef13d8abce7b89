package io.holdfast.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * What is counted while a load runs: operations with their latencies, and the processor time of servers and generator.
 *
 * <p>Operations are recorded on any thread, between {@link #begin} and {@link #end} only.
 */
final class LoadRun {

    private static final OperatingSystemMXBean SELF =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final LockSystem system;
    private final Recorder recorder = new Recorder(3);
    private final LongAdder failures = new LongAdder();
    private volatile boolean measuring;
    private volatile boolean stopping;
    private volatile @Nullable Throwable firstFailure;
    private long startNanos;
    private Duration serversCpu = Duration.ZERO;
    private long ownCpuNanos;

    LoadRun(LockSystem system) {
        this.system = system;
    }

    /** Lets the load run for {@code warmUp}, then measures for {@code time}. Returns what was measured. */
    Figures measure(Duration warmUp, Duration time) throws InterruptedException {
        Thread.sleep(warmUp.toMillis());
        begin();
        Thread.sleep(time.toMillis());
        var figures = end();
        stopping = true;
        return figures;
    }

    boolean isStopping() {
        return stopping;
    }

    /** One operation took so long. */
    void record(long nanos) {
        if (measuring) {
            recorder.recordValue(nanos);
        }
    }

    /** A client gave up. */
    void failed(Throwable cause) {
        failures.increment();
        if (firstFailure == null) {
            firstFailure = cause;
        }
    }

    private void begin() {
        recorder.reset();
        serversCpu = system.cpu();
        ownCpuNanos = SELF.getProcessCpuTime();
        startNanos = System.nanoTime();
        measuring = true;
    }

    private Figures end() {
        measuring = false;
        var seconds = (System.nanoTime() - startNanos) / 1e9;
        var own = SELF.getProcessCpuTime() - ownCpuNanos;
        var servers = system.cpu().minus(serversCpu);
        return new Figures(
                recorder.getIntervalHistogram(), seconds, servers.toNanos(), own, failures.sum(), firstFailure);
    }

    /**
     * What a run came to.
     *
     * @param latencies of the operations, in nanoseconds
     * @param failures clients that gave up
     */
    record Figures(
            Histogram latencies,
            double seconds,
            long serverCpuNanos,
            long ownCpuNanos,
            long failures,
            @Nullable Throwable firstFailure) {

        double perSecond() {
            return latencies.getTotalCount() / seconds;
        }

        double millisAt(double percentile) {
            return latencies.getValueAtPercentile(percentile) / 1e6;
        }

        double serverMicrosPerOperation() {
            return serverCpuNanos / 1e3 / Math.max(1, latencies.getTotalCount());
        }

        double ownMicrosPerOperation() {
            return ownCpuNanos / 1e3 / Math.max(1, latencies.getTotalCount());
        }
    }
}
