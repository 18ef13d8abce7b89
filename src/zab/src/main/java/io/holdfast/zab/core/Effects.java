package io.holdfast.zab.core;

import io.holdfast.zab.core.message.ElectionMessage;
import io.holdfast.zab.core.message.ReplicationMessage;
import io.holdfast.zab.core.message.SnapshotChunk;
import org.jspecify.annotations.Nullable;

/**
 * What the protocol core asks of its host, in the order in which it asks.
 *
 * <p>No method blocks, throws or calls back into {@link Zab} before it returns: a host that has an answer at once hands
 * it over as an event of its own afterwards.
 */
public interface Effects {

    // ---- network ----

    /** Sends to another voter, at best: the newest message replaces an older one of its kind that has not left yet. */
    void notify(ServerId to, ElectionMessage message);

    /**
     * Dials the replication port of a leader; answered by {@link Zab#connected} or {@link Zab#connectFailed}, unless
     * another call comes before.
     */
    void connect(ServerId leader);

    /**
     * Ends a link; nothing that arrives on it afterwards reaches the core. {@link Zab#disconnected} is not called for
     * it.
     */
    void close(Link link, String reason);

    /**
     * Sends on a link, in order. A host whose queue for that link is full ends the link and says
     * {@link Zab#disconnected}.
     */
    void send(Link link, ReplicationMessage message);

    /** Returns the length of the file of the newest snapshot, at {@code zxid}, which is known without a look at it. */
    long snapshotBytes(Zxid zxid);

    /**
     * Sends the file of the newest snapshot, at {@code zxid}, as {@link SnapshotChunk}s that end at {@code upTo} or
     * before, in order with what is sent before and after. A call for the same link and snapshot goes on where the last
     * one ended.
     */
    void sendSnapshot(Link link, Zxid zxid, long upTo);

    // ---- disk ----

    /** Appends to the log; {@link Zab#persisted} says when this and all earlier records are durable. */
    void append(LogRecord record);

    /**
     * Gets ready for a snapshot of that length; answered by {@link Zab#snapshotReceived} with 0 bytes, or by
     * {@link Zab#snapshotRefused} when there is no room.
     */
    void expectSnapshot(Zxid zxid, long bytes);

    /** Stores a piece of a snapshot that a leader sends; offset 0 begins a new one, {@code last} ends it. */
    void storeSnapshot(Zxid zxid, SnapshotChunk chunk);

    /**
     * Makes a snapshot of the state at {@code at}, the last transaction delivered; answered by
     * {@link Zab#snapshotTaken} or {@link Zab#snapshotFailed}. The host makes it from its last snapshot and the
     * transactions that it was given since, off this thread; one at a time. It keeps those transactions in memory, so
     * when they are too many none is delivered before the snapshot has ended.
     */
    void takeSnapshot(Position at, Configuration configuration);

    // ---- state machine ----

    /** Replaces the state by the durable snapshot at {@code zxid}; deliveries that follow continue from it. */
    void restore(Zxid zxid);

    /** Applies a transaction that is committed and durable here; each once, in order, without a gap. */
    void deliver(Txn txn);

    /**
     * Returns why a command must not be proposed: not every member could apply it, or its sender may not make it.
     * Called by a leader, for commands of other servers and for its own; changes nothing.
     *
     * @param from where it came in
     * @param committed configuration
     * @return one sentence, which may go into a log; null when it may be proposed
     */
    default @Nullable String screen(ServerId from, Payload command, Configuration committed) {
        return null;
    }

    /**
     * Returns why a server must not change the configuration or the leader. Called by a leader, as {@link #screen}.
     *
     * @param from where the request came in
     */
    default @Nullable String screenAdministration(ServerId from, Configuration committed) {
        return null;
    }

    /**
     * Returns why a note must not reach {@link #touched}: it cannot be read. Called by a leader; changes nothing.
     *
     * @param from where it came in
     * @param committed configuration
     * @return one sentence, which may go into a log; null when it may be taken
     */
    default @Nullable String screenNote(ServerId from, Payload note, Configuration committed) {
        return null;
    }

    // ---- clients of this server ----

    /** Ends a request without a result. A request with a result ends with the {@link #deliver} of its transaction. */
    void requestFailed(long requestId, RequestFailure failure);

    /** The state now has everything that a linearizable read must see. */
    void readReady(long readId);

    /** Ends a read without an answer: no leader confirmed it in time, or too many wait. */
    void readFailed(long readId, RequestFailure failure);

    /** This server leads and received a note for its lease clock; the answer waits for the quorum round. */
    void touched(ServerId from, Payload note);

    /**
     * A quorum round confirmed a note of this server, and the state has all that was proposed when the leader got it,
     * also what was not yet committed then: an expiry that was under way must be seen (protocol.md#t8).
     */
    void touchConfirmed(long touchId);

    /** Ends a note without confirmation. */
    void touchFailed(long touchId, RequestFailure failure);

    // ---- news ----

    /**
     * Role, phase, epoch or leader changed.
     *
     * @param leader who leads; null while looking
     */
    void became(Role role, Phase phase, long epoch, @Nullable ServerId leader, String reason);

    /** Something that an operator or a test may want to know; text is made by whoever prints it. */
    void trace(Trace event);
}
