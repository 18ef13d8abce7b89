package io.holdfast.simulator.check;

import org.jspecify.annotations.Nullable;

/** What one client wanted of one lock, from the first time it was sent to its answer; sent again it is the same one. */
public final class Operation {

    /** What was wanted. */
    public enum Kind {
        /** A grant, at once or after a wait. */
        ACQUIRE,
        /** To give a grant back, or to leave the line. */
        RELEASE,
        /** To know the token that holds the lock. */
        READ,
        /** To end a session with all it holds. */
        CLOSE
    }

    /** How it ended. */
    public enum Outcome {
        /** Not answered: it may have happened, may still happen, or never will. */
        UNKNOWN,
        /** The lock was got, given back, or read; see {@link #token}. */
        DONE,
        /** A try found the lock held, or the wait was over. */
        REFUSED,
        /** The session or the grant had ended before. */
        ENDED
    }

    private final int client;
    private final Kind kind;
    private final String lock;
    private final String grant;
    private final long session;
    private final long from;
    private long to = Long.MAX_VALUE;
    private Outcome outcome = Outcome.UNKNOWN;
    private long token;
    private long revision;
    private @Nullable Long leastRevision;

    /** Begins an operation at {@code from}. */
    public Operation(int client, Kind kind, String lock, String grant, long session, long from) {
        this.client = client;
        this.kind = kind;
        this.lock = lock;
        this.grant = grant;
        this.session = session;
        this.from = from;
    }

    /**
     * Ends it.
     *
     * @param heldBy the token that was got or read; 0 for none
     * @param atRevision the transaction that the answering server had applied
     */
    public void end(long at, Outcome how, long heldBy, long atRevision) {
        to = at;
        outcome = how;
        token = heldBy;
        revision = atRevision;
    }

    /** Notes the highest revision that any client had been told of when this operation began. */
    public void follows(long highest) {
        leastRevision = highest;
    }

    /** Returns what {@link #follows} noted. */
    public long leastRevision() {
        return leastRevision == null ? 0 : leastRevision;
    }

    public int client() {
        return client;
    }

    public Kind kind() {
        return kind;
    }

    public String lock() {
        return lock;
    }

    public String grant() {
        return grant;
    }

    public long session() {
        return session;
    }

    public long from() {
        return from;
    }

    /** Returns when it was answered; {@link Long#MAX_VALUE} while it was not. */
    public long to() {
        return to;
    }

    public Outcome outcome() {
        return outcome;
    }

    public long token() {
        return token;
    }

    public long revision() {
        return revision;
    }

    public boolean isOver() {
        return to != Long.MAX_VALUE;
    }

    @Override
    public String toString() {
        return "client " + client + " " + kind + " " + lock + " " + grant + " -> " + outcome + " " + token;
    }
}
