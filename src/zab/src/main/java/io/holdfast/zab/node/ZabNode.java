package io.holdfast.zab.node;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.RequestFailure;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Zab;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.log.Disk;
import io.holdfast.zab.log.FileDisk;
import io.holdfast.zab.log.SnapshotSource;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One member of an ensemble: its protocol core, its log, its links to the others and its copy of the state machine.
 *
 * <p>All methods may be called on any thread unless they say otherwise, and none blocks. A future is completed on the
 * Vert.x context from which the method was called; on the node's context when there was none. After {@link #close} or
 * {@link NodeListener#failed} requests fail with {@link RequestFailure#OUTCOME_UNKNOWN} when they were outstanding and
 * with {@link RequestFailure#NO_LEADER} when they are new.
 *
 * @param <S> the replicated state machine
 */
public final class ZabNode<S extends StateMachine> {

    /** Longer than a leader waits for its successor to be in step. */
    private static final Duration HAND_OFF_ATTEMPT = Duration.ofSeconds(2);

    /** Much longer than a leader takes to say how far the members are. */
    private static final Duration OVERVIEW = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final String deployment;
    private final NodeVerticle<S> verticle;
    private final NodeMetrics metrics;
    private final ServerId self;
    private @Nullable Future<Void> closing;

    private ZabNode(Vertx vertx, String deployment, NodeVerticle<S> verticle, NodeParts<S> parts) {
        this.vertx = vertx;
        this.deployment = deployment;
        this.verticle = verticle;
        this.metrics = parts.metrics();
        this.self = parts.config().self();
    }

    /**
     * Recovers the data directory, opens the peer port and joins the ensemble. The future completes when the peer port
     * listens and the state of the last snapshot is there; a leader may be found later.
     *
     * @return fails when the directory is damaged, in use or of another ensemble, and when the port cannot be opened
     */
    public static <S extends StateMachine> Future<ZabNode<S>> start(
            Vertx vertx,
            NodeConfig config,
            StateMachineFactory<S> factory,
            NodeListener<S> listener,
            NodeMetrics metrics) {
        return start(
                vertx, new NodeParts<>(config, factory, listener, metrics, () -> diskOf(config), ZabNode::addressOf));
    }

    static <S extends StateMachine> Future<ZabNode<S>> start(Vertx vertx, NodeParts<S> parts) {
        NodeVerticle<S> verticle = new NodeVerticle<>(parts);
        return vertx.deployVerticle(verticle).map(id -> new ZabNode<>(vertx, id, verticle, parts));
    }

    static Disk diskOf(NodeConfig config) throws IOException {
        return FileDisk.at(config.dataDirectory().toString());
    }

    private static SocketAddress addressOf(Member member) {
        return SocketAddress.inetSocketAddress(member.port(), member.host());
    }

    /**
     * Asks for a transaction; requests of one thread are proposed in its order as long as the leader stays.
     *
     * @return what {@link StateMachine#apply} returned on this node; fails with {@link RequestFailedException}
     */
    public Future<Object> submit(Payload payload) {
        return submit(payload, (state, result) -> result);
    }

    /**
     * As {@link #submit(Payload)}, with an answer that is made where the transaction was just applied.
     *
     * @param answer of the state and of what {@link StateMachine#apply} returned, on the node's context; the bounds of
     *     {@link #readLatest} hold for it
     */
    public <T> Future<T> submit(Payload payload, BiFunction<? super S, Object, ? extends T> answer) {
        return asks().ask(new Ask<S, T>(
                (core, now, id) -> core.submit(now, id, payload),
                (state, result) -> answer.apply(state, Objects.requireNonNull(result)),
                metrics::requestApplied));
    }

    /**
     * Proposes if this node leads epoch {@code epoch} in broadcast; never forwards (protocol.md#t6). Its result comes
     * to {@link NodeListener#applied} only. To be called on the node's context.
     *
     * @return whether it was proposed
     * @throws IllegalStateException on another thread
     */
    public boolean propose(long epoch, Payload payload) {
        return verticle.loop().propose(epoch, payload);
    }

    /** Waits until this node's state has all that was committed anywhere before the call. */
    public Future<Void> readIndex() {
        return this.<@Nullable Void>readLatest(state -> null);
    }

    /**
     * A linearizable read: {@link #readIndex}, then {@code query} on the node's context.
     *
     * @param query must not block, change the state, or keep a reference to anything mutable in it
     */
    public <T> Future<T> readLatest(Function<? super S, ? extends T> query) {
        return asks().ask(new Ask<S, T>(
                (core, now, id) -> core.readIndex(now, id),
                (state, result) -> query.apply(state),
                metrics::readServed));
    }

    /** Reads this node's state as it is, on the node's context; the bounds of {@link #readLatest} hold. */
    public <T> Future<T> read(Function<? super S, ? extends T> query) {
        return asks().ask(new Ask<S, T>(
                (core, now, id) -> verticle.loop().answerSoon(id), (state, result) -> query.apply(state), nanos -> {}));
    }

    /** Gives a note to the lease clock of the leader; completes when a quorum round confirmed it (protocol.md#t2). */
    public Future<Void> touch(Payload note) {
        return asks().ask(new Ask<S, Void>(
                (core, now, id) -> core.touch(now, id, note), (state, result) -> null, metrics::touchConfirmed));
    }

    /**
     * Asks the leader to transfer leadership to another voter, which takes some round trips and fails no request
     * (protocol.md#leadership-transfer). A leader whose successor is not synchronized stays, so it is asked again until
     * the limit.
     *
     * @param successor server that is to lead; null for the voter with the most recent history
     * @param limit how long to wait, above 0
     * @return whether another leader than now, or {@code successor}, was followed from here in time; false also when no
     *     voter can take over
     */
    public Future<Boolean> handOff(@Nullable ServerId successor, Duration limit) {
        ServerId before = status().leader();
        return handOff(
                successor,
                now -> now.phase() == Phase.BROADCAST
                        && (successor == null ? !Objects.equals(before, now.leader()) : successor.equals(now.leader())),
                System.nanoTime() + limit.toNanos());
    }

    private Future<Boolean> handOff(@Nullable ServerId successor, Predicate<Zab.Status> done, long deadline) {
        Duration left = Duration.ofNanos(deadline - System.nanoTime());
        if (left.isNegative() || left.isZero()) {
            return Future.succeededFuture(false);
        }
        Duration attempt = left.compareTo(HAND_OFF_ATTEMPT) < 0 ? left : HAND_OFF_ATTEMPT;
        return this.<Boolean>onLoop(loop -> {
                    loop.handOff(successor);
                    return loop.await(done, attempt);
                })
                .compose(handedOver -> handedOver ? Future.succeededFuture(true) : handOff(successor, done, deadline));
    }

    /**
     * Asks for another configuration (protocol.md#reconfiguration). Once it is delivered here it is in force for ever;
     * while it is not settled, a server that restarts may still need members that left.
     *
     * @param next follows the one in force: its version is one higher
     * @param limit how long to wait, above 0, for {@link #settled} after it is delivered
     * @return whether it was settled in time; fails with {@link RequestFailedException} when it was refused
     */
    public Future<Boolean> reconfigure(Configuration next, Duration limit) {
        return asks().ask(new Ask<S, Boolean>(
                        (core, now, id) -> core.reconfigure(now, id, next), (state, result) -> true, nanos -> {}))
                .compose(delivered -> settled(next.version(), limit));
    }

    /**
     * Makes a snapshot of everything that this node has applied when it is asked, beside its work; one that has all
     * there is already serves too.
     *
     * @return its position; fails with {@link RequestFailedException} when too many wait for one or the node ends, and
     *     with {@link io.holdfast.zab.log.NoRoomException} when the disk is full
     */
    public Future<Position> snapshot() {
        return onLoop(NodeLoop::snapshot);
    }

    /**
     * Opens the file of a snapshot. Blocks; on a worker thread. The caller closes it, and until then its bytes stay on
     * the disk, also when the node does not need them any more.
     *
     * @throws io.holdfast.zab.log.SnapshotDamagedException there is no such snapshot, or not any more
     */
    public SnapshotSource openSnapshot(Zxid at) throws IOException {
        return verticle.snapshots().source(at);
    }

    /**
     * Waits until a restart of this node would know that a configuration is in force.
     *
     * @param version of the configuration, or an older one
     * @param limit how long, above 0
     * @return whether it is settled in time; a node that is no member any more is not told, and answers false at once
     */
    public Future<Boolean> settled(long version, Duration limit) {
        return this.<Boolean>onLoop(loop -> loop.await(
                        now -> isRemoved(now)
                                || (now.settled() && now.configuration().version() >= version),
                        limit)
                .map(known -> known && !isRemoved(loop.latest())));
    }

    private boolean isRemoved(Zab.Status now) {
        return !now.configuration().contains(self);
    }

    /**
     * Returns whether this node is no member of its ensemble, by what it applied or by what the members say that it
     * asks: it was removed, or is not added yet.
     */
    public boolean isOutside() {
        return verticle.loop().isOutside(status());
    }

    /**
     * Returns what this node is once its state has all that was committed anywhere before the call. Right after a
     * change of leader it waits a moment for what the leader says of the members.
     */
    public Future<Zab.Status> latestStatus() {
        return readIndex()
                .compose(ready -> this.<Zab.Status>onLoop(loop ->
                        loop.await(now -> !now.members().isEmpty(), OVERVIEW).map(told -> loop.latest())));
    }

    private <T> Future<T> onLoop(Function<NodeLoop<S>, Future<T>> action) {
        Promise<T> result = Promise.promise();
        Context caller = Vertx.currentContext();
        NodeLoop<S> loop = verticle.loop();
        loop.context()
                .runOnContext(ignored -> action.apply(loop).onComplete(done -> {
                    if (caller == null) {
                        result.handle(done);
                    } else {
                        caller.runOnContext(back -> result.handle(done));
                    }
                }));
        return result.future();
    }

    /** Returns what this node is and knows; at most a loop turn old. Never blocks, not even while the node is busy. */
    public Zab.Status status() {
        return verticle.loop().status();
    }

    /** Reads the next cold file of the data directory again, which happens from time to time anyway; for tests. */
    Future<Void> scrub() {
        return onLoop(loop -> loop.scrub().mapEmpty());
    }

    /** Returns how many requests, reads and touches of this node's clients have no answer yet. */
    public int pending() {
        return asks().pending();
    }

    /** Returns how many bytes wait to be sent to other members, snapshots apart. On the node's context. */
    public long queuedBytes() {
        return verticle.loop().queuedBytes();
    }

    /** Returns the port on which peers reach this node. */
    public int peerPort() {
        return verticle.port();
    }

    /**
     * Returns the context on which the core, the state machine and the listener run, for timers and for
     * {@link #propose}.
     */
    public Context context() {
        return verticle.loop().context();
    }

    /**
     * Leaves the ensemble: ends all links, flushes and closes the log. Completes when the data directory is free again.
     */
    public Future<Void> close() {
        synchronized (this) {
            if (closing == null) {
                closing = vertx.undeploy(deployment);
            }
            return closing;
        }
    }

    private Asks<S> asks() {
        return verticle.loop().asks();
    }
}
