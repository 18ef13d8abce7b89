package io.holdfast.zab.node;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.RequestFailure;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.ZabConfig;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.log.Disk;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Real nodes in this JVM, over loopback and temporary directories. */
final class TestEnsemble implements AutoCloseable {

    /**
     * Patient with a machine that has other things to do, and with snapshots close to each other. All nodes stand still
     * together when this JVM does, so none of them may take another for dead by its silence: a node that is stopped is
     * missed at once.
     */
    static final ZabConfig CONFIG = withSnapshotTxns(200);

    static ZabConfig withSnapshotTxns(int snapshotTxns) {
        return new ZabConfig(
                100,
                5_000,
                100,
                20_000,
                60_000,
                20,
                100,
                1_000,
                30_000,
                30_000,
                60_000,
                20_000,
                10_000,
                16L << 20,
                100,
                32L << 20,
                snapshotTxns,
                64L << 20,
                2);
    }

    /** Longer than a request may take. */
    private static final long PATIENCE_SECONDS = 120;

    /** What one node told its listener. */
    static final class Heard implements NodeListener<Counter>, NodeMetrics {
        final AtomicInteger snapshots = new AtomicInteger();
        final ConcurrentLinkedQueue<Zxid> applied = new ConcurrentLinkedQueue<>();
        final ConcurrentLinkedQueue<String> configurations = new ConcurrentLinkedQueue<>();
        final ConcurrentLinkedQueue<String> touches = new ConcurrentLinkedQueue<>();
        final ConcurrentLinkedQueue<Zxid> restored = new ConcurrentLinkedQueue<>();
        final AtomicInteger damages = new AtomicInteger();
        final AtomicInteger scrubs = new AtomicInteger();
        final AtomicInteger incidents = new AtomicInteger();
        volatile @Nullable Throwable failure;
        private final Runnable slowness;

        Heard(Runnable slowness) {
            this.slowness = slowness;
        }

        /** Whether it throws at each news that it only passes on. */
        volatile boolean broken;

        private void stumble() {
            if (broken) {
                throw new IllegalStateException("this listener is broken");
            }
        }

        @Override
        public void scrubbed(long bytes) {
            scrubs.incrementAndGet();
        }

        @Override
        public void damageFound() {
            damages.incrementAndGet();
        }

        @Override
        public void incident() {
            incidents.incrementAndGet();
        }

        @Override
        public void applied(Zxid zxid, Txn txn, @Nullable Object result) {
            stumble();
            slowness.run();
            applied.add(zxid);
        }

        @Override
        public void reconfigured(Zxid zxid, Configuration configuration) {
            configurations.add(zxid + " " + configuration.version());
        }

        @Override
        public void restored(Counter counter, Zxid zxid) {
            restored.add(zxid);
        }

        @Override
        public void touched(ServerId from, Payload note) {
            stumble();
            touches.add(from + " " + note.length());
        }

        @Override
        public void became(Role role, Phase phase, long epoch, @Nullable ServerId leader, String reason) {}

        @Override
        public void snapshotTaken(int txns, long nanos) {
            snapshots.incrementAndGet();
        }

        @Override
        public void failed(Throwable cause) {
            failure = cause;
        }
    }

    /** What the nodes that are started from now on use. */
    StateMachineFactory<Counter> factory = Counter.FACTORY;

    ZabConfig zab = CONFIG;

    /** What takes time whenever a transaction is applied. */
    Runnable slowness = () -> {};

    UnaryOperator<Disk> disks = UnaryOperator.identity();

    UnaryOperator<NodeConfig> bounds = UnaryOperator.identity();

    private final Vertx vertx = Vertx.vertx();
    private final Path directory;
    private final Configuration configuration;
    private final Map<ServerId, Integer> ports = new ConcurrentHashMap<>();
    private final Map<ServerId, ZabNode<Counter>> nodes = new ConcurrentSkipListMap<>();
    private final Map<ServerId, Heard> heard = new ConcurrentSkipListMap<>();

    TestEnsemble(Path directory, int size) {
        this.directory = directory;
        List<Member> members = new ArrayList<>();
        for (int id = 1; id <= size; id++) {
            members.add(new Member(new ServerId(id), MemberRole.VOTER, "127.0.0.1", 1));
        }
        this.configuration = new Configuration(0, members);
    }

