package io.holdfast.server.replica;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Command;
import io.holdfast.lock.CommandCodec;
import io.holdfast.lock.Limits;
import io.holdfast.lock.LockTable;
import io.holdfast.lock.Rules;
import io.holdfast.server.config.HoldfastConfig;
import io.holdfast.server.config.NodeSettings;
import io.holdfast.server.history.History;
import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.RequestFailure;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Zab;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.log.SnapshotSource;
import io.holdfast.zab.net.PeerTls;
import io.holdfast.zab.node.NodeConfig;
import io.holdfast.zab.node.NodeMetrics;
import io.holdfast.zab.node.RequestFailedException;
import io.holdfast.zab.node.ZabNode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * This node's copy of the lock table and its member of the ensemble, from start to close. Methods may be called on any
 * thread unless they say otherwise.
 */
@Singleton
public final class Replica {

    private final Vertx vertx;

    /** The node's own, so that no connection of a client and no JSON shares a thread with heartbeats and leases. */
    private final Vertx core = CoreVertx.create();

    private final HoldfastConfig config;
    private final @Nullable String release;
    private final NodeMetrics metrics;
    private final NodeWatch watch;
    private final ReplicaEvents events;
    private final KeepAlives keepAlives;
    private final StateQuota quota;
    private final FirstMode firstMode;
    private final MemberInfos infos;
    private final ExpectedGeneration expected;
    private final Farewell farewell;
    private final AccessControl access;
    private volatile @Nullable ZabNode<LockStateMachine> node;
    private long timer = -1;

    /** What waits to be sent to other members, at most a tick old. */
    private volatile long queuedBytes;

    /** When a leader that a quorum follows was heard last, at most a tick old while there is one. */
    private volatile long lastHeardAt = System.nanoTime();

    /** Creates a replica that is not started. */
    @Inject
    Replica(
            Vertx vertx,
            HoldfastConfig config,
            NodeMetrics metrics,
            LockMetrics lockMetrics,
            Farewell farewell,
            @ConfigProperty(name = "quarkus.application.version") Optional<String> release) {
        this.vertx = vertx;
        this.config = config;
        this.metrics = metrics;
        this.infos = new MemberInfos(new ServerId(config.nodeId()));
        this.expected = new ExpectedGeneration(config.generation());
        this.release = release.orElse(null);
        this.watch = new NodeWatch(config, vertx, lockMetrics);
        long tickNanos = config.session().tick().toNanos();
        Leadership leadership = new Leadership();
        LeaseClock leases = new LeaseClock(leadership, System::nanoTime, System::currentTimeMillis, tickNanos);
        this.quota = new StateQuota(
                leadership,
                System::currentTimeMillis,
                Math.max(Limits.STATE_BYTES_MIN, config.limits().stateBytes().asLongValue()));
        HoldfastConfig.Events kept = config.events();
        this.events = new ReplicaEvents(
                leases,
                new History(kept.historyTxns(), kept.historyBytes().asLongValue()),
                new Timeouts(tickNanos),
                config.limits().polls(),
                System::nanoTime,
                ProcessEnd.ofNode());
        events.onIncident(metrics::incident);
        this.firstMode = new FirstMode(leadership, System::currentTimeMillis, config);
        this.access = new AccessControl(this, config, new ObservedRefusals(System::nanoTime));
        events.measureBy(new LockTimes(lockMetrics), config.session().tick().toNanos(), lockMetrics);
        this.farewell = farewell;
        farewell.onDraining(this::drain);
        farewell.onLeaving(this::leave);
        long batchMillis = config.session().keepaliveBatch().toMillis();
        this.keepAlives =
                new KeepAlives(note -> running().touch(note), send -> core.setTimer(batchMillis, t -> send.run()));
    }

