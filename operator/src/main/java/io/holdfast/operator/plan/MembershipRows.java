package io.holdfast.operator.plan;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rows 19 to 24: voters leave and come, one change at a time. */
final class MembershipRows {

    private final Facts facts;
    private final Look look;

    MembershipRows(Facts facts) {
        this.facts = facts;
        this.look = facts.look();
    }

    static Action mark(int row, Look.Voter voter, String why) {
        Look.StatefulSet set = voter.set();
        if (set == null) {
            throw new IllegalArgumentException("voter " + voter.id() + " has no StatefulSet that could be marked");
        }
        Look.Claim claim = voter.claim();
        return new Action.MarkLeaving(
                row,
                why + ": voter " + voter.id() + " leaves",
                voter.id(),
                set.version(),
                claim == null ? null : claim.version());
    }

    /**
     * Row 19: both marks are there before a member goes. Of several that leave, first one that is down, then one
     * without which a quorum is in step.
     */
    @Nullable
    Action remove() {
        List<Look.Voter> leaving = look.voters().stream()
                .filter(voter ->
                        Facts.isLeaving(voter) && facts.member(voter.id()).isPresent())
                .sorted(Comparator.comparing(
                        voter -> facts.member(voter.id()).filter(facts::counts).isPresent()))
                .toList();
        if (leaving.isEmpty()) {
            return null;
        }
        for (Look.Voter voter : leaving) {
            if (voter.set() != null && !voter.set().leaving()) {
                return mark(19, voter, "only its claim is marked, which can be lost");
            }
        }
        Look.Voter next = leaving.stream()
                .filter(voter -> facts.quorumWithout(voter.id()))
                .findFirst()
                .orElse(null);
        if (next == null) {
            int id = leaving.get(0).id();
            return new Action.Wait(
                    19,
                    "voter " + id + " leaves when a quorum of the others is in step",
                    Action.Reason.WOULD_LOSE_QUORUM,
                    id);
        }
        if (facts.leads(next) && facts.voting().stream().noneMatch(facts::isInStep)) {
            return new Action.Wait(
                    19,
                    "voter " + next.id() + " leads, and no other voter is in step to take over",
                    Action.Reason.NO_SUCCESSOR,
                    next.id());
        }
        return new Action.RemoveMember(19, "voter " + next.id() + " leaves", next.id(), configurationVersion());
    }

    /** Row 20: objects go after their member, and a claim when it is to go. */
    @Nullable
    Action deleteRemoved() {
        for (Look.Voter voter : look.voters()) {
            if (!Facts.isLeaving(voter) || facts.member(voter.id()).isPresent()) {
                continue;
            }
            Look.Claim claim = voter.claim();
            boolean claimGoes = claim != null
                    && claim.mark() == Look.Mark.REMOVED
                    && !claim.terminating()
                    && look.wanted().storage().deleteRemoved();
            Look.StatefulSet set = voter.set();
            if (set != null || claimGoes) {
                return new Action.DeleteVoter(
                        20,
                        "voter " + voter.id() + " is no member any more",
                        voter.id(),
                        set == null ? null : set.version(),
                        claim == null || !claimGoes ? null : claim.version());
            }
        }
        return null;
    }

    /** Row 21: a newcomer follows before it votes; one that is to be replaced leaves at once. */
    @Nullable
    Action admit() {
        Optional<Look.Voter> replaced = facts.namedByReplace().filter(facts.newcomers()::contains);
        if (replaced.isPresent()) {
            return mark(21, replaced.get(), "it is to be replaced and has no vote");
        }
        if (isSurplus()) {
            return null;
        }
        for (Look.Voter voter : facts.newcomers()) {
            if (facts.member(voter.id()).isEmpty() && runs(voter.pod())) {
                return new Action.AddMember(
                        21,
                        "the pod of voter " + voter.id() + " waits to be let in",
                        voter.id(),
                        configurationVersion());
            }
        }
        return facts.newcomers().stream()
                .filter(voter -> !facts.isInStep(voter))
                .findFirst()
                .map(voter -> new Action.Wait(21, notInStep(voter), Action.Reason.JOINING, voter.id()))
                .orElse(null);
    }

    private static String notInStep(Look.Voter voter) {
        return voter.pod() != null && Facts.isUnscheduled(voter.pod())
                ? "no host takes the pod of voter " + voter.id() + ": unless spec.placement.hosts is Preferred, voters"
                        + " need three hosts with room"
                : "voter " + voter.id() + " is not in step yet";
    }

    private static boolean runs(Look.@Nullable Pod pod) {
        return pod != null && pod.running() && !pod.terminating();
    }

    /** Row 22: votes are given when all newcomers are there, so that an even number of voters does not last. */
    @Nullable
    Action promoteOrInitialize() {
        int wanted = facts.wantedVoters();
        List<Look.Voter> newcomers = facts.newcomers();
        if (!newcomers.isEmpty() && facts.staying().size() == wanted) {
            int id = newcomers.get(0).id();
            return new Action.Promote(
                    22, "all voters that are wanted are there and in step", id, configurationVersion());
        }
        boolean isComplete = facts.voting().size() >= look.wanted().voters();
        return isComplete && !look.recorded().initialized()
                ? new Action.Initialize(22, "the configuration has all voters for the first time")
                : null;
    }

    /** Row 23. */
    @Nullable
    Action addVoter() {
        int wanted = facts.wantedVoters();
        if (facts.staying().size() >= wanted) {
            return null;
        }
        String refusal = look.wanted().refusal();
        if (refusal != null) {
            return new Action.Wait(23, refusal, Action.Reason.SPEC_REFUSED, null);
        }
        int id = Math.max(look.recorded().nextId(), facts.highestId() + 1);
        return new Action.NewVoter(
                23, "there are " + facts.staying().size() + " voters, and " + wanted + " are wanted", id);
    }

    /**
     * Row 24: first a newcomer without a vote, then the voter that is replaced, then the highest that does not lead.
     */
    @Nullable
    Action markSurplus() {
        int wanted = look.wanted().voters();
        List<Look.Voter> newcomers = facts.newcomers();
        if (isSurplus() && !newcomers.isEmpty()) {
            return mark(24, newcomers.get(newcomers.size() - 1), "fewer voters are wanted");
        }
        if (facts.voting().size() <= wanted) {
            return null;
        }
        return facts.replaced()
                .map(replaced -> mark(24, replaced, "its successor votes"))
                .orElseGet(() -> facts.voting().stream()
                        .filter(voter -> !facts.leads(voter))
                        .max(Comparator.comparingInt(Look.Voter::id))
                        .map(voter -> mark(24, voter, wanted + " voters are wanted"))
                        .orElse(null));
    }

    private boolean isSurplus() {
        return facts.staying().size() > facts.wantedVoters();
    }

    private long configurationVersion() {
        return facts.quorate()
                .map(Look.Ensemble.Confirmed::configurationVersion)
                .orElseThrow();
    }
}
