package io.holdfast.operator.plan.model;

import io.holdfast.operator.plan.Look;
import java.util.ArrayList;
import java.util.List;

/** What can go wrong around the operator. */
final class Faults {

    private Faults() {}

    /** Returns the faults that may happen now. */
    static List<Surroundings.Step> of(World world) {
        List<Surroundings.Step> faults = new ArrayList<>();
        for (World.Seat seat : world.seats.values()) {
            int id = seat.id;
            World.Pod pod = seat.pod;
            if (pod != null && !pod.terminating) {
                faults.add(new Surroundings.Step("pod " + id + " is lost", w -> Worlds.losePod(w, id)));
                faults.add(new Surroundings.Step("node of " + id + " is dead", w -> Worlds.loseNode(w, id)));
            }
            if (seat.claim != null && seat.claim.phase != Look.ClaimPhase.LOST) {
                faults.add(new Surroundings.Step("claim " + id + " is lost", w -> Worlds.loseClaim(w, id)));
                faults.add(new Surroundings.Step("claim " + id + " and its pod are deleted", w -> {
                    w.seat(id).claim.terminating = true;
                    Worlds.losePod(w, id);
                }));
                faults.add(new Surroundings.Step("volume " + id + " is emptied", w -> Worlds.emptyVolume(w, id)));
            }
            if (pod != null && pod.restores && pod.running) {
                faults.add(new Surroundings.Step("containers of " + id + " start anew", w -> Worlds.restart(w, id)));
            }
            if (seat.set != null) {
                faults.add(new Surroundings.Step("StatefulSet " + id + " is deleted", w -> w.seat(id).set = null));
            }
        }
        for (World.Group group : world.groups.values()) {
            group.pods.forEach((id, pod) -> {
                if (!pod.terminating) {
                    faults.add(new Surroundings.Step("pod " + id + " is lost", w -> Worlds.losePod(w, id)));
                }
            });
        }
        if (world.wanted.restore() && world.generation != null && !world.storeGone) {
            faults.add(new Surroundings.Step("what was restored from is gone", w -> w.storeGone = true));
        }
        if (world.badTemplates.isEmpty()) {
            faults.add(new Surroundings.Step("a bad image is wanted", w -> {
                w.template = "bad";
                w.badTemplates.add("bad");
            }));
        }
        return faults;
    }

    /** Nodes come back, and an image that exists is wanted. */
    static void heal(World world) {
        world.seats.values().forEach(seat -> heal(seat.pod));
        world.groups.values().forEach(group -> group.pods.values().forEach(Faults::heal));
        if (world.badTemplates.contains(world.template)) {
            world.template = "repaired";
        }
        world.settle();
    }

    private static void heal(World.Pod pod) {
        if (pod != null) {
            pod.nodeDead = false;
        }
    }

    /** Returns whether so many disks are lost that no quorum can come back. */
    static boolean isLost(World world) {
        Ensemble ensemble = world.ensemble;
        if (ensemble == null || world.generation == null) {
            return false;
        }
        if (ensemble.generation != world.generation) {
            return true;
        }
        List<Integer> voters = ensemble.voters();
        long left = voters.stream()
                .filter(id -> {
                    World.Disk disk = world.disk(id);
                    World.Claim claim = world.seats.containsKey(id) ? world.seats.get(id).claim : null;
                    return disk != null
                            && claim != null
                            && claim.phase != Look.ClaimPhase.LOST
                            && disk.id.equals(ensemble.members.get(id).votingDisk);
                })
                .count();
        return left <= voters.size() / 2;
    }
}
