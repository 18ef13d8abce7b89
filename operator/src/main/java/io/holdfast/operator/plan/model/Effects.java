package io.holdfast.operator.plan.model;

import io.holdfast.operator.plan.Action;
import io.holdfast.operator.plan.Look;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What an action writes, write by write, each with its precondition: where one does not hold, this write and those
 * after it do nothing.
 */
final class Effects {

    private final World world;

    /** The version of the status that the look had. */
    private final int seenStatus;

    private Effects(World world, int seenStatus) {
        this.world = world;
        this.seenStatus = seenStatus;
    }

    /** Does the whole of an action that was chosen for this world. */
    static void apply(World world, Action action) {
        apply(world, action, world.statusVersion, Integer.MAX_VALUE);
    }

    /**
     * Does the first writes of an action; returns how many there were and succeeded.
     *
     * @param seenStatus version of the status in the look from which the action was chosen
     * @param limit after how many writes the operator ends
     */
    static int apply(World world, Action action, int seenStatus, int limit) {
        List<Consumer<Effects>> writes = writes(action);
        Effects effects = new Effects(world, seenStatus);
        int done = 0;
        try {
            for (Consumer<Effects> write : writes.subList(0, Math.min(limit, writes.size()))) {
                write.accept(effects);
                world.settle();
                done++;
            }
        } catch (Conflict conflict) {
            world.settle();
        }
        return done;
    }

    /** Returns the writes of an action, in order. */
    static List<Consumer<Effects>> writes(Action action) {
        if (action instanceof Action.Found) {
            return List.of(Effects::startFounding, e -> e.makeClaim(1), e -> e.makeSet(1));
        } else if (action instanceof Action.Adopt adopt) {
            return adopt(adopt);
        } else if (action instanceof Action.RecordGeneration record) {
            return List.of(e -> e.status(w -> {
                w.generation = record.generation();
                w.nextId = record.nextId();
                w.stage = w.wanted.stage();
            }));
        } else if (action instanceof Action.CloseFounding close) {
            return List.of(e -> e.join(close.start(), close.voters()));
        } else if (action instanceof Action.UpdateJoin join) {
            return List.of(e -> e.join(join.start(), join.voters()));
        } else if (action instanceof Action.DropRestore drop) {
            return List.of(e -> e.set(drop.set(), set -> set.restores = false));
        } else if (action instanceof Action.LabelClaim label) {
            return List.of(e -> e.claim(label.id(), label.claim(), claim -> claim.generation = label.generation()));
        } else if (action instanceof Action.Initialize) {
            return List.of(e -> e.status(w -> {
                w.initialized = true;
                w.served = w.generation == null ? 0 : w.generation;
            }));
        } else if (action instanceof Action.Secure secure) {
            return List.of(e -> e.status(w -> w.stage = secure.stage()));
        } else if (action instanceof Action.Recreate recreate) {
            return List.of(e -> e.makeSet(recreate.id()));
        } else if (action instanceof Action.Start start) {
            return List.of(e -> e.set(start.set(), set -> set.replicas = 1));
        } else if (action instanceof Action.ApplyTemplate apply) {
            return List.of(e -> e.template(apply));
        } else if (action instanceof Action.Evict evict) {
            return List.of(e -> e.evict(evict.id(), evict.pod()));
        } else if (action instanceof Action.HandOver handOver) {
            return List.of(e -> e.handOver(handOver));
        } else if (action instanceof Action.MakeObservers make) {
            return List.of(e -> e.firstId(make), e -> e.makeSet(make));
        } else if (action instanceof Action.ScaleObservers scale) {
            return List.of(e -> e.set(scale.set(), set -> set.replicas = scale.replicas()));
        }
        return writesOfVolumesAndMembers(action);
    }