    private final class Leadership implements LeaseClock.Ensemble {
        @Override
        public Future<Void> confirmLeadership() {
            // In a turn of its own: a touch that the core saw before must reach the lease clock before an expiry is
            // proposed, or its confirmation would not wait for that expiry (protocol.md#t8).
            Promise<Void> inOwnTurn = Promise.promise();
            running().readIndex().onComplete(round -> onNode(() -> inOwnTurn.handle(round)));
            return inOwnTurn.future();
        }

        @Override
        public boolean propose(long epoch, Payload payload) {
            return running().propose(epoch, payload);
        }

        @Override
        public void paused(long nanos) {
            watch.paused(nanos);
        }
    }

    /**
     * Recovers the data directory and joins the ensemble; waits until the peer port listens. On a thread that may wait
     * for long.
     *
     * @throws Exception why it could not; {@link ProcessEnd#codeOf} knows the exit code
     */
    void start(PeerTls tls) throws Exception {
        NodeSettings.checkHeap(config, Runtime.getRuntime().maxMemory());
        NodeConfig settings = NodeSettings.of(config, release).withTls(tls);
        infos.own(settings.zab().info());
        ZabNode<LockStateMachine> started;
        try {
            started = ZabNode.start(core, settings, LockStateMachine.factory(events::acl), events, metrics)
                    .toCompletionStage()
                    .toCompletableFuture()
                    // However long: a large log takes its time, and a node that joins waits until it was added.
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            core.close();
            throw e;
        }
        node = started;
        watch.start();
        started.context()
                .runOnContext(
                        v -> timer = core.setPeriodic(config.session().tick().toMillis(), id -> tick(started)));
    }

    private void tick(ZabNode<LockStateMachine> running) {
        Zab.Status status = running.status();
        queuedBytes = running.queuedBytes();
        if (status.leaderHeardAt() != Long.MIN_VALUE) {
            lastHeardAt = status.leaderHeardAt();
        }
        infos.learn(status);
        expected.look(status.configuration());
        watch.tick();
        events.outside(isOutside());
        events.tick(status.lastApplied().packed());
        quota.tick(events.leadingEpoch(), events.table());
        firstMode.tick(events.leadingEpoch(), events.table());
    }

    /** Hands over while this node still serves: requests wait for the next leader, and none for an election. */
    private void drain() {
        ZabNode<LockStateMachine> running = node;
        if (running != null) {
            NodeEnd.handOverEarly(running);
        }
    }

    /** Lets go of held requests; what is under way goes on. */
    private void leave() {
        if (node != null) {
            onNode(events::leave);
        }
    }

    /**
     * Returns whether this node has to be let in by the members of an ensemble, unless it was before.
     *
     * @throws io.holdfast.server.config.BadConfiguration when its settings contradict each other
     */
    public boolean joins() {
        return !NodeSettings.of(config).join().isEmpty();
    }

    /** Returns what to know, and to do, while this node has not started. */
    public String startingMessage() {
        return ClusterRefusals.starting(
                config.join().or(() -> config.generation().flatMap(known -> config.members())));
    }

    /**
     * Leaves the ensemble, after it handed over if it can; waits until the data directory is free again, for a bounded
     * time.
     */
    void close() throws Exception {
        ZabNode<LockStateMachine> running = node;
        NodeEnd end = new NodeEnd(core);
        if (running == null) {
            end.withoutNode();
            return;
        }
        watch.stop();
        end.of(running, () -> core.cancelTimer(timer));
    }

    /** Returns whether the process was told to end; it still serves for a while. For any thread. */
    public boolean isDraining() {
        return farewell.isDraining();
    }

    private ZabNode<LockStateMachine> running() {
        ZabNode<LockStateMachine> running = node;
        if (running == null) {
            throw new Refused(Problem.NOT_READY, startingMessage(), null, null);
        }
        return running;
    }

    // ---- for the application service ----

