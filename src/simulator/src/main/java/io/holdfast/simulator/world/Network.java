package io.holdfast.simulator.world;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.message.ElectionMessage;
import io.holdfast.zab.core.message.Ping;
import io.holdfast.zab.core.message.Pong;
import io.holdfast.zab.core.message.ReplicationMessage;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * What lies between servers: links that keep their order until they break, at any message; ends that do not hear of it;
 * directions that are blocked; and delays with a heavy tail.
 */
final class Network {

    /** The largest server number, and so the size of the table of blocked directions. */
    private static final int SERVERS_MAX = 16;

    private static final int IN_FLIGHT_MAX = 20_000;

    /** One direction of a connection. */
    private final class Lane {
        private final Connection connection;
        private final ServerProcess target;
        private final Link linkAtTarget;
        private final Queue<ReplicationMessage> stalled = new ArrayDeque<>();
        private long lastArrival;
        private int inFlight;

        Lane(Connection connection, ServerProcess target, Link linkAtTarget) {
            this.connection = connection;
            this.target = target;
            this.linkAtTarget = linkAtTarget;
        }

        private long arrival() {
            lastArrival = Math.max(scheduler.now() + delay(), lastArrival + 1);
            return lastArrival;
        }
    }

    /** One connection; each end knows it under its own link, and may believe in it when the other does not. */
    private final class Connection {
        private final ServerProcess learner;
        private final ServerProcess leader;
        private final Lane up;
        private final Lane down;
        private boolean openAtLearner;
        private boolean openAtLeader;
        private boolean broken;

        Connection(ServerProcess learner, ServerProcess leader, long number) {
            this.learner = learner;
            this.leader = leader;
            up = new Lane(this, leader, new Link(learner.id(), number));
            down = new Lane(this, learner, new Link(leader.id(), number));
        }

        private boolean isOpenAt(ServerProcess process) {
            return process == learner ? openAtLearner : openAtLeader;
        }
    }

    private final World world;
    private final Scheduler scheduler;
    private final Profile profile;
    private final Dice dice;
    private final Map<Long, Connection> connections = new LinkedHashMap<>();
    private final int[][] blocked = new int[SERVERS_MAX][SERVERS_MAX];
    private final long[][] lastNotice = new long[SERVERS_MAX][SERVERS_MAX];
    private final boolean[] clogged = new boolean[SERVERS_MAX];
    private long lastNumber;
    private int lossPerMille;
    private int slowness = 1;

    /** When the last message arrives that was sent while the network was slow; what was sent after it waits for it. */
    private long slowUntil;

    Network(World world, Dice dice) {
        this.world = world;
        this.scheduler = world.scheduler();
        this.profile = world.profile();
        this.dice = dice;
    }

    // ---- faults ----

    void block(ServerId from, ServerId to) {
        blocked[from.value()][to.value()]++;
    }

    /** Ends one {@link #block}; what was held back flows again. */
    void unblock(ServerId from, ServerId to) {
        blocked[from.value()][to.value()]--;
        flow();
    }

    void clog(ServerId id, boolean on) {
        clogged[id.value()] = on;
    }

    void lose(int perMille) {
        lossPerMille = perMille;
    }

    void slow(int factor) {
        slowness = factor;
    }

    /** Breaks some links for no reason that their ends know of; the ends hear of it after at most so many millis. */
    int cutLinks(int oneIn, long hearMillis) {
        int cut = 0;
        for (Connection connection : List.copyOf(connections.values())) {
            if (!connection.broken && dice.oneIn(oneIn)) {
                breakUp(connection, hearMillis);
                cut++;
            }
        }
        return cut;
    }

    /**
     * A process is gone. When its machine still runs, that sends what the process had sent and then closes its links;
     * when the power failed, its peers may not hear of it for long.
     */
    void died(ServerProcess process, boolean power) {
        for (Connection connection : List.copyOf(connections.values())) {
            if (connection.learner != process && connection.leader != process) {
                continue;
            }
            if (power) {
                breakUp(connection, profile.deafMillis());
            } else if (connection.isOpenAt(process)) {
                end(connection, process);
            }
        }
    }

