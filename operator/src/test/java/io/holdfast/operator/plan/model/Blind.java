package io.holdfast.operator.plan.model;

import io.holdfast.operator.plan.Look;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks in which something is not seen: what a planner decides that has forgotten to look at it. */
final class Blind {

    private Blind() {}

    /** Every voter that has a pod seems to be in step; without {@code lost}, only those whose claim is well. */
    static Look toVotersOutOfStep(Look look, boolean lost) {
        if (!(look.ensemble() instanceof Look.Ensemble.Confirmed seen)) {
            return look;
        }
        List<Look.Member> members = seen.members().stream()
                .map(member -> member.votes() && (lost || isWell(look, member.id())) ? inStep(seen, member) : member)
                .toList();
        List<Look.Voter> voters = look.voters().stream()
                .map(voter -> lost || isWell(look, voter.id()) ? ready(voter) : voter)
                .toList();
        return with(
                look,
                look.recorded(),
                look.start(),
                voters,
                new Look.Ensemble.Confirmed(
                        seen.leader(),
                        seen.epoch(),
                        seen.generation(),
                        seen.configurationVersion(),
                        seen.level(),
                        seen.pending(),
                        seen.settled(),
                        members));
    }

    private static boolean isWell(Look look, int id) {
        return look.voter(id)
                .map(Look.Voter::claim)
                .filter(claim -> claim.phase() == Look.ClaimPhase.BOUND && !claim.terminating())
                .isPresent();
    }

    private static Look.Member inStep(Look.Ensemble.Confirmed seen, Look.Member member) {
        return new Look.Member(
                member.id(),
                true,
                true,
                seen.leader() == member.id() ? "leader" : "follower",
                "broadcast",
                0L,
                member.votingDisk(),
                member.votingDisk());
    }

    private static Look.Voter ready(Look.Voter voter) {
        Look.Pod pod = voter.pod();
        return new Look.Voter(
                voter.id(), voter.wantedTemplate(), voter.set(), voter.claim(), pod == null ? null : ready(pod), null);
    }

    private static Look.Pod ready(Look.Pod pod) {
        return new Look.Pod(
                pod.version(),
                true,
                false,
                true,
                true,
                Instant.EPOCH,
                pod.template(),
                pod.node(),
                null,
                null,
                false,
                null,
                pod.answer());
    }

    static Look toPending(Look look) {
        return look.ensemble() instanceof Look.Ensemble.Confirmed seen
                ? with(
                        look,
                        look.recorded(),
                        look.start(),
                        look.voters(),
                        new Look.Ensemble.Confirmed(
                                seen.leader(),
                                seen.epoch(),
                                seen.generation(),
                                seen.configurationVersion(),
                                seen.level(),
                                false,
                                true,
                                seen.members()))
                : look;
    }

    /** The status is empty, and so seems everything that was begun. */
    static Look toGeneration(Look look) {
        return with(
                look,
                new Look.Recorded(null, 0, false, Look.Recovery.NONE),
                new Look.Start.None(),
                List.of(),
                look.ensemble());
    }

    /** The settings seem to let pods join since the generation was recorded. */
    static Look toFounding(Look look) {
        return look.recorded().generation() != null && look.ensemble() instanceof Look.Ensemble.Confirmed seen
                ? with(
                        look,
                        look.recorded(),
                        new Look.Start.Joining(
                                new Look.Version("c-start", "any", "0"),
                                seen.members().stream()
                                        .filter(Look.Member::votes)
                                        .map(Look.Member::id)
                                        .toList()),
                        look.voters(),
                        seen)
                : look;
    }

    private static Look with(
            Look look,
            Look.Recorded recorded,
            Look.Start start,
            List<Look.Voter> voters,
            Look.@Nullable Ensemble ensemble) {
        return new Look(
                look.wanted(),
                recorded,
                start,
                voters,
                look.observers(),
                ensemble == null ? look.ensemble() : ensemble,
                look.foreign());
    }
}
