package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Zxid;

/**
 * Elected candidate to a voter whose history is more recent than its own (zab.md 2.4, leader pull): send me what mine
 * lacks. The answer is that of a synchronization, in the other direction: SYNC_BEGIN, what follows from there, and a
 * NEWLEADER that names the epoch that the voter adopted last and where its history ends.
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
