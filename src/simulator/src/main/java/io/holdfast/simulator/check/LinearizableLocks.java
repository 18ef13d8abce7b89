package io.holdfast.simulator.check;

import io.holdfast.lock.Cause;
import io.holdfast.lock.Change;
import io.holdfast.lock.Claim;
import io.holdfast.lock.LockTable;
import io.holdfast.lock.Mode;
import io.holdfast.simulator.check.Linearizability.Become;
import io.holdfast.simulator.check.Linearizability.Effect;
import io.holdfast.simulator.check.Linearizability.Free;
import io.holdfast.simulator.check.Linearizability.Holder;
import io.holdfast.simulator.check.Linearizability.See;
import io.holdfast.simulator.check.Linearizability.Step;
import io.holdfast.simulator.check.Linearizability.Take;
import io.holdfast.simulator.check.Linearizability.Verdict;
import io.holdfast.simulator.check.Operation.Kind;
import io.holdfast.simulator.check.Operation.Outcome;
import io.holdfast.zab.core.Txn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What clients saw of each lock can be put into one order that respects true time; a set is looked at lock by lock.
 * Requests without an answer may take effect at any time after they were sent, or never.
 */
final class LinearizableLocks extends Invariant {

    private static final int STEPS_MAX = 60_000;

    private final Map<String, List<Operation>> operations = new TreeMap<>();

    /** What became of grants, by id: committed changes tell it also where no client was told. */
    private final Map<String, Change> granted = new HashMap<>();

    private final Map<String, Cause> ended = new HashMap<>();
    private final Map<String, List<Change>> changed = new HashMap<>();

    LinearizableLocks(Knowledge known) {
        super("I-LINEAR", known);
    }

    @Override
    public void change(Txn txn, Change change) {
        String grant = change.grant();
        if (grant == null) {
            return;
        }
        switch (change.kind()) {
            case GRANTED -> granted.put(grant, change);
            case RELEASED, EXPIRED, BROKEN, TRANSFERRED -> ended.put(grant, cause(change));
            case UPGRADED, DOWNGRADED ->
                changed.computeIfAbsent(grant, id -> new ArrayList<>()).add(change);
            default -> {
                // Holders are as they were.
            }
        }
    }

    private static Cause cause(Change change) {
        Cause cause = change.cause();
        return cause == null ? Cause.REQUESTED : cause;
    }

    @Override
    public void operation(Operation operation) {
        if (!operation.isOver()) {
            for (Claim claim : operation.claims()) {
                operations
                        .computeIfAbsent(claim.lock(), name -> new ArrayList<>())
                        .add(operation);
            }
        }
    }

    @Override
    public void quiet(List<LockTable> tables) {
        operations.forEach((lock, history) -> require(
                Linearizability.check(steps(lock, history), STEPS_MAX) != Verdict.NOT_LINEARIZABLE,
                "what clients saw of %s fits no order: %s",
                lock,
                history));
    }

    private List<Step> steps(String lock, List<Operation> history) {
        List<Step> steps = new ArrayList<>();
        for (Operation operation : history) {
            switch (operation.kind()) {
                case ACQUIRE -> acquire(lock, operation, steps);
                case RELEASE, TRANSFER, BREAK -> end(operation, steps);
                case CHANGE -> change(lock, operation, steps);
                case READ, ASK, WARN, CLOSE -> {
                    // What they end later, or in all locks at once, has a step of its own with each grant.
                }
            }
            see(lock, operation, steps);
        }
        return steps;
    }

    private void acquire(String lock, Operation operation, List<Step> steps) {
        Change grant = granted.get(operation.grant());
        if (grant == null) {
            return;
        }
        Take take = new Take(new Holder(operation.grant(), claim(lock, operation), grant.token()));
        steps.add(operation.outcome() == Outcome.DONE ? certain(operation, take) : possible(operation, take));
        Cause cause = ended.get(operation.grant());
        if (cause != null && cause != Cause.REQUESTED && cause != Cause.TRANSFERRED) {
            steps.add(possible(operation, new Free(operation.grant())));
        }
    }

    private void end(Operation operation, List<Step> steps) {
        Cause cause = ended.get(operation.grant());
        boolean byThis = operation.kind() == Kind.BREAK
                ? cause == Cause.BROKEN
                : cause == Cause.TRANSFERRED || (operation.kind() == Kind.RELEASE && cause == Cause.REQUESTED);
        if (granted.containsKey(operation.grant()) && byThis) {
            Free free = new Free(operation.grant());
            steps.add(operation.outcome() == Outcome.DONE ? certain(operation, free) : possible(operation, free));
        }
    }

    private void change(String lock, Operation operation, List<Step> steps) {
        Claim claim = claim(lock, operation);
        if (operation.outcome() == Outcome.DONE) {
            steps.add(certain(operation, new Become(new Holder(operation.grant(), claim, operation.token()))));
        } else if (operation.outcome() != Outcome.REFUSED || operation.wasSentAgain()) {
            Change.Kind kind = claim.mode() == Mode.SHARED ? Change.Kind.DOWNGRADED : Change.Kind.UPGRADED;
            for (Change change : changed.getOrDefault(operation.grant(), List.of())) {
                if (change.kind() == kind && lock.equals(change.lock())) {
                    steps.add(possible(operation, new Become(new Holder(operation.grant(), claim, change.token()))));
                }
            }
        }
    }

    private static void see(String lock, Operation operation, List<Step> steps) {
        Operation.Sight sight = operation.sight();
        if (sight != null && sight.lock().equals(lock)) {
            steps.add(certain(operation, new See(Set.copyOf(sight.tokens()))));
        }
    }

    private static Claim claim(String lock, Operation operation) {
        for (Claim claim : operation.claims()) {
            if (claim.lock().equals(lock)) {
                return claim;
            }
        }
        throw new IllegalArgumentException(operation + " is not about " + lock);
    }

    private static Step certain(Operation operation, Effect effect) {
        return new Step(effect, operation.from(), operation.to(), false);
    }

    private static Step possible(Operation operation, Effect effect) {
        return new Step(effect, operation.from(), Long.MAX_VALUE, true);
    }
}
