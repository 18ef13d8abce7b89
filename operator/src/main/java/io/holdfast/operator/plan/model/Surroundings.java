package io.holdfast.operator.plan.model;

import io.holdfast.operator.plan.Look;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What happens without the operator: controllers make and remove pods, pods start, servers join and catch up. */
final class Surroundings {

    private Surroundings() {}

    /**
     * Something that may happen next.
     *
     * @param name for people
     * @param change what it does
     */
    record Step(String name, Consumer<World> change) {

        void on(World world) {
            change.accept(world);
            world.settle();
        }
    }

    /** Lets everything happen that may, in one order, until nothing may. */
    static void rest(World world) {
        for (List<Step> steps = steps(world); !steps.isEmpty(); steps = steps(world)) {
            steps.get(0).on(world);
        }
    }

    /** Returns what may happen now, in one order. */
    static List<Step> steps(World world) {
        List<Step> steps = new ArrayList<>();
        Ensemble ensemble = world.ensemble;
        if (ensemble != null && ensemble.pending && world.hasQuorum()) {
            steps.add(new Step("the change settles", w -> ensemble(w).pending = false));
        }
        for (World.Seat seat : world.seats.values()) {
            stepsOf(world, seat, steps);
        }
        for (World.Group group : world.groups.values()) {
            stepsOf(world, group, steps);
        }
        return steps;
    }

    private static void stepsOf(World world, World.Seat seat, List<Step> steps) {
        int id = seat.id;
        World.Sts set = seat.set;
        World.Pod pod = seat.pod;
        boolean isWanted = set != null && set.replicas > 0;
        if (pod == null) {
            if (set != null && isWanted) {
                steps.add(new Step("pod " + id + " is made", w -> make(w, w.seat(id))));
            }
        } else if (!isWanted && !pod.terminating) {
            steps.add(new Step("pod " + id + " is deleted", w -> pod(w, id).terminating = true));
        } else if (pod.terminating && !pod.nodeDead) {
            steps.add(new Step("pod " + id + " ends", w -> w.seat(id).pod = null));
        } else {
            stepsOf(world, id, pod, steps);
        }
        World.Claim claim = seat.claim;
        if (claim != null && claim.terminating && (pod == null || !pod.running)) {
            steps.add(new Step("claim " + id + " is gone", w -> w.seat(id).claim = null));
        }
    }

    private static void stepsOf(World world, World.Group group, List<Step> steps) {
        World.Sts set = group.set;
        Integer first = group.firstId;
        if (set == null || first == null) {
            return;
        }
        for (int id = first; id < first + Math.max(set.replicas, group.wantedReplicas); id++) {
            int observer = id;
            World.Pod pod = group.pods.get(id);
            World.Claim claim = group.claims.get(id);
            boolean isLeft = claim != null && claim.terminating;
            if (isLeft && (pod == null || !pod.running)) {
                steps.add(new Step(
                        "claim " + id + " is gone",
                        w -> group(w, group.name).claims.remove(observer)));
            }
            if (pod == null) {
                if (id < first + set.replicas && !isLeft) {
                    steps.add(new Step("pod " + id + " is made", w -> make(w, group(w, group.name), observer)));
                }
            } else if (pod.terminating && !pod.nodeDead) {
                steps.add(new Step(
                        "pod " + id + " ends", w -> group(w, group.name).pods.remove(observer)));
            } else if (!pod.terminating) {
                stepsOf(world, id, pod, steps);
            }
        }
        for (Map.Entry<Integer, World.Pod> pod :
                group.pods.tailMap(first + set.replicas, true).entrySet()) {
            int id = pod.getKey();
            steps.add(new Step("pod " + id + " ends", w -> {
                group(w, group.name).pods.remove(id);
                group(w, group.name).claims.remove(id);
            }));
        }
    }

    private static void stepsOf(World world, int id, World.Pod pod, List<Step> steps) {
        if (pod.nodeDead || pod.terminating) {
            return;
        }
        if (!pod.running) {
            if (!cannotRun(world, pod) && hasVolume(world, id)) {
                steps.add(new Step("pod " + id + " runs", w -> {
                    World.Pod starting = pod(w, id);
                    starting.running = true;
                    starting.generation = w.start instanceof Look.Start.Joining joining ? joining.generation() : null;
                    starting.since = w.now;
                }));
            }
        } else if (!pod.synced) {
            Consumer<World> sync = sync(world, id);
            if (sync != null) {
                steps.add(new Step("server " + id + " is in step", sync));
            }
        } else if (hasOtherDisk(world, id) && world.hasQuorum() && !ensemble(world).pending) {
            steps.add(new Step("server " + id + " is readmitted", w -> readmit(w, id)));
        }
    }