    private static List<Consumer<Effects>> writesOfVolumesAndMembers(Action action) {
        if (action instanceof Action.MarkLeaving mark) {
            return List.of(e -> e.markClaim(mark.id(), mark.claim(), Look.Mark.REMOVED), e -> e.markSet(mark.set()));
        } else if (action instanceof Action.ReplaceClaim replace) {
            return List.of(e -> e.deleteClaim(replace.id(), replace.claim()), e -> {
                if (replace.pod() != null) {
                    e.evict(replace.id(), replace.pod());
                }
            });
        } else if (action instanceof Action.MakeClaim make) {
            return List.of(e -> e.makeClaim(make.id()));
        } else if (action instanceof Action.Resize resize) {
            return List.of(e -> e.claim(resize.id(), resize.claim(), claim -> claim.bytes = resize.bytes()));
        } else if (action instanceof Action.DeleteVoter delete) {
            return List.of(
                    e -> e.deleteSet(delete.id(), delete.set()), e -> e.deleteClaim(delete.id(), delete.claim()));
        } else if (action instanceof Action.NewVoter voter) {
            return List.of(e -> e.takeId(voter.id()), e -> e.makeClaim(voter.id()), e -> e.makeSet(voter.id()));
        } else if (action instanceof Action.AddMember add) {
            return List.of(e -> e.change(
                    add.ifVersion(),
                    ensemble -> ensemble.members.putIfAbsent(add.id(), new Ensemble.Member(false, null))));
        } else if (action instanceof Action.Promote promote) {
            return List.of(e -> e.promote(promote));
        } else if (action instanceof Action.RemoveMember remove) {
            return List.of(e -> e.remove(remove));
        }
        return writesOfRecovery(action);
    }

    private static List<Consumer<Effects>> writesOfRecovery(Action action) {
        if (action instanceof Action.StopVoters stop) {
            List<Consumer<Effects>> writes = new ArrayList<>();
            writes.add(e -> e.status(w -> w.recovery = Look.Recovery.NONE));
            stop.sets().forEach(set -> writes.add(e -> e.set(set, sts -> sts.replicas = 0)));
            return writes;
        } else if (action instanceof Action.ExamineVolume examine) {
            return List.of(e -> e.examine(examine.id()));
        } else if (action instanceof Action.ConfirmRecovery confirm) {
            return List.of(
                    e -> e.recover(confirm),
                    e -> e.status(w -> w.recovery = new Look.Recovery(
                            w.recovery.examined(),
                            new Look.Recovered(confirm.id(), confirm.code(), Surroundings.ensemble(w).generation))));
        } else if (action instanceof Action.BeginGeneration begin) {
            List<Consumer<Effects>> writes = new ArrayList<>();
            for (Look.Voter voter : begin.leaving()) {
                Look.Claim claim = voter.claim();
                Look.StatefulSet set = voter.set();
                writes.add(e -> e.markClaim(voter.id(), claim == null ? null : claim.version(), Look.Mark.BEFORE));
                writes.add(e -> e.markSet(set == null ? null : set.version()));
            }
            writes.add(e -> e.label(begin.id(), begin.generation()));
            writes.add(e -> e.status(w -> w.generation = begin.generation()));
            return writes;
        }
        return List.of();
    }

    private static List<Consumer<Effects>> adopt(Action.Adopt adopt) {
        List<Consumer<Effects>> writes = new ArrayList<>();
        writes.add(e -> e.join(versionOf(adopt.start()), adopt.voters()));
        for (Look.Claim kept : adopt.claims()) {
            writes.add(e -> e.world.seats.values().stream()
                    .map(seat -> seat.claim)
                    .filter(claim ->
                            claim != null && claim.uid.equals(kept.version().uid()))
                    .forEach(claim -> claim.madeFor = e.world.wanted.uid()));
        }
        adopt.voters().forEach(id -> writes.add(e -> e.makeSet(id)));
        return writes;
    }

    private static Look.@Nullable Version versionOf(Look.Start start) {
        if (start instanceof Look.Start.Founding founding) {
            return founding.version();
        }
        return start instanceof Look.Start.Joining joining ? joining.version() : null;
    }

    private void status(Consumer<World> change) {
        require(world.statusVersion == seenStatus);
        change.accept(world);
        world.statusVersion++;
    }

