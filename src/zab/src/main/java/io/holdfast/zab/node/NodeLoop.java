package io.holdfast.zab.node;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.Quorum;
import io.holdfast.zab.core.RequestFailure;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Zab;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.message.ElectionMessage;
import io.holdfast.zab.core.message.ReplicationMessage;
import io.holdfast.zab.core.state.Plausible;
import io.holdfast.zab.log.LogFailedException;
import io.holdfast.zab.log.Opened;
import io.holdfast.zab.log.SnapshotDamagedException;
import io.holdfast.zab.log.StoredSnapshot;
import io.holdfast.zab.log.WriteAheadLog;
import io.holdfast.zab.net.NetConfig;
import io.holdfast.zab.net.PeerEvents;
import io.holdfast.zab.net.PeerNet;
import io.holdfast.zab.net.Workers;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * All of a node that runs on its one Vert.x context: tells the core what happened and, at the end of each turn of the
 * event loop, lets go what it asked for: one hand-over to the log, one write to each peer, one timer.
 */
final class NodeLoop<S extends StateMachine> implements PeerEvents {

    /** Something that the core is told. */
    interface Event {
        void happen(Zab core, long now);
    }

    private static final Logger LOG = Logger.getLogger(ZabNode.class);
    private static final long NO_TIMER = -1;

    private final Vertx vertx;
    private final Context context;
    private final Thread thread = Thread.currentThread();
    private final NodeParts<S> parts;
    private final Asks<S> asks;
    private final PeerNet net;
    private final LogWriter log;
    private final Housekeeping housekeeping;
    private final SnapshotIntake intake;
    private final SnapshotTaker<S> taker;
    private final LiveState<S> state;
    private final Zab core;
    private final Zxid restoredAt;
    private final LogPace pace = new LogPace();
    private final StatusWatch watch;
    private final SnapshotDemand demand = new SnapshotDemand(() -> run((told, now) -> told.takeSnapshot(now)));
    private final AtomicLong durableRecords = new AtomicLong();
    private final AtomicBoolean durableScheduled = new AtomicBoolean();

    private volatile Zab.Status status;

    /** Newest configuration of which a peer said that this node is no member of it; -1 when none did. */
    private volatile long outsideOf = -1;

    private Quorum quorum;
    private boolean turnOpen;
    private boolean stopped;
    private long timer = NO_TIMER;
    private long timerAt;

