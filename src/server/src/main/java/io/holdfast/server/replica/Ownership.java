package io.holdfast.server.replica;

import io.holdfast.lock.EndedView;
import io.holdfast.lock.GrantView;
import io.holdfast.lock.LockTable;
import io.holdfast.lock.Result;
import io.holdfast.lock.acl.Acl;
import io.holdfast.server.caller.Caller;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides which sessions and grants are a caller's own, and what it may see of those of others: a caller that may not
 * read them gets the answer for ones that never existed. Owners count whether or not rules are enforced.
 */
final class Ownership {

    private final Replica replica;
    private final AccessControl access;

    Ownership(Replica replica, AccessControl access) {
        this.replica = replica;
        this.access = access;
    }

    /**
     * Returns whether a caller may act on what belongs to an owner; without allocation.
     *
     * @param owner empty for what a level below 3 made, which is every caller's
     */
    static boolean isOwn(String owner, Caller caller) {
        return owner.isEmpty() || owner.equals(caller.principal());
    }

    /** Returns whether a caller may read a grant: its own, and those at locks all of which it may read. */
    boolean mayRead(Acl acl, Caller caller, GrantView grant) {
        if (isOwn(grant.owner(), caller)) {
            return true;
        }
        Predicate<String> readable = access.readable(acl, caller);
        return grant.claims().stream().allMatch(claim -> readable.test(claim.lock()));
    }

    /** Returns whether a caller may read a session that is not its own: one of which it may read a grant. */
    boolean mayReadSession(LockTable table, Caller caller, long session) {
        return access.administersSessions(table.acl(), caller)
                || table.hasGrantOf(session, access.readable(table.acl(), caller));
    }

    /** Returns whether a caller may see how something ended; which locks a grant had is not remembered. */
    boolean mayBeTold(Acl acl, Caller caller, EndedView ended) {
        return isOwn(ended.owner(), caller) || access.administersSessions(acl, caller);
    }

    /** Returns the refusal for a grant that a caller may not act on; that of an unknown grant if it may not read it. */
    Refused refusal(LockTable table, Caller caller, String grant) {
        Refused stranger = access.identity(table.acl(), caller);
        if (stranger != null) {
            return stranger;
        }
        AppliedAt at = replica.appliedAt(table.revision());
        GrantView known = table.grant(grant);
        EndedView ended = known == null ? table.endedGrant(grant) : null;
        boolean isTold = known != null
                ? mayRead(table.acl(), caller, known) || access.administersSessions(table.acl(), caller)
                : ended != null && mayBeTold(table.acl(), caller, ended);
        return isTold
                ? notYours("grant " + grant + " belongs to another principal; it was not touched", at)
                : Refusals.of(new Result.GrantUnknown(grant), at, null);
    }

    /** As {@link #refusal(LockTable, Caller, String)}, for a session. */
    Refused refusal(LockTable table, Caller caller, long session) {
        Refused stranger = access.identity(table.acl(), caller);
        if (stranger != null) {
            return stranger;
        }
        AppliedAt at = replica.appliedAt(table.revision());
        EndedView ended = table.endedSession(session);
        boolean isTold = ended != null
                ? mayBeTold(table.acl(), caller, ended)
                : table.session(session) != null && mayReadSession(table, caller, session);
        String name = TableViews.sessionId(session);
        return isTold
                ? notYours("session " + name + " belongs to another principal; it was not touched", at)
                : Refusals.sessionUnknown(name, at);
    }

    /** Returns the state of a session as a caller that sends a keepalive sees it. */
    KeptAlive.State stateOf(LockTable table, Caller caller, Long session) {
        String owner = table.ownerOf(session);
        if (owner != null && isOwn(owner, caller)) {
            return KeptAlive.State.ALIVE;
        } else if (owner != null) {
            return mayReadSession(table, caller, session) ? KeptAlive.State.NOT_YOURS : KeptAlive.State.UNKNOWN;
        }
        EndedView ended = table.endedSession(session);
        return ended != null && mayBeTold(table.acl(), caller, ended) ? KeptAlive.State.ENDED : KeptAlive.State.UNKNOWN;
    }

    private static Refused notYours(String message, AppliedAt at) {
        return new Refused(Problem.NOT_YOURS, message, at, null);
    }

    /** Returns the refusal of a command that was about what is another's; null for other results. */
    @Nullable
    Refused refusal(LockTable table, Caller caller, Result result) {
        if (result instanceof Result.NotYours notYours) {
            String grant = notYours.grant();
            return grant == null ? refusal(table, caller, notYours.session()) : refusal(table, caller, grant);
        }
        return result instanceof Result.IdTaken taken
                ? new Refused(
                        Problem.ID_TAKEN,
                        taken.id() + " is in use by another principal; use a new one",
                        replica.appliedAt(table.revision()),
                        null)
                : null;
    }
}
