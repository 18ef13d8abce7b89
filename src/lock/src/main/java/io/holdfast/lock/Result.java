package io.holdfast.lock;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of one command, as a value: no outcome of a command is an exception. */
public sealed interface Result {

    /**
     * The session is open.
     *
     * @param again whether an earlier command with the same key opened it
     */
    record SessionOpened(SessionView session, boolean again) implements Result {}

    /** The key was used for a session with other content; that session is not touched. */
    record SessionMismatch(long session) implements Result {}

    /**
     * The session, or the grant, belongs to another principal; nothing was done.
     *
     * @param session 0 for a grant that never had one
     * @param grant null when the command was about the session
     */
    record NotYours(long session, @Nullable String grant) implements Result {}

    /** Another principal uses the key of a session, or the id of a grant, or did before; nothing was done. */
    record IdTaken(String id) implements Result {}

    /** The session was closed by this command, with all it had. */
    record SessionClosed(long session) implements Result {}

    /** The session is known and ended before this command; nothing was done. */
    record SessionEnded(long session, Cause cause) implements Result {}

    /** No session with this id is open or remembered; nothing was done. */
    record SessionUnknown(long session) implements Result {}

    /**
     * The grant holds its lock.
     *
     * @param again whether an earlier command got it
     */
    record Granted(GrantView grant, boolean again) implements Result {}

    /**
     * The ticket is in line; the grant comes as a {@link Change} of a later transaction.
     *
     * @param again whether an earlier command put it there
     */
    record Waiting(GrantView grant, boolean again) implements Result {}

    /**
     * A try that found the lock held; the id is used up and remembered as {@link Cause#REFUSED}.
     *
     * @param held how many hold it, or how many permits they have
     * @param waiting how many tickets are in line
     */
    record LockHeld(String grant, String lock, int held, int waiting) implements Result {}

    /**
     * The lock is in use with another limit, or as a semaphore when the ticket wants none, or the reverse; the id is
     * used up and remembered as {@link Cause#LIMIT_MISMATCH}.
     *
     * @param limit permits of the semaphore, 0 when the lock is none
     */
    record LimitMismatch(String grant, String lock, int limit) implements Result {}

    /**
     * The ticket would have closed a cycle of sessions that wait for each other; the id is used up and remembered as
     * {@link Cause#DEADLOCK}.
     *
     * @param cycle begins with the session that asked; each waits for the next, and the last for the first
     */
    record Deadlock(String grant, List<WaitsFor> cycle) implements Result {

        /** Copies the list. */
        public Deadlock {
            cycle = List.copyOf(cycle);
        }
    }

    /**
     * A try that found the lock closed after an expiry; the id is used up and remembered as {@link Cause#DELAYED}.
     *
     * @param millis how long it is closed, from the expiry on
     */
    record LockDelayed(String grant, String lock, long millis) implements Result {}

    /** The holder is asked to yield. */
    record YieldRequested(GrantView grant) implements Result {}

    /** The holder handed its locks over; this is who has them now, unless it waits for others still. */
    record Transferred(GrantView to) implements Result {}

    /** The locks are not handed over, now or later; nothing was done. */
    record TransferRefused(String grant, String to, Obstacle obstacle) implements Result {

        /** What is in the way of a hand-over. */
        public enum Obstacle {
            /** The grant is in line itself. */
            NOT_HELD,
            /** The other one is not in line for any of the grant's locks. */
            NOT_IN_LINE,
            /** Its session waits with another ticket too: moved ahead, it could close a cycle. */
            ENTANGLED,
            /** Something else keeps it waiting: other holders, other locks, a delay. */
            BLOCKED
        }
    }

    /** The holder is warned. */
    record BreakAnnounced(GrantView grant) implements Result {}

    /** The holder lost its locks by this command. */
    record Broken(GrantView grant) implements Result {}

    /** A break, or its warning, is for a ticket in line, which has nothing to be warned of; nothing was done. */
    record NotHeld(String grant) implements Result {}

    /** The grant holds its locks in the mode that was asked for, with this token from now on. */
    record ModeChanged(GrantView grant) implements Result {}

