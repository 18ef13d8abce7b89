package io.holdfast.simulator.world;

import io.holdfast.simulator.world.Fault.Kind;
import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.message.Ack;
import io.holdfast.zab.core.message.AckEpoch;
import io.holdfast.zab.core.message.AckNewLeader;
import io.holdfast.zab.core.message.Commit;
import io.holdfast.zab.core.message.LeaderInfo;
import io.holdfast.zab.core.message.NewLeader;
import io.holdfast.zab.core.message.Proposal;
import io.holdfast.zab.core.message.SnapshotChunk;
import io.holdfast.zab.core.message.SyncBegin;
import io.holdfast.zab.core.message.SyncTxn;
import io.holdfast.zab.core.message.UpToDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Does what the plan says to the world, and undoes it in time. */
final class Faults {

    /** After which effect of the core a server may die: between any two of them. */
    private static final List<Class<?>> MOMENTS = List.of(
            AckEpoch.class,
            LeaderInfo.class,
            SyncBegin.class,
            SyncTxn.class,
            NewLeader.class,
            AckNewLeader.class,
            UpToDate.class,
            Proposal.class,
            Ack.class,
            Commit.class,
            SnapshotChunk.class,
            Phase.class,
            LogRecord.Append.class,
            LogRecord.Promise.class,
            LogRecord.AdoptEpoch.class,
            LogRecord.Truncate.class,
            LogRecord.Snapshot.class);

    /** Returns the detail of a fault in which whoever is the first to come to a moment is killed there. */
    static int detailOf(Class<?> moment) {
        int detail = 6;
        while (MOMENTS.get(detail % MOMENTS.size()) != moment || detail % 5 == 0) {
            detail += 6;
        }
        return detail;
    }

    private record Trap(Fault fault, Class<?> moment, boolean anywhere) {}

    private final World world;
    private final Network network;
    private final Scheduler scheduler;
    private final List<Trap> traps = new ArrayList<>();
    private final List<Runnable> undo = new ArrayList<>();
    private final Ruler ruler;
    private boolean calm;

    Faults(World world, Ruler ruler) {
        this.world = world;
        this.ruler = ruler;
        this.network = world.network();
        this.scheduler = world.scheduler();
    }

    void plan(List<Fault> faults) {
        ruler.begin();
        for (Fault fault : faults) {
            scheduler.at(fault.atMillis() * Scheduler.MILLI, () -> {
                if (!calm) {
                    happen(fault);
                }
            });
        }
    }

    /** No fault happens any more, and what can be undone is. */
    void calm() {
        calm = true;
        ruler.calm();
        traps.clear();
        List.copyOf(undo).forEach(Runnable::run);
        undo.clear();
        network.lose(0);
        network.slow(1);
        network.flow();
        world.nodes().forEach(Node::heal);
    }

    /** A core has just asked for an effect. */
    void moment(ServerProcess process, Class<?> effect) {
        for (int i = 0; i < traps.size(); i++) {
            Trap trap = traps.get(i);
            if (trap.moment() == effect
                    && (trap.anywhere() || process.id().value() == trap.fault().server())) {
                traps.remove(i);
                Fault fault = trap.fault();
                count(process, fault);
                process.node().note("DIES after %s", effect.getSimpleName());
                boolean power = fault.detail() % 3 > 0;
                process.die(power);
                restartLater(process.node(), fault.millis());
                if (fault.detail() % 5 == 0) {
                    isolate(1 + fault.detail() % world.nodes().size(), fault.millis() * 2);
                }
                return;
            }
        }
    }

    /** A process stopped because its disk failed; an operator starts it again. */
    void stopped(ServerProcess process) {
        process.die(false);
        restartLater(process.node(), 500);
    }

    private void restartLater(Node node, long millis) {
        scheduler.afterMillis(millis, node::start);
    }

    private void count(@Nullable ServerProcess process, Fault fault) {
        String where = process == null ? "DOWN" : name(process.role(), process.phase());
        world.counts().fault(where, fault.kind());
    }

