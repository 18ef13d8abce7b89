package io.holdfast.server.replica;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Command;
import io.holdfast.lock.LockTable;
import io.holdfast.server.caller.Caller;
import io.smallrye.mutiny.Uni;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** Has commands of the application service decided, from any thread. */
final class Writes {

    private final Replica replica;
    private final JudgedCommands commands;

    Writes(Replica replica) {
        this.replica = replica;
        this.commands = new JudgedCommands(replica, replica.access());
    }

    Uni<Applied> submit(Caller caller, Supplier<Command> command) {
        return submit(caller, command, (table, applied) -> applied);
    }

    /**
     * Has a command decided if the caller may ask for it, and its answer made of the table right after it, on the
     * node's context.
     */
    <T> Uni<T> submit(Caller caller, Supplier<Command> command, BiFunction<LockTable, Applied, T> answer) {
        return Uni.createFrom()
                .completionStage(() -> {
                    try {
                        return commands.submit(caller, command.get(), answer).toCompletionStage();
                    } catch (IllegalArgumentException e) {
                        throw Refusals.invalid(String.valueOf(e.getMessage()));
                    }
                })
                .onFailure()
                .transform(failure -> replica.translated(failure, true));
    }

    /** Returns where the node was right after a command. */
    AppliedAt at(Applied applied) {
        return replica.appliedAt(applied.revision());
    }
}
