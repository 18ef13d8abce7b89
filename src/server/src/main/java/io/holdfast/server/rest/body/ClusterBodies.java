package io.holdfast.server.rest.body;

import io.holdfast.api.ClusterBody;
import io.holdfast.api.MembersChange;
import io.holdfast.api.Snapshot;
import io.holdfast.server.replica.ChangedMembers;
import io.holdfast.server.replica.ClusterView;
import io.holdfast.server.replica.ConfigurationView;
import io.holdfast.server.replica.Revision;
import io.holdfast.server.replica.SnapshotView;
import io.holdfast.server.tls.TlsUse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ensemble and its members as the API shows them. */
public final class ClusterBodies {

    private ClusterBodies() {}

    /**
     * Returns the ensemble.
     *
     * @param release version of this build
     * @param uses how this node secures its connections
     */
    public static ClusterBody of(ClusterView view, String release, List<TlsUse> uses) {
        ConfigurationView pending = view.pending();
        return new ClusterBody(
                view.clusterId(),
                view.node(),
                release,
                view.epoch(),
                view.leader() == 0 ? null : view.leader(),
                view.configurationVersion(),
                view.generation(),
                view.level(),
                pending == null ? null : of(pending),
                view.settled(),
                view.member(),
                view.secure(),
                view.members().stream().map(ClusterBodies::member).toList(),
                view.alarms().stream()
                        .map(alarm -> new ClusterBody.Alarm(alarm.name(), alarm.says()))
                        .toList(),
                uses.stream()
                        .map(use -> new ClusterBody.Tls(
                                use.use(), use.mode(), use.plainLinks(), use.certificate(), use.authorities()))
                        .toList());
    }

    /** Returns what became of a change of the members, or would become of it. */
    public static MembersChange of(ChangedMembers members) {
        return new MembersChange(
                members.dryRun(),
                members.changed(),
                members.settled(),
                members.handsOver(),
                of(members.configuration()),
                members.warnings());
    }

    public static Snapshot of(SnapshotView view) {
        return new Snapshot(view.revision().toString(), view.bytes());
    }

    public static List<ClusterBody.Peer> peers(List<ConfigurationView.Peer> peers) {
        return peers.stream()
                .map(peer -> new ClusterBody.Peer(peer.id(), role(peer.voter()), peer.address(), peer.http()))
                .toList();
    }

    private static ClusterBody.Configuration of(ConfigurationView view) {
        return new ClusterBody.Configuration(view.version(), peers(view.members()), view.voters(), view.quorum());
    }

    private static ClusterBody.Member member(ClusterView.MemberView member) {
        return new ClusterBody.Member(
                member.id(),
                role(member.voter()),
                member.address(),
                member.http(),
                member.release(),
                member.role(),
                member.state(),
                text(member.applied()),
                text(member.committed()),
                text(member.durable()),
                GrantBodies.known(member.lag()),
                member.disk(),
                member.votingDisk());
    }

    private static String role(boolean voter) {
        return voter ? "voter" : "observer";
    }

    private static @Nullable String text(@Nullable Revision revision) {
        return revision == null ? null : revision.toString();
    }
}