    private void startFounding() {
        if (world.start instanceof Look.Start.None) {
            world.start = new Look.Start.Founding(nextStart(null));
        }
        require(world.start instanceof Look.Start.Founding);
    }

    private void join(Look.@Nullable Version seen, List<Integer> voters) {
        Look.Version now = versionOf(world.start);
        require(seen == null ? now == null : seen.equals(now));
        world.start = new Look.Start.Joining(nextStart(now), voters, world.generation);
    }

    private Look.Version nextStart(Look.@Nullable Version before) {
        int version = before == null ? 0 : Integer.parseInt(before.resourceVersion()) + 1;
        return new Look.Version("c-start", before == null ? world.uid() : before.uid(), Integer.toString(version));
    }

    private void makeSet(int id) {
        World.Seat seat = world.seat(id);
        if (seat.set == null) {
            seat.set = new World.Sts("c-voter-" + id, world.uid(), 1, world.wantedTemplate(Integer.toString(id)));
            seat.set.restores = id == 1 && isRestoring();
        }
    }

    private boolean isRestoring() {
        return world.wanted.restore() && world.generation == null && world.start instanceof Look.Start.Founding;
    }

    private void template(Action.ApplyTemplate apply) {
        set(apply.set(), set -> {
            set.template = apply.template();
            set.restores &= isRestoring();
        });
    }

    /** The claim of the voter that goes on is of the new generation. */
    private void label(int id, long generation) {
        World.Claim claim = world.seat(id).claim;
        if (claim != null) {
            claim.generation = generation;
            claim.version++;
        }
    }

    private void makeClaim(int id) {
        World.Seat seat = world.seat(id);
        if (seat.claim == null && !world.wanted.storage().ephemeral()) {
            seat.claim = new World.Claim(
                    "c-voter-" + id,
                    world.uid(),
                    world.wanted.storage().bytes(),
                    world.wanted.uid(),
                    new World.Disk(world.uid()));
            seat.claim.generation = world.generation;
        }
    }

    private void takeId(int id) {
        status(w -> {
            require(w.nextId <= id);
            w.nextId = id + 1;
        });
    }

    private void set(Look.Version seen, Consumer<World.Sts> change) {
        World.Sts set = find(seen);
        require(set != null && seen.equals(set.seen()));
        if (set != null) {
            change.accept(set);
            set.version++;
        }
    }

    private World.@Nullable Sts find(Look.Version seen) {
        for (World.Seat seat : world.seats.values()) {
            if (seat.set != null && seat.set.uid.equals(seen.uid())) {
                return seat.set;
            }
        }
        return world.groups.values().stream()
                .map(group -> group.set)
                .filter(set -> set != null && set.uid.equals(seen.uid()))
                .findFirst()
                .orElse(null);
    }

    private void markSet(Look.@Nullable Version seen) {
        if (seen != null) {
            set(seen, set -> set.leaving = true);
        }
    }

    private void deleteSet(int id, Look.@Nullable Version seen) {
        if (seen != null) {
            World.Seat seat = world.seat(id);
            require(seat.set != null && seat.set.seen().equals(seen));
            seat.set = null;
        }
    }

    private void claim(int id, Look.@Nullable Version seen, Consumer<World.Claim> change) {
        if (seen != null) {
            World.Seat seat = world.seats.get(id);
            World.Claim claim = seat == null ? world.claimOfObserver(id) : seat.claim;
            require(claim != null && seen.equals(claim.look().version()));
            if (claim != null) {
                change.accept(claim);
                claim.version++;
            }
        }
    }

    private void markClaim(int id, Look.@Nullable Version seen, Look.Mark mark) {
        claim(id, seen, claim -> claim.mark = mark);
    }

    private void deleteClaim(int id, Look.@Nullable Version seen) {
        claim(id, seen, claim -> claim.terminating = true);
    }

