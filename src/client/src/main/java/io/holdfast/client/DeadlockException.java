package io.holdfast.client;

import io.holdfast.api.CycleStep;
import java.io.Serial;
import java.util.List;

/** The ticket would have closed a cycle of sessions that wait for each other. It is gone; release something first. */
public final class DeadlockException extends HoldfastException {

    @Serial
    private static final long serialVersionUID = 1;

    private final transient List<CycleStep> cycle;

    /** Creates one. */
    public DeadlockException(String message, String node, List<CycleStep> cycle) {
        super(message, "deadlock", node, null);
        this.cycle = List.copyOf(cycle);
    }

    /** The cycle: each waits for the next, the last for the first. */
    public List<CycleStep> cycle() {
        return cycle;
    }
}
