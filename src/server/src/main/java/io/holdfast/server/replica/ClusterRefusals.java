package io.holdfast.server.replica;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.MemberState;
import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.Zab;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says in words why a change of the members is refused, and what to do about it. */
final class ClusterRefusals {

    /** Members that a node names which is none itself. */
    private static final int MEMBERS_NAMED = 9;

    private ClusterRefusals() {}

    /**
     * Says what to know, and to do, while a node has not started.
     *
     * @param join members of the ensemble that it asks when its directory is new, if it does
     */
    static String starting(Optional<List<String>> join) {
        return join.map(members -> "this node is starting; if its data directory is new it waits until a member of the"
                        + " ensemble at " + String.join(", ", members)
                        + " lets it in: add it with POST /v1/cluster/members there, and ask another meanwhile")
                .orElse("this node is starting; try again");
    }

    /** Returns what clients are told by a node that is no member: that nothing was done, and whom to ask. */
    static Refused notAMember(int node, ConfigurationView known) {
        List<ConfigurationView.Peer> others = known.members().stream()
                .filter(member -> member.id() != node)
                .limit(MEMBERS_NAMED)
                .toList();
        String named = named(others);
        String message = "this node is no member of its ensemble, since it was removed or is not added yet: ask another"
                + (named.isEmpty() ? "" : ", such as " + named);
        return Refused.notAMember(message, others);
    }

    /** Returns the refusal of a member without a vote that passes no such request on. */
    static Refused notHere(String why, AppliedAt at, ConfigurationView known) {
        List<ConfigurationView.Peer> voters = known.members().stream()
                .filter(ConfigurationView.Peer::voter)
                .limit(MEMBERS_NAMED)
                .toList();
        return Refused.notHere("this member has no vote, and " + why + ": ask " + named(voters), at, voters);
    }

    private static String named(List<ConfigurationView.Peer> members) {
        return members.stream()
                .map(member ->
                        "node " + member.id() + " at " + (member.http() == null ? member.address() : member.http()))
                .collect(Collectors.joining(", "));
    }

    /**
     * Returns a refusal in which nothing was done.
     *
     * @param configuration with {@code VERSION_STALE} the one in force, else the one that would follow
     */
    static Refused of(Problem problem, Configuration configuration, MemberChange wanted, AppliedAt at) {
        int voters = configuration.voters().size();
        String message = switch (problem) {
            case VERSION_STALE ->
                "the configuration in force has version " + configuration.version()
                        + "; look at it with GET /v1/cluster and decide again";
            case CHANGE_IN_PROGRESS ->
                "another change of the members is under way; ask again when GET /v1/cluster shows none pending"
                        + " and that the last one is settled";
            case WOULD_LOSE_QUORUM ->
                "of the " + voters + " voters that there would be, fewer than the " + (voters / 2 + 1)
                        + " of a quorum are in step with the leader; start those that are down first";
            case NO_SUCCESSOR ->
                "member " + wanted.id() + " leads, and no other voter could take over; start one, or promote an"
                        + " observer, and ask again";
            default -> throw new IllegalArgumentException(problem + " is not about a change of members");
        };
        return new Refused(problem, message, at, null);
    }

    /** Returns the refusal of a vote for a member that is not in step, with how far it is as the leader said last. */
    static Refused notSynced(Zab.Status status, MemberChange wanted, AppliedAt at) {
        MemberState member = status.members().stream()
                .filter(known -> known.id().value() == wanted.id())
                .findFirst()
                .orElse(null);
        String how;
        if (member == null) {
            how = "is not heard by the leader: start it, and ask again when GET /v1/cluster shows it in broadcast";
        } else if (member.phase() != Phase.BROADCAST) {
            how = "is still in " + member.phase().name().toLowerCase(Locale.ROOT)
                    + ": ask again when GET /v1/cluster shows it in broadcast";
        } else {
            long lag = ClusterViews.lag(status.lastCommitted(), member.durable());
            how = (lag < 0 ? "has none yet of this leader's transactions" : "lags " + lag + " transactions behind")
                    + ", as the leader knew with its last heartbeat: ask again when GET /v1/cluster shows less";
        }
        return new Refused(Problem.NOT_SYNCED, "member " + wanted.id() + " " + how, at, null);
    }

    /**
     * Says why a node shows nobody what it has; null when it may.
     *
     * @param wasSynced whether it ever had it all
     * @param limit how long it may not have heard of a leader; null for however long
     */
    static @Nullable Refused stale(AppliedAt at, boolean wasSynced, @Nullable Duration limit) {
        String message = null;
        if (!wasSynced) {
            message = "this node has not caught up with a leader since it started; try again or ask another";
        } else if (limit != null && at.ageMs() > limit.toMillis()) {
            message = "this observer has not heard for " + at.ageMs()
                    + " ms of a leader that a quorum follows; ask another node";
        }
        return message == null ? null : new Refused(Problem.NOT_READY, message, at, null);
    }
}
