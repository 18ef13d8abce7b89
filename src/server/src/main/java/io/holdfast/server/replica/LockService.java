package io.holdfast.server.replica;

import io.holdfast.lock.Mode;
import io.holdfast.server.caller.Caller;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything an application can ask of Holdfast, whichever node it asks.
 *
 * <p>May be called on any thread and never blocks. Each {@link Uni} begins its work when it is subscribed to, and
 * completes on the thread of the subscriber's Vert.x context if it had one. Its only expected failure is
 * {@link Refused}. Cancelling a subscription (a client that hung up) frees what this node kept for it; what is
 * replicated stays: a ticket in line keeps its place until its wait or its session ends. Texts are valid as their
 * records say; REST checks them first, and what it missed is refused as {@link Problem#INVALID_REQUEST}. Any call can
 * be refused with {@link Problem#NO_LEADER}, {@link Problem#OVERLOADED}, {@link Problem#NOT_READY} or
 * {@link Problem#OUTCOME_UNKNOWN} (writes).
 */
public interface LockService {

    /**
     * Opens a session. Refused: {@code QUOTA_EXCEEDED}, {@code GRANT_MISMATCH} (the key was used with other content).
     */
    Uni<Answer<SessionView>> openSession(Caller caller, SessionRequest request);

    /**
     * Extends a lease by its ttl; answered only after a quorum round that began after this call. Never refused for a
     * session that is over: see {@link KeptAlive#state()}.
     *
     * @param grants whether what the session has is wanted; what it must know of that is told in any case
     */
    Uni<Answer<KeptAlive>> keepAlive(Caller caller, String session, boolean grants);

    /**
     * The same for many, in one quorum round.
     *
     * @param sessions 1 to 1000 ids
     * @param grants whether what the sessions have is wanted, up to {@link KeptAlive#GRANTS_TOLD} grants in all
     * @return one answer for each, in the same order
     */
    Uni<Answer<List<KeptAlive>>> keepAlive(Caller caller, List<String> sessions, boolean grants);

    /** Reads a session. Refused: {@code SESSION_UNKNOWN}, {@code SESSION_ENDED}. */
    Uni<Answer<SessionView>> session(Caller caller, String session, ReadOptions read);

    /** Lists living sessions, ordered by id; their {@code grants} are not filled in. */
    Uni<Answer<Page<SessionView>>> sessions(Caller caller, PageRequest page, ReadOptions read);

    /**
     * Ends a session and all it has in one transaction; gone as wished also when it was over before. Refused:
     * {@code SESSION_UNKNOWN}.
     *
     * @param closing whether its own client ends it
     */
    Uni<AppliedAt> closeSession(Caller caller, String session, Closing closing);

    /**
     * Makes a process the one whose connections keep a session alive, and an earlier one stop. Refused:
     * {@code SUPERSEDED} (a newer process took it over), {@code SESSION_UNKNOWN}, {@code SESSION_ENDED},
     * {@code QUOTA_EXCEEDED}.
     *
     * @param attachId chosen by the process
     */
    Uni<AppliedAt> attach(Caller caller, String session, String attachId);

    /**
     * Takes a ticket for one lock or several and, if it must wait, holds the request for {@code poll}.
     *
     * <p>Answers {@code GRANTED} or {@code WAITING}. Refused: {@code LOCK_HELD} (the wait is over and the ticket is
     * gone), {@code SESSION_UNKNOWN}, {@code SESSION_ENDED}, {@code GRANT_ENDED}, {@code GRANT_MISMATCH},
     * {@code LIMIT_MISMATCH}, {@code DEADLOCK}, {@code QUOTA_EXCEEDED}.
     */
    Uni<Answer<GrantView>> acquire(Caller caller, AcquireRequest request);

    /**
     * As {@link #acquire(Caller, AcquireRequest)}, with a session that lives for this one grant. Its lease is renewed
     * while the request is held, and once more after the grant and before the answer.
     */
    Uni<Answer<LeasedGrant>> acquire(Caller caller, PrivateAcquireRequest request);

    /**
     * Reads a grant and, while it is in line, holds the request for {@code poll}. Refused: {@code GRANT_UNKNOWN},
     * {@code GRANT_ENDED}.
     *
     * @param poll 0 to 55 s
     */
    Uni<Answer<GrantView>> grant(Caller caller, String grant, Duration poll, ReadOptions read);

    /**
     * Releases a grant or leaves the line; gone as wished also when it was gone before. Refused: {@code TOKEN_STALE},
     * {@code GRANT_UNKNOWN}; with a token or a time also {@code GRANT_ENDED} and {@code SESSION_ENDED} when the grant
     * was lost before, since its holder worked without it then, and nothing is closed.
     *
     * @param token only if the grant has this fencing token; null for whatever it has
     * @param to id of the ticket that is next if it can have the locks then, only with a token; null for whichever is
     * @param closedFor how long the locks of a holder stay closed; zero for not at all, and with {@code to}
     */
    Uni<AppliedAt> release(Caller caller, String grant, @Nullable Long token, @Nullable String to, Duration closedFor);

    /**
     * Lets a grant hold its locks in another mode, in place and at once: shared keeps the token, exclusive is for the
     * sole holder and gives a new one. Refused: {@code MODE_REFUSED}, {@code TOKEN_STALE}, {@code GRANT_UNKNOWN},
     * {@code GRANT_ENDED}, {@code SESSION_ENDED}, {@code QUOTA_EXCEEDED}.
     *
     * @param mode exclusive or shared
     * @param token the fencing token that the grant has: a copy of the request that arrives after a later change is
     *     stale
     */
    Uni<Answer<GrantView>> changeMode(Caller caller, String grant, Mode mode, long token);

    /**
     * Asks a holder to hand its locks to a ticket in line. Answers the holder, which is told of it and decides; or,
     * when the holder itself asks, that ticket, which is {@code fresh} and has them now. Refused:
     * {@code TRANSFER_REFUSED}, {@code TOKEN_STALE}, {@code GRANT_UNKNOWN}, {@code GRANT_ENDED}, {@code SESSION_ENDED},
     * {@code QUOTA_EXCEEDED} (there is no room for the wish; a hand-over by the holder itself needs none).
     *
     * @param drain how long the wish stands; nothing is taken at its end
     * @param token the holder's, when it is the holder that asks; null for others
     */
    Uni<Answer<GrantView>> transfer(Caller caller, String grant, String to, Duration drain, @Nullable Long token);

    /**
     * Takes a holder's locks away, at once ({@code fresh}) or after a warning; they stay closed for its session's
     * lock-delay. A ticket is taken out of line, at once only. Refused: {@code GRANT_WAITING}, {@code TOKEN_STALE},
     * {@code GRANT_UNKNOWN}, {@code GRANT_ENDED}, {@code SESSION_ENDED}, {@code QUOTA_EXCEEDED} (there is no room for
     * the warning; a break at once needs none).
     */
    Uni<Answer<GrantView>> breakGrant(Caller caller, BreakRequest request);

    /** Says why a ticket is in line for a lock. Refused: {@code GRANT_UNKNOWN}. */
    Uni<Answer<WhyView>> why(Caller caller, String lock, String grant, ReadOptions read);

    /** Reads a lock; one that nobody uses is free, not unknown. */
    Uni<Answer<LockView>> lock(Caller caller, String lock, ReadOptions read);

    /**
     * Reads a lock once it has changed after a revision, and holds the request for {@code poll} until it has; answers
     * with the lock also when this node does not know any more whether it has, and with nothing when it has not.
     * Refused: {@code REVISION_AHEAD}.
     *
     * @param poll 0 to 55 s
     */
    Uni<Answer<Optional<LockView>>> lockSince(
            Caller caller, String lock, Revision since, Duration poll, ReadOptions read);

    /** Lists locks in use, ordered by name; only the first of their waiters are filled in. */
    Uni<Answer<Page<LockView>>> locks(Caller caller, LockFilter filter, PageRequest page, ReadOptions read);

    /**
     * Sets how many permits a semaphore in use has: more are given at once, of fewer none is taken back. Refused:
     * {@code LIMIT_REFUSED}.
     *
     * @param limit 1 to 10000
     */
    Uni<Answer<LockView>> changeLimit(Caller caller, String lock, int limit);

    /**
     * Says, linearizably, whether a fencing token is that of a present holder; for a resource that asks before it
     * writes.
     */
    Uni<Answer<TokenCheck>> checkToken(Caller caller, String lock, long token);

    /** Tells what this node knows of the ensemble, without asking anybody; answered also while there is no leader. */
    Uni<Answer<ClusterView>> cluster(Caller caller);

    /**
     * Returns where this node is at the moment, for the headers of answers that read nothing (a refused request body).
     * May be a loop turn old; any thread.
     */
    AppliedAt appliedAt();
}
