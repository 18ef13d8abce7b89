package io.holdfast.zab.ensemble;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.Effects;
import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.Recovered;
import io.holdfast.zab.core.RequestFailure;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Trace;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.Zab;
import io.holdfast.zab.core.ZabConfig;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.message.ElectionMessage;
import io.holdfast.zab.core.message.ReplicationMessage;
import io.holdfast.zab.core.message.SnapshotChunk;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One server of a simulated ensemble: a real core, a disk in memory, and the list of what was applied as its state. */
final class SimNode implements Effects {

    private final SimEnsemble ensemble;
    private final ServerId id;
    private final Configuration initial;
    private MemoryDisk disk;
    private List<Txn> applied = new ArrayList<>();
    private ZabConfig config;

    /** Null while the process is dead. */
    private @Nullable Zab zab;

    /** Grows with each start, so that what an earlier process scheduled reaches nobody. */
    private int life;

    private final Queue<Consumer<Zab>> backlog = new ArrayDeque<>();

    private long persisted;
    private boolean syncing;
    private boolean stalled;
    private boolean refusesSnapshots;
    private long snapshotsStored;
    private final Set<Link> snapshotsSent = new TreeSet<>();
    private long pausedUntil;
    private long tickAt = Long.MAX_VALUE;
    private long currentEpochSeen;

    SimNode(SimEnsemble ensemble, ServerId id, Configuration initial) {
        this.ensemble = ensemble;
        this.id = id;
        this.initial = initial;
        this.disk = new MemoryDisk(new DiskId(1, id.value()));
        this.config = ensemble.config();
    }

    ServerId id() {
        return id;
    }

    boolean isUp() {
        return zab != null;
    }

    List<Txn> applied() {
        return applied;
    }

    Zab.Status status() {
        return zab.status();
    }

    boolean leads() {
        return zab != null
                && zab.status().role() == Role.LEADING
                && zab.status().phase() == Phase.BROADCAST;
    }

    boolean serves() {
        return zab != null && zab.status().phase() == Phase.BROADCAST;
    }

    Configuration initial() {
        return initial;
    }

    MemoryDisk disk() {
        return disk;
    }

    /** Gives the process that is dead another disk: a new one, or one that it had before. */
    void useDisk(MemoryDisk other) {
        disk = other;
        currentEpochSeen = 0;
    }

    /** Has the next start of the process run with other settings. */
    void configure(ZabConfig other) {
        config = other;
    }

    // ---- process ----

    void start() {
        life++;
        persisted = 0;
        syncing = false;
        applied = new ArrayList<>();
        Recovered recovered = disk.recover(initial);
        ensemble.check(
                recovered.acceptedEpoch() >= recovered.currentEpoch() && recovered.currentEpoch() >= currentEpochSeen,
                "I-EPOCH: epochs of %s fell over a restart",
                id);
        currentEpochSeen = recovered.currentEpoch();
        if (!recovered.snapshot().equals(Position.START)) {
            restore(recovered.snapshot().zxid());
        }
        zab = new Zab(config, id, id.value() * 7919L + life, recovered, this);
        event(core -> core.start(now()));
    }

    void crash() {
        if (zab != null) {
            currentEpochSeen = zab.status().epoch();
        }
        disk.crash(ensemble.scheduler().random());
        zab = null;
        life++;
        backlog.clear();
    }

    /** Stops the process for a while: what arrives waits in order. */
    void pause(long untilNanos) {
        pausedUntil = untilNanos;
        ensemble.scheduler().at(untilNanos, this::resume);
    }

    private void resume() {
        int expected = life;
        while (pausedUntil <= now() && life == expected && !backlog.isEmpty()) {
            ifAlive(expected, backlog.remove());
        }
    }

    /** Hands an event to the core, later when the process is paused; never to another life than the present one. */
    void event(Consumer<Zab> event) {
        if (pausedUntil > now() || !backlog.isEmpty()) {
            backlog.add(event);
        } else {
            ifAlive(life, event);
        }
    }

    private void ifAlive(int expected, Consumer<Zab> event) {
        Zab core = zab;
        if (life != expected || core == null) {
            return;
        }
        event.accept(core);
        ensemble.afterEvent(this);
        scheduleTick(core);
    }

    private void scheduleTick(Zab core) {
        long next = core.nextTick();
        if (next < tickAt) {
            tickAt = next;
            int expected = life;
            ensemble.scheduler().at(Math.max(next, now() + 1), () -> {
                tickAt = Long.MAX_VALUE;
                if (life == expected) {
                    event(alive -> alive.tick(now()));
                } else if (zab != null) {
                    scheduleTick(zab);
                }
            });
        }
    }

    private long now() {
        return ensemble.scheduler().now();
    }

    // ---- network ----

    @Override
    public void notify(ServerId to, ElectionMessage message) {
        ensemble.network().datagram(id, to, message);
    }

    @Override
    public void connect(ServerId leader) {
        ensemble.network().connect(this, leader);
    }

    @Override
    public void close(Link link, String reason) {
        ensemble.network().close(id, link);
    }

    @Override
    public void send(Link link, ReplicationMessage message) {
        ensemble.network().send(id, link, message);
    }

    @Override
    public long snapshotBytes(Zxid zxid) {
        return 1;
    }

    @Override
    public void sendSnapshot(Link link, Zxid zxid, long upTo) {
        // The image itself goes by name; what the chunk carries is the fact that the file is complete.
        if (snapshotsSent.add(link)) {
            ensemble.network().snapshot(id, link, disk.image(zxid));
        }
    }

