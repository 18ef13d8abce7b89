package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.ServerId;

/**
 * Leader to observer, in place of {@link LeaderInfo}: have that follower feed you (decision 0018).
 *
 * @param relay follows this leader, and none that the observer avoids
 */
public record Redirect(ServerId relay) implements ReplicationMessage {
    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onRedirect(from, this);
    }
}
