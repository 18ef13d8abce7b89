package io.holdfast.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.HdrHistogram.Histogram;

/** What clients notice while leadership is handed over and members come, are promoted, demoted and go. */
final class Changes {

    private static final int CLIENTS = 8;
    private static final int HAND_OVERS = 100;
    private static final int ROUNDS = 5;
    private static final List<Integer> VOTERS = List.of(1, 2, 3);

    private final Holdfast system;

    Changes(Holdfast system) {
        this.system = system;
    }

    /** Reports by kind of change the longest cycles of clients, in nanoseconds, one for each change. */
    void run(BiConsumer<String, Histogram> report) throws Exception {
        var figures = new LinkedHashMap<String, Histogram>();
        try (var pauses = new Pauses(system, VOTERS, CLIENTS)) {
            for (var i = 0; i < HAND_OVERS; i++) {
                var next = 1 + system.leader() % LockSystem.NODES;
                record(figures, "nothing", pauses, () -> 0);
                record(figures, "leadership handed over", pauses, () -> system.handOver(next));
            }
            figures.forEach(report);
            figures.clear();
            for (var round = 0; round < ROUNDS; round++) {
                var id = LockSystem.NODES + 1 + round;
                record(figures, "observer added, started and synchronized", pauses, () -> system.addObserver(id));
                record(figures, "observer promoted", pauses, () -> system.setRole(id, "voter"));
                record(figures, "voter demoted", pauses, () -> system.setRole(id, "observer"));
                record(figures, "observer removed", pauses, () -> system.remove(id));
            }
            for (var round = 0; round < ROUNDS; round++) {
                var id = LockSystem.NODES + 1 + ROUNDS + round;
                system.addObserver(id);
                system.setRole(id, "voter");
                system.handOver(id);
                record(figures, "leader removed", pauses, () -> system.remove(id));
            }
            pauses.stop();
        }
        figures.forEach(report);
    }

    private static void record(Map<String, Histogram> figures, String change, Pauses pauses, Callable<?> disturbance)
            throws Exception {
        figures.computeIfAbsent(change, made -> new Histogram(3)).recordValue(pauses.during(disturbance));
    }
}
