package io.holdfast.bench;

import io.vertx.core.net.NetClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/**
 * What observers cost those who write, and what they give those who read.
 *
 * <p>All nodes share one machine, so an observer's own work slows everybody down; what observers cost the leader, which
 * is what would count on separate machines, is its processor time for each cycle.
 */
final class Observers {

    private static final List<Integer> COUNTS = List.of(0, 4, 16);
    private static final List<Integer> READING = List.of(1, 2, 4);
    private static final int WRITERS = 64;
    private static final int CONNECTIONS = 16;
    private static final Duration RAMP = Duration.ofSeconds(1);

    private final Holdfast system;
    private final NetClient net;
    private final Options options;
    private final Report report;

    Observers(Holdfast system, NetClient net, Options options, Report report) {
        this.system = system;
        this.net = net;
        this.options = options;
        this.report = report;
    }

    /** Adds observers step by step and measures at each; clients that write talk to the voters. */
    void run() throws Exception {
        var cycles = new LockCycles(system, "bench/observed");
        cycles.run(WRITERS, options.warmUp(), Duration.ZERO);
        reads(List.of(1, 2, 3), "3 voters");
        var there = 0;
        for (var count : COUNTS) {
            while (there < count) {
                there++;
                system.addObserver(LockSystem.NODES + there);
                if (READING.contains(there)) {
                    var observers = IntStream.rangeClosed(1, there)
                            .map(i -> LockSystem.NODES + i)
                            .boxed()
                            .toList();
                    reads(observers, there == 1 ? "1 observer" : there + " observers");
                }
            }
            cycles.run(WRITERS, options.warmUp(), Duration.ZERO);
            var before = cpu(count);
            var figures = cycles.run(WRITERS, RAMP, options.time());
            report.observed(count, figures, Shares.between(before, cpu(count)));
        }
    }

    private Cpu cpu(int observers) throws TimeoutException {
        var leader = system.leader();
        var followers = Duration.ZERO;
        for (var node = 1; node <= LockSystem.NODES; node++) {
            followers = node == leader ? followers : followers.plus(system.cpu(node));
        }
        return new Cpu(leader, system.cpu(leader), followers, system.cpu(), observers);
    }

    /** Processor time so far: of the leader, of all followers, of all nodes. */
    private record Cpu(int leader, Duration ofLeader, Duration ofFollowers, Duration ofAll, int observers) {}

    /** What part of the processor time of all nodes went to the leader, to each follower and to each observer. */
    record Shares(double leader, double follower, double observer) {

        private static Shares between(Cpu before, Cpu after) {
            if (before.leader() != after.leader()) {
                throw new IllegalStateException("the leader changed during the run");
            }
            var all = (double) after.ofAll().minus(before.ofAll()).toNanos();
            var leader = after.ofLeader().minus(before.ofLeader()).toNanos() / all;
            var followers = after.ofFollowers().minus(before.ofFollowers()).toNanos() / all;
            var observers = 1 - leader - followers;
            return new Shares(
                    leader,
                    followers / (LockSystem.NODES - 1),
                    after.observers() == 0 ? 0 : observers / after.observers());
        }
    }

    private void reads(List<Integer> nodes, String who) throws Exception {
        var ports = new ArrayList<Integer>();
        nodes.forEach(node -> ports.add(system.port(node)));
        var reads = new Reads(system, net, ports);
        for (var linearizable : List.of(false, true)) {
            reads.run(CONNECTIONS, linearizable, options.time());
            var figures = reads.run(CONNECTIONS, linearizable, options.time());
            var table = linearizable ? "Linearizable reads" : "Local reads";
            report.operation(table, who, CONNECTIONS * ports.size(), figures, report.diskSyncs());
        }
    }
}