    private void breakUp(Connection connection, long hearMillis) {
        if (!connection.broken) {
            connection.broken = true;
            tellLater(connection, connection.learner, hearMillis);
            tellLater(connection, connection.leader, hearMillis);
        }
    }

    private void tellLater(Connection connection, ServerProcess process, long hearMillis) {
        scheduler.after(delay() + dice.between(0, hearMillis * Scheduler.MILLI), () -> tellEnd(connection, process));
    }

    private void tellEnd(Connection connection, ServerProcess process) {
        if (connection.isOpenAt(process)) {
            Link link = process == connection.learner ? connection.down.linkAtTarget : connection.up.linkAtTarget;
            process.event(() -> {
                if (connection.isOpenAt(process)) {
                    shut(connection, process);
                    process.core().disconnected(process.now(), link);
                }
            });
        }
    }

    private void shut(Connection connection, ServerProcess process) {
        if (process == connection.learner) {
            connection.openAtLearner = false;
        } else {
            connection.openAtLeader = false;
        }
        if (!connection.openAtLearner && !connection.openAtLeader) {
            connections.remove(connection.up.linkAtTarget.number());
        }
    }

    private boolean isBlocked(ServerId from, ServerId to) {
        return blocked[from.value()][to.value()] > 0;
    }

    long delay() {
        long nanos = dice.heavyTail(profile.delayNanos(), profile.delayMaxNanos()) * slowness;
        if (slowness > 1) {
            // A connection takes two of them.
            slowUntil = Math.max(slowUntil, scheduler.now() + 2 * nanos);
        }
        return nanos;
    }

    /** Returns for how many milliseconds from now messages of a slow network are still under way. */
    long slowMillis() {
        return Math.max(0, slowUntil - scheduler.now()) / Scheduler.MILLI;
    }

    // ---- votes ----

    /** Votes travel on a connection of their own; it keeps its order, except where a new one overtakes an old one. */
    void notice(ServerProcess from, ServerId to, ElectionMessage message) {
        if (dice.perMille(lossPerMille) || !from.knows(to)) {
            return;
        }
        long arrival = scheduler.now() + delay();
        if (!dice.perMille(profile.overtakePerMille())) {
            arrival = Math.max(arrival, lastNotice[from.id().value()][to.value()] + 1);
            lastNotice[from.id().value()][to.value()] = arrival;
        }
        ServerId sender = from.id();
        scheduler.at(arrival, () -> {
            ServerProcess target = world.node(to).process();
            boolean open = !isBlocked(sender, to) && !clogged[to.value()];
            if (target != null && open && target.knows(sender) && Releases.fit(from, target)) {
                target.event(() -> {
                    scheduler.note(message.getClass().getName().hashCode());
                    target.core().notified(target.now(), sender, Releases.between(from, target, message));
                });
            }
        });
    }

    // ---- links ----

    void connect(ServerProcess learner, ServerId to) {
        scheduler.after(2 * delay(), () -> {
            ServerProcess leader = world.node(to).process();
            boolean silent = isBlocked(learner.id(), to) || isBlocked(to, learner.id());
            boolean welcome =
                    leader != null && learner.knows(to) && leader.knows(learner.id()) && Releases.fit(learner, leader);
            if (leader != null && welcome && !silent && !learner.isDead()) {
                open(learner, leader);
            } else {
                long after = silent ? dice.between(0, 1_000 * Scheduler.MILLI) : 0;
                scheduler.after(after, () -> learner.event(() -> learner.core().connectFailed(learner.now(), to)));
            }
        });
    }

    private void open(ServerProcess learner, ServerProcess leader) {
        Connection connection = new Connection(learner, leader, ++lastNumber);
        connections.put(lastNumber, connection);
        connection.openAtLeader = true;
        connection.openAtLearner = true;
        connection.up.lastArrival = scheduler.now();
        leader.event(() -> {
            if (connection.openAtLeader) {
                leader.core().accepted(leader.now(), connection.up.linkAtTarget);
            }
        });
        learner.event(() -> {
            if (connection.openAtLearner) {
                learner.core().connected(learner.now(), connection.down.linkAtTarget);
            }
        });
    }

