package io.holdfast.server.rest.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.holdfast.server.replica.ClusterView;
import io.holdfast.server.replica.ClusterView.MemberView;
import io.holdfast.server.replica.ConfigurationView;
import io.holdfast.server.replica.Revision;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The ensemble as the answering node knows it.
 *
 * @param clusterId the ensemble's name
 * @param node id of the answering node
 * @param release version of the build that the answering node runs
 * @param epoch the epoch it adopted last
 * @param leader id of the leader; absent when this node knows none
 * @param configurationVersion version of the committed configuration
 * @param generation 1, or another one since the ensemble was restored
 * @param level version of the peer protocol that all members have agreed on
 * @param pending the configuration that is to follow; absent when no change is under way that this node knows of
 * @param settled whether nobody who left is needed any more, also not by a member that restarts
 * @param member whether the answering node is a member, as far as it knows
 * @param members ordered by id
 * @param alarms what is the matter with the answering node, and with the members where it leads
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(description = "The ensemble as the answering node knows it.")
public record ClusterBody(
        String clusterId,
        int node,

        @Schema(description = "Version of the build that the answering node runs.")
        String release,

        long epoch,
        @Nullable Integer leader,
        long configurationVersion,

        @Schema(description = "1, and another one since the ensemble was restored from a backup.")
        long generation,

        @Schema(description = "Version of the peer protocol that all members have agreed on; it never falls.")
        int level,

        @Nullable ConfigurationBody pending,
        boolean settled,

        @Schema(description = "False when the answering node was removed, or is not added yet.")
        boolean member,

        List<MemberBody> members,

        @Schema(
                description = "What is the matter with the answering node and, where it leads, with the members; empty"
                        + " when nothing is.")
        List<AlarmBody> alarms) {

    /**
     * A condition that an operator should examine.
     *
     * @param alarm its kind
     * @param says what is so and what to do
     */
    @Schema(name = "Alarm")
    public record AlarmBody(
            @Schema(
                    description = "Its kind: no-space, quota, lease-pause, level-behind, lag, voter-away or digest.",
                    examples = "no-space")
            String alarm,

            String says) {}

    /**
     * A configuration of the ensemble.
     *
     * @param version grows by one with every change
     * @param members ordered by id
     * @param voters how many of them vote
     * @param quorum how many voters must agree
     */
    @Schema(name = "Configuration")
    public record ConfigurationBody(long version, List<Peer> members, int voters, int quorum) {

        static ConfigurationBody of(ConfigurationView view) {
            return new ConfigurationBody(
                    view.version(), view.members().stream().map(Peer::of).toList(), view.voters(), view.quorum());
        }
    }

    /**
     * Who a member is.
     *
     * @param id 1 to 65535
     * @param role {@code voter} or {@code observer}
     * @param address of its peer port
     * @param http where clients reach it; absent when the answering node was not told
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "Peer")
    public record Peer(
            int id,
            String role,
            String address,

            @Schema(description = "Where clients reach it. Absent when the answering node was not told.") @Nullable
            String http) {

        /** Makes the body. */
        public static Peer of(ConfigurationView.Peer peer) {
            return new Peer(peer.id(), ClusterBody.role(peer.voter()), peer.address(), peer.http());
        }
    }

    /**
     * One member; what the answering node does not know is absent.
     *
     * @param id 1 to 65535
     * @param role {@code voter} or {@code observer}
     * @param address of its peer port
     * @param http where clients reach it; absent when the answering node was not told
     * @param state {@code leader}, {@code follower}, {@code observer}, {@code looking} or {@code unknown}
     * @param phase {@code election}, {@code discovery}, {@code synchronization}, {@code broadcast} or {@code unknown}
     * @param applied what it applied last
     * @param committed what it knows as committed
     * @param durable last transaction in its log that is on its disk
     * @param lag transactions committed and not applied there
     * @param disk identity of the disk that it has
     * @param votingDisk identity of the disk that it votes with; absent when it has no vote, or votes with any
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "Member")
    public record MemberBody(
            int id,
            String role,
            String address,

            @Schema(description = "Where clients reach it. Absent when the answering node was not told.") @Nullable
            String http,

            String state,
            String phase,
            @Nullable String applied,
            @Nullable String committed,
            @Nullable String durable,
            @Nullable Long lag,

            @Schema(description = "Identity of the disk that it has.") @Nullable
            String disk,

            @Schema(
                    description = "Identity of the disk that it votes with; with another disk it observes, until it is"
                            + " bound to that one. Absent when it has no vote, and below level 2.")
            @Nullable
            String votingDisk) {}

    /**
     * Makes the body.
     *
     * @param release version of this build
     */
    public static ClusterBody of(ClusterView view, String release) {
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
                pending == null ? null : ConfigurationBody.of(pending),
                view.settled(),
                view.member(),
                view.members().stream().map(ClusterBody::member).toList(),
                view.alarms().stream()
                        .map(alarm -> new AlarmBody(alarm.name(), alarm.says()))
                        .toList());
    }

    private static MemberBody member(MemberView member) {
        return new MemberBody(
                member.id(),
                role(member.voter()),
                member.address(),
                member.http(),
                member.role(),
                member.state(),
                text(member.applied()),
                text(member.committed()),
                text(member.durable()),
                member.lag() < 0 ? null : member.lag(),
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
