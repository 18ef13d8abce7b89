package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Zxid;

/**
 * Elected candidate to a voter whose history is more recent than its own (protocol.md#history-fetch): send me what mine
 * lacks. The answer is that of a synchronization, in the other direction: SYNC_BEGIN and a part of what follows from
 * there, as many transactions as SYNC_BEGIN announces; after the last part a NEWLEADER that names the epoch that the
 * voter adopted last and where its history ends. The candidate sends another request when a part before that is
 * durable.
 *
 * @param currentEpoch the epoch that the candidate adopted last
 * @param last where its history ends
 */
public record HistoryRequest(long currentEpoch, Zxid last) implements ReplicationMessage {
    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onHistoryRequest(from, this);
    }
}