    /** Puts the node together; called on its context. Nothing runs before {@link #listen} and {@link #begin}. */
    NodeLoop(Vertx vertx, NodeParts<S> parts, Workers workers, Opened opened, StateFiles.Loaded<S> loaded) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.watch = new StatusWatch(vertx);
        this.parts = parts;
        NodeConfig config = parts.config();
        SecureRandom random = new SecureRandom();
        this.restoredAt = opened.recovered().snapshot().zxid();
        this.asks = new Asks<>(config.inboxMax(), () -> context.runOnContext(ignored -> drainAsks()));
        NetConfig netConfig = new NetConfig(
                config.clusterId(),
                config.self(),
                opened.recovered().diskId(),
                random.nextLong(),
                config.listenHost(),
                config.listenPort(),
                config.laneFramesMax(),
                config.laneBytesMax(),
                config.zab().protocolMax(),
                parts.addresses(),
                config.tls());
        this.net = new PeerNet(
                vertx,
                netConfig,
                opened.recovered().configuration(),
                this,
                new SentFiles(opened.snapshots(), damage -> later(() -> fail(damage))),
                workers);
        this.log =
                new LogWriter("holdfast-log-" + config.self(), opened.log(), new LogOutcome(), parts.metrics(), pace);
        this.housekeeping =
                new Housekeeping(vertx, workers, parts.metrics(), opened.snapshots(), new HousekeepingOutcome());
        this.intake = new SnapshotIntake(opened.snapshots(), workers, new IntakeOutcome());
        StateFiles<S> files = new StateFiles<>(opened.snapshots(), parts.factory(), pace);
        this.taker = new SnapshotTaker<>(files, workers, parts.metrics(), restoredAt);
        this.state = new LiveState<>(parts, workers, loaded.state(), files, taker, asks);
        NodeEffects<S> effects = new NodeEffects<>(this, parts, net, log, intake, state);
        this.core = new Zab(config.zab(), config.self(), random.nextLong(), opened.recovered(), effects);
        core.stateBytes(loaded.bytes());
        state.onDigest(core::digest);
        this.status = core.status();
        this.quorum = status.quorum();
        net.members(quorum);
        tellGeneration();
    }

    /**
     * A server without a history belongs to no generation yet, whatever its settings say: it may join any. So does one
     * whose ensemble is not founded yet: each founder drew a generation, and the first transaction says which it is.
     */
    private void tellGeneration() {
        boolean begun = status.epoch() > 0 || status.lastLogged().isAfter(Zxid.ZERO);
        if (begun && !status.configuration().isFounding()) {
            net.generation(status.configuration().generation());
        }
    }

    /** Opens the peer port; the future has its number. */
    Future<Integer> listen() {
        return net.listen();
    }

    /** Joins the ensemble. */
    void begin() {
        log.start();
        housekeeping.begin();
        run((started, now) -> {
            state.begin(restoredAt);
            started.start(now);
        });
    }

    Asks<S> asks() {
        return asks;
    }

    Zab.Status status() {
        return status;
    }

    /** Returns what the core is now, not at the end of the last turn; on the node's context. */
    Zab.Status latest() {
        return core.status();
    }

    Context context() {
        return context;
    }

    /** Returns how many bytes wait to be sent to other members; on the node's context. */
    long queuedBytes() {
        return net.queuedBytes();
    }

    /**
     * Tells the core of an event, now; then does what it asked to be done with the state. Called on the node's context.
     */
    void run(Event event) {
        if (stopped) {
            return;
        }
        try {
            event.happen(core, System.nanoTime());
            if (state.drain()) {
                later(() -> run((told, now) -> state.goOn()));
            }
        } catch (RuntimeException | Error e) {
            // An exception in here leaves a state that nobody understands: better no node than a wrong one.
            fail(e);
            return;
        }
        openTurn();
    }

    /** Does something soon that must not happen inside the core's call. */
    void later(Runnable action) {
        context.runOnContext(ignored -> action.run());
    }

    /** Answers a question about the state as it is, in its turn. */
    void answerSoon(long id) {
        state.then(now -> asks.answer(id, now, null));
    }

    /** Proposes in the name of this node's leader duties; see {@link ZabNode#propose}. */
    boolean propose(long epoch, Payload payload) {
        if (Thread.currentThread() != thread) {
            throw new IllegalStateException("propose() is called on the node's context only, see context()");
        }
        boolean[] proposed = new boolean[1];
        run((leader, now) -> proposed[0] = leader.propose(now, epoch, asks.nextId(), payload));
        return proposed[0];
    }

    /** Asks whoever leads to hand over; on the node's context. */
    void handOff(@Nullable ServerId successor) {
        run((told, now) -> told.handOff(now, successor));
    }

    /** Makes a snapshot of all that is applied now; on the node's context. */
    Future<Position> snapshot() {
        if (stopped) {
            return Future.failedFuture(new RequestFailedException(RequestFailure.NO_LEADER));
        }
        return demand.ask(core.status().lastApplied(), core.snapshot());
    }

    /** Reads the next cold file of the data directory again; on the node's context. */
    Future<?> scrub() {
        return housekeeping.scrub();
    }

    /** A snapshot is durable, or could not be made; not inside the core's call. */
    void snapshotEnded(@Nullable Throwable failure) {
        if (failure != null) {
            demand.failed(failure);
        } else if (!stopped) {
            demand.ended(core.snapshot());
        }
    }

    /** Completes when this node is so, or with false when it is not in time; on the node's context. */
    Future<Boolean> await(Predicate<Zab.Status> condition, Duration limit) {
        return watch.await(status, condition, limit);
    }

    /** Stops for good: silent at once, heartbeats included (protocol.md#disk-errors). Called on the node's context. */
    void fail(Throwable failure) {
        if (stopped) {
            return;
        }
        stopped = true;
        Throwable cause = failure instanceof SnapshotDamagedException damaged ? rotten(damaged) : failure;
        try {
            LOG.fatalf(cause, "server %s stops: %s", parts.config().self(), cause);
            silence();
        } finally {
            // Whatever else fails in here: a node that stopped must not be left without an end of its process.
            parts.listener().failed(cause);
        }
    }

    /** Not as the cause: the next start tells what is lost, if anything is, and must not be prevented. */
    private static IllegalStateException rotten(SnapshotDamagedException damage) {
        return new IllegalStateException("a snapshot that was whole is damaged: " + damage.getMessage()
                + "; after a restart the node goes on from an older one and its log");
    }

    /** Leaves the ensemble. Completes when nothing but the log uses the data directory; {@link #closeLog} follows. */
    Future<Void> stop() {
        if (!stopped) {
            log.handOver();
        }
        pace.hurry(true);
        return silence().eventually(intake::stop).eventually(taker::idle).eventually(housekeeping::stop);
    }

    private Future<Void> silence() {
        stopped = true;
        if (timer != NO_TIMER) {
            vertx.cancelTimer(timer);
        }
        housekeeping.stop();
        asks.stop();
        demand.failed(new RequestFailedException(RequestFailure.NO_LEADER));
        return net.close();
    }

    /** Flushes and closes the log. Blocks. */
    void closeLog() throws LogFailedException, InterruptedException {
        log.close();
    }

    // ---- what peers say ----

    @Override
    public void notified(ServerId from, ElectionMessage message) {
        run((told, now) -> told.notified(now, from, message));
    }

    @Override
    public void received(Link from, ReplicationMessage message) {
        run((told, now) -> told.receive(now, from, message));
    }

    @Override
    public void accepted(Link link) {
        run((told, now) -> told.accepted(now, link));
    }

    @Override
    public void connected(Link link) {
        run((told, now) -> told.connected(now, link));
    }

    @Override
    public void connectFailed(ServerId leader) {
        run((told, now) -> told.connectFailed(now, leader));
    }

    /** For people and clients only: what this node does in the protocol rests on its own log alone. */
    @Override
    public void turnedAway(ServerId by, long version) {
        if (!Plausible.configuration(status.quorum().latest().version(), version)) {
            return;
        }
        boolean before = isOutside(status);
        outsideOf = Math.max(outsideOf, version);
        if (!before && isOutside(status)) {
            LOG.warnf(
                    "server %s is no member of configuration %d, says server %s: it was removed, or is not added yet;"
                            + " stop it, or add it",
                    parts.config().self(), version, by);
            openTurn();
        }
    }

    /** Returns whether a node with that status is no member, by its own log or by what others say; any thread. */
    boolean isOutside(Zab.Status now) {
        ServerId self = parts.config().self();
        if (!now.configuration().contains(self)) {
            return true;
        }
        Configuration latest = now.quorum().latest();
        return now.role() == Role.LOOKING
                && outsideOf >= latest.version()
                && (outsideOf > latest.version() || !latest.contains(self));
    }

    @Override
    public void disconnected(Link link, String reason) {
        LOG.infof("server %s lost its link with %s: %s", parts.config().self(), link.peer(), reason);
        parts.metrics().linkEnded();
        run((told, now) -> told.disconnected(now, link));
    }

    // ---- what other threads say ----

    private void drainAsks() {
        if (stopped) {
            asks.stop();
        } else {
            run(asks::drain);
        }
    }

    // ---- turns ----

    /** Has {@link #endTurn} called after all that this turn of the event loop still reads. */
    private void openTurn() {
        if (!turnOpen) {
            turnOpen = true;
            context.runOnContext(ignored -> endTurn());
        }
    }

    private void endTurn() {
        turnOpen = false;
        if (stopped) {
            return;
        }
        try {
            if (isOutside(core.status())) {
                core.dismissClients(System.nanoTime());
            }
            log.handOver();
            Zab.Status now = core.status();
            // Not by version: a pending change may give way to another leader's of the same version in one turn.
            if (!now.quorum().equals(quorum)) {
                quorum = now.quorum();
                net.members(quorum);
            }
            pace.hurry(core.isHeld());
            net.flush();
            net.pauseReading(log.isBusy() || intake.isBusy() || state.isBusy() || core.isBacklogged());
            status = state.asOfState(now);
            tellGeneration();
            watch.changed(status);
            armTimer();
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    /** A timer that fires too early is armed again when it fires: cheaper than one for each turn. */
    private void armTimer() {
        long wanted = core.nextTick();
        if (timer != NO_TIMER) {
            if (timerAt - wanted <= 0) {
                return;
            }
            vertx.cancelTimer(timer);
        }
        long now = System.nanoTime();
        long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(wanted - now + 999_999));
        timerAt = now + TimeUnit.MILLISECONDS.toNanos(millis);
        timer = vertx.setTimer(millis, ignored -> {
            timer = NO_TIMER;
            run((told, at) -> {
                if (at - told.nextTick() >= 0) {
                    told.tick(at);
                }
            });
        });
    }

    private final class IntakeOutcome implements SnapshotIntake.Outcome {

        @Override
        public void received(Zxid at, long bytes) {
            run((told, now) -> told.snapshotReceived(now, at, bytes));
        }

        @Override
        public void stored(StoredSnapshot snapshot) {
            run((told, now) -> told.snapshotStored(now, snapshot.at(), snapshot.configuration()));
        }

        @Override
        public void refused(Zxid at, String reason) {
            run((told, now) -> told.snapshotRefused(now, at, reason));
        }

        @Override
        public void failed(Throwable cause) {
            fail(cause);
        }

        @Override
        public void progressed() {
            openTurn();
        }
    }

    /** What the log's thread says. */
    private final class LogOutcome implements LogWriter.Outcome {

        @Override
        public void durable(long records) {
            durableRecords.set(records);
            if (durableScheduled.compareAndSet(false, true)) {
                later(() -> {
                    durableScheduled.set(false);
                    run((told, now) -> told.persisted(now, durableRecords.get()));
                });
            }
        }

        @Override
        public void failed(Throwable cause) {
            later(() -> fail(cause));
        }

        @Override
        public void retired(WriteAheadLog.Retirement retirement) {
            later(() -> housekeeping.delete(retirement));
        }
    }

    private final class HousekeepingOutcome implements Housekeeping.Outcome {

        @Override
        public void failed(Throwable cause) {
            fail(cause);
        }

        @Override
        public void snapshotDamaged() {
            run((told, now) -> told.takeSnapshot(now));
        }
    }
}
