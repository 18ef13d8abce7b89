package io.holdfast.simulator.world;

import io.holdfast.lock.Result;
import io.holdfast.zab.core.SyncMode;
import java.util.Map;
import java.util.TreeMap;

/** How much happened in a world, or in many: what tells whether nothing was found because nothing was tried. */
public final class Counts {

    private final Map<String, Map<String, Long>> faults = new TreeMap<>();
    private final Map<String, Long> syncs = new TreeMap<>();
    private final Map<String, Long> results = new TreeMap<>();
    private final Map<String, Long> changes = new TreeMap<>();
    private long worlds;
    private long simulatedNanos;
    private long events;
    private long committed;
    private long answered;
    private long leaders;

    void fault(String phase, Fault.Kind kind) {
        faults.computeIfAbsent(kind.name(), name -> new TreeMap<>()).merge(phase, 1L, Long::sum);
    }

    void sync(SyncMode mode) {
        syncs.merge(mode.name(), 1L, Long::sum);
    }

    void result(Result result) {
        results.merge(result.getClass().getSimpleName(), 1L, Long::sum);
    }

    void change(String end) {
        changes.merge(end, 1L, Long::sum);
    }

    void leaderEstablished() {
        leaders++;
    }

    void operationAnswered() {
        answered++;
    }

    void end(long nanos, long eventCount, long transactions) {
        worlds = 1;
        simulatedNanos = nanos;
        events = eventCount;
        committed = transactions;
    }

    /** Adds what another world counted. */
    public void add(Counts other) {
        other.faults.forEach((kind, phases) -> phases.forEach((phase, count) ->
                faults.computeIfAbsent(kind, name -> new TreeMap<>()).merge(phase, count, Long::sum)));
        other.syncs.forEach((mode, count) -> syncs.merge(mode, count, Long::sum));
        other.results.forEach((kind, count) -> results.merge(kind, count, Long::sum));
        other.changes.forEach((end, count) -> changes.merge(end, count, Long::sum));
        worlds += other.worlds;
        simulatedNanos += other.simulatedNanos;
        events += other.events;
        committed += other.committed;
        answered += other.answered;
        leaders += other.leaders;
    }

    /** Returns faults by kind, then by the phase that the server was in. */
    public Map<String, Map<String, Long>> faults() {
        return faults;
    }

    /** Returns how often learners were synchronized, by the way in which it was done. */
    public Map<String, Long> syncs() {
        return syncs;
    }

    /** Returns how often commands had each kind of result, where they came in. */
    public Map<String, Long> results() {
        return results;
    }

    /** Returns how changes of the members ended: settled, or refused for a reason. */
    public Map<String, Long> changes() {
        return changes;
    }

    public long worlds() {
        return worlds;
    }

    public long simulatedNanos() {
        return simulatedNanos;
    }

    public long events() {
        return events;
    }

    /** Returns how many transactions were committed. */
    public long committed() {
        return committed;
    }

    /** Returns how many operations of clients were answered. */
    public long answered() {
        return answered;
    }

    /** Returns how often a leader was established. */
    public long leaders() {
        return leaders;
    }
}
