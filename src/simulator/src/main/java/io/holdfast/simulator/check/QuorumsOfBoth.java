package io.holdfast.simulator.check;

import io.holdfast.lock.Applied;
import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.ConfigurationCodec;
import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.Recovered;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.TxnType;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * While a change is not committed, whatever needs a quorum has one of both configurations, on disk: its own commit, the
 * promises of a leader whose history has it, and the adoption of that history. Nobody counts who votes in neither.
 */
final class QuorumsOfBoth extends Invariant {

    /**
     * Who promised which epoch to whom, and who adopted it, as their disks have it; a later crash takes nothing away.
     */
    private final Map<Long, Map<Voice, ServerId>> promised = new TreeMap<>();

    private final Map<Long, Set<Voice>> adopted = new TreeMap<>();

    QuorumsOfBoth(Knowledge known) {
        super("I-CONF", known);
    }

    @Override
    public void durable(ServerId at, LogRecord record) {
        if (record instanceof LogRecord.Promise promise) {
            promised(known.voice(at), promise.epoch(), promise.leader());
        } else if (record instanceof LogRecord.AdoptEpoch adopt) {
            adopted(known.voice(at), adopt.epoch());
        }
    }

    @Override
    public void recovered(ServerId at, Recovered recovered) {
        Voice voice = new Voice(at, recovered.diskId());
        promised(voice, recovered.acceptedEpoch(), recovered.acceptedLeader());
        adopted(voice, recovered.currentEpoch());
    }

    private void promised(Voice voice, long epoch, @Nullable ServerId leader) {
        if (leader != null) {
            promised.computeIfAbsent(epoch, key -> new LinkedHashMap<>()).put(voice, leader);
        }
    }

    private void adopted(Voice voice, long epoch) {
        adopted.computeIfAbsent(epoch, key -> new LinkedHashSet<>()).add(voice);
    }

    @Override
    public void committed(Txn txn, Applied applied) {
        if (txn.type() != TxnType.CONFIGURATION) {
            return;
        }
        Set<Voice> have = known.whoHas(txn.zxid(), txn.chainHash());
        Configuration before = known.configurations().beforeNewest();
        Configuration next = known.configurations().newest();
        require(
                Configurations.isMajority(before, have) && Configurations.isMajority(next, have),
                "configuration %s is in force and on the disks of %s, of %s and %s that is no quorum of both",
                next.version(),
                have,
                before,
                next);
    }

    @Override
    public void became(ServerId at, Role role, Phase phase, long epoch) {
        if (role != Role.LEADING) {
            return;
        }
        if (phase == Phase.SYNCHRONIZATION) {
            Set<Voice> to = new LinkedHashSet<>();
            promised.getOrDefault(epoch, Map.of()).forEach((voice, leader) -> {
                if (leader.equals(at)) {
                    to.add(voice);
                }
            });
            requireQuorums(at, epoch, "promised", to);
        } else if (phase == Phase.BROADCAST) {
            requireQuorums(at, epoch, "adopted", adopted.getOrDefault(epoch, Set.of()));
        }
    }

    /** A voter must have followed before it counts (protocol.md#reconfiguration): what it adopted is on its disk. */
    @Override
    public void appended(ServerId at, LogRecord record) {
        Knowledge.Server server = known.server(at);
        if (server.role() != Role.LEADING
                || server.phase() != Phase.BROADCAST
                || !(record instanceof LogRecord.Append append)
                || append.txn().type() != TxnType.CONFIGURATION) {
            return;
        }
        Configuration next = ConfigurationCodec.of(append.txn().payload());
        Configuration before = known.configurations().ofVersion(next.version() - 1);
        Set<Voice> follow = new LinkedHashSet<>(adopted.getOrDefault(server.epoch(), Set.of()));
        for (Member voter : next.members()) {
            require(
                    voter.role() != MemberRole.VOTER
                            || before == null
                            || new Voice(voter.id(), voter.disk()).isAny(before.members())
                            || follow.stream().anyMatch(voice -> voice.is(voter)),
                    "%s makes %s a voter, who has not adopted its epoch %s",
                    at,
                    voter,
                    server.epoch());
        }
        follow.add(known.voice(at));
        require(
                Configurations.isMajority(next, follow),
                "%s proposes %s, of which only %s ever followed it",
                at,
                next,
                follow);
    }

    private void requireQuorums(ServerId at, long epoch, String did, Set<Voice> who) {
        Configurations configurations = known.configurations();
        Configuration newest = configurations.newestIn(known.server(at).log(), known);
        require(
                Configurations.isMajority(newest, who),
                "%s leads epoch %s, which %s have %s: no quorum of %s",
                at,
                epoch,
                who,
                did,
                newest);
        Configuration before = configurations.ofVersion(newest.version() - 1);
        require(
                configurations.isCommitted(newest) || (before != null && Configurations.isMajority(before, who)),
                "%s leads epoch %s, which %s have %s: no quorum of %s, whose successor is not committed",
                at,
                epoch,
                who,
                did,
                before);
    }
}
