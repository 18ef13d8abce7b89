package io.holdfast.operator.plan.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.operator.plan.Action;
import io.holdfast.operator.plan.Look;
import io.holdfast.operator.plan.Planner;
import io.holdfast.operator.plan.Wanted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Looks on which other operators are known to have acted, and what the planner does. */
class PublicFailuresTest {

    // Altinity/clickhouse-operator 1598, 2069, 2078; VictoriaMetrics/operator 1227; strimzi 1001
    @Test
    void noSecondPodIsTakenWhileTheFirstIsNotBack() {
        List<Consumer<World>> notBack = List.of(
                world -> {}, // it is slow to go
                world -> world.seat(3).pod = null,
                world -> recreate(world, false, false),
                world -> recreate(world, true, false),
                world -> {
                    recreate(world, true, true);
                    world.pod(3).steady = false; // it was made again between the two ends of the look
                });
        for (Consumer<World> state : notBack) {
            World world = rolling();
            state.accept(world);
            world.settle();
            assertInstanceOf(Action.Wait.class, next(world));
            World restarted = WorldOf.look(world.look(), world.now); // an operator that knows nothing but this look
            assertInstanceOf(Action.Wait.class, next(restarted));
        }
    }

    private static World rolling() {
        World world = Worlds.converged(3, 0);
        world.template = "t2";
        act(world);
        act(world);
        assertTrue(world.pod(3).terminating);
        return world;
    }

    private static void recreate(World world, boolean running, boolean synced) {
        World.Seat seat = world.seat(3);
        seat.pod = new World.Pod("c-voter-3-0", world.uid(), "t2", world.now);
        seat.pod.running = running;
        seat.pod.synced = synced;
    }

    // strimzi 8116, pravega 547
    @Test
    void anImageThatCannotBePulledCostsOnePodAlsoWithADrainAndTheNextImageRepairsIt() {
        World world = Worlds.converged(3, 0);
        world.badTemplates.add("missing");
        world.template = "missing";
        settle(world);
        assertEquals(2, ready(world));
        Worlds.losePod(world, 1);
        settle(world);
        assertEquals(2, ready(world), "a drained pod comes back on what worked");
        assertTrue(world.hasQuorum());
        world.template = "found";
        settle(world);
        assertEquals(3, ready(world));
        assertInstanceOf(Action.Converged.class, next(world));
    }

    // etcd-operator 193, Altinity 1597
    @Test
    void whatVanishesComesBackAndNothingShrinks() {
        World world = Worlds.converged(3, 0);
        world.seat(2).set = null;
        world.seat(2).pod = null;
        world.settle();
        List<Action> done = settle(world);
        assertTrue(done.stream().noneMatch(action -> action instanceof Action.RemoveMember), done.toString());
        assertEquals(List.of(1, 2, 3), world.ensemble.voters());
        assertEquals(3, ready(world));
    }

    // opensearch-k8s-operator 1471, cloud-on-k8s 5274
    @Test
    void aDecisionFromAnOldLookDoesNothingTheSecondTime() {
        World world = Worlds.converged(3, 0);
        world.template = "t2";
        act(world);
        Action old = next(world);
        assertInstanceOf(Action.Evict.class, old);
        Effects.apply(world, old);
        Surroundings.rest(world);
        String before = world.pod(3).uid;
        Effects.apply(world, old);
        Surroundings.rest(world);
        assertEquals(before, world.pod(3).uid);
    }

    // rancher/k3k 836, etcd-druid 1022, etcd-backup-restore 864, pravega 246
    @Test
    void noSecondEnsembleIsFounded() {
        World emptied = Worlds.converged(3, 0);
        Worlds.emptyVolume(emptied, 1);
        assertTrue(settle(emptied).stream().noneMatch(action -> action instanceof Action.Found));
        World alone = Worlds.converged(1, 0);
        Worlds.emptyVolume(alone, 1);
        assertTrue(settle(alone).stream().noneMatch(action -> action instanceof Action.Found));
        assertEquals(1, alone.foundings);
        World unheard = Worlds.converged(3, 0);
        unheard.seats.values().forEach(seat -> seat.pod.nodeDead = true);
        unheard.settle();
        assertEquals(11, next(unheard).row());
        World removed = Worlds.converged(3, 0);
        removed.seats.values().forEach(seat -> seat.claim = null);
        removed.seats.values().forEach(seat -> seat.pod = null);
        removed.settle();
        assertEquals(11, next(removed).row());
    }

