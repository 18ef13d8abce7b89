package io.holdfast.zab.core.message;

import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Vote;
import org.jspecify.annotations.Nullable;

/**
 * A vote, or in the states that follow an election its result (protocol.md#election).
 *
 * <p>Votes are not passed on from server to server: a voter takes a candidate only from that candidate's own
 * {@code candidacy}, so that no server elects a candidate that it cannot reach.
 *
 * @param state what the sender is
 * @param round the sender's election round, 0 to {@link #MAX_ROUND}; volatile, and no epoch
 * @param vote the sender's vote while looking, its leader afterwards; null when it has none
 * @param candidacy how recent the sender is itself; null when it does not reach a quorum and so is not fit to lead
 * @param leaderEpoch epoch of the leader it follows or is; 0 while looking
 * @param configVersion version of the newest configuration that the sender has, in force or pending
 * @param disk identity of the sender's disk; null from one that speaks version 1
 */
public record Notification(
        Role state,
        long round,
        @Nullable Vote vote,
        @Nullable Vote candidacy,
        long leaderEpoch,
        long configVersion,
        @Nullable DiskId disk)
        implements ElectionMessage {

    /** No election gets there: it would take one for each nanosecond of a century. */
    public static final long MAX_ROUND = 1L << 62;

    /** Makes a notification of version 1 of the protocol. */
    public Notification(
            Role state,
            long round,
            @Nullable Vote vote,
            @Nullable Vote candidacy,
            long leaderEpoch,
            long configVersion) {
        this(state, round, vote, candidacy, leaderEpoch, configVersion, null);
    }

    @Override
    public void dispatch(ServerId from, ElectionHandler to) {
        to.onNotification(from, this);
    }
}
