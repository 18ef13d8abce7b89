package io.holdfast.simulator.world;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Change;
import io.holdfast.lock.Command;
import io.holdfast.lock.LockTable;
import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.Effects;
import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.Quorum;
import io.holdfast.zab.core.RequestFailure;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Trace;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.TxnType;
import io.holdfast.zab.core.Zab;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.message.ElectionMessage;
import io.holdfast.zab.core.message.ReplicationMessage;
import io.holdfast.zab.core.message.SnapshotChunk;
import io.holdfast.zab.log.Opened;
import io.holdfast.zab.log.SnapshotStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One life of a server, from start to death: a real core, a real log, a real lock table, and around them what a node
 * and a replica do. When it is dead, nothing of it happens any more, wherever it was.
 */
final class ServerProcess implements Effects {

    private final Node node;
    private final World world;
    private final Zab core;
    private final LogHost log;
    private final LiveTable live;
    private final Intake intake;
    private final Outgoing outgoing;
    private final Leases leases;
    private final KeepAlives keepAlives;
    private final Feed feed;
    private final Map<Long, Reply> asks = new LinkedHashMap<>();
    private final Map<String, List<Runnable>> holds = new LinkedHashMap<>();
    private Phase phase = Phase.ELECTION;
    private Role role = Role.LOOKING;
    private Quorum book;
    private long tickAt = Long.MAX_VALUE;
    private boolean dead;

    ServerProcess(Node node, Opened opened, LockTable table) {
        this.node = node;
        this.world = node.world();
        SnapshotStore snapshots = opened.snapshots();
        Zxid at = opened.recovered().snapshot().zxid();
        this.log = new LogHost(this, opened.log());
        this.live = new LiveTable(this, snapshots, table, at);
        this.intake = new Intake(this, snapshots);
        this.outgoing = new Outgoing(this, snapshots);
        this.leases = new Leases(this);
        this.keepAlives = new KeepAlives(this);
        this.feed = new Feed(this, world.habits().historyTxns());
        this.core = new Zab(node.zab(), node.id(), node.seedOfLife(), opened.recovered(), this);
        this.book = core.status().quorum();
    }

    void begin(Zxid restoredAt, long stateBytes) {
        live.tellBytes(stateBytes);
        event(() -> {
            restored(restoredAt);
            core.start(now());
        });
        tickReplica();
    }

    Node node() {
        return node;
    }

    ServerId id() {
        return node.id();
    }

    String name() {
        return node.name();
    }

    Zab core() {
        return core;
    }

    LockTable table() {
        return live.table();
    }

    Feed feed() {
        return feed;
    }

    Phase phase() {
        return phase;
    }

    Role role() {
        return role;
    }

    boolean serves() {
        return phase == Phase.BROADCAST;
    }

    /** Returns whether it has the address of another server, and lets it in (as the network of a node does it). */
    boolean knows(ServerId other) {
        return book.contains(other);
    }

    /** Returns the version of the protocol that all members have agreed on, as far as it knows. */
    int level() {
        return book.latest().level();
    }

    boolean isDead() {
        return dead;
    }

    /** Returns what the clock of this machine shows. */
    long now() {
        return node.clock().read(world.scheduler().now());
    }

    // ---- events ----

    /** Hands an event to this process: now, or after a pause in its turn, or never. */
    void event(Runnable event) {
        if (!dead) {
            node.run(this, event);
        }
    }

    /** Does something after a while, unless this process is dead by then. */
    void later(long nanos, Runnable action) {
        world.scheduler().after(nanos, () -> {
            if (!dead) {
                action.run();
            }
        });
    }

    /** Runs an event and all that follows from it. */
    void happen(Runnable event) {
        if (dead) {
            return;
        }
        try {
            event.run();
            live.drain();
        } catch (IllegalStateException | IllegalArgumentException | NullPointerException e) {
            throw world.violation("I-STOP", name() + " stops by a check of its own: " + e, e);
        }
        if (dead) {
            return;
        }
        log.handOver();
        Zab.Status status = core.status();
        book = status.quorum();
        world.invariants().after(id(), status);
        armTick();
    }

