package io.holdfast.zab.core.broadcast;

import io.holdfast.zab.core.Origin;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.TxnType;

/**
 * A transaction that a client of some server wants, as its leader gets it.
 *
 * @param crc32c of the payload where it came in
 */
record ClientRequest(Asker asker, long requestId, TxnType type, Payload payload, int crc32c) {

    /** Makes a request of this server itself. */
    ClientRequest(Asker asker, long requestId, TxnType type, Payload payload) {
        this(asker, requestId, type, payload, payload.crc32c());
    }

    Origin origin() {
        return new Origin(asker.server(), requestId);
    }
}
