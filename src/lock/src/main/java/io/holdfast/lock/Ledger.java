package io.holdfast.lock;

import io.holdfast.lock.Change.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one transaction has done to the state so far, and the moves that its commands have in common.
 *
 * <p>All that makes what lives in the table take more bytes goes through here, and is refused when they would be too
 * many. What ends something is never refused.
 *
 * <p>Every command first takes away all that it ends and only then lets the lines move on, so that nothing is granted
 * to a session which the same transaction ends (protocol.md#t9).
 */
final class Ledger {

    final State state;
    final long atMillis;
    final List<Change> changes = new ArrayList<>(2);

    /** Principal that the command is asked for by; empty when none is named. */
    String principal = "";

    /** Locks whose line may move on, or that nobody may use any more. */
    private final List<Lock> touched = new ArrayList<>(1);

    /** How many places of sessions that end may still be taken by this transaction. */
    private int placesLeft;

    Ledger(State state, long atMillis) {
        this.state = state;
        this.placesLeft = state.rules().placesOfEndings();
        this.atMillis = atMillis;
    }

    static Result grantEnded(String id, EndedView ended) {
        return new Result.GrantEnded(id, ended.session(), ended.token(), ended.cause());
    }

    /** Returns whether there is no room for more of what sessions that ended had. */
    boolean isFull() {
        return placesLeft <= 0;
    }

    /** Returns the answer about a session that ended and still has something. */
    static Result ending(Session session, Cause cause) {
        return new Result.SessionEnded(session.id, cause);
    }

    /** Returns the answer about a grant that a session which ended still has; null for those of open sessions. */
    static @Nullable Result ending(Grant grant) {
        Cause cause = grant.session.ending;
        return cause == null ? null : new Result.GrantEnded(grant.id, grant.session.id, grant.token, ofGrants(cause));
    }

    /** Returns why the grants end of a session that ends for a cause. */
    static Cause ofGrants(Cause cause) {
        return cause.isExpiry() ? cause : Cause.SESSION_CLOSED;
    }

    Result sessionGone(long id) {
        State.EndedSession ended = state.memory.sessions.get(id);
        if (ended == null) {
            return new Result.SessionUnknown(id);
        }
        return isOwn(ended.view()) ? new Result.SessionEnded(id, ended.view().cause()) : new Result.NotYours(id, null);
    }

    /** Returns whether the principal may act on what a session has. */
    boolean isOwn(Session session) {
        return Owners.isOf(session.owner, principal);
    }

    /** Returns whether the principal may see what ended. */
    boolean isOwn(EndedView ended) {
        return Owners.isOf(ended.owner(), principal);
    }

    /** Returns the refusal when a session belongs to another principal; null when it does not. */
    @Nullable
    Result notYours(Session session) {
        return isOwn(session) ? null : new Result.NotYours(session.id, null);
    }

    /** Returns the refusal when a grant belongs to another principal; null when it does not. */
    @Nullable
    Result notYours(Grant grant) {
        return isOwn(grant.session) ? null : new Result.NotYours(grant.session.id, grant.id);
    }

    /** Returns the answer about a grant that ended. */
    Result grantGone(String id, EndedView ended) {
        return isOwn(ended) ? grantEnded(id, ended) : new Result.NotYours(ended.session(), id);
    }

    /**
     * Every waiting ticket has a token reserved, so a grant to the next ticket never finds the counter at its end
     * (protocol.md#t10).
     */
    @Nullable
    Result noToken() {
        long last = state.rules().quotas().lastToken();
        return state.lastToken + state.waiting >= last ? new Result.QuotaExceeded(Quota.TOKENS, last, null) : null;
    }

    /**
     * Returns the refusal when so many bytes more would be too many. What makes the table smaller, or leaves it as it
     * is, is never refused.
     */
    private @Nullable Result noBytes(long more) {
        return more > 0 && state.bytes() + more > state.bytesLimit()
                ? new Result.QuotaExceeded(Quota.BYTES, state.bytesLimit(), null)
                : null;
    }

    /** Opens a session, unless it takes too many bytes; returns the refusal then. */
    @Nullable
    Result open(Session session) {
        Result full = noBytes(session.weight);
        if (full == null) {
            opened(session);
        }
        return full;
    }

    private void opened(Session session) {
        state.open(session);
        changes.add(new Change(Kind.SESSION_OPENED, null, null, session.id, 0, 0, null, session.ttlMillis, null));
    }

    /**
     * Brings a grant to the table, and its session if that is opened for it, unless they take too many bytes; returns
     * the refusal then. The grant is to hold its locks, or to get in line for them, at once.
     */
    @Nullable
    Result add(Grant grant) {
        boolean isPrivate = grant.endsSession();
        Result full = noBytes(grant.weight + (isPrivate ? grant.session.weight : 0));
        if (full == null) {
            if (isPrivate) {
                opened(grant.session);
            }
            state.add(grant);
        }
        return full;
    }

    /** Has a session kept alive by another process, unless its id takes too many bytes; returns the refusal then. */
    @Nullable
    Result attach(Session session, String id) {
        List<String> superseded = session.supersededByAnother();
        Result full = noBytes((long) Weights.ofAttachIds(id, superseded) - session.weightOfAttachIds());
        if (full == null) {
            state.attach(session, id, superseded);
            changes.add(new Change(Kind.SESSION_ATTACHED, null, null, session.id, 0, 0, null, 0, null));
        }
        return full;
    }

    /** Tells a holder something, unless that takes too many bytes; returns the refusal then. */
    @Nullable
    Result tell(Grant grant, Notice notice, Kind kind, long millis) {
        Result full = noBytes((long) Weights.of(notice) - Weights.of(grant.notice));
        if (full == null) {
            state.tell(grant, notice);
            grant.report(changes, kind, null, millis);
        }
        return full;
    }

    /**
     * Ends a session and all it has, or as much of that as fits into this transaction: the rest is taken by those that
     * follow, and until then the session gets nothing more.
     */
    void end(Session session, Cause cause) {
        end(session, cause, null);
    }

    /**
     * As {@link #end(Session, Cause)}.
     *
     * @param forcedBy client that forces its end; null when its own client ends it, or does not keep it alive
     */
    void end(Session session, Cause cause, @Nullable String forcedBy) {
        Cause ofGrants = ofGrants(cause);
        while (session.first != null && placesLeft > 0) {
            placesLeft -= session.first.size();
            end(session.first, ofGrants, forcedBy);
        }
        if (session.first == null) {
            state.end(session, cause, forcedBy);
            changes.add(new Change(Kind.SESSION_ENDED, null, null, session.id, 0, 0, cause, 0, null));
        } else if (session.ending == null) {
            state.beginEnding(session, cause, forcedBy);
        }
    }

    /** Ends a grant, and its session if that was opened for it alone. */
    void endAlso(Grant grant, Cause cause) {
        end(grant, cause, null);
        endPrivate(grant);
    }

    /** As {@link #endAlso}, on demand; if it held its locks, they stay closed for so long. */
    void release(Grant grant, int closedMillis) {
        boolean held = grant.held();
        end(grant, Cause.REQUESTED, null);
        if (held) {
            close(grant, Cause.REQUESTED, closedMillis);
        }
        endPrivate(grant);
    }

    /** Ends the session of a grant that ended, if it was opened for that alone. */
    void endPrivate(Grant grant) {
        if (grant.endsSession()) {
            end(grant.session, Cause.GRANT_ENDED);
        }
    }

    private void end(Grant grant, Cause cause, @Nullable String forcedBy) {
        boolean held = grant.held();
        leave(grant, cause, forcedBy);
        Kind ofHolder = cause.isExpiry() ? Kind.EXPIRED : Kind.RELEASED;
        grant.report(changes, held ? ofHolder : Kind.CANCELLED, cause);
        if (held && (cause.isExpiry() || forcedBy != null)) {
            close(grant, cause);
        }
    }

    /** Takes a grant away without a word of it. */
    void leave(Grant grant, Cause cause, @Nullable String note) {
        state.end(grant, cause, note);
        touch(grant);
    }

    /**
     * Closes the locks of a grant for its session's lock-delay: its holder may still act, not knowing that it lost them
     * (protocol.md#t11).
     */
    void close(Grant grant, Cause cause) {
        close(grant, cause, grant.session.lockDelayMillis);
    }

    /** A lock that is closed already stays so for the longer of both times, from now on. */
    private void close(Grant grant, Cause cause, int millis) {
        if (millis == 0) {
            return;
        }
        for (int i = 0; i < grant.size(); i++) {
            Lock lock = grant.place(i).lock;
            int longer = lock.closed == null ? millis : Math.max(millis, lock.closed.millis());
            state.close(lock, new Closed(state.revision, longer));
            changes.add(new Change(
                    Kind.DELAYED,
                    lock.name,
                    grant.id,
                    grant.session.id,
                    grant.ticket,
                    grant.token,
                    cause,
                    longer,
                    null));
        }
    }

    /** Gives a ticket its locks. */
    void give(Grant grant) {
        state.handOver(grant, ++state.lastToken, atMillis);
        grant.report(changes, Kind.GRANTED, null);
    }

    void touch(Lock lock) {
        touched.add(lock);
    }

    void touch(Grant grant) {
        for (int i = 0; i < grant.size(); i++) {
            touched.add(grant.place(i).lock);
        }
    }

    /**
     * Opens what may be opened in the lines that were touched, and grants the tickets that miss nothing any more, in
     * the order in which they came. Their sessions are alive: the tickets of those that ended have left
     * (protocol.md#t9).
     */
    void moveOn() {
        List<Grant> ready = new ArrayList<>(1);
        for (Lock lock : touched) {
            for (Place place = lock.openNext(); place != null; place = lock.openNext()) {
                // One whose session ended keeps its place until it is taken away.
                if (place.grant.isReady() && place.grant.session.ending == null) {
                    ready.add(place.grant);
                }
            }
        }
        ready.sort(Comparator.comparingLong(grant -> grant.ticket));
        for (Grant grant : ready) {
            give(grant);
        }
        touched.forEach(state::tidy);
    }
}