    // pravega 94, 448
    @Test
    void volumesThatWereKeptDoNotBringOldIdentitiesBack() {
        World world = Worlds.converged(3, 0);
        Worlds.storage(world, new Wanted.Storage(false, 10, true, Duration.ofMinutes(15), false));
        Worlds.voters(world, 1);
        settle(world);
        assertEquals(Look.Mark.REMOVED, world.seat(3).claim.mark);
        Worlds.voters(world, 3);
        settle(world);
        assertEquals(List.of(1, 4, 5), world.ensemble.voters());
        Worlds.voters(world, 1);
        settle(world);
        assertEquals(List.of(1), world.ensemble.voters());
        assertEquals(List.of(1, 2, 3, 4, 5), List.copyOf(world.seats.keySet()), "claims are kept");
    }

    // strimzi 9654, cloudnative-pg 11036, 11142
    @Test
    void anOperatorThatEndsBetweenAnyTwoWritesGoesOn() {
        List<World> beginnings = new ArrayList<>();
        beginnings.add(Worlds.empty(3, 1));
        World grows = Worlds.converged(1, 0);
        Worlds.voters(grows, 3);
        beginnings.add(grows);
        World repairs = Worlds.converged(3, 0);
        Worlds.loseClaim(repairs, 2);
        beginnings.add(repairs);
        for (World world : beginnings) {
            Class<?> before = null;
            int writes = 1;
            for (int i = 0; i < 200 && !(next(world) instanceof Action.Converged); i++) {
                Look look = world.look();
                Action action = next(world);
                writes = action.getClass().equals(before) ? writes + 1 : 1;
                before = action.getClass();
                Effects.apply(world, action, world.statusVersion, writes);
                Explorer.writeStatus(world, look);
                Surroundings.rest(world);
                world.age();
            }
            assertInstanceOf(Action.Converged.class, next(world));
        }
    }

    // strimzi/proposals 236
    @Test
    void aRolloutWaitsWhileANewcomerIsUnscheduled() {
        World world = Worlds.converged(3, 0);
        Worlds.voters(world, 5);
        act(world);
        Surroundings.steps(world).get(0).on(world);
        world.pod(4).waiting = new Look.Waiting("Unschedulable", world.now);
        world.template = "t2";
        Action.Wait wait = assertInstanceOf(Action.Wait.class, next(world));
        assertEquals(Action.Reason.JOINING, wait.reason());
    }

    // cloudnative-pg 10103, 11202
    @Test
    void aDrainOfTheLeadersNodeIsWaitedForWhateverItsId() {
        for (int leader = 1; leader <= 3; leader++) {
            World world = Worlds.converged(3, 0);
            world.ensemble.leader = leader;
            world.template = "t2";
            Worlds.losePod(world, leader);
            assertInstanceOf(Action.Wait.class, next(world));
            settle(world);
            assertInstanceOf(Action.Converged.class, next(world));
        }
    }

    // cloudnative-pg 11230
    @Test
    void oneVoterIsRolledAllTheSame() {
        World world = Worlds.converged(1, 0);
        world.template = "t2";
        settle(world);
        assertEquals("t2", world.pod(1).template);
        assertInstanceOf(Action.Converged.class, next(world));
    }

    // pravega 398, 493, 575; strimzi 126
    @Test
    void withoutAQuorumNothingIsScaledDown() {
        World world = Worlds.converged(3, 2);
        Worlds.voters(world, 1);
        world.groups.get("readers").wantedReplicas = 0;
        Worlds.losePodOnly(world, 1);
        Worlds.losePodOnly(world, 2);
        world.age();
        assertEquals(
                Action.Reason.NO_QUORUM,
                assertInstanceOf(Action.Wait.class, next(world)).reason());
    }

    // ClickHouse 37434
    @Test
    void threeToSevenToThreeChangesOneMemberAtATime() {
        World world = Worlds.converged(3, 0);
        Worlds.voters(world, 7);
        assertOneByOne(world);
        assertEquals(7, world.ensemble.voters().size());
        Worlds.voters(world, 3);
        assertOneByOne(world);
        assertEquals(3, world.ensemble.voters().size());
    }

    private static void assertOneByOne(World world) {
        for (int i = 0; i < 300 && !(next(world) instanceof Action.Converged); i++) {
            int members = world.ensemble.members.size();
            assertFalse(world.ensemble.pending);
            act(world);
            assertTrue(Math.abs(world.ensemble.members.size() - members) <= 1);
            Surroundings.rest(world);
            world.age();
        }
        assertInstanceOf(Action.Converged.class, next(world));
    }

    /** Goes on until nothing changes any more; returns what was done. */
    private static List<Action> settle(World world) {
        List<Action> done = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            done.add(next(world));
            act(world);
            Surroundings.rest(world);
            world.age();
        }
        return done;
    }

    private static long ready(World world) {
        return world.seats.values().stream()
                .filter(seat -> seat.pod != null && seat.pod.ready)
                .count();
    }

    private static Action next(World world) {
        return Planner.next(world.look(), world.now);
    }

    private static void act(World world) {
        Look look = world.look();
        Effects.apply(world, Planner.next(look, world.now));
        Explorer.writeStatus(world, look);
    }
}
