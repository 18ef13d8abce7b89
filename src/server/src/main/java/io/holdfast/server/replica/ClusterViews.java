package io.holdfast.server.replica;

import io.holdfast.server.config.HoldfastConfig;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.MemberState;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Zab;
import io.holdfast.zab.core.Zxid;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one node can say of the ensemble: all of itself, and of the others what the leader said with its last heartbeat.
 */
final class ClusterViews {

    private static final String UNKNOWN = "unknown";

    private ClusterViews() {}

    static ClusterView of(HoldfastConfig config, Zab.Status status) {
        Map<ServerId, MemberState> known = new TreeMap<>();
        for (MemberState state : status.members()) {
            known.put(state.id(), state);
        }
        List<ClusterView.MemberView> members = new ArrayList<>();
        for (Member member : status.configuration().members()) {
            MemberState state = member.id().value() == config.nodeId() ? here(member, status) : known.get(member.id());
            members.add(state == null ? absent(member) : view(member, state, status.lastCommitted()));
        }
        ServerId leader = status.leader();
        return new ClusterView(
                config.clusterId(),
                config.nodeId(),
                status.epoch(),
                leader == null ? 0 : leader.value(),
                status.configuration().version(),
                members);
    }

    private static MemberState here(Member member, Zab.Status status) {
        return new MemberState(
                member.id(),
                status.role(),
                status.phase(),
                status.lastDurable(),
                status.lastCommitted(),
                status.lastApplied());
    }

    private static ClusterView.MemberView view(Member member, MemberState state, Zxid committed) {
        Zxid applied = state.applied();
        boolean sameEpoch = applied.epoch() == committed.epoch();
        return new ClusterView.MemberView(
                member.id().value(),
                member.role() == MemberRole.VOTER,
                member.address(),
                Replica.roleName(state.role()),
                state.phase().name().toLowerCase(Locale.ROOT),
                Revision.unpack(applied.packed()),
                Revision.unpack(state.committed().packed()),
                Revision.unpack(state.durable().packed()),
                sameEpoch ? Math.max(0, committed.counter() - applied.counter()) : -1);
    }

    /** The leader does not hear it, or this node has no leader that would. */
    private static ClusterView.MemberView absent(Member member) {
        return new ClusterView.MemberView(
                member.id().value(),
                member.role() == MemberRole.VOTER,
                member.address(),
                UNKNOWN,
                UNKNOWN,
                null,
                null,
                null,
                -1);
    }
}
