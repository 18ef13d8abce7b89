package io.holdfast.simulator;

import io.holdfast.simulator.Simulation.Outcome;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** A seed that found something, as text for people: what, how to see it again, and the end of its timeline. */
final class Failure {

    private static final int LINES = 80;

    private Failure() {}

    /** Describes it with as few faults as it needs. */
    static String describe(Outcome outcome) {
        Set<Integer> without = Simulation.minimize(outcome.seed(), Objects.requireNonNull(outcome.invariant()));
        int faults = Simulation.plan(outcome.seed()).size();
        String timeline = String.join(System.lineSeparator(), Simulation.timeline(outcome.seed(), without, LINES));
        return String.format(
                "seed %d: %s%nwith %d of its %d faults; see it again with:%n  %s%n%s",
                outcome.seed(),
                Objects.requireNonNull(outcome.violation()).getMessage(),
                faults - without.size(),
                faults,
                command(outcome.seed(), without),
                timeline);
    }

    private static String command(long seed, Set<Integer> without) {
        String left = without.stream().map(String::valueOf).collect(Collectors.joining(","));
        return "src/simulator/run --replay " + seed + (left.isEmpty() ? "" : " --without " + left);
    }
}
