package io.holdfast.lock;

import java.util.List;

/**
 * What a client, or the leader for the sake of time, wants of the table; the payload of one transaction.
 *
 * <p>Every command names what it makes or ends, so applying it a second time has no second effect and answers the same
 * in other words. {@code atMillis} is the wall clock of the server where the command came in: it is shown to people and
 * decides nothing. Constructors check every bound of {@link Limits} and throw {@link IllegalArgumentException}.
 */
public sealed interface Command
        permits Command.OpenSession,
                Command.CloseSession,
                Command.Acquire,
                Command.AcquireAlone,
                Command.Release,
                Command.ChangeMode,
                Command.Transfer,
                Command.Break,
                Command.ChangeLimit,
                Command.Attach,
                Command.ByLeader,
                ChangeAcl,
                Judged,
                OnBehalf {

    /** Returns the wall clock, in milliseconds since 1970, of the server where the command came in. */
    long atMillis();

    /** Returns whether only a leader makes it, for the sake of time, so that no other server may send it one. */
    default boolean isLeaders() {
        return false;
    }

    /** Calls the method that is for this kind of command. */
    <R> R dispatch(CommandHandler<R> handler);

    /**
     * Opens a session: a lease on being alive. Its id is the revision of this transaction.
     *
     * @param key chosen by the client (its idempotency key) or by the server for this request; the same key is the same
     *     session
     * @param ttlMillis how long the session lives after it was last kept alive
     * @param name for people, and for listings by prefix; may be empty
     * @param metadata opaque text, JSON by agreement; may be empty
     * @param lockDelayMillis how long its locks stay closed when it was not kept alive
     */
    record OpenSession(String key, long ttlMillis, String name, String metadata, long lockDelayMillis, long atMillis)
            implements Command {

        /** Checks the bounds. */
        public OpenSession {
            Limits.require(Limits.idProblem(key));
            Limits.require(Limits.ttlProblem(ttlMillis));
            Limits.require(Limits.sessionNameProblem(name));
            Limits.require(Limits.metadataProblem(metadata));
            Limits.require(Limits.lockDelayProblem(lockDelayMillis));
        }

        /** Opens one whose locks are free at once whatever happens to it. */
        public OpenSession(String key, long ttlMillis, String name, String metadata, long atMillis) {
            this(key, ttlMillis, name, metadata, 0, atMillis);
        }

        @Override
        public <R> R dispatch(CommandHandler<R> handler) {
            return handler.onOpenSession(this);
        }
    }

    /**
     * Ends a session and, in the same transaction, all it holds and waits for.
     *
     * @param forcedBy client that ends it instead of its own, which may not know: its locks stay closed for its
     *     lock-delay. Empty when its own client does
     * @param dead whether its client is confirmed dead: it expires, as if its ttl were over
     */
    record CloseSession(long session, String forcedBy, boolean dead, long atMillis) implements Command {

        /** Checks the bounds. */
        public CloseSession {
            requireSession(session);
            Limits.require(Limits.reasonProblem(forcedBy));
        }

        /** Ends one on behalf of its own client. */
        public CloseSession(long session, long atMillis) {
            this(session, "", atMillis);
        }

        public CloseSession(long session, String forcedBy, long atMillis) {
            this(session, forcedBy, false, atMillis);
        }

        @Override
        public <R> R dispatch(CommandHandler<R> handler) {
            return handler.onCloseSession(this);
        }
    }

    /**
     * Ends sessions that were not kept alive. Only a leader in broadcast proposes it, and never forwards it
     * (protocol.md#t6).
     *
     * @param sessions 1 to {@link Limits#EXPIRY_ITEMS}; those that ended meanwhile are passed over
     */
    record ExpireSessions(List<Long> sessions, long atMillis) implements ByLeader {

        /** Checks the bounds. */
        public ExpireSessions {
            sessions = List.copyOf(sessions);
            Limits.require(Limits.expiryProblem(sessions.size()));
            sessions.forEach(Command::requireSession);
        }

        @Override
        public <R> R dispatch(CommandHandler<R> handler) {
            return handler.onExpireSessions(this);
        }
    }

    /**
     * Asks for a grant on behalf of a session: given at once when the lock is free, else a place in line.
     *
     * <p>Sent again with the same id it answers what became of the first one. It must ask for the same session, locks
     * and metadata; the wait of the first one counts.
     *
     * @param grant chosen by the client, or by the server for this request
     * @param claims 1 to {@link Limits#LOCKS_PER_GRANT} locks in the order of their names; all or none is granted
     * @param waitMillis how long the ticket may stand in line, kept by the leader; 0 = try
     */
    record Acquire(String grant, long session, List<Claim> claims, long waitMillis, String metadata, long atMillis)
            implements Command {

        /** Checks the bounds. */
        public Acquire {
            claims = List.copyOf(claims);
            requireAsked(grant, claims, waitMillis, metadata);
            requireSession(session);
        }

        /** Asks for one lock that is no semaphore. */
        public Acquire(
                String grant, long session, String lock, Mode mode, long waitMillis, String metadata, long atMillis) {
            this(grant, session, List.of(new Claim(lock, mode, 1, 0)), waitMillis, metadata, atMillis);
        }

        @Override
        public <R> R dispatch(CommandHandler<R> handler) {
            return handler.onAcquire(this);
        }
    }

    /**
     * Opens a private session and asks for a grant with it, in one transaction. The session ends with its grant,
     * whether that is released, cancelled or waited in vain; a try that is refused opens none.
     *
     * @param claims as in {@link Acquire}
     * @param ttlMillis of the private session
     * @param sessionName of the private session
     */
    record AcquireAlone(
            String grant,
            List<Claim> claims,
            long ttlMillis,
            long waitMillis,
            String sessionName,
            String metadata,
            long atMillis)
            implements Command {

        /** Checks the bounds. */
        public AcquireAlone {
            claims = List.copyOf(claims);
            requireAsked(grant, claims, waitMillis, metadata);
            Limits.require(Limits.ttlProblem(ttlMillis));
            Limits.require(Limits.sessionNameProblem(sessionName));
        }

        /** Asks for one lock that is no semaphore. */
        public AcquireAlone(
                String grant,
                String lock,
                Mode mode,
                long ttlMillis,
                long waitMillis,
                String sessionName,
                String metadata,
                long atMillis) {
            this(grant, List.of(new Claim(lock, mode, 1, 0)), ttlMillis, waitMillis, sessionName, metadata, atMillis);
        }

        @Override
        public <R> R dispatch(CommandHandler<R> handler) {
            return handler.onAcquireAlone(this);
        }
    }

    /**
     * Gives a grant back, or leaves the line.
     *
     * @param token when not 0: only if the grant holds its lock with this token
     * @param to id of the ticket in line that is to be next, if it can have its locks then; only with a token. Empty
     *     for whichever is next
     * @param closedMillis how long the locks of a holder stay closed, whichever ticket is next; 0 for not at all. A
     *     ticket that leaves the line closes nothing
     */
    record Release(String grant, long token, String to, long closedMillis, long atMillis) implements Command {

        /** Checks the bounds. */
        public Release {
            Limits.require(Limits.idProblem(grant));
            Limits.require(Limits.tokenProblem(token));
            if (!to.isEmpty()) {
                Limits.require(Limits.idProblem(to));
                if (token == 0) {
                    throw new IllegalArgumentException("only a release with the token may name the next ticket");
                }
                if (closedMillis != 0) {
                    throw new IllegalArgumentException("a release names the next ticket, or leaves its locks closed");
                }
            }
            Limits.require(Limits.closedProblem(closedMillis));
        }

        /** Gives one back to whichever ticket is next. */
        public Release(String grant, long token, long atMillis) {
            this(grant, token, "", 0, atMillis);
        }

        @Override
        public <R> R dispatch(CommandHandler<R> handler) {
            return handler.onRelease(this);
        }
    }

    /**
     * Changes how a grant holds its locks, in place: from exclusive to shared, which keeps its token and lets those in
     * line in who can share; or from shared to exclusive, only for the sole holder, with a new token, since the old one
     * is not above those of the readers that were there meanwhile. It never waits.
     *
     * @param token when not 0: only if the grant holds its locks with this token
     * @param mode {@link Mode#EXCLUSIVE} or {@link Mode#SHARED}
     */
    record ChangeMode(String grant, long token, Mode mode, long atMillis) implements Command {

        /** Checks the bounds. */
        public ChangeMode {
            Limits.require(Limits.idProblem(grant));
            Limits.require(Limits.tokenProblem(token));
            if (mode == Mode.SEMAPHORE) {
                throw new IllegalArgumentException("a grant changes to exclusive or shared, not to semaphore");
            }
        }

        @Override
        public <R> R dispatch(CommandHandler<R> handler) {
            return handler.onChangeMode(this);
        }
    }

    /**
     * Takes tickets out of line whose wait is over. Only a leader in broadcast proposes it, and never forwards it.
     *
     * @param tickets 1 to {@link Limits#EXPIRY_ITEMS}; those granted or gone meanwhile are passed over
     */
    record ExpireWaits(List<Ticket> tickets, long atMillis) implements ByLeader {

        /** Checks the bounds. */
        public ExpireWaits {
            tickets = List.copyOf(tickets);
            Limits.require(Limits.expiryProblem(tickets.size()));
        }

        @Override
        public <R> R dispatch(CommandHandler<R> handler) {
            return handler.onExpireWaits(this);
        }
    }

    /**
     * Asks a holder to hand its locks to one ticket in line: when it releases, that ticket is next. Nothing is taken.
     *
     * @param grant the holder
     * @param token when not 0, the holder itself asks, has this token, and hands its locks over at once
     * @param to id of the grant in line, which waits for at least one of the holder's locks
     * @param drainMillis how long the wish stands, kept by the leader
     */
    record Transfer(String grant, long token, String to, long drainMillis, long atMillis) implements Command {

        /** Checks the bounds. */
        public Transfer {
            Limits.require(Limits.idProblem(grant));
            Limits.require(Limits.tokenProblem(token));
            Limits.require(Limits.idProblem(to));
            Limits.require(Limits.noticeProblem(drainMillis));
        }

        @Override
        public <R> R dispatch(CommandHandler<R> handler) {
            return handler.onTransfer(this);
        }
    }

    /**
     * Takes a holder's locks away: at once, or after a warning.
     *
     * @param lock one of the holder's
     * @param token when not 0: only if the grant holds its locks with this token
     * @param by who does it
     * @param reason for people
     * @param afterMillis how long the holder is warned ahead, kept by the leader; 0 = at once
     */
    record Break(String lock, String grant, long token, String by, String reason, long afterMillis, long atMillis)
            implements Command {

        /** Checks the bounds. */
        public Break {
            Limits.require(Limits.lockNameProblem(lock));
            Limits.require(Limits.idProblem(grant));
            Limits.require(Limits.tokenProblem(token));
            Limits.require(Limits.reasonProblem(by));
            Limits.require(Limits.reasonProblem(reason));
            Limits.require(Limits.noticeProblem(afterMillis));
        }

        @Override
        public <R> R dispatch(CommandHandler<R> handler) {
            return handler.onBreak(this);
        }
    }

    /**
     * Sets how many permits a semaphore in use has. More of them are given at once; of fewer none is taken back.
     *
     * @param limit 1 to {@link Limits#PERMITS_MAX}
     */
    record ChangeLimit(String lock, int limit, long atMillis) implements Command {

        /** Checks the bounds. */
        public ChangeLimit {
            Limits.require(Limits.lockNameProblem(lock));
            Limits.require(Limits.permitsProblem(Mode.SEMAPHORE, 1, limit));
        }

        @Override
        public <R> R dispatch(CommandHandler<R> handler) {
            return handler.onChangeLimit(this);
        }
    }

    /**
     * Says which process keeps a session alive by a connection: from now on this one, and never again an earlier one.
     *
     * @param attachId chosen by the process, which says the same when it connects again
     */
    record Attach(long session, String attachId, long atMillis) implements Command {

        /** Checks the bounds. */
        public Attach {
            requireSession(session);
            Limits.require(Limits.idProblem(attachId));
        }

        @Override
        public <R> R dispatch(CommandHandler<R> handler) {
            return handler.onAttach(this);
        }
    }

    /**
     * Opens locks whose delay is over. Only a leader in broadcast proposes it, and never forwards it.
     *
     * @param items 1 to {@link Limits#EXPIRY_ITEMS}; those that are not so any more are passed over
     */
    record ExpireDelays(List<LockDelay> items, long atMillis) implements ByLeader {

        /** Checks the bounds. */
        public ExpireDelays {
            items = List.copyOf(items);
            Limits.require(Limits.expiryProblem(items.size()));
        }

        @Override
        public <R> R dispatch(CommandHandler<R> handler) {
            return handler.onExpireDelays(this);
        }
    }

    /**
     * Ends wishes to yield that nobody followed in time. Only a leader in broadcast proposes it, and never forwards it.
     *
     * @param items 1 to {@link Limits#EXPIRY_ITEMS}, each the holder's grant with the number of the notice; those that
     *     are not so any more are passed over
     */
    record ExpireYields(List<Ticket> items, long atMillis) implements ByLeader {

        /** Checks the bounds. */
        public ExpireYields {
            items = List.copyOf(items);
            Limits.require(Limits.expiryProblem(items.size()));
        }

        @Override
        public <R> R dispatch(CommandHandler<R> handler) {
            return handler.onExpireYields(this);
        }
    }

    /**
     * Takes the locks of holders whose warning is over. Only a leader in broadcast proposes it, and never forwards it.
     *
     * @param items 1 to {@link Limits#EXPIRY_ITEMS}, each the holder's grant with the number of the notice; those that
     *     are not so any more are passed over
     */
    record ExpireBreaks(List<Ticket> items, long atMillis) implements ByLeader {

        /** Checks the bounds. */
        public ExpireBreaks {
            items = List.copyOf(items);
            Limits.require(Limits.expiryProblem(items.size()));
        }

        @Override
        public <R> R dispatch(CommandHandler<R> handler) {
            return handler.onExpireBreaks(this);
        }
    }

    /**
     * Takes more of what sessions had that ended, as much as fits into one transaction. Only a leader in broadcast
     * proposes it, and never forwards it.
     */
    record ContinueEndings(long atMillis) implements ByLeader {

        @Override
        public <R> R dispatch(CommandHandler<R> handler) {
            return handler.onContinueEndings(this);
        }
    }

    /**
     * Sets how many bytes the table may take, as it counts them: what the leader's setting says. Only a leader in
     * broadcast proposes it, and never forwards it. A bound below what is there refuses more and takes nothing away.
     *
     * @param bytes at least {@link Limits#STATE_BYTES_MIN}
     */
    record SetStateBytes(long bytes, long atMillis) implements ByLeader {

        /** Checks the bound. */
        public SetStateBytes {
            if (bytes < Limits.STATE_BYTES_MIN) {
                throw new IllegalArgumentException(
                        "a quota of " + bytes + " bytes, at least " + Limits.STATE_BYTES_MIN);
            }
        }

        @Override
        public <R> R dispatch(CommandHandler<R> handler) {
            return handler.onSetStateBytes(this);
        }
    }

    /** What only a leader in broadcast proposes, for the sake of time. */
    sealed interface ByLeader extends Command {

        @Override
        default boolean isLeaders() {
            return true;
        }
    }

    private static void requireAsked(String grant, List<Claim> claims, long waitMillis, String metadata) {
        Limits.require(Limits.idProblem(grant));
        Limits.require(Limits.claimsProblem(claims));
        Limits.require(Limits.waitProblem(waitMillis));
        Limits.require(Limits.metadataProblem(metadata));
    }

    private static void requireSession(long session) {
        if (session <= 0) {
            throw new IllegalArgumentException("a session id is a revision above 0, this one is " + session);
        }
    }
}