    private static String name(Role role, Phase phase) {
        return phase == Phase.ELECTION ? "ELECTION" : phase + (role == Role.LEADING ? "/leader" : "/learner");
    }

    private void happen(Fault planned) {
        Fault fault = planned.server() > 0 ? planned : planned.of(leaderOr(planned));
        Node node = world.node(new ServerId(fault.server()));
        ServerProcess process = node.process();
        if (world.timeline().isOn()) {
            world.timeline().add(scheduler.now(), "FAULT", "#" + fault.number() + " " + fault);
        }
        if (fault.kind() != Kind.DIE_AT_MOMENT && fault.kind() != Kind.DIE_IN_CHANGE) {
            count(process, fault);
        }
        switch (fault.kind()) {
            case KILL, POWER_CUT -> kill(node, fault.kind() == Kind.POWER_CUT, fault.millis());
            case POWER_CUT_ALL -> world.nodes().forEach(n -> kill(n, true, fault.millis()));
            case DIE_AT_MOMENT ->
                traps.add(new Trap(fault, MOMENTS.get(fault.detail() % MOMENTS.size()), fault.detail() % 2 == 0));
            case DIE_IN_RECOVERY -> {
                node.dieInRecovery(1 + fault.detail() % 40);
                kill(node, fault.detail() % 2 == 0, fault.millis());
            }
            case ISOLATE -> isolate(fault.server(), fault.millis());
            case ONE_WAY ->
                block(fault.millis(), (a, b) -> a == fault.server() && (b == fault.other() || fault.detail() % 2 == 0));
            case SPLIT -> block(fault.millis(), (a, b) -> (fault.detail() >> a & 1) != (fault.detail() >> b & 1));
            case STAR -> block(fault.millis(), (a, b) -> a != fault.server() && b != fault.server());
            case CHAIN -> block(fault.millis(), (a, b) -> Math.abs(a - b) != 1);
            case PAIR -> block(fault.millis(), (a, b) -> pair(fault, a, b));
            case FLAP -> flap(fault, 6);
            case CLOG -> clog(fault);
            case HAND_OFF -> handOff(process, fault);
            case CUT_LINKS -> network.cutLinks(1 + fault.detail() % 3, 5);
            case HALF_OPEN -> network.cutLinks(1 + fault.detail() % 3, 4_000);
            case LOSS -> {
                network.lose(fault.detail() % 300);
                soon(fault.millis(), () -> network.lose(0));
            }
            case SLOW_NETWORK -> {
                network.slow(2 + fault.detail() % 40);
                soon(fault.millis(), () -> network.slow(1));
            }
            case DIE_IN_CHANGE ->
                traps.add(new Trap(fault, Operator.MOMENTS.get(fault.detail() % 2), fault.detail() % 3 > 0));
            default -> {
                if (fault.kind().isOfMembers()) {
                    world.operator().happen(fault);
                } else if (fault.kind().isOfDisks()) {
                    world.mechanic().happen(fault, node);
                } else {
                    happenToMachine(fault, node);
                }
            }
        }
    }

    private void happenToMachine(Fault fault, Node node) {
        switch (fault.kind()) {
            case PAUSE, SUSPEND -> node.pause(fault.millis(), fault.kind() == Kind.SUSPEND);
            case SLOW_DISK -> {
                node.slowDisk(2 + fault.detail() % 60);
                soon(fault.millis(), () -> node.slowDisk(1));
            }
            case STUCK_FSYNC -> node.stick(fault.millis());
            case FSYNC_ERROR -> node.disk().failForceAfter(1 + fault.detail() % 3);
            case WRITE_ERROR -> node.disk().failWriteAfter(1 + fault.detail() % 3);
            case DISK_FULL -> {
                node.disk().room(fault.detail());
                soon(fault.millis(), () -> node.disk().room(-1));
            }
            case ROT_SNAPSHOT, ROT_LOG -> rot(node, fault.kind());
            case CLOCK_JUMP -> node.jump((fault.detail() - (1 << 15)) * fault.millis());
            case PAUSE_CLIENT -> world.client(fault.detail()).pause(fault.millis());
            case CUT_CLIENT -> {
                world.client(fault.detail()).cut(true);
                soon(fault.millis(), () -> world.client(fault.detail()).cut(false));
            }
            case SLOW_CLIENT -> {
                world.client(fault.detail()).slow(Math.min(1_200, fault.millis()));
                soon(3 * fault.millis(), () -> world.client(fault.detail()).slow(0));
            }
            case KILL_CLIENT -> world.client(fault.detail()).die();
            default -> throw new IllegalStateException("no way to do " + fault);
        }
    }

