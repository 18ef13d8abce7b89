package io.holdfast.operator.plan.model;

import io.holdfast.operator.plan.Look;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The world that a look suggests: where the look does not say, what is best. */
final class WorldOf {

    private final World world;
    private final Look look;

    private WorldOf(Look look, Instant now) {
        this.look = look;
        this.world = new World(now, look.wanted(), "wanted");
    }

    static World look(Look look, Instant now) {
        return new WorldOf(look, now).world();
    }

    private World world() {
        Look.Recorded recorded = look.recorded();
        world.generation = recorded.generation();
        world.nextId = recorded.nextId();
        world.initialized = recorded.initialized();
        world.recovery = recorded.recovery();
        world.stage = recorded.stage();
        world.unnamed = recorded.stage();
        world.start = look.start();
        world.foreign = look.foreign();
        if (look.ensemble() instanceof Look.Ensemble.Unconfirmed unconfirmed) {
            world.noQuorumSince = unconfirmed.since();
        }
        look.voters().forEach(this::add);
        look.observers().forEach(this::add);
        world.ensemble = ensemble();
        world.settle();
        return world;
    }

    private void add(Look.Voter voter) {
        World.Seat seat = world.seat(voter.id());
        world.templates.put(Integer.toString(voter.id()), voter.wantedTemplate());
        seat.outOfStepSince = voter.outOfStepSince();
        seat.set = voter.set() == null ? null : set(voter.set());
        if (voter.claim() != null) {
            seat.claim = claim(voter, voter.claim());
        }
        seat.pod = voter.pod() == null ? null : pod(voter.id(), voter.pod());
        if (seat.pod != null && voter.claim() == null) {
            seat.pod.disk = disk(voter.id());
        }
    }

    private void add(Look.ObserverSet observers) {
        World.Group group = new World.Group(observers.name(), observers.wantedReplicas());
        world.templates.put(observers.name(), observers.wantedTemplate());
        group.firstId = observers.firstId();
        group.set = observers.set() == null ? null : set(observers.set());
        for (Look.ObserverPod observer : observers.pods()) {
            World.Pod pod = pod(observer.id(), observer.pod());
            World.Disk disk = disk(observer.id());
            Look.Version claim = observer.claim();
            if (claim == null) {
                pod.disk = disk;
            } else {
                group.ephemeral = false;
                group.claims.put(observer.id(), new World.Claim(claim.name(), claim.uid(), 1, "", disk));
            }
            group.pods.put(observer.id(), pod);
        }
        world.groups.put(observers.name(), group);
    }

    private static World.Sts set(Look.StatefulSet seen) {
        Look.Version version = seen.version();
        World.Sts set = new World.Sts(version.name(), version.uid(), seen.replicas(), seen.template());
        set.leaving = seen.leaving();
        set.restores = seen.restores();
        return set;
    }

    private World.Claim claim(Look.Voter voter, Look.Claim seen) {
        Look.Version version = seen.version();
        World.Claim claim =
                new World.Claim(version.name(), version.uid(), seen.requestedBytes(), seen.madeFor(), disk(voter.id()));
        claim.phase = seen.phase();
        claim.terminating = seen.terminating();
        claim.generation = seen.generation();
        claim.mark = seen.mark();
        return claim;
    }

    private World.Pod pod(int id, Look.Pod seen) {
        Look.Version version = seen.version();
        World.Pod pod = new World.Pod(version.name(), version.uid(), seen.template(), seen.since());
        pod.terminating = seen.terminating();
        pod.running = seen.running();
        pod.ready = seen.ready();
        pod.steady = true;
        pod.lastExit = seen.lastExit();
        pod.restoreExit = seen.restoreExit();
        pod.restores = seen.restores();
        pod.synced = seen.ready() || isHeard(member(id));
        if (seen.waiting() != null
                && !seen.running()
                && !seen.waiting().reason().equals("Unschedulable")) {
            world.badTemplates.add(seen.template());
        }
        return pod;
    }

    private static boolean isHeard(Look.@Nullable Member member) {
        return member != null && member.phase().equals("broadcast");
    }

    private World.Disk disk(int id) {
        Look.Member member = member(id);
        World.Disk disk = new World.Disk(member == null || member.disk() == null ? world.uid() : member.disk());
        Long generation = look.recorded().generation();
        boolean isEmpty = look.ensemble() instanceof Look.Ensemble.Confirmed && member == null;
        disk.generation = generation == null || isEmpty ? 0 : generation;
        return disk;
    }

    private Look.@Nullable Member member(int id) {
        return look.ensemble() instanceof Look.Ensemble.Confirmed confirmed
                ? confirmed.member(id).orElse(null)
                : null;
    }

    private @Nullable Ensemble ensemble() {
        if (look.ensemble() instanceof Look.Ensemble.Confirmed confirmed) {
            Ensemble ensemble = new Ensemble(confirmed.generation());
            ensemble.version = confirmed.configurationVersion();
            ensemble.pending = confirmed.pending() || !confirmed.settled();
            ensemble.leader = confirmed.leader();
            ensemble.epoch = confirmed.epoch();
            for (Look.Member seen : confirmed.members()) {
                World.Disk disk = world.disk(seen.id());
                String votingDisk = seen.votingDisk() != null || disk == null ? seen.votingDisk() : disk.id;
                Ensemble.Member member = new Ensemble.Member(seen.votes(), seen.votes() ? votingDisk : null);
                member.elsewhere = !seen.ours();
                ensemble.members.put(seen.id(), member);
            }
            return ensemble;
        }
        Long generation = look.recorded().generation();
        if (generation == null) {
            return null;
        }
        Ensemble ensemble = new Ensemble(generation);
        List<Integer> voters = look.start() instanceof Look.Start.Joining joining ? joining.voters() : List.of(1);
        for (int id : voters) {
            World.Disk disk = world.disk(id);
            ensemble.members.put(id, new Ensemble.Member(true, disk == null ? "lost" : disk.id));
        }
        return ensemble;
    }
}