    /** Returns whether the containers of a pod cannot start. */
    static boolean cannotRun(World world, World.Pod pod) {
        return world.badTemplates.contains(Stages.imageOf(pod.template)) || (pod.restores && world.storeGone);
    }

    /** Returns whether the pod of an id can be scheduled with its volume. */
    static boolean hasVolume(World world, int id) {
        World.Seat seat = world.seats.get(id);
        World.Claim claim = seat == null ? world.claimOfObserver(id) : seat.claim;
        if (seat == null ? claim == null : world.wanted.storage().ephemeral()) {
            return true;
        }
        return claim != null && !claim.terminating && claim.phase != Look.ClaimPhase.LOST;
    }

    private static void make(World world, World.Seat seat) {
        if (seat.set != null) {
            seat.pod = new World.Pod("c-voter-" + seat.id + "-0", world.uid(), seat.set.template, world.now);
            seat.pod.restores = seat.set.restores;
            if (world.wanted.storage().ephemeral()) {
                seat.pod.disk = new World.Disk(world.uid());
            }
        }
    }

    private static void make(World world, World.Group group, int id) {
        if (group.set != null) {
            World.Pod pod = new World.Pod(group.name + "-" + id, world.uid(), group.set.template, world.now);
            if (group.ephemeral) {
                pod.disk = new World.Disk(world.uid());
            } else if (!group.claims.containsKey(id)) {
                String name = "data-" + pod.name;
                group.claims.put(id, new World.Claim(name, world.uid(), 1, "", new World.Disk(world.uid())));
            }
            group.pods.put(id, pod);
        }
    }

    /** Returns what happens when a server that runs finds its ensemble; null when it finds none. */
    private static @Nullable Consumer<World> sync(World world, int id) {
        World.Disk disk = world.disk(id);
        Ensemble ensemble = world.ensemble;
        if (disk == null) {
            return null;
        }
        boolean founds = id == 1 && disk.generation == 0 && world.start instanceof Look.Start.Founding;
        if (founds) {
            return Surroundings::found;
        }
        if (ensemble == null || !ensemble.members.containsKey(id)) {
            return null;
        }
        boolean isOwn = disk.generation == ensemble.generation && world.canElect();
        boolean joins = disk.generation == 0 && world.hasQuorum() && world.start instanceof Look.Start.Joining;
        return isOwn || joins
                ? w -> {
                    disk(w, id).generation = ensemble(w).generation;
                    pod(w, id).synced = true;
                }
                : null;
    }

    private static void found(World world) {
        world.foundings++;
        Ensemble ensemble = new Ensemble(1_000L * world.foundings);
        World.Disk disk = disk(world, 1);
        disk.generation = ensemble.generation;
        ensemble.members.put(1, new Ensemble.Member(true, disk.id));
        ensemble.leader = 1;
        world.ensemble = ensemble;
        pod(world, 1).synced = true;
    }

    private static boolean hasOtherDisk(World world, int id) {
        Ensemble.Member member = world.ensemble == null ? null : world.ensemble.members.get(id);
        World.Disk disk = world.disk(id);
        return member != null && member.votes && disk != null && !disk.id.equals(member.votingDisk);
    }

    /** Binds the vote of a member to the disk that it has. */
    static void readmit(World world, int id) {
        Ensemble.Member member = ensemble(world).members.get(id);
        if (member != null) {
            member.votingDisk = disk(world, id).id;
            ensemble(world).version++;
        }
    }

    static Ensemble ensemble(World world) {
        return there(world.ensemble, "ensemble");
    }

    private static World.Pod pod(World world, int id) {
        return there(world.pod(id), "pod " + id);
    }

    private static World.Disk disk(World world, int id) {
        return there(world.disk(id), "disk " + id);
    }

    private static World.Group group(World world, String name) {
        return there(world.groups.get(name), name);
    }

    private static <T> T there(@Nullable T value, String name) {
        if (value == null) {
            throw new IllegalStateException(name + " is not there");
        }
        return value;
    }
}
