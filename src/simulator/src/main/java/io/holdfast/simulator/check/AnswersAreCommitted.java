package io.holdfast.simulator.check;

import io.holdfast.lock.Change;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.Zxid;
import java.util.HashMap;
import java.util.Map;

/**
 * What a client was told is in the one order: the grant, with that token, and nothing that it was told is ever lost.
 */
final class AnswersAreCommitted extends Invariant {

    private final Map<String, Long> tokens = new HashMap<>();

    AnswersAreCommitted(Knowledge known) {
        super("I-ACKED", known);
    }

    @Override
    public void change(Txn txn, Change change) {
        if (change.kind() == Change.Kind.GRANTED || change.kind() == Change.Kind.UPGRADED) {
            tokens.put(String.valueOf(change.grant()), change.token());
        }
    }

    @Override
    public void operation(Operation operation) {
        if (!operation.isOver() || operation.outcome() == Operation.Outcome.UNKNOWN) {
            return;
        }
        Zxid revision = Zxid.unpack(operation.revision());
        require(
                revision.equals(Zxid.ZERO) || known.placeOf(revision) != null,
                "%s was answered by a state at %s, which is not committed",
                operation,
                revision);
        boolean tellsToken = operation.kind() == Operation.Kind.ACQUIRE || operation.kind() == Operation.Kind.CHANGE;
        if (tellsToken && operation.outcome() == Operation.Outcome.DONE) {
            Long token = tokens.get(operation.grant());
            require(
                    token != null && token == operation.token(),
                    "%s, but the token that was given is %s",
                    operation,
                    token);
        }
    }
}
