package io.holdfast.simulator;

import io.holdfast.simulator.world.Counts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** What many worlds amount to, as text: simulated time, speed, and faults by phase and kind. */
final class Summary {

    private static final double NANOS_PER_HOUR = 3600e9;
    private static final double HOURS_PER_YEAR = 24 * 365.25;

    private Summary() {}

    /** Returns one line. */
    static String line(Counts counts, long wallNanos) {
        double speed = wallNanos == 0 ? 0 : counts.simulatedNanos() / (double) wallNanos;
        double hours = counts.simulatedNanos() / NANOS_PER_HOUR;
        return String.format(
                "%d seeds, %.2f simulated hours (%.4f years) at %.0f times real time, %d events, %d transactions,"
                        + " %d answers, %d leaders, synchronizations %s",
                counts.worlds(),
                hours,
                hours / HOURS_PER_YEAR,
                speed,
                counts.events(),
                counts.committed(),
                counts.answered(),
                counts.leaders(),
                counts.syncs());
    }

    /** Returns the line, with how many faults met each phase. */
    static String progress(Counts counts, long wallNanos) {
        Map<String, Long> met = new TreeMap<>();
        counts.faults().values().forEach(row -> row.forEach((phase, count) -> met.merge(phase, count, Long::sum)));
        return line(counts, wallNanos) + ", faults " + met;
    }

    /** Returns the line, the results of commands, and the table of faults. */
    static String table(Counts counts, long wallNanos) {
        List<String> lines = new ArrayList<>();
        lines.add(line(counts, wallNanos));
        lines.add("results of commands: " + counts.results());
        lines.add("changes of members: " + counts.changes());
        TreeSet<String> phases = new TreeSet<>();
        counts.faults().values().forEach(row -> phases.addAll(row.keySet()));
        StringBuilder head = new StringBuilder(String.format("%-16s", "fault"));
        phases.forEach(phase -> head.append(String.format(" %23s", phase)));
        lines.add(head.toString());
        for (Map.Entry<String, Map<String, Long>> row : counts.faults().entrySet()) {
            StringBuilder line = new StringBuilder(String.format("%-16s", row.getKey()));
            for (String phase : phases) {
                line.append(String.format(" %23d", row.getValue().getOrDefault(phase, 0L)));
            }
            lines.add(line.toString());
        }
        return String.join(System.lineSeparator(), lines);
    }
}
