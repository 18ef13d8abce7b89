package io.holdfast.zab.core;

import io.holdfast.zab.core.message.ElectionMessage;
import io.holdfast.zab.core.message.ReplicationMessage;
import org.jspecify.annotations.Nullable;

/**
 * The only door of the protocol: it is told events, each with the time on a monotonic clock in nanoseconds, and answers
 * through {@link Effects}. Every method is called on one thread.
 */
public interface Zab {

    /** Begins; called once, before every other event. */
    void start(long now);

    /** Time has come to {@link #nextTick}, or passed it. */
    void tick(long now);

    /** Returns when {@link #tick} is wanted next; may change with every event. */
    long nextTick();

    /** A voter said something outside any link. */
    void notified(long now, ServerId from, ElectionMessage message);

    /** A message arrived on a link that is open. */
    void receive(long now, Link from, ReplicationMessage message);

    /** A learner opened a link to this server. */
    void accepted(long now, Link link);

    /** The link asked for by {@link Effects#connect} is open. */
    void connected(long now, Link link);

    /** The link asked for by {@link Effects#connect} could not be opened. */
    void connectFailed(long now, ServerId leader);

    /** A link ended, but not by {@link Effects#close}. */
    void disconnected(long now, Link link);

    /**
     * The log is durable up to a record.
     *
     * @param records how many of all records given to {@link Effects#append} since the start are durable
     */
    void persisted(long now, long records);

    /**
     * The snapshot whose last chunk was given to {@link Effects#storeSnapshot} is verified, renamed and durable (P5).
     */
    void snapshotStored(long now, Position at);

    /** The snapshot given to {@link Effects#storeSnapshot} is damaged or of another cluster; nothing of it is kept. */
    void snapshotRefused(long now, Zxid zxid, String reason);

    /** The snapshot asked for by {@link Effects#takeSnapshot} is durable and was read back. */
    void snapshotTaken(long now, Position at);

    /**
     * The snapshot asked for by {@link Effects#takeSnapshot} was not made, for lack of room; the log stays as it is.
     */
    void snapshotFailed(long now, Zxid zxid);

    /**
     * A client of this server wants a transaction; ends with its {@link Effects#deliver} or
     * {@link Effects#requestFailed}.
     */
    void submit(long now, long requestId, Payload payload);

    /**
     * Proposes if this server leads epoch {@code epoch} in broadcast and never forwards (T6).
     *
     * @return whether it was proposed; its result comes like that of {@link #submit}
     */
    boolean propose(long now, long epoch, long requestId, Payload payload);

    /** A client of this server wants a linearizable read; ends with {@link Effects#readReady} or readFailed. */
    void readIndex(long now, long readId);

    /** A client of this server touches its lease; ends with {@link Effects#touchConfirmed} or touchFailed. */
    void touch(long now, long touchId, Payload note);

    /** Returns what this server is and knows now. */
    Status status();

    /**
     * A server's view of itself.
     *
     * @param role what it is
     * @param phase how far it is in that role
     * @param epoch the epoch it adopted last (currentEpoch)
     * @param leader whom it follows, itself when it leads, null while looking
     * @param lastLogged last transaction given to the log
     * @param lastDurable last transaction known durable here
     * @param lastCommitted commit watermark as known here
     * @param lastApplied last transaction delivered
     * @param outstanding proposals of this leader that are not committed
     * @param leaderHeardAt when a leader that a quorum follows was heard last, in nanoseconds of the same clock
     * @param configuration the committed configuration
     */
    record Status(
            Role role,
            Phase phase,
            long epoch,
            @Nullable ServerId leader,
            Zxid lastLogged,
            Zxid lastDurable,
            Zxid lastCommitted,
            Zxid lastApplied,
            int outstanding,
            long leaderHeardAt,
            Configuration configuration) {}
}
