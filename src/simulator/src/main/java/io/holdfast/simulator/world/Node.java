package io.holdfast.simulator.world;

import io.holdfast.lock.LockTable;
import io.holdfast.simulator.check.DurableLog;
import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.ConfigurationCodec;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.Recovered;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.TxnType;
import io.holdfast.zab.core.ZabConfig;
import io.holdfast.zab.log.LogCorruptException;
import io.holdfast.zab.log.LogIdentity;
import io.holdfast.zab.log.Opened;
import io.holdfast.zab.log.StoredSnapshot;
import io.holdfast.zab.log.WriteAheadLog;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** One server over all its lives: its machine with clock and disk, and the process that runs on it, if any. */
final class Node {

    private static final long WALL_START_MILLIS = 1_800_000_000_000L;

    private static final long SNAPSHOT_NANOS_MAX = 10_000 * Scheduler.MILLI;

    private record Waiting(ServerProcess process, Runnable event) {}

    private final World world;
    private final ServerId id;
    private final String name;
    private final Dice dice;
    private SimulatedDisk disk;
    private final Clock clock;
    private final Queue<Waiting> backlog = new ArrayDeque<>();
    private @Nullable ServerProcess process;
    private long pausedUntil;
    private long stuckUntil;
    private int diskSlowness = 1;
    private int cutInRecovery;
    private int lives;
    private long wallOffsetMillis;
    private boolean starting;
    private boolean damaged;
    private boolean lost;
    private boolean away;
    private boolean formatted;
    private Configuration file;
    private int protocol;

    /** Disks that it had before, and what is on them for good. */
    private final List<PutAway> putAway = new ArrayList<>();

    private record PutAway(SimulatedDisk disk, DurableLog log) {}

    Node(World world, ServerId id, Dice dice) {
        this.world = world;
        this.id = id;
        this.name = "server-" + id;
        this.dice = dice;
        this.disk = new SimulatedDisk(dice.random());
        this.file = world.founders();
        this.clock =
                new Clock(dice.between(0, 1_000_000_000_000L), world.profile().drift(dice));
        this.protocol = world.identity().firstProtocol(dice);
    }

    World world() {
        return world;
    }

    ServerId id() {
        return id;
    }

    String name() {
        return name;
    }

    Dice dice() {
        return dice;
    }

    SimulatedDisk disk() {
        return disk;
    }

    Clock clock() {
        return clock;
    }

    /** Returns what this machine takes for the time of day; it may jump, and nothing may depend on it. */
    long wallMillis() {
        return WALL_START_MILLIS + world.scheduler().now() / Scheduler.MILLI + wallOffsetMillis;
    }

    /** Somebody sets the time of day of this machine. */
    void jump(long millis) {
        wallOffsetMillis += millis;
    }

    /** Returns the running process; null while there is none. */
    @Nullable
    ServerProcess process() {
        return process;
    }

    long seedOfLife() {
        return id.value() * 7919L + lives;
    }

    /** Returns whether its disk is damaged so that it refuses to start, as it should. */
    boolean isLost() {
        return lost;
    }

    @SuppressWarnings("AnnotateFormatMethod")
    void note(String format, @Nullable Object... arguments) {
        if (world.timeline().isOn()) {
            world.timeline().add(world.scheduler().now(), name, String.format(format, arguments));
        }
    }

    // ---- life ----

    /** Starts a process that recovers from the disk; it may die of that, and is started again then. */
    void start() {
        if (process != null || starting || lost || away) {
            return;
        }
        starting = true;
        world.scheduler().after(dice.between(Scheduler.MILLI, 30 * Scheduler.MILLI), () -> {
            starting = false;
            // It may have been taken away since.
            if (!away) {
                recover();
            }
        });
    }

    private void recover() {
        lives++;
        world.operator().leaveFile(this);
        if (cutInRecovery > 0) {
            disk.cutAfter(cutInRecovery);
            cutInRecovery = 0;
        }
        try {
            Opened opened = WriteAheadLog.open(
                    disk,
                    world.log(),
                    new LogIdentity("simulated", id),
                    file,
                    new DiskId(dice.random().nextLong(), id.value()));
            if (isTooOldFor(opened.recovered())) {
                note("refuses to start: it is too old for its disk");
                disk.restart();
                world.mechanic().upgrade(this);
                return;
            }
            LockTable table = LiveTable.read(
                    opened.snapshots(), opened.recovered().snapshot().zxid(), Configuration.FIRST_LEVEL);
            disk.cutAfter(Long.MAX_VALUE / 2);
            formatted = true;
            note(
                    "starts with epochs %s/%s",
                    opened.recovered().acceptedEpoch(), opened.recovered().currentEpoch());
            world.invariants().recovered(id, opened.recovered());
            ServerProcess next = new ServerProcess(this, opened, table);
            process = next;
            long stateBytes = opened.snapshots().list().stream()
                    .filter(stored -> stored.at().equals(opened.recovered().snapshot()))
                    .mapToLong(StoredSnapshot::stateBytes)
                    .findFirst()
                    .orElse(0);
            next.begin(opened.recovered().snapshot().zxid(), stateBytes);
        } catch (LogCorruptException e) {
            if (!damaged) {
                throw world.violation("I-DISK", name + " finds damage where there is none: " + e.getMessage(), e);
            }
            note("refuses to start: %s", e.getMessage());
            lost = true;
        } catch (IOException e) {
            note("dies while it starts: %s", e.getMessage());
            if (dice.oneIn(2)) {
                disk.powerCut();
            } else {
                disk.restart();
            }
            start();
        }
    }

