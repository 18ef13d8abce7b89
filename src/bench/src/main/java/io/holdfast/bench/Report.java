package io.holdfast.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** Writes figures as Markdown while they come in; beside each stands what the disk could do just before. */
final class Report {

    private final PrintStream out;
    private final DiskProbe disk;

    Report(PrintStream out, DiskProbe disk) {
        this.out = out;
        this.disk = disk;
    }

    void title(Options options) {
        line("# Three nodes on one machine, fsync on");
        line("");
        line(
                "%d processors, %s %s, Java %s. Each run %d s after %d s of warm-up, clients on the same processors.",
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                System.getProperty("java.version"),
                options.time().toSeconds(),
                options.warmUp().toSeconds());
    }

    void operations(String heading, String unit) {
        line("");
        line("## %s", heading);
        line("");
        line(
                "| system | clients | %s/s | p50 ms | p99 ms | p99.9 ms | servers' CPU µs | generator's CPU µs "
                        + "| clients that gave up | disk: syncs/s |",
                unit);
        line("|---|---|---|---|---|---|---|---|---|---|");
    }

    long diskSyncs() throws IOException {
        return disk.syncsPerSecond();
    }

    void operation(String system, int clients, LoadRun.Figures figures, long diskSyncs) {
        line(
                "| %s | %d | %.0f | %.2f | %.2f | %.2f | %.0f | %.0f | %d | %d |",
                system,
                clients,
                figures.perSecond(),
                figures.millisAt(50),
                figures.millisAt(99),
                figures.millisAt(99.9),
                figures.serverMicrosPerOperation(),
                figures.ownMicrosPerOperation(),
                figures.failures(),
                diskSyncs);
        var cause = figures.firstFailure();
        if (cause != null) {
            line("");
            line("The first client that gave up: %s", cause);
            line("");
        }
    }

    void failOvers() {
        line("");
        line("## Leader killed: until a client of another node holds a lock");
        line("");
        line("| system | trials | median ms | max ms | disk: syncs/s |");
        line("|---|---|---|---|---|");
    }

    void failOver(String system, Histogram nanos, long diskSyncs) {
        line(
                "| %s | %d | %.0f | %.0f | %d |",
                system,
                nanos.getTotalCount(),
                nanos.getValueAtPercentile(50) / 1e6,
                nanos.getMaxValue() / 1e6,
                diskSyncs);
    }

    void line(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
        out.flush();
    }
}