    /** The budget allows an eviction of a ready voter only when a quorum of ready ones is left. */
    private void evict(int id, Look.Version seen) {
        World.Pod pod = world.pod(id);
        require(pod != null && pod.uid.equals(seen.uid()));
        if (pod == null || pod.terminating) {
            return;
        }
        Ensemble ensemble = world.ensemble;
        if (pod.ready && ensemble != null && ensemble.voters().size() > 2 && world.seats.containsKey(id)) {
            long ready = world.seats.values().stream()
                    .filter(seat -> seat.pod != null && seat.pod.ready && !seat.pod.terminating)
                    .count();
            require(ready - 1 > ensemble.voters().size() / 2);
        }
        pod.terminating = true;
        world.taken.add(id);
    }

    private void change(long ifVersion, Consumer<Ensemble> change) {
        Ensemble ensemble = world.ensemble;
        require(ensemble != null && world.hasQuorum() && !ensemble.pending && ensemble.version == ifVersion);
        if (ensemble != null) {
            change.accept(ensemble);
            ensemble.version++;
            ensemble.pending = true;
        }
    }

    private void promote(Action.Promote promote) {
        World.Pod pod = world.pod(promote.id());
        World.Disk disk = world.disk(promote.id());
        require(pod != null && pod.serves() && pod.synced && disk != null);
        change(promote.ifVersion(), ensemble -> {
            Ensemble.Member member = ensemble.members.get(promote.id());
            require(member != null);
            if (member != null && disk != null) {
                member.votes = true;
                member.votingDisk = disk.id;
            }
        });
    }

    private void remove(Action.RemoveMember remove) {
        change(remove.ifVersion(), ensemble -> {
            require(ensemble.members.containsKey(remove.id()));
            List<Integer> rest =
                    ensemble.voters().stream().filter(id -> id != remove.id()).toList();
            require(rest.stream().filter(world::counts).count() > rest.size() / 2);
            ensemble.members.remove(remove.id());
            World.Pod pod = world.pod(remove.id());
            if (pod != null) {
                pod.synced = false;
            }
        });
    }

    private void handOver(Action.HandOver handOver) {
        require(world.hasQuorum() && world.counts(handOver.to()));
        Surroundings.ensemble(world).leader = handOver.to();
        Surroundings.ensemble(world).epoch++;
    }

    private void firstId(Action.MakeObservers make) {
        World.Group group = world.groups.get(make.name());
        require(group != null && (group.firstId == null || group.firstId == make.firstId()));
        if (group != null) {
            group.firstId = make.firstId();
        }
    }

    private void makeSet(Action.MakeObservers make) {
        World.Group group = world.groups.get(make.name());
        if (group != null && group.set == null) {
            group.set = new World.Sts(make.name(), world.uid(), make.replicas(), world.wantedTemplate(make.name()));
        }
    }

    private void examine(int id) {
        World.Disk disk = world.disk(id);
        boolean isReadable = disk != null && disk.generation != 0;
        status(w -> {
            List<Look.Examined> examined = new ArrayList<>(w.recovery.examined());
            examined.add(new Look.Examined(id, isReadable ? "7-" + id : null, isReadable ? "code-" + id : null));
            w.recovery = new Look.Recovery(examined, w.recovery.confirmed());
        });
    }

    private void recover(Action.ConfirmRecovery confirm) {
        World.Disk disk = world.disk(confirm.id());
        require(disk != null && disk.generation != 0);
        if (disk == null) {
            return;
        }
        world.foundings++;
        Ensemble ensemble = new Ensemble(1_000L * world.foundings);
        disk.generation = ensemble.generation;
        ensemble.members.put(confirm.id(), new Ensemble.Member(true, disk.id));
        ensemble.leader = confirm.id();
        world.ensemble = ensemble;
    }

    private static void require(boolean precondition) {
        if (!precondition) {
            throw new Conflict();
        }
    }

    /** A precondition does not hold. */
    private static final class Conflict extends RuntimeException {

        private static final long serialVersionUID = 1;

        Conflict() {
            super("a precondition does not hold", null, false, false);
        }
    }
}
