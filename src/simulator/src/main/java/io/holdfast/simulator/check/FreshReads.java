package io.holdfast.simulator.check;

/** A linearizable read sees all that any client had been told of before it began. */
final class FreshReads extends Invariant {

    private long highest;

    FreshReads(Knowledge known) {
        super("I-READ", known);
    }

    @Override
    public void operation(Operation operation) {
        if (!operation.isOver()) {
            operation.follows(highest);
        } else if (operation.outcome() != Operation.Outcome.UNKNOWN) {
            require(
                    operation.kind() != Operation.Kind.READ || operation.revision() >= operation.leastRevision(),
                    "%s read revision %s, but %s had been told before",
                    operation,
                    operation.revision(),
                    operation.leastRevision());
            highest = Math.max(highest, operation.revision());
        }
    }
}
