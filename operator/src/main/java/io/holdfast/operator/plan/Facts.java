package io.holdfast.operator.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The terms of the planner's table, as they are true of one look. */
public final class Facts {

    /** Ids of voters are below. */
    static final int FIRST_OBSERVER = 10_001;

    private static final String UNSCHEDULABLE_REASON = "Unschedulable";
    private static final Duration UNSCHEDULABLE = Duration.ofMinutes(2);

    private final Look look;
    private final Instant now;

    /**
     * Keeps a look.
     *
     * @param now the time of the look
     */
    public Facts(Look look, Instant now) {
        this.look = look;
        this.now = now;
    }

    Look look() {
        return look;
    }

    Instant now() {
        return now;
    }

    Wanted wanted() {
        return look.wanted();
    }

    Wanted.Updates updates() {
        return look.wanted().updates();
    }

    /** Returns what a quorum confirmed of the ensemble that is ours; absent when it is not quorate. */
    public Optional<Look.Ensemble.Confirmed> quorate() {
        Long generation = look.recorded().generation();
        return confirmed().filter(ensemble -> generation != null && generation == ensemble.generation());
    }

    /** Returns what a quorum confirmed, of whichever generation. */
    Optional<Look.Ensemble.Confirmed> confirmed() {
        return look.ensemble() instanceof Look.Ensemble.Confirmed confirmed ? Optional.of(confirmed) : Optional.empty();
    }

    /** Returns the member of a voter or an observer of ours. */
    Optional<Look.Member> member(int id) {
        return quorate().flatMap(ensemble -> ensemble.member(id)).filter(Look.Member::ours);
    }

    /** Returns whether a voter of ours has a vote. */
    boolean votes(Look.Voter voter) {
        return member(voter.id()).filter(Look.Member::votes).isPresent();
    }

    boolean leads(Look.Voter voter) {
        return quorate().filter(ensemble -> ensemble.leader() == voter.id()).isPresent();
    }

    /** Returns whether a voter leaves for good: its StatefulSet or its claim is marked. */
    public static boolean isLeaving(Look.Voter voter) {
        return (voter.set() != null && voter.set().leaving())
                || (voter.claim() != null && voter.claim().mark() != Look.Mark.NONE);
    }

    /** Returns the voters that have a StatefulSet and are to stay, by id. */
    List<Look.Voter> staying() {
        return look.voters().stream()
                .filter(voter -> voter.set() != null && !isLeaving(voter))
                .toList();
    }

    /** Returns the voters of ours that vote and are to stay, by id. */
    List<Look.Voter> voting() {
        return look.voters().stream()
                .filter(voter -> votes(voter) && !isLeaving(voter))
                .toList();
    }

    /** Returns the voters that stay and have no vote yet, by id. */
    List<Look.Voter> newcomers() {
        return staying().stream().filter(voter -> !votes(voter)).toList();
    }

    /** Returns the voter with a vote that {@code replace} names, as long as it stays. */
    Optional<Look.Voter> replaced() {
        return namedByReplace().filter(this::votes);
    }

    /** Returns the voter that {@code replace} names, with or without a vote, as long as it stays. */
    Optional<Look.Voter> namedByReplace() {
        Integer id = wanted().replace();
        return id == null ? Optional.empty() : look.voter(id).filter(voter -> !isLeaving(voter));
    }

    boolean isReplaced(Look.Voter voter) {
        return replaced().filter(voter::equals).isPresent();
    }

    /** Returns how many voters there are to be now: with one that is replaced, one more. */
    int wantedVoters() {
        return wanted().voters() + (replaced().isPresent() ? 1 : 0);
    }

    /** Returns whether the leader shows a voter in step, with or without a vote, and its pod is well. */
    public boolean isInStep(Look.Voter voter) {
        return member(voter.id()).filter(this::follows).isPresent() && isWell(voter.pod());
    }

    /** Returns whether the leader shows an observer in step, and its pod is well. */
    public boolean isInStep(Look.ObserverPod observer) {
        return member(observer.id()).filter(this::follows).isPresent() && isWell(observer.pod());
    }

    /** Returns whether a voter is in step but for its disk: it has another one than it votes with. */
    public boolean isInStepButForItsDisk(Look.Voter voter) {
        return member(voter.id())
                        .filter(member -> member.votes()
                                && hasOtherDisk(member)
                                && member.state().equals("observer")
                                && isUpToDate(member))
                        .isPresent()
                && isWell(voter.pod());
    }

    /** Returns whether a quorum that needs this voter may count it now, whatever its pod shows. */
    boolean counts(Look.Member member) {
        return member.votes()
                && !hasOtherDisk(member)
                && (member.state().equals("leader") || member.state().equals("follower"))
                && member.phase().equals("broadcast");
    }

    private boolean follows(Look.Member member) {
        boolean active = member.votes()
                ? member.state().equals("leader") || member.state().equals("follower")
                : member.state().equals("observer");
        return active && isUpToDate(member) && !hasOtherDisk(member);
    }

    private boolean isUpToDate(Look.Member member) {
        return member.phase().equals("broadcast")
                && member.lag() != null
                && member.lag() <= updates().lagMax();
    }

