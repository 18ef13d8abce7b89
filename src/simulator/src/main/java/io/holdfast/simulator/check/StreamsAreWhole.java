package io.holdfast.simulator.check;

import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.message.Inform;
import io.holdfast.zab.core.message.Proposal;
import io.holdfast.zab.core.message.ReplicationMessage;
import io.holdfast.zab.core.message.SyncBegin;
import io.holdfast.zab.core.message.SyncTxn;
import java.util.HashMap;
import java.util.Map;

/** What a leader sends to a learner, from where it says that it begins, has no gap: history first, proposals after. */
final class StreamsAreWhole extends Invariant {

    private record Stream(ServerId from, ServerId to) {}

    private final Map<Stream, Zxid> sent = new HashMap<>();

    StreamsAreWhole(Knowledge known) {
        super("I-LEGAL", known);
    }

    @Override
    public void sent(ServerId from, ServerId to, ReplicationMessage message) {
        Stream stream = new Stream(from, to);
        if (message instanceof SyncBegin begin) {
            sent.put(stream, begin.from());
        } else if (message instanceof SyncTxn txn) {
            follow(stream, txn.txn());
        } else if (message instanceof Proposal proposal) {
            follow(stream, proposal.txn());
        } else if (message instanceof Inform inform) {
            follow(stream, inform.txn());
        }
    }

    private void follow(Stream stream, Txn txn) {
        Zxid before = sent.put(stream, txn.zxid());
        require(
                txn.previous().equals(before),
                "%s sends %s (after %s) to %s, to whom it sent %s before",
                stream.from(),
                txn.zxid(),
                txn.previous(),
                stream.to(),
                before);
    }
}
