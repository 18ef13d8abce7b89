package io.holdfast.simulator.world;

import io.holdfast.zab.core.message.ElectionMessage;
import io.holdfast.zab.core.message.FollowerInfo;
import io.holdfast.zab.core.message.Hello;
import io.holdfast.zab.core.message.Notification;
import io.holdfast.zab.core.message.ReplicationMessage;

/** What a message amounts to between servers of which one does not speak the newest version of the protocol. */
final class Releases {

    private static final int DISKS = 2;

    private Releases() {}

    static ElectionMessage between(ServerProcess one, ServerProcess other, ElectionMessage message) {
        if (speakOfDisks(one, other)) {
            return message;
        }
        if (message instanceof Hello hello) {
            return new Hello(hello.reach());
        }
        if (message instanceof Notification said) {
            return new Notification(
                    said.state(),
                    said.round(),
                    said.vote(),
                    said.candidacy(),
                    said.leaderEpoch(),
                    said.configVersion());
        }
        return message;
    }

    static ReplicationMessage between(ServerProcess one, ServerProcess other, ReplicationMessage message) {
        if (message instanceof FollowerInfo info && !speakOfDisks(one, other)) {
            return new FollowerInfo(
                    info.diskId(), info.acceptedEpoch(), info.acceptedLeader(), info.configVersion(), 1, info.avoids());
        }
        return message;
    }

    /** Returns whether neither is too old for what the other knows to be agreed on. */
    static boolean fit(ServerProcess one, ServerProcess other) {
        return one.node().protocol() >= other.level() && other.node().protocol() >= one.level();
    }

    private static boolean speakOfDisks(ServerProcess one, ServerProcess other) {
        return Math.min(one.node().protocol(), other.node().protocol()) >= DISKS;
    }
}