    private void armTick() {
        long next = core.nextTick();
        if (next >= tickAt || next == Long.MAX_VALUE) {
            return;
        }
        tickAt = next;
        long at = Math.max(node.clock().trueTimeOf(next), world.scheduler().now() + 1);
        world.scheduler().at(at, () -> {
            if (!dead && tickAt == next) {
                tickAt = Long.MAX_VALUE;
                event(() -> {
                    if (now() >= core.nextTick()) {
                        core.tick(now());
                    }
                });
            }
        });
    }

    private void tickReplica() {
        later(
                node.clock().trueNanos(100 * Scheduler.MILLI),
                () -> event(() -> {
                    leases.tick();
                    feed.bookmarks();
                    tickReplica();
                }));
    }

    // ---- the end of it ----

    /** Ends this life: the power fails, or only the process dies and what it wrote stays in the cache. */
    void die(boolean power) {
        if (dead) {
            return;
        }
        dead = true;
        node.disk().cutAfter(1 + node.dice().below(power ? 12 : 6));
        log.die();
        live.die();
        intake.die();
        if (power) {
            node.disk().powerCut();
        } else {
            node.disk().restart();
        }
        world.network().died(this, power);
        node.ended(this);
    }

    /** The disk failed: the process stops at once. */
    void fail(Throwable cause) {
        if (!dead) {
            node.note("STOPS: %s", cause.getMessage());
            world.faults().stopped(this);
        }
    }

    // ---- for clients of this server ----

    void submit(Command command, Reply reply) {
        long id = ask(reply);
        Payload payload = live.payload(command);
        if (payload == null) {
            failed(id, RequestFailure.MALFORMED);
        } else {
            core.submit(now(), id, payload);
        }
    }

    void reconfigure(Configuration next, Reply reply) {
        core.reconfigure(now(), ask(reply), next);
    }

    /** Does something when the state has all that the core handed over so far. */
    void inTurn(Runnable action) {
        live.then(table -> action.run());
    }

    void readLatest(Reply reply) {
        core.readIndex(now(), ask(reply));
    }

    void keepAlive(long session, Reply reply) {
        keepAlives.add(session, reply);
    }

    void touch(Payload note, Reply reply) {
        core.touch(now(), ask(reply), note);
    }

    boolean propose(long epoch, LongFunction<Command> command) {
        Payload payload = live.payload(command.apply(node.wallMillis()));
        return payload != null && core.propose(now(), epoch, world.nextRequest(), payload);
    }

    /** Has {@code wake} run when something happens to a grant, or the state is replaced, or after a while. */
    void hold(String grant, long nanos, Runnable wake) {
        holds.computeIfAbsent(grant, id -> new ArrayList<>()).add(wake);
        later(
                nanos,
                () -> event(() -> {
                    List<Runnable> held = holds.get(grant);
                    if (held != null && held.remove(wake)) {
                        wake.run();
                    }
                }));
    }

    private void wake(String grant) {
        List<Runnable> held = holds.remove(grant);
        if (held != null) {
            held.forEach(Runnable::run);
        }
    }

    private long ask(Reply reply) {
        long id = world.nextRequest();
        asks.put(id, reply);
        return id;
    }

    private void answer(long id, @Nullable Applied result) {
        Reply reply = asks.remove(id);
        if (reply != null) {
            reply.answered(this, result);
        }
    }

    private void failed(long id, RequestFailure reason) {
        later(
                0,
                () -> event(() -> {
                    Reply reply = asks.remove(id);
                    if (reply != null) {
                        reply.failed(reason);
                    }
                }));
    }

    // ---- what the table did ----

    void applied(Txn txn, @Nullable Applied applied) {
        if (applied == null) {
            world.faults().moment(this, Operator.MOMENTS.get(1));
        }
        world.scheduler().note(txn.chainHash());
        world.delivered(this, txn, applied);
        feed.append(txn.zxid().packed(), applied == null ? List.of() : applied.changes());
        if (applied != null) {
            leases.applied(applied);
            for (Change change : applied.changes()) {
                String grant = change.grant();
                if (grant != null && change.kind() != Change.Kind.WAITING) {
                    wake(grant);
                }
            }
        }
        if (txn.origin().server().equals(id())) {
            answer(txn.origin().requestId(), applied);
        }
    }

