package io.holdfast.simulator.scope;

import io.holdfast.zab.core.message.ReplicationMessage;
import org.jspecify.annotations.Nullable;

/**
 * One event at one server.
 *
 * @param kind what
 * @param peer the other server that it is about; 0 for none
 * @param number of the connection, or of the request, what a read must see, or how many records of a write are on disk
 * @param message what arrived; null unless something did
 */
record Input(Kind kind, int peer, int number, @Nullable ReplicationMessage message) {

    enum Kind {
        START,
        LEAD,
        FOLLOW,
        CONNECTED,
        ACCEPTED,
        RECEIVE,
        DISCONNECTED,
        PERSISTED,
        SUBMIT,
        READ,
        TIMEOUT,
        CRASH
    }

    static Input of(Kind kind, int peer, int number) {
        return new Input(kind, peer, number, null);
    }

    static Input received(int peer, int number, ReplicationMessage message) {
        return new Input(Kind.RECEIVE, peer, number, message);
    }
}
