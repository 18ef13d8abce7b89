package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.ServerId;

/**
 * Follower to leader: an observer that I feed says this. Leader to that follower: this is for the observer. A follower
 * passes on and answers nothing itself (decision 0018).
 *
 * @param server the observer
 * @param via the follower's number of the link with the observer: an answer to what was asked on an older one is
 *     nobody's, since a server that restarted counts its questions anew
 * @param message what the observer asks of the leader, or the answer to it
 */
public record Relayed(ServerId server, long via, ReplicationMessage message) implements ReplicationMessage {

    /** Checks that it is something between an observer's clients and their leader, and nothing of the protocol. */
    public Relayed {
        boolean question = message instanceof Request
                || message instanceof ReadIndex
                || message instanceof Touch
                || message instanceof HandOffRequest;
        boolean answer =
                message instanceof RequestRefused || message instanceof ReadIndexReply || message instanceof TouchReply;
        if (!question && !answer) {
            throw new IllegalArgumentException(message.getClass().getSimpleName() + " is not relayed");
        }
    }

    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onRelayed(from, this);
    }
}