    private static boolean hasOtherDisk(Look.Member member) {
        return member.votingDisk() != null && !member.votingDisk().equals(member.disk());
    }

    private static boolean isWell(Look.@Nullable Pod pod) {
        return pod != null && pod.ready() && pod.steady() && !pod.terminating();
    }

    /** Returns whether every voter of ours that votes is in step, but for the one that is named, marked or not. */
    boolean othersInStep(int id) {
        return look.voters().stream()
                .filter(voter -> votes(voter) && voter.id() != id)
                .allMatch(this::isInStep);
    }

    /** Returns whether, of the members that would vote without this one, a quorum counts now. */
    boolean quorumWithout(int id) {
        List<Look.Member> rest = quorate().stream()
                .flatMap(ensemble -> ensemble.members().stream())
                .filter(member -> member.votes() && member.id() != id)
                .toList();
        return isMajority(rest.stream().filter(this::counts).count(), rest.size());
    }

    /** Returns whether the quorum of today holds with this one taken down. */
    boolean quorumAgainstLossOf(int id) {
        List<Look.Member> voters = quorate().stream()
                .flatMap(ensemble -> ensemble.members().stream())
                .filter(Look.Member::votes)
                .toList();
        long rest = voters.stream()
                .filter(member -> member.id() != id && counts(member))
                .count();
        return isMajority(rest, voters.size());
    }

    private static boolean isMajority(long some, int all) {
        return all > 0 && some > all / 2;
    }

    /** Returns for how long a voter has been out of step: since the status said so, and its pod does not deny it. */
    Duration outOfStep(Look.Voter voter) {
        if (isInStep(voter) || voter.outOfStepSince() == null) {
            return Duration.ZERO;
        }
        Instant since = voter.outOfStepSince();
        if (voter.pod() != null && voter.pod().since().isAfter(since) && !isTerminating(voter.pod())) {
            since = voter.pod().since();
        }
        Duration lasted = Duration.between(since, now);
        return lasted.isNegative() ? Duration.ZERO : lasted;
    }

    boolean isPastDeadline(Look.Voter voter) {
        return isOver(outOfStep(voter), updates().progressDeadline());
    }

    boolean isOver(Instant since, Duration bound) {
        return isOver(Duration.between(since, now), bound);
    }

    static boolean isOver(Duration lasted, Duration bound) {
        return lasted.compareTo(bound) >= 0;
    }

    static boolean isTerminating(Look.@Nullable Pod pod) {
        return pod != null && pod.terminating();
    }

    /** Returns whether a pod does not become ready by itself, as far as can be seen. */
    public boolean isStuck(Look.@Nullable Pod pod) {
        if (pod == null || pod.ready() || pod.terminating()) {
            return false;
        }
        return cannotRun(pod) || isOver(pod.since(), updates().progressDeadline());
    }

    /** Returns whether a pod cannot run, for a reason that does not pass by itself. */
    boolean cannotRun(Look.@Nullable Pod pod) {
        Look.Waiting waiting = pod == null || pod.ready() || pod.terminating() ? null : pod.waiting();
        return waiting != null
                && (Wanted.STUCK_REASONS.contains(waiting.reason())
                        || (waiting.reason().equals(UNSCHEDULABLE_REASON) && isOver(waiting.since(), UNSCHEDULABLE)));
    }

    static boolean isUnscheduled(Look.Pod pod) {
        return pod.waiting() != null && pod.waiting().reason().equals(UNSCHEDULABLE_REASON);
    }

    /** Returns what is known to be lost of a voter's volume, in words; null when nothing is. */
    public @Nullable String volumeLoss(Look.Voter voter) {
        if (wanted().storage().ephemeral()) {
            return null;
        }
        Look.Claim claim = voter.claim();
        if (claim == null) {
            return "its claim is gone";
        }
        if (claim.phase() == Look.ClaimPhase.LOST) {
            return "its claim has lost its volume";
        }
        if (claim.terminating()) {
            return "its claim is being deleted";
        }
        Long generation = look.recorded().generation();
        if (claim.generation() != null && !claim.generation().equals(generation)) {
            return "its claim is of generation " + claim.generation();
        }
        Look.Pod pod = voter.pod();
        if (pod == null) {
            return null;
        }
        if (!pod.ready() && pod.lastExit() != null && pod.lastExit().code() == 74) {
            return "its log is damaged: " + pod.lastExit().message();
        }
        return isOfAnotherGeneration(pod) ? "its disk is of another generation" : null;
    }

    boolean isOfAnotherGeneration(Look.Pod pod) {
        Long generation = look.recorded().generation();
        return pod.answer() != null
                && pod.answer().generation() != 0
                && generation != null
                && pod.answer().generation() != generation;
    }

    /** Returns the highest id of a voter that is seen anywhere. */
    int highestId() {
        Stream<Integer> members = confirmed().stream()
                .flatMap(ensemble -> ensemble.members().stream())
                .map(Look.Member::id)
                .filter(id -> id < FIRST_OBSERVER - 1);
        return Stream.concat(members, look.voters().stream().map(Look.Voter::id))
                .mapToInt(Integer::intValue)
                .max()
                .orElse(0);
    }
}
