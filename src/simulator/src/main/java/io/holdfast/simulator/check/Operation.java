package io.holdfast.simulator.check;

import io.holdfast.lock.Claim;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one client wanted of some locks, from the first time it was sent to its answer; sent again it is the same one.
 */
public final class Operation {

    /** What was wanted. */
    public enum Kind {
        /** A grant, at once or after a wait. */
        ACQUIRE,
        /** To give a grant back, or to leave the line. */
        RELEASE,
        /** To hold it in another mode. */
        CHANGE,
        /** To hand it to a ticket in line. */
        TRANSFER,
        /** That somebody else hands his to a ticket in line. */
        ASK,
        /** To take somebody else's away. */
        BREAK,
        /** To take it away after a while, of which the holder is told. */
        WARN,
        /** To know who holds a lock. */
        READ,
        /** To end a session with all it holds. */
        CLOSE
    }

    /** How it ended. */
    public enum Outcome {
        /** Not answered: it may have happened, may still happen, or never will. */
        UNKNOWN,
        /** It was done; see {@link Answered#token}. */
        DONE,
        /** It could not be, and what it is about is as it was: a try found the lock held, a wait was over. */
        REFUSED,
        /** The session or the grant had ended before. */
        ENDED
    }

    /**
     * Who holds a lock, as an answer showed it.
     *
     * @param lock its name
     * @param tokens of its holders, in their order
     */
    public record Sight(String lock, List<Long> tokens) {

        /** Copies the list. */
        public Sight {
            tokens = List.copyOf(tokens);
        }
    }

    /**
     * An answer.
     *
     * @param token that the grant has now; 0 for none
     * @param sight what it showed of a lock, null for nothing
     * @param revision the transaction that the answering server had applied
     */
    public record Answered(
            Outcome outcome, long token, @Nullable Sight sight, long revision) {}

    private final int client;
    private final Kind kind;
    private final List<Claim> claims;
    private final String grant;
    private final long session;
    private final long from;
    private long to = Long.MAX_VALUE;
    private Answered answered = new Answered(Outcome.UNKNOWN, 0, null, 0);
    private boolean sentAgain;
    private long leastRevision;

    /**
     * Begins an operation.
     *
     * @param claims the locks that it is about, and how they are wanted; a read is a shared one
     * @param grant the grant that it is about; empty for a read
     * @param session of the client
     * @param from when it was sent first
     */
    public Operation(int client, Kind kind, List<Claim> claims, String grant, long session, long from) {
        this.client = client;
        this.kind = kind;
        this.claims = List.copyOf(claims);
        this.grant = grant;
        this.session = session;
        this.from = from;
    }

    /**
     * Ends it.
     *
     * @param again whether it was sent more than once, so that a copy may still be under way
     */
    public void end(long at, Answered answer, boolean again) {
        to = at;
        answered = answer;
        sentAgain = again;
    }

    /** Notes the highest revision that any client had been told of when this operation began. */
    public void follows(long highest) {
        leastRevision = highest;
    }

    /** Returns what {@link #follows} noted. */
    public long leastRevision() {
        return leastRevision;
    }

    public int client() {
        return client;
    }

    public Kind kind() {
        return kind;
    }

    public List<Claim> claims() {
        return claims;
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
        return answered.outcome();
    }

    public long token() {
        return answered.token();
    }

    public @Nullable Sight sight() {
        return answered.sight();
    }

    public long revision() {
        return answered.revision();
    }

    /** Returns whether a copy of it may still be under way after its answer. */
    public boolean wasSentAgain() {
        return sentAgain;
    }

    public boolean isOver() {
        return to != Long.MAX_VALUE;
    }

    @Override
    public String toString() {
        Sight sight = sight();
        String seen = sight == null ? "" : " " + sight.lock() + " held by " + sight.tokens();
        return "client " + client + " " + kind + " " + claims + " " + grant + " -> " + outcome() + " " + token() + seen;
    }
}
