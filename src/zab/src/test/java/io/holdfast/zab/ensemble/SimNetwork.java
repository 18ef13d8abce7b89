package io.holdfast.zab.ensemble;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.message.ElectionMessage;
import io.holdfast.zab.core.message.ReplicationMessage;
import io.holdfast.zab.core.message.SnapshotChunk;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** Links that keep order until they are cut, datagrams that keep nothing, and directions that are blocked. */
final class SimNetwork {

    /** Sees every message of a link as it arrives. */
    interface Tap {

        /** Returns whether it may pass; one that may not is lost, and its link with it. */
        boolean passes(ServerId from, ServerId to, ReplicationMessage message);
    }

    /** One connection; each end knows it under its own {@link Link}. */
    private static final class Connection {
        final SimNode learner;
        final SimNode leader;
        final Link atLearner;
        final Link atLeader;
        boolean open = true;
        long lastArrivalAtLeader;
        long lastArrivalAtLearner;

        Connection(SimNode learner, SimNode leader, long number) {
            this.learner = learner;
            this.leader = leader;
            this.atLearner = new Link(leader.id(), number);
            this.atLeader = new Link(learner.id(), number);
        }
    }

    private final SimEnsemble ensemble;
    private final Map<Long, Connection> connections = new LinkedHashMap<>();
    private final Set<String> blocked = new TreeSet<>();
    private final Set<ServerId> unreachable = new TreeSet<>();
    private final Set<String> silent = new TreeSet<>();
    private final Set<Long> closed = new TreeSet<>();
    private UnaryOperator<ReplicationMessage> falsify = UnaryOperator.identity();
    private Tap tap = (from, to, message) -> true;
    private long lastNumber;

    SimNetwork(SimEnsemble ensemble) {
        this.ensemble = ensemble;
    }

    void block(ServerId from, ServerId to) {
        blocked.add(from + ">" + to);
    }

    void blockBoth(ServerId one, ServerId other) {
        block(one, other);
        block(other, one);
    }

    /** What one sends over links is lost, and nobody is told: as behind a cable that was pulled. */
    void silence(ServerId from, ServerId to) {
        silent.add(from + ">" + to);
    }

    /** Nobody can open a link to this server, though it is heard well. */
    void refuseLinksTo(ServerId server) {
        unreachable.add(server);
    }

    void tap(Tap next) {
        tap = next;
    }

    /** Has every message arrive as what this makes of it. */
    void falsify(UnaryOperator<ReplicationMessage> next) {
        falsify = next;
    }

    void healAll() {
        blocked.clear();
        unreachable.clear();
        silent.clear();
    }

    private boolean isBlocked(ServerId from, ServerId to) {
        return blocked.contains(from + ">" + to);
    }

    void datagram(ServerId from, ServerId to, ElectionMessage message) {
        if (isBlocked(from, to) || ensemble.isLost()) {
            return;
        }
        ensemble.scheduler().afterMicros(ensemble.delayMicros(), () -> {
            SimNode node = ensemble.node(to);
            ensemble.scheduler().note(message.hashCode());
            node.event(core -> core.notified(ensemble.scheduler().now(), from, message));
        });
    }

    void connect(SimNode learner, ServerId to) {
        SimNode leader = ensemble.node(to);
        ensemble.scheduler().afterMicros(2 * ensemble.delayMicros(), () -> {
            long now = ensemble.scheduler().now();
            if (!learner.isUp()) {
                return;
            }
            boolean refused = unreachable.contains(to) || !leader.isUp();
            if (refused || isBlocked(learner.id(), to) || isBlocked(to, learner.id())) {
                learner.event(core -> core.connectFailed(now, to));
                return;
            }
            Connection connection = new Connection(learner, leader, ++lastNumber);
            connections.put(connection.atLearner.number(), connection);
            leader.event(core -> core.accepted(now, connection.atLeader));
            if (connection.open) {
                learner.event(core -> core.connected(now, connection.atLearner));
            }
        });
    }

    /** Opens a link that nobody is behind, in the name of a server; {@link #closed} tells when it is refused. */
    Link openAs(ServerId as, SimNode to) {
        Link link = new Link(as, -(++lastNumber));
        to.event(core -> core.accepted(ensemble.scheduler().now(), link));
        return link;
    }

