package io.holdfast.operator.plan.model;

import io.holdfast.operator.plan.Look;
import io.holdfast.operator.plan.Planner;
import io.holdfast.operator.plan.Stage;
import io.holdfast.operator.plan.Wanted;
import java.time.Duration;
import java.time.Instant;

/** Worlds from which tests begin. */
final class Worlds {

    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    static final String TEMPLATE = "t1";

    private static final int MANY = 500;

    private Worlds() {}

    static Wanted wanted(int voters) {
        return new Wanted(
                "cluster-uid",
                voters,
                false,
                new Wanted.Storage(false, 10, true, Duration.ofMinutes(15), true),
                new Wanted.Updates(Duration.ofSeconds(10), Duration.ofMinutes(10), 1_000),
                false,
                null,
                null,
                new Wanted.Recover.No(),
                true,
                null);
    }

    /** Returns a world in which nothing was done yet. */
    static World empty(int voters, int observers) {
        World world = new World(NOW, wanted(voters), TEMPLATE);
        if (observers > 0) {
            world.groups.put("readers", new World.Group("readers", observers));
        }
        return world;
    }

    /** Returns a world in which everything is as wanted, and has been for long. */
    static World converged(int voters, int observers) {
        World world = empty(voters, observers);
        for (int i = 0; i < MANY; i++) {
            Effects.apply(world, Planner.next(world.look(), NOW));
            Surroundings.rest(world);
            world.age();
        }
        return world;
    }

    static void stage(World world, Stage stage) {
        world.wanted = world.wanted.with(stage);
    }

    static void voters(World world, int voters) {
        world.wanted = with(world.wanted, voters, world.wanted.replace(), world.wanted.recover());
    }

    static void replace(World world, int id) {
        world.wanted = with(world.wanted, world.wanted.voters(), id, world.wanted.recover());
    }

    static void recover(World world, Wanted.Recover recover) {
        world.wanted = with(world.wanted, world.wanted.voters(), world.wanted.replace(), recover);
    }

    static void readmit(World world, int id) {
        Wanted old = world.wanted;
        world.wanted = new Wanted(
                old.uid(),
                old.voters(),
                old.restore(),
                old.storage(),
                old.updates(),
                old.paused(),
                old.replace(),
                id,
                old.recover(),
                old.mayRoll(),
                old.refusal());
    }

    static void storage(World world, Wanted.Storage storage) {
        Wanted old = world.wanted;
        world.wanted = new Wanted(
                old.uid(),
                old.voters(),
                old.restore(),
                storage,
                old.updates(),
                old.paused(),
                old.replace(),
                old.readmit(),
                old.recover(),
                old.mayRoll(),
                old.refusal());
    }

    static void refuse(World world, String refusal) {
        Wanted old = world.wanted;
        world.wanted = new Wanted(
                old.uid(),
                old.voters(),
                old.restore(),
                old.storage(),
                old.updates(),
                old.paused(),
                old.replace(),
                old.readmit(),
                old.recover(),
                old.mayRoll(),
                refusal);
    }

    static void flags(World world, boolean paused, boolean restore, boolean mayRoll) {
        Wanted old = world.wanted;
        world.wanted = new Wanted(
                old.uid(),
                old.voters(),
                restore,
                old.storage(),
                old.updates(),
                paused,
                old.replace(),
                old.readmit(),
                old.recover(),
                mayRoll,
                old.refusal());
    }

    private static Wanted with(
            Wanted old, int voters, @org.jspecify.annotations.Nullable Integer replace, Wanted.Recover recover) {
        return new Wanted(
                old.uid(),
                voters,
                old.restore(),
                old.storage(),
                old.updates(),
                old.paused(),
                replace,
                old.readmit(),
                recover,
                old.mayRoll(),
                old.refusal());
    }

    /** The volume of a voter is lost, with its pod. */
    static void loseClaim(World world, int id) {
        World.Claim claim = world.seat(id).claim;
        claim.phase = Look.ClaimPhase.LOST;
        claim.disk = new World.Disk(world.uid());
        losePod(world, id);
    }

    /** The pod of a voter or an observer is deleted, as by a drain. */
    static void losePod(World world, int id) {
        World.Pod pod = world.pod(id);
        if (pod != null) {
            pod.terminating = true;
        }
        world.settle();
    }

    /** The pod of a voter is gone, and no controller has made another one yet. */
    static void losePodOnly(World world, int id) {
        world.seat(id).pod = null;
        world.settle();
    }

    /** The node of a voter or an observer dies. */
    static void loseNode(World world, int id) {
        World.Pod pod = world.pod(id);
        pod.nodeDead = true;
        pod.terminating = true;
        world.settle();
    }

    /** The machine of a voter starts anew: the pod is the same, and runs all its containers again. */
    static void restart(World world, int id) {
        World.Pod pod = world.pod(id);
        pod.running = false;
        pod.synced = false;
        world.settle();
    }

    /** The volume of a running voter is emptied in place, and its container starts again. */
    static void emptyVolume(World world, int id) {
        World.Seat seat = world.seat(id);
        seat.claim.disk = new World.Disk(world.uid());
        if (seat.pod != null) {
            seat.pod.running = false;
            seat.pod.synced = false;
        }
        world.settle();
    }
}
