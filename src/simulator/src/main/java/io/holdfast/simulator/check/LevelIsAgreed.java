package io.holdfast.simulator.check;

import io.holdfast.lock.Applied;
import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.ConfigurationCodec;
import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.TxnType;
import io.holdfast.zab.core.message.FollowerInfo;
import io.holdfast.zab.core.message.ReplicationMessage;
import java.util.Map;
import java.util.TreeMap;

/**
 * The level never falls, and a leader raises it when every member has told it that it speaks that version; from the
 * level that tells disks apart on each voter is bound to one (decision 0016).
 */
final class LevelIsAgreed extends Invariant {

    private static final int DISKS = 2;

    /** What each server said last that it speaks, to whom it said it. */
    private final Map<ServerId, Map<ServerId, Integer>> spoken = new TreeMap<>();

    private int level;

    LevelIsAgreed(Knowledge known) {
        super("I-CONF", known);
        level = known.configurations().newest().level();
    }

    @Override
    public void sent(ServerId from, ServerId to, ReplicationMessage message) {
        if (message instanceof FollowerInfo info) {
            spoken.computeIfAbsent(to, key -> new TreeMap<>()).put(from, info.protocol());
        }
    }

    @Override
    public void appended(ServerId at, LogRecord record) {
        if (known.server(at).role() == Role.LEADING
                && record instanceof LogRecord.Append append
                && append.txn().type() == TxnType.CONFIGURATION) {
            Configuration next = ConfigurationCodec.of(append.txn().payload());
            Configuration before = known.configurations().ofVersion(next.version() - 1);
            if (before != null && next.level() > before.level()) {
                requireAllSpeak(at, before, next.level());
            }
        }
    }

    private void requireAllSpeak(ServerId leader, Configuration before, int version) {
        Map<ServerId, Integer> told = spoken.getOrDefault(leader, Map.of());
        for (Member member : before.members()) {
            if (before.isFounding() && member.role() == MemberRole.OBSERVER) {
                // Voters alone found an ensemble; an observer that does not speak its level is rejected.
                continue;
            }
            require(
                    member.id().equals(leader) || told.getOrDefault(member.id(), 1) >= version,
                    "%s raises the level to %s, and %s has not said that it speaks it",
                    leader,
                    version,
                    member.id());
        }
    }

    @Override
    public void committed(Txn txn, Applied applied) {
        if (txn.type() != TxnType.CONFIGURATION) {
            return;
        }
        Configuration next = ConfigurationCodec.of(txn.payload());
        require(next.level() >= level, "configuration %s lowers the level from %s", next, level);
        level = next.level();
        for (Member member : next.members()) {
            require(
                    level < DISKS || member.role() != MemberRole.VOTER || member.disk() != null,
                    "%s votes in configuration %s with whichever disk",
                    member.id(),
                    next);
        }
    }
}
