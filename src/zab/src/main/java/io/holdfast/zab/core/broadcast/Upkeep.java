package io.holdfast.zab.core.broadcast;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.ConfigurationCodec;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.RequestFailure;
import io.holdfast.zab.core.Trace;
import io.holdfast.zab.core.TxnType;
import io.holdfast.zab.core.leading.LearnerProgress;
import io.holdfast.zab.core.leading.LearnerProgress.State;
import io.holdfast.zab.core.leading.Learners;
import io.holdfast.zab.core.state.Replica;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a leader changes in the configuration without being asked (protocol.md#lost-or-damaged-disks): it raises the
 * level to what all members speak, binds voters to the disks that they have, and lets those that came back with another
 * disk vote again.
 */
final class Upkeep {

    private final Replica replica;
    private final Learners learners;
    private final Reconfiguration reconfiguration;

    /** Two servers with one id must not have the configuration change at every heartbeat. */
    private long restsUntil;

    Upkeep(Replica replica, Learners learners, Reconfiguration reconfiguration) {
        this.replica = replica;
        this.learners = learners;
        this.reconfiguration = reconfiguration;
        this.restsUntil = replica.now();
    }

    /**
     * Proposes the first transaction of a new ensemble, which binds the disks of all that founded it; of no effect on
     * one that is founded.
     */
    void found(Function<ClientRequest, @Nullable RequestFailure> propose) {
        if (replica.quorum().committed().isFounding()) {
            perform(propose);
        }
    }

    /**
     * Proposes the change that is due, if one is and it may be proposed now.
     *
     * @param propose returns why it did not; null when it did
     */
    void perform(Function<ClientRequest, @Nullable RequestFailure> propose) {
        if (replica.now() < restsUntil || replica.config().protocolMax() < Configuration.DISKS_LEVEL) {
            return;
        }
        restsUntil = replica.in(replica.config().heartbeatMillis());
        Configuration due = due();
        if (due == null) {
            return;
        }
        ClientRequest change = new ClientRequest(
                Asker.here(replica.self()), 0, TxnType.CONFIGURATION, ConfigurationCodec.payload(due));
        if (propose.apply(change) == null) {
            replica.effects().trace(new Trace.Upkeep(due));
            restsUntil = replica.in(replica.config().resendMaxMillis());
        }
    }

    private @Nullable Configuration due() {
        Configuration now = replica.configuration();
        int level = now.level();
        while (level < replica.config().protocolMax() && allSpeak(level + 1)) {
            level++;
        }
        List<Member> members = level < Configuration.DISKS_LEVEL ? now.members() : bound(now);
        if (level == now.level() && members.equals(now.members())) {
            return null;
        }
        Configuration next = now.next(level, members);
        // From that level on a voter without a disk would be whoever has its id, a wiped one too.
        boolean open = members.stream().anyMatch(member -> member.role() == MemberRole.VOTER && member.disk() == null);
        return (open && level >= Configuration.DISKS_LEVEL) || reconfiguration.refusal(next) != null ? null : next;
    }

    /**
     * Returns whether every member is synchronized and speaks that version; one that is away might not. Voters alone
     * found an ensemble: observers join it later, and have to speak its level.
     */
    private boolean allSpeak(int version) {
        boolean founds = replica.configuration().isFounding();
        for (Member member : replica.configuration().members()) {
            LearnerProgress learner = learners.of(member.id());
            boolean speaks = member.id().equals(replica.self())
                    || (learner != null && learner.state() == State.SYNCED && learner.protocol() >= version);
            if (!speaks && !(founds && member.role() == MemberRole.OBSERVER)) {
                return false;
            }
        }
        return true;
    }

    private List<Member> bound(Configuration now) {
        List<Member> members = new ArrayList<>();
        for (Member member : now.members()) {
            DiskId seen = member.role() == MemberRole.VOTER ? reconfiguration.syncedDisk(member) : null;
            boolean binds =
                    seen != null && (member.disk() == null || replica.config().readmit());
            members.add(binds ? member.withDisk(seen) : member);
        }
        return members;
    }
}
