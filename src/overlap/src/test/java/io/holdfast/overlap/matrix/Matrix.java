package io.holdfast.overlap.matrix;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;

/**
 * Runs all cells: first the faults of contenders, each pair of contenders on a thread, then the faults of nodes, one
 * after the other for all kinds of workers together.
 */
final class Matrix {

    /** Above it a client may be kept from asking in time. */
    private static final double LOAD_PER_PROCESSOR = 5;

    private static final Duration SHORT = Duration.ofSeconds(3);
    private static final Duration LONG = Duration.ofSeconds(6);

    private final Ground ground;
    private final List<WorkerKind> kinds;
    private final int repetitions;
    private final List<Cell> cells = new ArrayList<>();
    private final List<Contest> contests = new ArrayList<>();

    Matrix(Ground ground, List<WorkerKind> kinds, int repetitions) {
        this.ground = ground;
        this.kinds = kinds;
        this.repetitions = repetitions;
    }

    /** Runs them; what goes wrong is in the cells. */
    List<Cell> run(boolean namespaces) throws Exception {
        var threads = Executors.newCachedThreadPool();
        try {
            var running = new ArrayList<Future<?>>();
            var steady = new ArrayList<Contest>();
            for (var kind : kinds) {
                if (kind.meetsFaultsOfNodes()) {
                    steady.add(open(kind, Access.Kind.DIRECT, LONG));
                }
            }
            for (var kind : kinds) {
                for (var faults : kind.faults()) {
                    if (namespaces || faults.get(0).access() != Access.Kind.NAMESPACE) {
                        var contest = open(kind, faults.get(0).access(), SHORT);
                        var of = faults.stream()
                                .map(fault -> add(new Cell(fault, kind)))
                                .toList();
                        running.add(threads.submit(() -> contend(contest, faults, of)));
                    }
                }
            }
            for (var one : running) {
                one.get();
            }
            faultsOfNodes(steady);
        } finally {
            threads.shutdownNow();
            for (var contest : contests) {
                contest.close();
            }
        }
        return cells;
    }

    private Contest open(WorkerKind kind, Access.Kind access, Duration ttl) throws IOException, TimeoutException {
        var contest = new Contest(ground, kind, access, "overlap/" + contests.size(), ttl);
        contests.add(contest);
        contest.start();
        return contest;
    }

    private Cell add(Cell cell) {
        cells.add(cell);
        return cell;
    }

    private void contend(Contest contest, List<Fault> faults, List<Cell> of) {
        for (var repetition = 0; repetition < repetitions; repetition++) {
            for (var i = 0; i < faults.size(); i++) {
                try {
                    contest.round(faults.get(i), of.get(i));
                } catch (Exception e) {
                    of.get(i).failed("repetition " + repetition + ": " + e);
                    return;
                }
            }
        }
    }

    private void faultsOfNodes(List<Contest> steady) throws Exception {
        if (steady.isEmpty()) {
            return;
        }
        try (var probe = new Probe(ground.nodes())) {
            for (var fault : NodeFault.values()) {
                var of = steady.stream()
                        .map(contest -> add(new Cell(fault, contest.kind())))
                        .toList();
                for (var repetition = 0; repetition < repetitions; repetition++) {
                    round(fault, steady, of, probe);
                }
            }
        } catch (IOException | TimeoutException e) {
            cells.get(cells.size() - 1).failed(e.toString());
        }
    }

    private void round(NodeFault fault, List<Contest> steady, List<Cell> of, Probe probe)
            throws IOException, TimeoutException {
        var tokens = new ArrayList<Integer>();
        for (var contest : steady) {
            contest.awaitSteady();
            contest.takeLongestPause();
            tokens.add(contest.tokens());
        }
        probe.takeLongest();
        var began = System.nanoTime();
        fault.run(ground.nodes());
        for (var i = 0; i < steady.size(); i++) {
            var contest = steady.get(i);
            contest.awaitLonger(began);
            contest.awaitSteady();
            of.get(i).add(contest.takeEvidence());
        }
        // A client asks at the latest a third of the ttl after its last confirmation, and again after a sixth.
        var unserved = probe.takeLongest();
        var loaded = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()
                > LOAD_PER_PROCESSOR * Runtime.getRuntime().availableProcessors();
        for (var i = 0; i < steady.size(); i++) {
            var contest = steady.get(i);
            var slow = loaded
                    || contest.takeLongestPause().compareTo(contest.ttl().dividedBy(6)) > 0
                    || unserved.compareTo(contest.ttl().dividedBy(3)) > 0;
            of.get(i).lost(contest.tokens() - tokens.get(i), slow, unserved);
        }
    }
}