    /**
     * Has a command decided.
     *
     * @param answer of the table right after the command; on the node's context
     */
    <T> Future<T> submit(Command command, BiFunction<LockTable, Applied, T> answer) {
        ZabNode<LockStateMachine> open = running();
        Rules rules = Rules.at(events.level());
        String refusal = rules.refusal(command);
        if (refusal != null) {
            return Future.failedFuture(new Refused(Problem.LEVEL_TOO_LOW, refusal, null, null));
        }
        return open.submit(
                Payload.of(CommandCodec.encode(command, rules.level())),
                (state, result) -> answer.apply(state.table(), (Applied) result));
    }

    /** Proposes if this node leads the epoch in broadcast; on the node's context. */
    boolean propose(long epoch, Payload payload) {
        return running().propose(epoch, payload);
    }

    /** Makes a snapshot of what is applied here now; see {@link ZabNode#snapshot}. */
    Future<Position> snapshot() {
        return running().snapshot();
    }

    /** Opens the file of a snapshot; blocks. */
    SnapshotSource openSnapshot(Zxid at) throws IOException {
        return running().openSnapshot(at);
    }

    Future<Void> readIndex() {
        return running().readIndex();
    }

    /** Reads the table once it has all that was committed anywhere before the call; on the node's context. */
    <T> Future<T> readLatest(Function<LockTable, T> query) {
        return running().readLatest(state -> query.apply(state.table()));
    }

    /** Returns whether this node has no vote in the configuration in force. */
    boolean isObserver() {
        return !status().configuration().isVoter(new ServerId(config.nodeId()));
    }

    /** Runs on the node's context, where {@link #events} and {@link #keepAlives} may be used. */
    void onNode(Runnable action) {
        running().context().runOnContext(v -> action.run());
    }

    AccessControl access() {
        return access;
    }

    ReplicaEvents events() {
        return events;
    }

    KeepAlives keepAlives() {
        return keepAlives;
    }

    Zab.Status status() {
        return running().status();
    }

    /**
     * Returns why this node does not serve what it has: it was never up to date, or is an observer and may be far
     * behind. A voter that is cut off is one of few and noticed soon; observers may be many and far away
     * (protocol.md#observers).
     *
     * @return null when it may
     */
    @Nullable
    Refused staleness() {
        return ClusterRefusals.stale(
                appliedAt(0), events.wasSynced(), isObserver() ? config.zab().syncLimit() : null);
    }

    // ---- for administrators ----

    /** Returns what this node is once it has all that was committed before the call. */
    Future<Zab.Status> latestStatus() {
        return running().latestStatus();
    }

    /** As {@link ZabNode#reconfigure}. */
    Future<Boolean> reconfigure(Configuration next, Duration limit) {
        return running().reconfigure(next, limit);
    }

    /** As {@link ZabNode#settled}. */
    Future<Boolean> settled(long version, Duration limit) {
        return running().settled(version, limit);
    }

    /** As {@link ZabNode#handOff}. */
    Future<Boolean> handOff(@Nullable ServerId successor, Duration limit) {
        return running().handOff(successor, limit);
    }

    /**
     * Returns whether this node knows that it is no member of its ensemble (any more, or yet), or that its ensemble is
     * not the one of its settings; any thread.
     */
    public boolean isOutside() {
        ZabNode<LockStateMachine> running = node;
        return running != null && (running.isOutside() || otherGeneration() != null);
    }

    /** Says that the ensemble of this node is not the one of its settings; null when it is, as far as it knows. */
    public @Nullable String otherGeneration() {
        ZabNode<LockStateMachine> running = node;
        return running == null ? null : expected.objection(running.status().configuration());
    }

    /** Returns what clients are told by a node that is no member: that nothing was done, and whom to ask. */
    public Refused notAMember() {
        String other = otherGeneration();
        return other == null
                ? ClusterRefusals.notAMember(config.nodeId(), view(status().configuration()))
                : Refused.notAMember(other, List.of());
    }

    /** Returns views of this moment; on the node's context. */
    TableViews views() {
        return new TableViews(config.session(), events.leases()::leftMillis, System.currentTimeMillis());
    }