    ZabNode<Counter> start(int id) {
        return await(starting(id, List.of()));
    }

    /** Starts a node that asks the nodes with these ids, and nobody else, for the configuration. */
    Future<ZabNode<Counter>> startJoining(int id, int... askedIds) {
        List<NodeConfig.Seed> asked = new ArrayList<>();
        for (int other : askedIds) {
            asked.add(new NodeConfig.Seed("127.0.0.1", ports.getOrDefault(new ServerId(other), 1)));
        }
        return starting(id, asked);
    }

    private Future<ZabNode<Counter>> starting(int id, List<NodeConfig.Seed> asked) {
        ServerId self = new ServerId(id);
        NodeConfig config = NodeConfig.of("test", self, directory.resolve("node-" + id), configuration, "127.0.0.1", 0)
                .withZab(zab)
                .joining(asked);
        Heard listener = new Heard(slowness);
        NodeConfig bounded = bounds.apply(config);
        return ZabNode.start(
                        vertx,
                        new NodeParts<>(
                                bounded,
                                factory,
                                listener,
                                listener,
                                () -> disks.apply(ZabNode.diskOf(config)),
                                member -> SocketAddress.inetSocketAddress(
                                        ports.getOrDefault(member.id(), 1), "127.0.0.1")))
                .map(node -> {
                    ports.put(self, node.peerPort());
                    nodes.put(self, node);
                    heard.put(self, listener);
                    return node;
                });
    }

    /** Starts a node and does not wait for it. */
    Future<ZabNode<Counter>> starting(int id) {
        return starting(id, List.of());
    }

    void stop(int id) {
        await(nodes.remove(new ServerId(id)).close());
    }

    Heard heard(int id) {
        return heard.get(new ServerId(id));
    }

    ZabNode<Counter> node(int id) {
        return nodes.get(new ServerId(id));
    }

    /** Returns the id of the node that leads, once one does and all that run are in step with it. */
    int leader() {
        until(
                "a leader that all follow",
                () -> nodes.values().stream().allMatch(node -> node.status().phase() == Phase.BROADCAST));
        return nodes.values().stream()
                .filter(node -> node.status().role() == Role.LEADING)
                .mapToInt(node -> node.status().leader().value())
                .findFirst()
                .orElseThrow();
    }

    /** Returns the sum that every node has, once they agree. */
    long agreedSum() {
        until(
                "all nodes applied the same",
                () -> nodes.values().stream()
                                .map(node -> node.status().lastApplied())
                                .distinct()
                                .count()
                        == 1);
        List<String> states = nodes.values().stream()
                .map(node -> await(node.read(counter -> counter.sum() + " " + counter.digest())))
                .distinct()
                .toList();
        assertTrue(states.size() == 1, () -> "states differ: " + states);
        return Long.parseLong(states.get(0).split(" ")[0]);
    }

    void nobodyFailed() {
        heard.forEach((id, listener) -> assertTrue(listener.failure == null, () -> id + ": " + listener.failure));
    }

    /**
     * Adds so often, at these nodes in turn, and returns the answers; what is refused is submitted again. Snapshots
     * that are so close to each other hold up a node whose disk is slow.
     */
    List<Object> add(long amount, int times, int... ids) {
        List<Object> results = new ArrayList<>();
        while (results.size() < times) {
            List<Future<Object>> answers = new ArrayList<>();
            for (int i = results.size(); i < times; i++) {
                answers.add(node(ids[i % ids.length]).submit(Counter.add(amount)));
            }
            await(Future.join(answers).otherwiseEmpty());
            for (Future<Object> answer : answers) {
                if (!isOverload(answer.cause())) {
                    results.add(await(answer));
                }
            }
        }
        return results;
    }

    private static boolean isOverload(@Nullable Throwable cause) {
        return cause instanceof RequestFailedException refused && refused.failure() == RequestFailure.OVERLOADED;
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    static void until(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, () -> "not within " + PATIENCE_SECONDS + " s: " + what);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    @Override
    public void close() {
        await(vertx.close());
    }
}
