package io.holdfast.operator.plan.model;

import io.holdfast.operator.plan.Look;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What can be seen of a world. */
final class LookOf {

    /** Of the configuration; no row depends on it. */
    private static final int LEVEL = 3;

    private final World world;
    private final @Nullable Ensemble ensemble;

    private LookOf(World world) {
        this.world = world;
        this.ensemble = world.ensemble;
    }

    static Look world(World world) {
        return new LookOf(world).look();
    }

    private Look look() {
        List<Look.Voter> voters = new ArrayList<>();
        for (World.Seat seat : world.seats.values()) {
            voters.add(new Look.Voter(
                    seat.id,
                    world.wantedTemplate(Integer.toString(seat.id)),
                    seat.set == null ? null : seat.set.look(),
                    seat.claim == null ? null : seat.claim.look(),
                    seat.pod == null ? null : look(seat.id, seat.pod),
                    seat.outOfStepSince));
        }
        List<Look.ObserverSet> observers = new ArrayList<>();
        for (World.Group group : world.groups.values()) {
            List<Look.ObserverPod> pods = new ArrayList<>();
            for (Map.Entry<Integer, World.Pod> pod : group.pods.entrySet()) {
                pods.add(new Look.ObserverPod(
                        pod.getKey(), look(pod.getKey(), pod.getValue()), claim(group.claims.get(pod.getKey()))));
            }
            observers.add(new Look.ObserverSet(
                    group.name,
                    group.wantedReplicas,
                    group.firstId,
                    world.wantedTemplate(group.name),
                    group.set == null ? null : group.set.look(),
                    pods));
        }
        var recorded =
                new Look.Recorded(world.generation, world.nextId, world.initialized, world.recovery, world.stage());
        return new Look(world.wanted, recorded, world.start, voters, observers, ensembleAsSeen(), world.foreign);
    }

    private Look.Pod look(int id, World.Pod pod) {
        World.Disk disk = world.disk(id);
        boolean isMember = ensemble != null && ensemble.members.containsKey(id);
        Look.Answer answer = pod.serves() && disk != null && !world.unreachable
                ? new Look.Answer(
                        disk.generation,
                        isMember && pod.synced,
                        world.hasQuorum() && pod.synced,
                        Stages.plainLinks(world, pod))
                : null;
        return new Look.Pod(
                new Look.Version(pod.name, pod.uid, "0"),
                pod.steady,
                pod.terminating,
                pod.running && !pod.nodeDead,
                pod.ready,
                pod.since,
                pod.template,
                new Look.Node("n" + id, pod.nodeDead),
                pod.waiting != null ? pod.waiting : waiting(id, pod),
                pod.lastExit,
                pod.restores,
                pod.restoreExit,
                answer);
    }

    private static Look.@Nullable Version claim(World.@Nullable Claim claim) {
        return claim == null || claim.terminating ? null : claim.look().version();
    }

    private Look.@Nullable Waiting waiting(int id, World.Pod pod) {
        if (pod.running) {
            return null;
        }
        if (!Surroundings.hasVolume(world, id)) {
            return new Look.Waiting("Unschedulable", pod.since);
        }
        return Surroundings.cannotRun(world, pod) ? new Look.Waiting("ImagePullBackOff", pod.since) : null;
    }

    private Look.Ensemble ensembleAsSeen() {
        if (ensemble == null || !world.hasQuorum() || world.unreachable) {
            boolean answers = !world.unreachable
                    && world.seats.values().stream().anyMatch(seat -> seat.pod != null && seat.pod.serves());
            return new Look.Ensemble.Unconfirmed(
                    answers ? Look.Doubt.NO_QUORUM : Look.Doubt.NO_ANSWER,
                    world.noQuorumSince == null ? world.now : world.noQuorumSince,
                    answers ? "no leader confirmed a read" : "no pod answered");
        }
        List<Look.Member> members = new ArrayList<>();
        ensemble.members.forEach((id, member) -> members.add(look(id, member)));
        return new Look.Ensemble.Confirmed(
                ensemble.leader,
                ensemble.epoch,
                ensemble.generation,
                ensemble.version,
                LEVEL,
                ensemble.pending,
                !ensemble.pending,
                members);
    }

    private Look.Member look(int id, Ensemble.Member member) {
        if (member.elsewhere) {
            String state =
                    ensemble != null && ensemble.leader == id ? "leader" : member.votes ? "follower" : "observer";
            return new Look.Member(
                    id, member.votes, false, state, "broadcast", 0L, member.votingDisk, member.votingDisk);
        }
        World.Pod pod = world.pod(id);
        World.Disk disk = world.disk(id);
        if (pod == null || disk == null || !pod.serves() || !pod.synced) {
            return new Look.Member(id, member.votes, true, "unknown", "unknown", null, null, member.votingDisk);
        }
        boolean leads = ensemble != null && ensemble.leader == id;
        String state = leads ? "leader" : world.counts(id) ? "follower" : "observer";
        return new Look.Member(id, member.votes, true, state, "broadcast", 0L, disk.id, member.votingDisk);
    }
}
