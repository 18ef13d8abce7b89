package io.holdfast.simulator.check;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Cause;
import io.holdfast.lock.Change;
import io.holdfast.lock.LockTable;
import io.holdfast.simulator.check.Linearizability.Kind;
import io.holdfast.simulator.check.Linearizability.Step;
import io.holdfast.simulator.check.Linearizability.Verdict;
import io.holdfast.zab.core.Txn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What clients saw of each lock can be put into one order that respects true time. Requests without an answer may take
 * effect at any time after they were sent, or never.
 */
final class LinearizableLocks extends Invariant {

    private static final int STEPS_MAX = 60_000;

    private final Map<String, List<Operation>> operations = new TreeMap<>();
    private final Map<String, Change> granted = new HashMap<>();
    private final Map<String, Change> ended = new HashMap<>();

    LinearizableLocks(Knowledge known) {
        super("I-LINEAR", known);
    }

    @Override
    public void committed(Txn txn, Applied applied) {
        for (Change change : applied.changes()) {
            String grant = change.grant();
            if (grant != null && change.kind() == Change.Kind.GRANTED) {
                granted.put(grant, change);
            } else if (grant != null
                    && (change.kind() == Change.Kind.RELEASED || change.kind() == Change.Kind.EXPIRED)) {
                ended.put(grant, change);
            }
        }
    }

    @Override
    public void operation(Operation operation) {
        if (!operation.isOver()) {
            operations
                    .computeIfAbsent(operation.lock(), name -> new ArrayList<>())
                    .add(operation);
        }
    }

    @Override
    public void quiet(List<LockTable> tables) {
        operations.forEach((lock, history) -> require(
                Linearizability.check(steps(history), STEPS_MAX) != Verdict.NOT_LINEARIZABLE,
                "what clients saw of %s fits no order: %s",
                lock,
                history));
    }

    private List<Step> steps(List<Operation> history) {
        List<Step> steps = new ArrayList<>();
        for (Operation operation : history) {
            switch (operation.kind()) {
                case ACQUIRE -> acquire(operation, steps);
                case RELEASE -> release(operation, steps);
                case READ -> read(operation, steps);
                case CLOSE -> {
                    // Ends grants of all locks: each has a step of its own.
                }
            }
        }
        return steps;
    }

    private void acquire(Operation operation, List<Step> steps) {
        Change grant = granted.get(operation.grant());
        if (operation.outcome() == Operation.Outcome.REFUSED) {
            steps.add(new Step(Kind.SEE_HELD, 0, operation.from(), operation.to(), false));
        } else if (grant != null) {
            boolean answered = operation.outcome() == Operation.Outcome.DONE;
            steps.add(new Step(
                    Kind.TAKE, grant.token(), operation.from(), answered ? operation.to() : Long.MAX_VALUE, !answered));
            Change end = ended.get(operation.grant());
            if (end != null && end.cause() != Cause.REQUESTED) {
                steps.add(new Step(Kind.FREE, grant.token(), operation.from(), Long.MAX_VALUE, true));
            }
        }
    }

    private void release(Operation operation, List<Step> steps) {
        Change grant = granted.get(operation.grant());
        Change end = ended.get(operation.grant());
        if (grant != null && end != null && end.cause() == Cause.REQUESTED) {
            boolean answered = operation.outcome() == Operation.Outcome.DONE;
            steps.add(new Step(
                    Kind.FREE, grant.token(), operation.from(), answered ? operation.to() : Long.MAX_VALUE, !answered));
        }
    }

    private static void read(Operation operation, List<Step> steps) {
        if (operation.outcome() == Operation.Outcome.DONE) {
            steps.add(new Step(Kind.SEE, operation.token(), operation.from(), operation.to(), false));
        }
    }
}
