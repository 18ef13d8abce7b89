package io.holdfast.zab.core.broadcast;

import io.holdfast.zab.core.Origin;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.TxnType;

/** A transaction that a client of some server wants, as its leader gets it. */
record ClientRequest(Asker asker, long requestId, TxnType type, Payload payload) {

    Origin origin() {
        return new Origin(asker.server(), requestId);
    }
}
