package io.holdfast.simulator.world;

import io.holdfast.lock.Command;
import io.holdfast.simulator.check.Operation;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Something that a client is about to do.
 *
 * @param operation what it is
 * @param command how it is asked for; null for a read
 * @param hold the grant of its own that it is about, null when it is about none
 * @param giveUpAt when a ticket that is still in line is cancelled
 */
record Errand(
        Operation operation,
        @Nullable LongFunction<Command> command,
        @Nullable Hold hold,
        long giveUpAt) {

    Errand(Operation operation, @Nullable LongFunction<Command> command, @Nullable Hold hold) {
        this(operation, command, hold, Long.MAX_VALUE);
    }

    /** Returns whether it is about a grant of the client itself. */
    boolean isAboutOwn() {
        return switch (operation.kind()) {
            case ACQUIRE, RELEASE, CHANGE, TRANSFER -> true;
            case ASK, BREAK, WARN, READ, CLOSE -> false;
        };
    }
}
