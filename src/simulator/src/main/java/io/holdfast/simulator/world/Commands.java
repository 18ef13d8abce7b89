package io.holdfast.simulator.world;

import io.holdfast.lock.Claim;
import io.holdfast.lock.Command;
import io.holdfast.lock.Mode;
import io.holdfast.lock.lease.Due;
import java.util.List;
import java.util.function.LongFunction;

/**
 * The commands that simulated clients and lease clocks ask for, each still without the wall-clock time of the server
 * that will submit it.
 */
final class Commands {

    private Commands() {}

    static LongFunction<Command> open(String key, long ttlMillis, String name, long lockDelayMillis) {
        return at -> new Command.OpenSession(key, ttlMillis, name, "", lockDelayMillis, at);
    }

    static LongFunction<Command> close(long session) {
        return at -> new Command.CloseSession(session, at);
    }

    static LongFunction<Command> acquire(String grant, long session, List<Claim> claims, long waitMillis) {
        return at -> new Command.Acquire(grant, session, claims, waitMillis, "", at);
    }

    static LongFunction<Command> release(String grant, long token) {
        return at -> new Command.Release(grant, token, at);
    }

    /** A holder leaves its locks closed. */
    static LongFunction<Command> release(String grant, long token, long closedMillis) {
        return at -> new Command.Release(grant, token, "", closedMillis, at);
    }

    /** A holder agrees to a wish. */
    static LongFunction<Command> release(String grant, long token, String to) {
        return at -> new Command.Release(grant, token, to, 0, at);
    }

    static LongFunction<Command> changeMode(String grant, long token, Mode mode) {
        return at -> new Command.ChangeMode(grant, token, mode, at);
    }

    /** The holder gives its locks to a ticket. */
    static LongFunction<Command> transfer(String grant, long token, String to) {
        return at -> new Command.Transfer(grant, token, to, 1_000, at);
    }

    /** A holder is asked to give its locks to a ticket. */
    static LongFunction<Command> ask(String grant, String to, long drainMillis) {
        return at -> new Command.Transfer(grant, 0, to, drainMillis, at);
    }

    static LongFunction<Command> breakUp(String lock, String grant, long token, long afterMillis) {
        return at -> new Command.Break(lock, grant, token, "operator", "simulated", afterMillis, at);
    }

    /** What the leader's clock ends: one part of what is due. */
    static LongFunction<Command> expire(Due part) {
        return at -> {
            if (!part.sessions().isEmpty()) {
                return new Command.ExpireSessions(part.sessions(), at);
            } else if (!part.waits().isEmpty()) {
                return new Command.ExpireWaits(part.waits(), at);
            } else if (!part.delays().isEmpty()) {
                return new Command.ExpireDelays(part.delays(), at);
            } else if (!part.yields().isEmpty()) {
                return new Command.ExpireYields(part.yields(), at);
            }
            return new Command.ExpireBreaks(part.breaks(), at);
        };
    }
}
