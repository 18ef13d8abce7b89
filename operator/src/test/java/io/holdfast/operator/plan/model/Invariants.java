package io.holdfast.operator.plan.model;

import io.holdfast.operator.plan.Action;
import io.holdfast.operator.plan.Facts;
import io.holdfast.operator.plan.Look;
import io.holdfast.operator.plan.Stage;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is true of every action in every state. */
final class Invariants {

    private final Explorer.Chooser planner;

    Invariants(Explorer.Chooser planner) {
        this.planner = planner;
    }

    /** Returns what the planner chooses in this world, checked. */
    Action choose(World world) {
        Look look = world.look();
        Action action = planner.apply(look, world.now);
        if (!action.equals(planner.apply(world.look(), world.now))) {
            throw new Explorer.Violation("the same look, another action: " + action);
        }
        check(world, look, action);
        return action;
    }

    /** Checks what holds in every state. */
    void check(World world) {
        long claims = world.seats.values().stream()
                .filter(seat -> seat.claim != null && seat.claim.mark == Look.Mark.NONE)
                .count();
        require(
                !(world.start instanceof Look.Start.Founding) || (claims <= 1 && !world.initialized),
                "settings that found, with more than one claim, or with clients");
        require(
                world.ensemble == null || !world.initialized || world.generation != null,
                "clients of an ensemble without a generation");
        stages(world);
        require(
                world.served == 0 || (world.ensemble != null && world.ensemble.generation == world.served),
                "another ensemble was founded after clients were let in");
    }

