package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.MemberState;
import java.util.List;

/**
 * Leader to learner, with each regular heartbeat: how far every member is that the leader hears, so that each server
 * can show the whole ensemble.
 *
 * @param epoch the leader's epoch
 * @param members ordered by id, the leader among them
 */
public record Overview(long epoch, List<MemberState> members) implements ReplicationMessage {

    /** Copies the list. */
    public Overview {
        members = List.copyOf(members);
    }

    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onOverview(from, this);
    }
}