    @Override
    public void expectSnapshot(Zxid zxid, long bytes) {
        int expected = life;
        ensemble.scheduler().afterMicros(ensemble.fsyncMicros(), () -> {
            if (life == expected && refusesSnapshots) {
                event(core -> core.snapshotRefused(now(), zxid, "no room"));
            } else if (life == expected) {
                event(core -> core.snapshotReceived(now(), zxid, 0));
            }
        });
    }

    // ---- disk ----

    @Override
    public void append(LogRecord record) {
        ensemble.check(
                !(record instanceof LogRecord.Append) || status().role() != Role.LOOKING,
                "I-LEGAL: %s appends %s while it looks for a leader",
                id,
                record);
        disk.append(record);
        syncLater();
    }

    /** From now on nothing that is written becomes durable. */
    void stallDisk() {
        stalled = true;
    }

    void releaseDisk() {
        stalled = false;
        if (disk.unsynced() > 0) {
            syncLater();
        }
    }

    /** Has this server promised an epoch in an earlier life. */
    void promised(long epoch, ServerId leader) {
        disk.append(new LogRecord.Promise(epoch, leader));
        disk.sync(1);
    }

    private void syncLater() {
        if (syncing || stalled) {
            return;
        }
        syncing = true;
        int expected = life;
        ensemble.scheduler().afterMicros(ensemble.fsyncMicros(), () -> {
            if (life != expected) {
                return;
            }
            if (stalled) {
                syncing = false;
                return;
            }
            int count = 1 + ensemble.scheduler().random().nextInt(disk.unsynced());
            disk.sync(count);
            persisted += count;
            long upTo = persisted;
            syncing = false;
            if (disk.unsynced() > 0) {
                syncLater();
            }
            event(core -> core.persisted(now(), upTo));
        });
    }

    /** From now on there is no room for a snapshot that a leader sends, or there is again. */
    void refuseSnapshots(boolean refuse) {
        refusesSnapshots = refuse;
    }

    void receiveImage(MemoryDisk.Image image) {
        disk.keep(image);
    }

    @Override
    public void storeSnapshot(Zxid zxid, SnapshotChunk chunk) {
        MemoryDisk.Image image = disk.image(zxid);
        int expected = life;
        // A snapshot that begins takes the place of one that is not complete.
        long number = ++snapshotsStored;
        ensemble.scheduler().afterMicros(ensemble.snapshotMicros(), () -> {
            if (life == expected && number == snapshotsStored && refusesSnapshots) {
                event(core -> core.snapshotRefused(now(), zxid, "no room"));
            } else if (life == expected && number == snapshotsStored) {
                event(core -> core.snapshotStored(now(), image.at(), image.configuration()));
            }
        });
    }

    @Override
    public void takeSnapshot(Position at, Configuration configuration) {
        MemoryDisk.Image image = new MemoryDisk.Image(at, configuration, List.copyOf(applied));
        int expected = life;
        ensemble.scheduler().afterMicros(10 * ensemble.fsyncMicros(), () -> {
            ensemble.snapshotEnds(() -> {
                if (life == expected) {
                    disk.keep(image);
                    event(core -> core.snapshotTaken(now(), at));
                }
            });
        });
    }

    // ---- state machine ----

    @Override
    public void restore(Zxid zxid) {
        applied = new ArrayList<>(disk.image(zxid).applied());
        ensemble.history().restored(this);
    }

    /** A command or note that no server can read. */
    static final Payload MALFORMED = Payload.of(new byte[] {'b', 'a', 'd'});

    @Override
    public @Nullable String screen(ServerId from, Payload command, Configuration committed) {
        return command.equals(MALFORMED) ? "it is bad" : null;
    }

    @Override
    public @Nullable String screenNote(ServerId from, Payload note, Configuration committed) {
        return screen(from, note, committed);
    }

    @Override
    public @Nullable String screenAdministration(ServerId from, Configuration committed) {
        return ensemble.mayAdminister(from) ? null : "it may not administer";
    }

    @Override
    public void deliver(Txn txn) {
        ensemble.check(!txn.payload().equals(MALFORMED), "%s applies what nobody can apply", id);
        applied.add(txn);
        ensemble.history().delivered(this, txn);
    }

    // ---- clients and news ----

    @Override
    public void requestFailed(long requestId, RequestFailure failure) {
        ensemble.history().failed(id, requestId, failure);
        ensemble.refused(id, requestId, failure);
    }

    @Override
    public void readReady(long readId) {
        ensemble.history().readReady(this, readId);
    }

    @Override
    public void readFailed(long readId, RequestFailure failure) {
        ensemble.history().readFailed(readId);
    }

    @Override
    public void touched(ServerId from, Payload note) {
        ensemble.history().touched();
    }

    @Override
    public void touchConfirmed(long touchId) {
        ensemble.history().touchConfirmed();
    }

    @Override
    public void touchFailed(long touchId, RequestFailure failure) {
        // No fault: the client asks again or gives its lease up.
        ensemble.history().touchFailed();
    }

    @Override
    public void became(Role role, Phase phase, long epoch, @Nullable ServerId leader, String reason) {
        ensemble.history().became(this, role, phase, epoch, reason);
    }

    @Override
    public void trace(Trace event) {
        ensemble.history().trace(id, event);
    }
}
