package io.holdfast.operator.plan.model;

import io.holdfast.operator.plan.Action;
import io.holdfast.operator.plan.Look;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A world as a text in which two worlds are equal that differ in names of uids, versions and epochs only. */
final class Canonical {

    private final World world;
    private final StringBuilder text = new StringBuilder(400);
    private final List<Long> generations = new ArrayList<>();

    private Canonical(World world) {
        this.world = world;
        generations.add(0L);
    }

    /** An action that is yet to be carried out. */
    record Late(Action action, int seenStatus) {}

    static String of(World world, int faults, @Nullable Late late) {
        Canonical canonical = new Canonical(world);
        canonical.text.append(faults).append('|');
        canonical.world();
        if (late != null) {
            canonical.late(late);
        }
        return canonical.text.toString();
    }

    /** What it would do now says whether its preconditions hold, which they never do again when they do not. */
    private void late(Late late) {
        World done = world.copy();
        int writes = Effects.apply(done, late.action(), late.seenStatus(), Integer.MAX_VALUE);
        text.append(late.action().getClass().getSimpleName()).append(writes).append(of(done, 0, null));
        text.append(world.statusVersion == late.seenStatus());
    }

    private void world() {
        text.append(world.template)
                .append(world.stage().ordinal())
                .append(world.wanted.stage().ordinal())
                .append(world.storeGone)
                .append(world.unreachable)
                .append(world.badTemplates)
                .append(world.proven)
                .append(world.taken);
        text.append(world.wanted.voters())
                .append(',')
                .append(world.wanted.replace())
                .append('|');
        generation(world.generation == null ? 0 : world.generation);
        text.append(world.nextId).append(world.initialized);
        text.append(
                world.start instanceof Look.Start.Joining joining
                        ? joining.voters() + "-" + joining.generation()
                        : world.start.getClass().getSimpleName());
        since(world.noQuorumSince);
        Ensemble ensemble = world.ensemble;
        if (ensemble != null) {
            generation(ensemble.generation);
            text.append(ensemble.leader).append(ensemble.pending);
            ensemble.members.forEach((id, member) -> {
                World.Disk disk = world.disk(id);
                text.append(id).append(member.votes).append(disk != null && disk.id.equals(member.votingDisk));
            });
        }
        world.seats.values().forEach(this::seat);
        world.groups.values().forEach(this::group);
    }

    private void seat(World.Seat seat) {
        text.append("\nS").append(seat.id);
        set(seat.set);
        claim(seat.claim);
        pod(seat.pod);
        since(seat.outOfStepSince);
    }

    private void claim(World.@Nullable Claim claim) {
        if (claim != null) {
            text.append('C')
                    .append(claim.phase.ordinal())
                    .append(claim.terminating)
                    .append(claim.mark.ordinal())
                    .append(claim.bytes)
                    .append(claim.madeFor);
            generation(claim.generation == null ? 0 : claim.generation);
            generation(claim.disk.generation);
        }
    }

    private void group(World.Group group) {
        text.append("\nG")
                .append(group.name)
                .append(group.wantedReplicas)
                .append(',')
                .append(group.firstId);
        set(group.set);
        group.pods.forEach((id, pod) -> {
            text.append(id);
            pod(pod);
        });
        group.claims.forEach((id, claim) -> {
            text.append(id);
            claim(claim);
        });
    }

    private void set(World.@Nullable Sts set) {
        if (set != null) {
            text.append('T')
                    .append(set.replicas)
                    .append(set.leaving)
                    .append(set.restores)
                    .append(set.template);
        }
    }

    private void pod(World.@Nullable Pod pod) {
        if (pod == null) {
            return;
        }
        text.append('P').append(pod.template).append(pod.terminating ? 't' : '-');
        text.append(pod.nodeDead ? 'd' : '-').append(pod.running ? 'r' : '-').append(pod.synced ? 's' : '-');
        text.append(pod.ready ? 'y' : '-').append(pod.restores ? 'b' : '-');
        since(pod.since);
        generation(pod.generation == null ? 0 : pod.generation);
        if (pod.disk != null) {
            generation(pod.disk.generation);
        }
    }

    private void since(@Nullable Instant since) {
        text.append(since == null ? '0' : since.equals(world.now) ? 'n' : 'o');
    }

    private void generation(long generation) {
        int index = generations.indexOf(generation);
        if (index < 0) {
            index = generations.size();
            generations.add(generation);
        }
        text.append('g').append(index);
    }
}
