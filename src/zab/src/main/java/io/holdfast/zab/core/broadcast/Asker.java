package io.holdfast.zab.core.broadcast;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.message.Relayed;
import io.holdfast.zab.core.message.ReplicationMessage;
import org.jspecify.annotations.Nullable;

/**
 * Whose client asks something of a leader, and the way back.
 *
 * @param server where the client is
 * @param link over which it came; null when the client is the leader's own
 * @param via number of the observer's link at the follower that relayed it; 0 when nobody did
 */
record Asker(ServerId server, @Nullable Link link, long via) {

    static Asker here(ServerId self) {
        return new Asker(self, null, 0);
    }

    static Asker on(Link link) {
        return new Asker(link.peer(), link, 0);
    }

    static Asker behind(Link relay, Relayed question) {
        return new Asker(question.server(), relay, question.via());
    }

    /** Returns the answer as it goes over the link. */
    ReplicationMessage addressed(ReplicationMessage answer) {
        return link == null || link.peer().equals(server) ? answer : new Relayed(server, via, answer);
    }
}
