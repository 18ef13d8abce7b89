package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Vote;
import org.jspecify.annotations.Nullable;

/**
 * A vote, or in the states that follow an election its result (zab.md 2.4).
 *
 * @param state what the sender is
 * @param round the sender's election round; volatile, and no epoch
 * @param vote the sender's vote while looking, its leader afterwards; null when it has none
 * @param leaderEpoch epoch of the leader it follows or is; 0 while looking
 * @param configVersion version of the sender's committed configuration
 * @param quorumConnected whether the sender reaches a quorum in both directions
 */
public record Notification(
        Role state, long round, @Nullable Vote vote, long leaderEpoch, long configVersion, boolean quorumConnected)
        implements ElectionMessage {
    @Override
    public void dispatch(ServerId from, ElectionHandler to) {
        to.onNotification(from, this);
    }
}