    void restored(Zxid at) {
        world.invariants().restored(id(), at, table());
        feed.restart(at.packed());
        List.copyOf(holds.keySet()).forEach(this::wake);
    }

    // ---- what the core asks for ----

    @Override
    public void notify(ServerId to, ElectionMessage message) {
        if (!dead) {
            world.network().notice(this, to, message);
        }
    }

    @Override
    public void connect(ServerId leader) {
        if (!dead) {
            world.network().connect(this, leader);
        }
    }

    @Override
    public void close(Link link, String reason) {
        if (!dead) {
            node.note("closes %s: %s", link, reason);
            world.network().close(this, link);
        }
    }

    @Override
    public void send(Link link, ReplicationMessage message) {
        if (!dead) {
            world.network().send(this, link, message);
            world.faults().moment(this, message.getClass());
        }
    }

    @Override
    public long snapshotBytes(Zxid zxid) {
        return outgoing.bytes(zxid);
    }

    @Override
    public void sendSnapshot(Link link, Zxid zxid, long upTo) {
        if (!dead) {
            outgoing.send(link, zxid, upTo);
        }
    }

    @Override
    public void expectSnapshot(Zxid zxid, long bytes) {
        if (!dead) {
            intake.expect(zxid, bytes);
        }
    }

    @Override
    public void append(LogRecord record) {
        if (!dead) {
            node.note("logs %s", record);
            world.invariants().appended(id(), record);
            log.append(record);
            world.faults().moment(this, record.getClass());
            if (record instanceof LogRecord.Append append && append.txn().type() != TxnType.COMMAND) {
                world.faults().moment(this, Operator.MOMENTS.get(0));
            }
        }
    }

    @Override
    public void storeSnapshot(Zxid zxid, SnapshotChunk chunk) {
        if (!dead) {
            intake.offer(zxid, chunk);
        }
    }

    @Override
    public void takeSnapshot(Position at, Configuration configuration) {
        if (!dead) {
            live.takeSnapshot(at, configuration);
            world.faults().moment(this, SnapshotChunk.class);
        }
    }

    @Override
    public void restore(Zxid zxid) {
        world.invariants().handedOver(id(), zxid);
        live.restore(zxid);
    }

    @Override
    public void deliver(Txn txn) {
        world.invariants().handedOver(id(), txn.zxid());
        live.deliver(txn);
    }

    @Override
    public void requestFailed(long requestId, RequestFailure failure) {
        failed(requestId, failure);
    }

    @Override
    public void readReady(long readId) {
        live.then(table -> answer(readId, null));
    }

    @Override
    public void readFailed(long readId, RequestFailure failure) {
        failed(readId, failure);
    }

    @Override
    public void touched(ServerId from, Payload note) {
        live.then(table -> leases.touched(note));
    }

    @Override
    public void touchConfirmed(long touchId) {
        live.then(table -> answer(touchId, null));
    }

    @Override
    public void touchFailed(long touchId, RequestFailure failure) {
        failed(touchId, failure);
    }

    @Override
    public void became(Role newRole, Phase newPhase, long epoch, @Nullable ServerId leader, String reason) {
        if (dead) {
            return;
        }
        role = newRole;
        phase = newPhase;
        node.note("%s %s epoch %s: %s", newRole, newPhase, epoch, reason);
        world.became(this, epoch);
        live.then(table -> {
            if (newPhase == Phase.BROADCAST && newRole == Role.LEADING) {
                leases.lead(epoch, table);
            } else {
                leases.stop();
            }
        });
        world.faults().moment(this, newPhase.getDeclaringClass());
    }

    @Override
    public void trace(Trace event) {
        node.note("%s", event);
        if (event instanceof Trace.Diverged || event instanceof Trace.Impossible) {
            throw world.violation("I-HASH", name() + ": " + event);
        }
        if (event instanceof Trace.AckRegression) {
            throw world.violation("I-DISK", name() + ": " + event);
        }
        if (event instanceof Trace.Synced synced) {
            world.synced(synced.mode());
        }
    }
}