    private boolean isTooOldFor(Recovered recovered) {
        int level = recovered.configuration().level();
        for (Txn txn : recovered.txns()) {
            if (txn.type() == TxnType.CONFIGURATION) {
                level = Math.max(level, ConfigurationCodec.of(txn.payload()).level());
            }
        }
        return level > protocol;
    }

    /** Returns the newest version of the protocol that its next process speaks, or the one that runs. */
    int protocol() {
        return protocol;
    }

    /** Puts a release there for the next start. */
    void install(int newest) {
        note("gets a release that speaks version %s", newest);
        protocol = newest;
    }

    ZabConfig zab() {
        return world.zab().withIdentity(protocol, world.identity().readmits());
    }

    /** Returns whether it never ran with the disk that it has. */
    boolean isFresh() {
        return !formatted;
    }

    /** Somebody writes a list of members into its local file. */
    void file(Configuration members) {
        file = members;
    }

    /** Takes the machine away, with its disk. */
    void takeAway() {
        ServerProcess running = process;
        if (running != null) {
            running.die(true);
        }
        away = true;
    }

    boolean isAway() {
        return away;
    }

    /** Puts an empty machine in the place of one that was taken away. */
    void replace() {
        note("is a new machine with an empty disk");
        away = false;
        damaged = false;
        lost = false;
        formatted = false;
        disk = new SimulatedDisk(dice.random());
        world.invariants().wiped(id);
        putAway.clear();
    }

    /** Puts another disk in, an empty one or one that it had before; no process may run. */
    void exchange(boolean old) {
        PutAway found = old && !putAway.isEmpty() ? putAway.remove(dice.below(putAway.size())) : null;
        note(found == null ? "HAS AN EMPTY DISK" : "HAS A DISK OF EARLIER");
        DurableLog before = world.invariants().exchanged(id, found == null ? null : found.log());
        if (!damaged) {
            putAway.add(new PutAway(disk, before));
        }
        damaged = false;
        lost = false;
        formatted = found != null;
        disk = found == null ? new SimulatedDisk(dice.random()) : found.disk();
    }

    void ended(ServerProcess ended) {
        if (process == ended) {
            process = null;
            backlog.clear();
            stuckUntil = 0;
        }
    }

    /** Lets the next recovery die at its n-th operation on the disk. */
    void dieInRecovery(int operation) {
        cutInRecovery = operation;
    }

    /** Damages a snapshot, or the log where recovery can tell damage from a torn write. */
    void rot(Fault.Kind what) {
        damaged |= what == Fault.Kind.ROT_LOG ? disk.rotLog() : disk.rotSnapshot();
    }

    boolean isDamaged() {
        return damaged;
    }

    // ---- pauses ----

    /** Stops the machine for a while: what arrives waits in order. */
    void pause(long millis, boolean clockStops) {
        long until = world.scheduler().now() + millis * Scheduler.MILLI;
        if (until <= pausedUntil) {
            return;
        }
        pausedUntil = until;
        world.scheduler().at(until, () -> {
            if (pausedUntil == until) {
                if (clockStops) {
                    clock.freeze(millis * Scheduler.MILLI);
                }
                resume();
            }
        });
    }

    private boolean isPaused() {
        return pausedUntil > world.scheduler().now();
    }

    void resume() {
        pausedUntil = 0;
        while (!backlog.isEmpty() && !isPaused()) {
            Waiting next = backlog.remove();
            next.process().happen(next.event());
        }
    }

    void run(ServerProcess target, Runnable event) {
        if (isPaused() || !backlog.isEmpty()) {
            backlog.add(new Waiting(target, event));
        } else {
            target.happen(event);
        }
    }

    // ---- the speed of the disk ----

    void stick(long millis) {
        stuckUntil = world.scheduler().now() + millis * Scheduler.MILLI;
    }

    /** Returns whether the log has nothing to write. */
    boolean isIdle() {
        ServerProcess running = process;
        return running != null
                && running.core()
                        .status()
                        .lastLogged()
                        .equals(running.core().status().lastDurable());
    }

    boolean isStuck() {
        return stuckUntil > world.scheduler().now();
    }

    void slowDisk(int factor) {
        diskSlowness = factor;
    }

    long fsyncNanos() {
        return dice.heavyTail(world.profile().fsyncNanos(), world.profile().fsyncMaxNanos()) * diskSlowness;
    }

    /** How long a snapshot takes; what began on a slow disk has an end before L2 asks for it, well or not. */
    long diskNanos() {
        return Math.min(5 * fsyncNanos(), SNAPSHOT_NANOS_MAX);
    }

    /** All faults of this machine end. */
    void heal() {
        diskSlowness = 1;
        stuckUntil = 0;
        cutInRecovery = 0;
        disk.room(-1);
        disk.failForceAfter(0);
        disk.failWriteAfter(0);
        resume();
    }
}