    /** Returns views of this moment for any thread, which know nothing of the lease clock. */
    TableViews farViews() {
        return new TableViews(config.session(), session -> -1, System.currentTimeMillis());
    }

    HoldfastConfig config() {
        return config;
    }

    Vertx vertx() {
        return vertx;
    }

    /**
     * Returns where this node is.
     *
     * @param atLeast a revision that the caller knows to be applied here
     */
    AppliedAt appliedAt(long atLeast) {
        ZabNode<LockStateMachine> running = node;
        if (running == null) {
            return new AppliedAt(Revision.unpack(atLeast), config.nodeId(), "looking", -1);
        }
        Zab.Status status = running.status();
        long revision = Math.max(atLeast, status.lastApplied().packed());
        return new AppliedAt(
                Revision.unpack(revision), config.nodeId(), ClusterViews.roleName(status.role()), ageMillis(status));
    }

    private long ageMillis(Zab.Status status) {
        if (!events.wasSynced()) {
            return -1;
        }
        // A server that looks for a leader does not remember when it heard the last one.
        long heardAt = status.leaderHeardAt() == Long.MIN_VALUE ? lastHeardAt : status.leaderHeardAt();
        return Math.max(0, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - heardAt));
    }

    // ---- for health and metrics ----

    /** Returns how full the lock table is; unknown until this node started. Any thread. */
    public TableUse tableUse() {
        return events.tableUse();
    }

    /** Returns what is the matter with this node, and with the members where it leads; none until it started. */
    public List<Alarm> alarms() {
        ZabNode<LockStateMachine> running = node;
        return running == null
                ? List.of()
                : watch.alarms(
                        running.status(), otherGeneration(), events.tableUse().quotas());
    }

    /** Returns how many bytes wait to be sent to other members, snapshots apart. */
    public long queuedBytes() {
        return queuedBytes;
    }

    /** Returns what was seen of the data directory last. */
    public DiskWatch.Reading disk() {
        return watch.disk();
    }

    /** Returns the ensemble as this node knows it, with its alarms. */
    public ClusterView clusterView() {
        return ClusterViews.of(config, status(), infos, !isOutside(), access.isSecure(), alarms());
    }

    /** Returns a configuration with where clients reach its members. */
    ConfigurationView view(Configuration configuration) {
        return ClusterViews.configuration(configuration, infos);
    }

    /** What this node sees of itself besides the protocol. */
    NodeWatch watch() {
        return watch;
    }

    /** Returns what this node shows of itself; null until it started. Never blocks. */
    public @Nullable ReplicaState state() {
        ZabNode<LockStateMachine> running = node;
        if (running == null) {
            return null;
        }
        Zab.Status status = running.status();
        ReplicaEvents.Beat beat = events.beat();
        return new ReplicaState(
                ClusterViews.roleName(status.role()),
                status.phase().name().toLowerCase(Locale.ROOT),
                status.phase() == Phase.BROADCAST && events.isSynced(),
                status.epoch(),
                Revision.unpack(status.lastApplied().packed()),
                Revision.unpack(status.lastCommitted().packed()),
                ageMillis(status),
                beat.atNanos() == Long.MIN_VALUE
                        ? 0
                        : TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beat.atNanos()),
                status.outstanding(),
                running.pending(),
                events.elections(),
                beat.sessions(),
                beat.held(),
                beat.waiting(),
                beat.polls(),
                status.configuration().generation());
    }

    /** Returns what a failure of the replication layer means to a client. */
    Throwable translated(Throwable failure, boolean wrote) {
        if (!(failure instanceof RequestFailedException failed)) {
            return failure;
        }
        if (failed.failure() == RequestFailure.NOT_A_MEMBER) {
            return notAMember();
        }
        Problem problem = Refusals.problemOf(failed.failure(), wrote);
        return new Refused(problem, String.valueOf(failed.getMessage()), null, null);
    }
}
