package io.holdfast.server.replica;

import io.holdfast.server.config.HoldfastConfig;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Zab;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What one node can say of the ensemble: all of itself, and of the others who leads and who is a member. */
final class ClusterViews {

    private static final String UNKNOWN = "unknown";

    private ClusterViews() {}

    static ClusterView of(HoldfastConfig config, Zab.Status status) {
        List<ClusterView.MemberView> members = new ArrayList<>();
        for (Member member : status.configuration().members()) {
            members.add(member.id().value() == config.nodeId() ? here(member, status) : other(member, status.leader()));
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

    private static ClusterView.MemberView here(Member member, Zab.Status status) {
        Revision applied = Revision.unpack(status.lastApplied().packed());
        Revision committed = Revision.unpack(status.lastCommitted().packed());
        boolean sameEpoch = applied.epoch() == committed.epoch();
        return new ClusterView.MemberView(
                member.id().value(),
                member.role() == MemberRole.VOTER,
                member.address(),
                Replica.roleName(status.role()),
                status.phase().name().toLowerCase(Locale.ROOT),
                applied,
                committed,
                sameEpoch ? Math.max(0, committed.counter() - applied.counter()) : -1);
    }

    private static ClusterView.MemberView other(Member member, @Nullable ServerId leader) {
        String role = member.id().equals(leader) ? "leader" : UNKNOWN;
        return new ClusterView.MemberView(
                member.id().value(),
                member.role() == MemberRole.VOTER,
                member.address(),
                role,
                UNKNOWN,
                null,
                null,
                -1);
    }
}