    /** An end closes: the other one hears of it after all that was sent before. */
    void close(ServerProcess who, Link link) {
        Connection connection = connections.get(link.number());
        if (connection != null && connection.isOpenAt(who)) {
            end(connection, who);
        }
    }

    private void end(Connection connection, ServerProcess who) {
        shut(connection, who);
        Lane lane = who == connection.learner ? connection.up : connection.down;
        ServerProcess other = lane.target;
        scheduler.at(lane.arrival(), () -> tellEnd(connection, other));
    }

    void send(ServerProcess from, Link link, ReplicationMessage message) {
        Connection connection = connections.get(link.number());
        if (connection == null || !connection.isOpenAt(from)) {
            return;
        }
        Lane lane = from == connection.learner ? connection.up : connection.down;
        ReplicationMessage spoken = Releases.between(from, lane.target, message);
        world.invariants().sent(from.id(), lane.target.id(), spoken);
        if (++lane.inFlight > IN_FLIGHT_MAX) {
            breakUp(connection, 0);
            return;
        }
        scheduler.at(lane.arrival(), () -> arrive(lane, spoken));
    }

    private void arrive(Lane lane, ReplicationMessage message) {
        lane.inFlight--;
        Connection connection = lane.connection;
        if (connection.broken) {
            return;
        }
        ServerId from = lane.linkAtTarget.peer();
        ServerId to = lane.target.id();
        if (isBlocked(from, to) || clogged[to.value()] || !lane.stalled.isEmpty()) {
            if (profile.stalls()) {
                lane.stalled.add(message);
            } else {
                // These bytes are gone, so the connection cannot keep its promise of order any more.
                breakUp(connection, profile.deafMillis());
            }
            return;
        }
        deliver(lane, message);
    }

    private void deliver(Lane lane, ReplicationMessage message) {
        ServerProcess target = lane.target;
        target.event(() -> {
            if (lane.connection.isOpenAt(target)) {
                scheduler.note(
                        message.getClass().getName().hashCode() + target.id().value());
                world.invariants().received(target.id(), lane.linkAtTarget.peer(), message);
                // Heartbeats would drown the story.
                if (world.timeline().isOn() && !(message instanceof Ping || message instanceof Pong)) {
                    world.timeline()
                            .add(scheduler.now(), target.name(), "<- " + lane.linkAtTarget.peer() + " " + message);
                }
                target.core().receive(target.now(), lane.linkAtTarget, message);
            }
        });
    }

    /** Lets flow what was held back and is not any more; before all that is still under way on the same lane. */
    void flow() {
        for (Connection connection : List.copyOf(connections.values())) {
            for (Lane lane : new Lane[] {connection.up, connection.down}) {
                boolean free = !isBlocked(lane.linkAtTarget.peer(), lane.target.id())
                        && !clogged[lane.target.id().value()];
                while (free && !lane.stalled.isEmpty() && !connection.broken) {
                    deliver(lane, lane.stalled.remove());
                }
            }
        }
    }

    // ---- clients ----

    /** Takes a client's request to a server. */
    void request(ServerId to, RequestAt request) {
        if (dice.perMille(profile.lostAnswersPerMille())) {
            return;
        }
        scheduler.after(delay(), () -> {
            ServerProcess process = world.node(to).process();
            if (process != null) {
                process.event(() -> request.arrived(process));
            }
        });
    }

    /** Takes an answer to a client, or loses it. */
    void answer(long lateNanos, Runnable answer) {
        if (!dice.perMille(profile.lostAnswersPerMille())) {
            scheduler.after(lateNanos + delay(), answer);
        }
    }

    /** What a client wants of the server that it reached. */
    interface RequestAt {
        void arrived(ServerProcess process);
    }
}