    /** No fault for who asks for it: the leader is to give up its office without failing a request. */
    private void handOff(@Nullable ServerProcess process, Fault fault) {
        if (process != null) {
            ServerId successor = fault.detail() % 2 == 0 ? null : new ServerId(fault.other());
            process.event(() -> process.core().handOff(process.now(), successor));
        }
    }

    private int nodeCount() {
        return world.nodes().size();
    }

    private int leaderOr(Fault fault) {
        ServerProcess process = world.leading().process();
        return process != null && process.role() == Role.LEADING
                ? process.id().value()
                : 1 + fault.detail() % nodeCount();
    }

    /** Never on a quorum: acknowledged data would be lost for good, which nobody promises to survive. */
    private void rot(Node node, Kind kind) {
        if (world.identity().isTold() && !world.hasQuorumWithout(damagedOr(node))) {
            // Who lost its disk may have to be fed from this one.
            return;
        }
        boolean more = world.damagedVoters() < (world.voters().size() - 1) / 2;
        if (node.isDamaged()
                || more
                || (!world.voters().contains(node) && world.turnover().isNone())) {
            node.rot(kind);
        }
    }

    private Set<Node> damagedOr(Node node) {
        Set<Node> damaged = new HashSet<>();
        world.nodes().stream().filter(Node::isDamaged).forEach(damaged::add);
        damaged.add(node);
        return damaged;
    }

    private void kill(Node node, boolean power, long downMillis) {
        ServerProcess process = node.process();
        if (process != null) {
            node.note(power ? "POWER CUT" : "KILLED");
            process.die(power);
        }
        restartLater(node, downMillis);
    }

    private interface Direction {
        boolean isBlocked(int from, int to);
    }

    private void isolate(int server, long millis) {
        block(millis, (a, b) -> a == server || b == server);
    }

    private static boolean pair(Fault fault, int a, int b) {
        return (a == fault.server() && b == fault.other()) || (a == fault.other() && b == fault.server());
    }

    private void block(long millis, Direction direction) {
        List<ServerId[]> blocked = new ArrayList<>();
        for (Node from : world.nodes()) {
            for (Node to : world.nodes()) {
                boolean matches = direction.isBlocked(from.id().value(), to.id().value());
                if (from != to && matches) {
                    network.block(from.id(), to.id());
                    blocked.add(new ServerId[] {from.id(), to.id()});
                }
            }
        }
        soon(millis, () -> blocked.forEach(pair -> network.unblock(pair[0], pair[1])));
    }

    private void flap(Fault fault, int times) {
        if (times > 0 && !calm) {
            isolate(fault.server(), fault.millis() / 4);
            scheduler.afterMillis(fault.millis() / 2, () -> flap(fault, times - 1));
        }
    }

    private void clog(Fault fault) {
        ServerId id = new ServerId(fault.server());
        network.clog(id, true);
        soon(fault.millis(), () -> {
            network.clog(id, false);
            network.flow();
        });
    }

    /** Undoes a fault after a while, or when the storm is over. */
    private void soon(long millis, Runnable action) {
        Runnable[] once = new Runnable[1];
        once[0] = () -> {
            if (undo.remove(once[0])) {
                action.run();
            }
        };
        undo.add(once[0]);
        scheduler.afterMillis(millis, once[0]);
    }
}
