package io.holdfast.server.replica;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ensemble as one node knows it.
 *
 * @param clusterId the ensemble's name
 * @param node id of the answering node
 * @param epoch the epoch it adopted last
 * @param leader id of the leader; 0 when this node knows none
 * @param configurationVersion version of the committed configuration
 * @param generation of the ensemble: 1, or when it was restored last
 * @param level version of the peer protocol that all members have agreed on
 * @param pending the configuration that is to follow and is not in force yet, as far as this node knows; null when
 *     there is none
 * @param settled whether no member that left is needed any more, also not by a member that restarts
 * @param member whether the answering node is a member, as far as it knows
 * @param secure whether no port of the answering node serves callers without an identity, and rules are enforced
 * @param members ordered by id
 * @param alarms what is the matter with the answering node, and with the members where it leads
 */
public record ClusterView(
        String clusterId,
        int node,
        long epoch,
        int leader,
        long configurationVersion,
        long generation,
        int level,
        @Nullable ConfigurationView pending,
        boolean settled,
        boolean member,
        boolean secure,
        List<MemberView> members,
        List<Alarm> alarms) {

    /**
     * One member.
     *
     * @param id 1 to 65535
     * @param voter whether it counts in quorums; else it is an observer
     * @param address {@code host:port} of its peer port
     * @param http where clients reach it; null when it never said so here
     * @param release version of its software; null when it never said so here
     * @param role {@code leader}, {@code follower}, {@code observer}, {@code looking}, or {@code unknown} when the
     *     answering node has no news of it
     * @param state {@code election}, {@code discovery}, {@code synchronization}, {@code broadcast}, or {@code unknown}
     * @param applied what it applied last; null when the answering node does not know
     * @param committed what it knows as committed; null when the answering node does not know
     * @param durable what is durable in its log; null when the answering node does not know
     * @param lag transactions of this epoch that the answering node knows as committed and that are not applied there;
     *     -1 when the answering node does not know
     * @param disk identity of the disk that it has; null when the answering node does not know
     * @param votingDisk identity of the disk that it votes with: with another one it has no vote; null when it votes
     *     with any, or has no vote
     */
    public record MemberView(
            int id,
            boolean voter,
            String address,
            @Nullable String http,
            @Nullable String release,
            String role,
            String state,
            @Nullable Revision applied,
            @Nullable Revision committed,
            @Nullable Revision durable,
            long lag,
            @Nullable String disk,
            @Nullable String votingDisk) {}
}
