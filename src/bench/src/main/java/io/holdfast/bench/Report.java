package io.holdfast.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Collects figures and writes them as tables in Markdown; beside each stands what the disk could do just before. */
final class Report {

    private static final String OPERATIONS = """
            | system | clients | a second | p50 ms | p99 ms | p99.9 ms | servers' CPU µs | generator's CPU µs \
            | clients that gave up | disk: syncs/s |
            |---|---|---|---|---|---|---|---|---|---|
            """;
    private static final String FAIL_OVERS = """
            | system | trials | median ms | max ms | disk: syncs/s |
            |---|---|---|---|---|
            """;

    private static final String FAN_OUTS = """
            | readers | sets of rules | changes | a reader p50 ms | a reader p99 ms | the last reader p50 ms \
            | the last reader p99 ms | servers' CPU ms a change | disk: syncs/s |
            |---|---|---|---|---|---|---|---|---|
            """;
    private static final String LISTINGS = """
            | locks | first page p50 ms | first page max ms | whole p50 ms | whole max ms |
            |---|---|---|---|---|
            """;

    private static final String CHANGES = """
            | change | times | longest cycle of a client p50 ms | max ms |
            |---|---|---|---|
            """;
    private static final String OBSERVED = """
            | observers | a second | p50 ms | p99 ms | p99.9 ms | leader's CPU µs | each follower's CPU µs \
            | each observer's CPU µs | clients that gave up |
            |---|---|---|---|---|---|---|---|---|
            """;
    private static final String JOINED = """
            | locks | ms |
            |---|---|
            """;

    private final PrintStream out;
    private final PrintStream progress;
    private final DiskProbe disk;
    private final Map<String, List<String>> operations = new LinkedHashMap<>();
    private final List<String> failOvers = new ArrayList<>();
    private final List<String> fanOuts = new ArrayList<>();
    private final List<String> listings = new ArrayList<>();
    private final List<String> changes = new ArrayList<>();
    private final List<String> observed = new ArrayList<>();
    private final List<String> restarted = new ArrayList<>();
    private final List<String> joined = new ArrayList<>();

    /** The tables go to {@code out} at the end, each row to {@code progress} when it is there. */
    Report(PrintStream out, PrintStream progress, DiskProbe disk) {
        this.out = out;
        this.progress = progress;
        this.disk = disk;
    }

    long diskSyncs() throws IOException {
        return disk.syncsPerSecond();
    }

    void operation(String table, String system, int clients, LoadRun.Figures figures, long diskSyncs) {
        var row = format(
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
        operations.computeIfAbsent(table, made -> new ArrayList<>()).add(row);
        progress.println(table + " " + row);
        if (figures.firstFailure() != null) {
            progress.println("The first client that gave up: " + figures.firstFailure());
        }
    }

    void failOver(String system, Histogram nanos, long diskSyncs) {
        var row = format(
                "| %s | %d | %.0f | %.0f | %d |",
                system,
                nanos.getTotalCount(),
                nanos.getValueAtPercentile(50) / 1e6,
                nanos.getMaxValue() / 1e6,
                diskSyncs);
        failOvers.add(row);
        progress.println("Leader killed " + row);
    }

    void fanOut(int readers, int ruleSets, FanOut.Figures figures, long diskSyncs) {
        var row = format(
                "| %d | %d | %d | %.1f | %.1f | %.1f | %.1f | %.1f | %d |",
                readers,
                ruleSets,
                figures.last().getTotalCount(),
                figures.each().getValueAtPercentile(50) / 1e6,
                figures.each().getValueAtPercentile(99) / 1e6,
                figures.last().getValueAtPercentile(50) / 1e6,
                figures.last().getValueAtPercentile(99) / 1e6,
                figures.serversCpu().toNanos() / 1e6,
                diskSyncs);
        fanOuts.add(row);
        progress.println("Fan-out " + row);
    }

    void listing(int locks, Listings.Figures figures) {
        var row = format(
                "| %d | %.1f | %.1f | %.0f | %.0f |",
                locks,
                figures.first().getValueAtPercentile(50) / 1e6,
                figures.first().getMaxValue() / 1e6,
                figures.whole().getValueAtPercentile(50) / 1e6,
                figures.whole().getMaxValue() / 1e6);
        listings.add(row);
        progress.println("Listing " + row);
    }

    void change(String what, Histogram nanos) {
        var row = format(
                "| %s | %d | %.1f | %.1f |",
                what, nanos.getTotalCount(), nanos.getValueAtPercentile(50) / 1e6, nanos.getMaxValue() / 1e6);
        changes.add(row);
        progress.println("Change " + row);
    }

    void observed(int observers, LoadRun.Figures figures, Observers.Shares shares) {
        var cpu = figures.serverMicrosPerOperation();
        var row = format(
                "| %d | %.0f | %.2f | %.2f | %.2f | %.0f | %.0f | %.0f | %d |",
                observers,
                figures.perSecond(),
                figures.millisAt(50),
                figures.millisAt(99),
                figures.millisAt(99.9),
                cpu * shares.leader(),
                cpu * shares.follower(),
                cpu * shares.observer(),
                figures.failures());
        observed.add(row);
        progress.println("Observed " + row);
    }

    void joined(int locks, long nanos) {
        var row = format("| %d | %.0f |", locks, nanos / 1e6);
        joined.add(row);
        progress.println("Joined " + row);
    }

    void restarted(int locks, long nanos) {
        var row = format("| %d | %.0f |", locks, nanos / 1e6);
        restarted.add(row);
        progress.println("Restarted " + row);
    }

    /** Writes everything. */
    void print(Options options) {
        out.println("# Three nodes on one machine, fsync on");
        out.println();
        out.println(format(
                "%d processors, shared by nodes and clients; %s %s, Java %s. Runs of %d s, warmed up for %d s.",
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                System.getProperty("java.version"),
                options.time().toSeconds(),
                options.warmUp().toSeconds()));
        operations.forEach((table, rows) -> print(table, OPERATIONS, rows));
        print("Leader killed: until a client of another node holds a lock", FAIL_OVERS, failOvers);
        print("A change to the readers of the event stream, from the request sent", FAN_OUTS, fanOuts);
        print("Locks listed by prefix, 1000 a page", LISTINGS, listings);
        print("Changes beside 8 clients that take and release locks", CHANGES, changes);
        print("Lock cycle of 64 clients of the voters, beside observers", OBSERVED, observed);
        print("An observer that joins, from its start to being ready", JOINED, joined);
        print("A node that was killed, from its start to being ready", JOINED, restarted);
    }

    private void print(String heading, String columns, List<String> rows) {
        if (rows.isEmpty()) {
            return;
        }
        out.println();
        out.println("## " + heading);
        out.println();
        out.print(columns);
        rows.forEach(out::println);
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