    /** Says something on a link of {@link #openAs}, at once. */
    void say(SimNode to, Link link, ReplicationMessage message) {
        to.event(core -> {
            if (!closed.contains(link.number())) {
                core.receive(ensemble.scheduler().now(), link, message);
            }
        });
    }

    /** Returns whether a link of {@link #openAs} was ended. */
    boolean isClosed(Link link) {
        return closed.contains(link.number());
    }

    void close(ServerId who, Link link) {
        closed.add(link.number());
        Connection connection = connections.get(link.number());
        if (connection != null && connection.open) {
            end(connection, who);
        }
    }

    /** All links of a server end, as when its process dies. */
    void cutAll(ServerId server) {
        for (Connection connection : connections.values()) {
            boolean touches = connection.learner.id().equals(server)
                    || connection.leader.id().equals(server);
            if (connection.open && touches) {
                end(connection, server);
            }
        }
        connections.values().removeIf(connection -> !connection.open);
    }

    /** One link breaks for no reason that its ends know of. */
    void cutOne() {
        for (Connection connection : connections.values()) {
            if (connection.open && ensemble.scheduler().random().nextInt(3) == 0) {
                end(connection, null);
                return;
            }
        }
    }

    private void end(Connection connection, ServerId closedBy) {
        connection.open = false;
        tellEnd(connection.learner, connection.atLearner, closedBy);
        tellEnd(connection.leader, connection.atLeader, closedBy);
    }

    private void tellEnd(SimNode node, Link link, ServerId closedBy) {
        if (!node.id().equals(closedBy) && !silent.contains(closedBy + ">" + node.id())) {
            ensemble.scheduler()
                    .afterMicros(
                            ensemble.delayMicros(),
                            () -> node.event(core ->
                                    core.disconnected(ensemble.scheduler().now(), link)));
        }
    }

    void send(ServerId from, Link link, ReplicationMessage message) {
        deliver(from, link, message, null);
    }

    /** Says something in a server's name, over the link that it has with another. */
    void forge(ServerId from, ServerId to, ReplicationMessage message) {
        for (Connection connection : List.copyOf(connections.values())) {
            ServerId learner = connection.learner.id();
            ServerId leader = connection.leader.id();
            if (connection.open && learner.equals(from) && leader.equals(to)) {
                send(from, connection.atLearner, message);
            } else if (connection.open && learner.equals(to) && leader.equals(from)) {
                send(from, connection.atLeader, message);
            }
        }
    }

    void snapshot(ServerId from, Link link, MemoryDisk.Image image) {
        deliver(from, link, new SnapshotChunk(0, Payload.EMPTY, true), image);
    }

    private void deliver(ServerId from, Link link, ReplicationMessage message, MemoryDisk.Image image) {
        Connection connection = connections.get(link.number());
        if (connection == null || !connection.open) {
            return;
        }
        boolean toLeader = from.equals(connection.learner.id());
        SimNode target = toLeader ? connection.leader : connection.learner;
        Link at = toLeader ? connection.atLeader : connection.atLearner;
        long arrival = ensemble.scheduler().now() + 1000 * ensemble.delayMicros();
        long last = toLeader ? connection.lastArrivalAtLeader : connection.lastArrivalAtLearner;
        arrival = Math.max(arrival, last + 1);
        if (toLeader) {
            connection.lastArrivalAtLeader = arrival;
        } else {
            connection.lastArrivalAtLearner = arrival;
        }
        ensemble.scheduler().at(arrival, () -> {
            if (silent.contains(from + ">" + target.id())) {
                return;
            }
            if (isBlocked(from, target.id()) || (connection.open && !tap.passes(from, target.id(), message))) {
                // The bytes are gone, so the connection can no longer keep its promise of order.
                if (connection.open) {
                    end(connection, null);
                }
                return;
            }
            target.event(core -> {
                if (!connection.open) {
                    return;
                }
                ensemble.scheduler().note(message.hashCode());
                if (image != null) {
                    target.receiveImage(image);
                }
                core.receive(ensemble.scheduler().now(), at, falsify.apply(message));
            });
        });
    }
}
