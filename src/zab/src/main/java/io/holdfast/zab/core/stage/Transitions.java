package io.holdfast.zab.core.stage;

import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Vote;

/**
 * The only ways from one stage to the next. A stage calls one of them as the last thing it does in an event; it does
 * not know which stage follows.
 */
public interface Transitions {

    /** The election chose {@code elected}; discovery finds out whether it can lead. */
    void elected(Vote elected);

    /** Learner: its promise is durable and sent to the leader. */
    void promised();

    /** Leader: a quorum promised {@code epoch} and none of it is more recent than this server. */
    void established(long epoch);

    /** Leader: a quorum adopted its history. Learner: its leader reported that. */
    void adopted();

    /**
     * The leader steps down and names its successor, which counts as the result of an election
     * (protocol.md#leadership-transfer).
     */
    void handedOver(Vote successor);

    /** Back to looking for a leader. */
    void abandon(String reason);

    /** Back to looking for a leader, and not for {@code candidate} at once: it was elected and could not lead. */
    void abandon(ServerId candidate, String reason);
}
