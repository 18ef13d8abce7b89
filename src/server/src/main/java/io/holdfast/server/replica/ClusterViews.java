package io.holdfast.server.replica;

import io.holdfast.server.config.HoldfastConfig;
import io.holdfast.server.history.MembersNow;
import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberInfo;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.MemberState;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Zab;
import io.holdfast.zab.core.Zxid;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one node can say of the ensemble: all of itself, and of the others what the leader said with its last heartbeat.
 */
final class ClusterViews {

    private static final String UNKNOWN = "unknown";

    private ClusterViews() {}

    static ClusterView of(
            HoldfastConfig config,
            Zab.Status status,
            MemberInfos infos,
            boolean isMember,
            boolean secure,
            List<Alarm> alarms) {
        Map<ServerId, MemberState> known = new TreeMap<>();
        for (MemberState state : status.members()) {
            known.put(state.id(), state);
        }
        List<ClusterView.MemberView> members = new ArrayList<>();
        for (Member member : status.configuration().members()) {
            MemberState state = member.id().value() == config.nodeId() ? here(member, status) : known.get(member.id());
            MemberInfo info = infos.of(member.id());
            members.add(state == null ? absent(member, info) : view(member, info, state, status.lastCommitted()));
        }
        ServerId leader = status.leader();
        Configuration pending = status.quorum().pending();
        return new ClusterView(
                config.clusterId(),
                config.nodeId(),
                status.epoch(),
                leader == null ? 0 : leader.value(),
                status.configuration().version(),
                status.configuration().generation(),
                status.configuration().level(),
                pending == null ? null : configuration(pending, infos),
                status.settled(),
                isMember,
                secure,
                members,
                alarms);
    }

    static ConfigurationView configuration(Configuration configuration, MemberInfos infos) {
        int voters = configuration.voters().size();
        return new ConfigurationView(
                configuration.version(),
                configuration.members().stream()
                        .map(member -> new ConfigurationView.Peer(
                                member.id().value(),
                                member.role() == MemberRole.VOTER,
                                address(member),
                                infos.of(member.id()).clientUrl()))
                        .toList(),
                voters,
                voters / 2 + 1);
    }

    static MembersNow membersNow(Configuration configuration) {
        List<MembersNow.One> members = configuration.members().stream()
                .map(member -> new MembersNow.One(
                        member.id().value(), member.role() == MemberRole.VOTER ? "voter" : "observer", address(member)))
                .toList();
        return new MembersNow(configuration.version(), members);
    }

    static String address(Member member) {
        return member.address();
    }

    private static MemberState here(Member member, Zab.Status status) {
        return new MemberState(
                member.id(),
                status.role(),
                status.phase(),
                status.lastDurable(),
                status.lastCommitted(),
                status.lastApplied(),
                status.disk());
    }

    private static ClusterView.MemberView view(Member member, MemberInfo info, MemberState state, Zxid committed) {
        Zxid applied = state.applied();
        return new ClusterView.MemberView(
                member.id().value(),
                member.role() == MemberRole.VOTER,
                address(member),
                info.clientUrl(),
                info.release(),
                roleName(state.role()),
                state.phase().name().toLowerCase(Locale.ROOT),
                Revision.unpack(applied.packed()),
                Revision.unpack(state.committed().packed()),
                Revision.unpack(state.durable().packed()),
                lag(committed, applied),
                text(state.disk()),
                text(member.disk()));
    }

    static String roleName(Role role) {
        return switch (role) {
            case LOOKING -> "looking";
            case FOLLOWING -> "follower";
            case LEADING -> "leader";
            case OBSERVING -> "observer";
        };
    }

    /** Returns how many transactions are between; -1 across epochs, where nobody counts. */
    static long lag(Zxid committed, Zxid reached) {
        return reached.epoch() == committed.epoch() ? Math.max(0, committed.counter() - reached.counter()) : -1;
    }

    /** The leader does not hear it, or this node has no leader that would. */
    private static ClusterView.MemberView absent(Member member, MemberInfo info) {
        return new ClusterView.MemberView(
                member.id().value(),
                member.role() == MemberRole.VOTER,
                address(member),
                info.clientUrl(),
                info.release(),
                UNKNOWN,
                UNKNOWN,
                null,
                null,
                null,
                -1,
                null,
                text(member.disk()));
    }

    private static @Nullable String text(@Nullable DiskId disk) {
        return disk == null ? null : disk.toString();
    }
}
