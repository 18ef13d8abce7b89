package io.holdfast.simulator.check;

import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.message.Ack;
import io.holdfast.zab.core.message.AckEpoch;
import io.holdfast.zab.core.message.AckNewLeader;
import io.holdfast.zab.core.message.LeaderInfo;
import io.holdfast.zab.core.message.ReplicationMessage;

/**
 * A server sends only what is durable on its disk (protocol.md#p2, protocol.md#p3, protocol.md#p4, protocol.md#p7): a
 * promise, an adoption, a transaction.
 */
final class WhatIsSaidIsDurable extends Invariant {

    WhatIsSaidIsDurable(Knowledge known) {
        super("I-DISK", known);
    }

    @Override
    public void sent(ServerId from, ServerId to, ReplicationMessage message) {
        DurableLog log = known.server(from).log();
        if (message instanceof Ack ack) {
            require(
                    !ack.durable().isAfter(log.last()),
                    "%s acknowledges %s, its disk ends at %s",
                    from,
                    ack.durable(),
                    log.last());
        } else if (message instanceof AckNewLeader ack) {
            require(
                    log.currentEpoch() >= ack.epoch() && !ack.cut().isAfter(log.last()),
                    "%s acknowledges the history of epoch %s up to %s, its disk has epoch %s up to %s",
                    from,
                    ack.epoch(),
                    ack.cut(),
                    log.currentEpoch(),
                    log.last());
        } else if (message instanceof AckEpoch ack) {
            // Of an observer too: the leader may count it in a configuration that it has not logged yet. Who feeds it
            // may be another than the leader.
            boolean mayBeFed = !known.configurations().newest().isVoter(from);
            require(
                    log.acceptedEpoch() == ack.epoch() && (mayBeFed || to.equals(log.acceptedLeader())),
                    "%s answers epoch %s of %s, its disk has promised %s to %s",
                    from,
                    ack.epoch(),
                    to,
                    log.acceptedEpoch(),
                    log.acceptedLeader());
        } else if (message instanceof LeaderInfo info) {
            require(
                    log.acceptedEpoch() == info.epoch() && info.leader().equals(log.acceptedLeader()),
                    "%s names epoch %s of %s, its disk has promised %s to %s",
                    from,
                    info.epoch(),
                    info.leader(),
                    log.acceptedEpoch(),
                    log.acceptedLeader());
        }
    }
}