    /** Members of which one takes plain connections only and one secured ones only do not find each other. */
    private static void stages(World world) {
        Set<Stage> stages = Stages.serving(world)
                .map(pod -> Stages.of(world, pod.template))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Stage.class)));
        require(
                !stages.containsAll(EnumSet.of(Stage.PLAIN, Stage.SECURED)),
                "a member takes plain connections only while another one takes none");
    }

    private void check(World world, Look look, Action action) {
        Facts facts = new Facts(look, world.now);
        if (action instanceof Action.Evict evict) {
            eviction(world, look, facts, evict.id());
        } else if (action instanceof Action.ReplaceClaim replace) {
            claimGoes(world, replace.id());
            if (replace.pod() != null) {
                eviction(world, look, facts, replace.id());
            }
        } else if (action instanceof Action.DeleteVoter delete && delete.claim() != null) {
            claimGoes(world, delete.id());
        } else if (action instanceof Action.Promote promote) {
            change(world, promote.ifVersion(), action);
        } else if (action instanceof Action.AddMember add) {
            change(world, add.ifVersion(), action);
        } else if (action instanceof Action.RemoveMember remove) {
            change(world, remove.ifVersion(), action);
        } else if (action instanceof Action.StopVoters) {
            require(!world.hasQuorum(), "voters that serve are stopped");
        } else if (action instanceof Action.Found) {
            require(world.generation == null || world.wanted.storage().ephemeral(), "founds although it was founded");
        } else if (action instanceof Action.NewVoter voter) {
            require(voter.id() >= world.nextId && world.generation != null, "an id is used again: " + voter.id());
        } else if (action instanceof Action.ApplyTemplate apply) {
            template(world, look, facts, apply);
        }
    }

    private static void eviction(World world, Look look, Facts facts, int id) {
        Look.Voter voter = look.voter(id).orElse(null);
        boolean isInStep = voter != null && facts.isInStep(voter);
        long voters = world.ensemble == null ? 0 : world.ensemble.voters().size();
        if (isInStep && voters > 2) {
            boolean others = look.voters().stream()
                    .filter(other -> other.id() != id && world.ensemble.voters().contains(other.id()))
                    .allMatch(facts::isInStep);
            require(others, "voter " + id + " in step is taken down while another one is not");
        }
        boolean serves = world.pod(id) != null && world.pod(id).ready;
        require(
                !serves || world.taken.isEmpty() || world.taken.equals(Set.of(id)),
                "pod " + id + " is taken down while " + world.taken + " is not back");
    }

    /** Without this claim a quorum of the configuration of now is in step. */
    private static void claimGoes(World world, int id) {
        Ensemble ensemble = world.ensemble;
        if (ensemble == null || world.generation == null) {
            return;
        }
        List<Integer> voters = ensemble.voters();
        long rest = voters.stream()
                .filter(other -> other != id && world.counts(other))
                .count();
        require(rest > voters.size() / 2, "claim " + id + " goes, and no quorum without it is in step");
    }

    private static void change(World world, long ifVersion, Action action) {
        require(
                world.ensemble != null && !world.ensemble.pending && world.ensemble.version == ifVersion,
                "a change while another one is pending: " + action);
    }

    /** At most one voter has a template of which no pod was ever ready, but for pods that are stuck anyway. */
    private static void template(World world, Look look, Facts facts, Action.ApplyTemplate apply) {
        for (Look.Voter voter : look.voters()) {
            boolean isIt = voter.set() != null && voter.set().version().equals(apply.set());
            boolean hadNone = isIt && !world.proven.contains(voter.set().template());
            if (isIt && (hadNone || facts.isStuck(voter.pod()) || world.proven.contains(apply.template()))) {
                return;
            }
        }
        boolean isVoter = look.voters().stream()
                .anyMatch(voter -> voter.set() != null && voter.set().version().equals(apply.set()));
        boolean another = look.voters().stream()
                .filter(voter -> voter.set() != null && !voter.set().version().equals(apply.set()))
                .anyMatch(voter -> !Facts.isLeaving(voter)
                        && !world.proven.contains(voter.set().template()));
        require(!isVoter || !another, "two voters have templates that were never ready: " + apply);
    }

    /** What the operator does never costs a quorum of three voters or more. */
    void checkQuorumKept(World before, boolean had, World after, Action action) {
        boolean isLarge = before.ensemble != null && before.ensemble.voters().size() > 2;
        require(!had || !isLarge || after.hasQuorum() || after.canElect(), "the quorum is lost by " + action);
    }

    /**
     * A late action may end a pod that a quorum has come to need since the look; the pod comes back with its disk. It
     * never takes the disk.
     */
    void checkDisksKept(World before, World after, Action action) {
        require(
                before.generation == null || Faults.isLost(before) || !Faults.isLost(after),
                "the disks of a quorum are lost by " + action);
    }

    /** Checks what converged means. */
    void checkConverged(World world) {
        Look look = world.look();
        Facts facts = new Facts(look, world.now);
        Look.Ensemble.@Nullable Confirmed ensemble = facts.quorate().orElse(null);
        require(ensemble != null && world.initialized, "converged without a quorum");
        long voting = ensemble.members().stream().filter(Look.Member::votes).count();
        require(voting == world.wanted.voters(), "converged with " + voting + " voters");
        require(
                look.voters().stream().filter(v -> v.set() != null).count() == voting,
                "converged with a StatefulSet too many");
        require(
                look.voters().stream().filter(v -> v.set() != null).allMatch(facts::isInStep),
                "converged, not in step");
        require(
                look.voters().stream()
                        .allMatch(v -> v.set() == null
                                || (v.set().template().equals(world.wantedTemplate(""))
                                        && v.pod().template().equals(world.wantedTemplate("")))),
                "converged with an old template");
        require(world.stage() == world.wanted.stage(), "converged at another stage of TLS");
        int observers =
                world.groups.values().stream().mapToInt(g -> g.wantedReplicas).sum();
        require(ensemble.members().size() - voting == observers, "converged with other observers");
        require(
                look.observers().stream()
                        .flatMap(set -> set.pods().stream())
                        .allMatch(pod ->
                                facts.isInStep(pod) && pod.pod().template().equals(world.wantedTemplate(""))),
                "converged, an observer is not in step");
        require(
                world.start instanceof Look.Start.Joining joining
                        && joining.voters().equals(world.ensemble.voters()),
                "converged, pods would join others");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new Explorer.Violation(otherwise);
        }
    }
}
