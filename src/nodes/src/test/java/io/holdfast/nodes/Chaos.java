package io.holdfast.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.ensemble.Ensemble;
import io.holdfast.ensemble.Eventually;
import io.holdfast.ensemble.PeerNetwork;
import io.holdfast.ensemble.PeerNetwork.Way;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/**
 * Does to an ensemble what a schedule says: each blow ends when the fault is over, all nodes run and are ready, and
 * every client got further. As long as a majority is well and connected, clients must get further during the fault too.
 */
final class Chaos {

    private static final int NODE_FAILED = 70;
    /** Ended by the signal, as a JVM says it, or with success. */
    private static final Set<Integer> ENDED_AS_ASKED = Set.of(0, 128 + 15);

    private final Ensemble ensemble;
    private final PeerNetwork network;
    private final SmallDisks disks;
    private final ChaosLoad load;

    Chaos(Ensemble ensemble, PeerNetwork network, SmallDisks disks, ChaosLoad load) {
        this.ensemble = ensemble;
        this.network = network;
        this.disks = disks;
        this.load = load;
    }

    /** Makes it happen and waits until all is well again. */
    void inflict(Blow blow) throws Exception {
        var leader = ensemble.awaitLeader();
        // Both followers, in an order that the schedule decides.
        var one = 1 + (leader + blow.choice() % 2) % 3;
        var other = 6 - leader - one;
        switch (blow.fault()) {
            case KILL_LEADER -> kill(blow, leader);
            case KILL_FOLLOWER -> kill(blow, one);
            case KILL_TWO -> killMany(leader, one);
            case KILL_ALL -> killMany(one, leader, other);
            case KILL_TWICE -> killTwice(blow, blow.choice() < 3 ? one : leader);
            case PAUSE_LEADER -> pause(blow, leader);
            case PAUSE_FOLLOWER -> pause(blow, one);
            case PAUSE_ALL -> pauseAll();
            case PAUSE_CLIENTS -> load.pauseClients(blow.choice());
            case CUT_LEADER -> isolate(blow, leader, Way.CUT, Way.CUT);
            case LOSE_FOLLOWER -> isolate(blow, one, Way.LOST, Way.LOST);
            case MUTE_LEADER -> isolate(blow, leader, Way.HELD, Way.OPEN);
            case DEAF_LEADER -> isolate(blow, leader, Way.OPEN, Way.HELD);
            case DEAF_FOLLOWER -> isolate(blow, one, Way.OPEN, blow.choice() < 3 ? Way.LOST : Way.HELD);
            case PART_PAIR -> part(blow, leader, one);
            case SPLIT_ALL -> split(leader, one, other);
            case FULL_DISK -> fillDisk(blow, 1 + blow.choice() % 3);
            case FILE_LIMIT -> limitFiles(blow, 1 + blow.choice() % 3);
            case ROLLING_RESTART -> roll(blow, leader, one, other);
            default -> throw new IllegalArgumentException("no such fault: " + blow);
        }
        awaitWell(blow);
    }

    private void awaitWell(Blow blow) throws TimeoutException {
        for (var id = 1; id <= ensemble.size(); id++) {
            assertTrue(ensemble.node(id).isAlive(), ensemble.node(id) + " ended by itself");
        }
        ensemble.awaitReady();
        load.awaitEveryClient("after " + blow);
    }

    private void kill(Blow blow, int id) throws IOException, TimeoutException {
        ensemble.node(id).kill();
        load.awaitSomeProgress("during " + blow);
        ensemble.node(id).start();
    }

    private void killMany(int... ids) throws IOException, TimeoutException {
        for (var id : ids) {
            ensemble.node(id).kill();
        }
        for (var id : ids) {
            ensemble.node(id).start();
        }
    }

    private void killTwice(Blow blow, int id) throws IOException, TimeoutException {
        ensemble.node(id).kill();
        var said = ensemble.node(id).log().length();
        ensemble.node(id).start();
        // Its first words come soon after its log was opened, and before it is ready.
        Eventually.await(ensemble.node(id) + " says something", ChaosLoad.BOUND, () -> said(id) > said);
        kill(blow, id);
    }

    private int said(int id) {
        try {
            return ensemble.node(id).log().length();
        } catch (IOException e) {
            return 0;
        }
    }

    private void pause(Blow blow, int id) throws IOException, TimeoutException {
        var begin = System.nanoTime();
        ensemble.node(id).freeze();
        load.awaitSomeProgress("during " + blow);
        awaitPassed(begin, ChaosClient.PAUSE);
        ensemble.node(id).thaw();
    }

    private void pauseAll() throws IOException, TimeoutException {
        var begin = System.nanoTime();
        for (var id = 1; id <= ensemble.size(); id++) {
            ensemble.node(id).freeze();
        }
        awaitPassed(begin, ChaosClient.PAUSE);
        for (var id = 1; id <= ensemble.size(); id++) {
            ensemble.node(id).thaw();
        }
    }

    private void isolate(Blow blow, int id, Way from, Way to) throws TimeoutException {
        network.setFrom(id, from);
        network.setTo(id, to);
        // What goes wrong when nobody hears a node takes two failure detections to show.
        awaitPassed(System.nanoTime(), Duration.ofSeconds(2));
        load.awaitSomeProgress("during " + blow);
        network.heal();
    }

    private void part(Blow blow, int leader, int follower) throws TimeoutException {
        var way = blow.choice() < 3 ? Way.LOST : Way.CUT;
        network.set(leader, follower, way);
        if (blow.choice() % 3 != 0) {
            network.set(follower, leader, way);
        }
        awaitPassed(System.nanoTime(), Duration.ofSeconds(2));
        load.awaitSomeProgress("during " + blow);
        network.heal();
    }

    private void split(int... ids) throws TimeoutException {
        for (var id : ids) {
            network.setFrom(id, Way.CUT);
        }
        awaitPassed(System.nanoTime(), ChaosClient.PAUSE);
        network.heal();
    }

    private void fillDisk(Blow blow, int id) throws IOException, TimeoutException {
        if (disks.areThere()) {
            disks.fill(id);
            awaitFailed(blow, id);
            disks.free(id);
            ensemble.node(id).start();
        } else {
            System.out.println("chaos: FILE_LIMIT in place of FULL_DISK: only root may mount small file systems");
            limitFiles(blow, id);
        }
    }

    private void limitFiles(Blow blow, int id) throws IOException, TimeoutException {
        ensemble.node(id).limitFiles();
        awaitFailed(blow, id);
        ensemble.node(id).start();
    }

    private void awaitFailed(Blow blow, int id) throws TimeoutException {
        var code = ensemble.node(id).awaitExit(ChaosLoad.BOUND);
        assertEquals(NODE_FAILED, code, ensemble.node(id) + " in " + blow);
        load.awaitSomeProgress("during " + blow);
    }

    private void roll(Blow blow, int... ids) throws IOException, TimeoutException {
        for (var id : ids) {
            var code = ensemble.node(id).stop();
            assertTrue(ENDED_AS_ASKED.contains(code), ensemble.node(id) + " ended with " + code);
            load.awaitSomeProgress("while " + ensemble.node(id) + " is down in " + blow);
            ensemble.node(id).start();
            ensemble.awaitReady();
        }
    }

    private static void awaitPassed(long since, Duration time) throws TimeoutException {
        Eventually.await("time passes", time.plusSeconds(5), () -> System.nanoTime() - since > time.toNanos());
    }
}
