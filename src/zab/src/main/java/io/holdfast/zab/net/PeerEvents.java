package io.holdfast.zab.net;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.message.ElectionMessage;
import io.holdfast.zab.core.message.ReplicationMessage;

/** Hears the peers, on the context on which {@link PeerNet} was made, and never inside a call of one of its methods. */
public interface PeerEvents {

    void notified(ServerId from, ElectionMessage message);

    void received(Link from, ReplicationMessage message);

    /** A learner opened a link to this server. */
    void accepted(Link link);

    /** A link asked for by {@link PeerNet#connect} is open. */
    void connected(Link link);

    /** A link asked for by {@link PeerNet#connect} could not be opened. */
    void connectFailed(ServerId leader);

    /** A peer that was dialed has a configuration of that version, in which this server is no member. */
    void turnedAway(ServerId by, long version);

    /** A link ended, but not by {@link PeerNet#close(Link, String)}. */
    void disconnected(Link link, String reason);
}