    /**
     * The grant cannot hold its locks in that mode now; it is not touched.
     *
     * @param lock the first lock that is in the way
     * @param held how many hold that lock, the grant itself included
     * @param waiting how many are in line for it
     * @param reason what is in the way
     */
    record ModeRefused(String grant, String lock, int held, int waiting, Reason reason) implements Result {

        /** What is in the way of another mode. */
        public enum Reason {
            /** It is still in line: it has no mode to change. */
            IN_LINE,
            /** It holds permits of a semaphore. */
            SEMAPHORE,
            /** Others hold the lock too. */
            NOT_ALONE,
            /** The lock is closed after an expiry. */
            DELAYED,
            /** Shared tickets in line have been let in and wait for other locks only. */
            PROMISED
        }
    }

    /** The id belongs to a live grant of other content; that grant is not touched. */
    record GrantMismatch(String grant) implements Result {}

    /**
     * An acquire came with the id of a grant that ended; nothing was done.
     *
     * @param session the session it was for, 0 when it never had one
     * @param token 0 when it was never granted
     */
    record GrantEnded(String grant, long session, long token, Cause cause) implements Result {}

    /** The grant held its lock and was released by this command. */
    record Released(GrantView grant) implements Result {}

    /** The ticket was in line and left it by this command. */
    record Cancelled(GrantView grant) implements Result {}

    /**
     * A release came for a grant that ended before; nothing was done.
     *
     * @param note address and reason of the break, null when it was not broken
     */
    record Gone(String grant, Cause cause, @Nullable String note) implements Result {

        /** Returns whether it was taken from its holder, as opposed to given up: by whatever ended its session, too. */
        public boolean lost() {
            return cause.isExpiry() || cause == Cause.SESSION_CLOSED || cause == Cause.BROKEN;
        }
    }

    /**
     * A release came with a token that is not the grant's; nothing was done.
     *
     * @param current the grant's token, 0 when it has none
     */
    record TokenStale(String grant, long current) implements Result {}

    /** The semaphore has this limit from now on. */
    record LimitChanged(String lock, int limit) implements Result {}

    /**
     * The limit is as it was.
     *
     * @param grant the first one, holders before tickets, that has or wants more permits than that; null for other
     *     reasons
     */
    record LimitRefused(
            String lock, Hindrance hindrance, @Nullable String grant) implements Result {

        /** What is in the way of another limit. */
        public enum Hindrance {
            /** The lock is unused, so its next ticket sets the limit. */
            NOT_IN_USE,
            /** It is no semaphore. */
            NO_SEMAPHORE,
            /** A grant or a ticket has more permits than that. */
            TOO_FEW
        }
    }

    /** The session is kept alive by connections of the process with this id from now on. */
    record Attached(SessionView session) implements Result {}

    /** A newer process took the session over; nothing was done. */
    record Superseded(long session) implements Result {}

    /** No grant with this id lives or is remembered; nothing was done. */
    record GrantUnknown(String grant) implements Result {}

    /** The table's quota in bytes is this from now on. */
    record StateBytesSet(long bytes) implements Result {}

    /** How many of the sessions that ended have nothing any more. */
    record EndingsContinued(int ended) implements Result {}

    /** How many sessions or tickets an expiry ended; the others had ended, or were granted, before. */
    record Expired(int ended) implements Result {}

    /** The rules or the access keys are changed; this is the revision of the rules from now on. */
    record AclChanged(long aclRevision) implements Result {}

    /** The change breaks a bound of the rules, or is about an entry that is not there; nothing was done. */
    record AclRefused(String field, String problem) implements Result {}

    /**
     * The command was judged, or made, by other rules than those in force; nothing was done. It is to be judged again
     * by a server that has them.
     *
     * @param aclRevision of the rules in force
     */
    record RulesReplaced(long aclRevision) implements Result {}

    /**
     * A bound would be passed; nothing was done and nothing is remembered, so the same command may be sent again later.
     *
     * @param lock the lock whose line is full, null for other quotas
     */
    record QuotaExceeded(Quota quota, long limit, @Nullable String lock) implements Result {}

    /**
     * The transaction was no command, or none of the level in force; nothing was done. The leader refuses such before
     * it proposes them, so this is for what came past it.
     */
    record Malformed(String why) implements Result {}
}
