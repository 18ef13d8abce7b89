package io.holdfast.simulator.world;

import io.holdfast.lock.Command;
import io.holdfast.lock.Mode;
import io.holdfast.lock.Ticket;
import java.util.List;
import java.util.function.LongFunction;

/**
 * The commands that simulated clients and lease clocks ask for, each still without the wall-clock time of the server
 * that will submit it.
 */
final class Commands {

    private Commands() {}

    static LongFunction<Command> open(String key, long ttlMillis, String name) {
        return at -> new Command.OpenSession(key, ttlMillis, name, "", at);
    }

    static LongFunction<Command> close(long session) {
        return at -> new Command.CloseSession(session, at);
    }

    static LongFunction<Command> acquire(String grant, long session, String lock, long waitMillis) {
        return at -> new Command.Acquire(grant, session, lock, Mode.EXCLUSIVE, waitMillis, "", at);
    }

    static LongFunction<Command> release(String grant, long token) {
        return at -> new Command.Release(grant, token, at);
    }

    static LongFunction<Command> expireSessions(List<Long> sessions) {
        return at -> new Command.ExpireSessions(sessions, at);
    }

    static LongFunction<Command> expireWaits(List<Ticket> tickets) {
        return at -> new Command.ExpireWaits(tickets, at);
    }
}
