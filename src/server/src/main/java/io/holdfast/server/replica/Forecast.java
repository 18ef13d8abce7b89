package io.holdfast.server.replica;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.MemberState;
import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Zab;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a change of the configuration would meet, from what the leader said of the members with its last heartbeat. The
 * leader itself decides, by the same rules; this is for those who ask before, and for what deserves a warning.
 */
final class Forecast {

    private final Zab.Status status;
    private final Configuration now;
    private final Set<ServerId> inStep = new TreeSet<>();
    private final Map<ServerId, DiskId> disks = new TreeMap<>();

    Forecast(Zab.Status status) {
        this.status = status;
        this.now = status.configuration();
        for (MemberState member : status.members()) {
            boolean leads = member.id().equals(status.leader());
            boolean follows = member.phase() == Phase.BROADCAST && member.role() != Role.LOOKING;
            if (leads || follows) {
                inStep.add(member.id());
            }
            if (member.disk() != null) {
                disks.put(member.id(), member.disk());
            }
        }
    }

    /** Returns whether the node that is there under a member's id has another disk than the member votes with. */
    boolean hasOtherDisk(Member member) {
        DiskId seen = disks.get(member.id());
        return seen != null && !member.admits(seen);
    }

    private boolean counts(Member voter) {
        return inStep.contains(voter.id()) && !hasOtherDisk(voter);
    }

    /** Returns why the leader would refuse to propose it; null when it would not. */
    @Nullable
    Problem refusal(Configuration next) {
        if (status.quorum().pending() != null || !status.settled()) {
            return Problem.CHANGE_IN_PROGRESS;
        }
        for (ServerId voter : next.voters()) {
            boolean isNew = !now.isVoter(voter) || (next.disk(voter) == null && hasOtherDisk(now.member(voter)));
            if (isNew && !inStep.contains(voter)) {
                return Problem.NOT_SYNCED;
            }
        }
        return now.isQuorum(this::counts) && next.isQuorum(this::counts) ? null : Problem.WOULD_LOSE_QUORUM;
    }

    /** Returns whether the leader has to hand over before it can propose it. */
    boolean handsOver(Configuration next) {
        ServerId leader = status.leader();
        return leader != null && !next.isVoter(leader);
    }

    /** Returns whether somebody could take over from the leader now and may stay in office after the change. */
    boolean hasSuccessor(Configuration next) {
        return next.voters().stream()
                .anyMatch(voter -> now.isVoter(voter) && !voter.equals(status.leader()) && isInStep(voter));
    }

    boolean isInStep(ServerId member) {
        return now.contains(member) ? counts(now.member(member)) : inStep.contains(member);
    }

    /** Returns what people should know of the ensemble after the change. */
    List<String> warnings(Configuration next) {
        List<String> warnings = new ArrayList<>();
        int voters = next.voters().size();
        if (voters % 2 == 0) {
            warnings.add(voters + " voters tolerate " + tolerated(voters) + " that fail, no more than " + (voters - 1)
                    + " do; make it an odd number");
        }
        int away = 0;
        for (Member member : next.members()) {
            boolean joins = !now.contains(member.id());
            if (!joins && !counts(member)) {
                warnings.add("member " + member.id()
                        + (hasOtherDisk(member)
                                ? " has another disk than it votes with: let it vote again with PATCH, or remove it"
                                : " is not in step with the leader: start it, or remove it"));
                away += member.role() == MemberRole.VOTER ? 1 : 0;
            }
        }
        if (away > 0 && away == tolerated(voters)) {
            warnings.add("one more voter that fails would leave no quorum");
        }
        return warnings;
    }

    private static int tolerated(int voters) {
        return (voters - 1) / 2;
    }
}
