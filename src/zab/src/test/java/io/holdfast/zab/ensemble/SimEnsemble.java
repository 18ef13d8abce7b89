package io.holdfast.zab.ensemble;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.RequestFailure;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Zab;
import io.holdfast.zab.core.ZabConfig;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Real cores in one thread, under a seeded scheduler that delays, loses, cuts, blocks, pauses, crashes and restarts.
 */
final class SimEnsemble {

    private @Nullable ServerId withoutAdministration;
    private final long seed;
    private final Scheduler scheduler;
    private final ZabConfig config;
    private final SimNetwork network;
    private final SimHistory history;
    private final Configuration configuration;
    private final Map<ServerId, SimNode> nodes = new TreeMap<>();
    private final Map<ServerId, TreeSet<Long>> waiting = new TreeMap<>();
    private final Map<Long, RequestFailure> refusals = new TreeMap<>();
    private long lastRequest;
    private long lastDisk = 1;
    private int lossPercent;
    private int jitterMicros;
    private int slowPercent;
    private long snapshotMillis;
    private boolean snapshotsHeld;
    private final List<Runnable> snapshotsEnding = new ArrayList<>();

    SimEnsemble(long seed, int voters, ZabConfig config) {
        this(seed, voters, 0, config);
    }

    /** The observers have the ids after those of the voters. */
    SimEnsemble(long seed, int voters, int observers, ZabConfig config) {
        this(seed, voters, observers, config, false);
    }

    /** Servers without anything, that begin as those of production do: each with its clock, and disks not bound. */
    static SimEnsemble founding(long seed, int voters, ZabConfig config) {
        return new SimEnsemble(seed, voters, 0, config, true);
    }

    private SimEnsemble(long seed, int voters, int observers, ZabConfig config, boolean founds) {
        this.seed = seed;
        this.scheduler = new Scheduler(seed);
        this.config = config;
        this.network = new SimNetwork(this);
        this.history = new SimHistory(this);
        List<Member> members = new ArrayList<>();
        for (int i = 1; i <= voters; i++) {
            members.add(new Member(new ServerId(i), MemberRole.VOTER, "sim", i));
        }
        for (int i = voters + 1; i <= voters + observers; i++) {
            members.add(new Member(new ServerId(i), MemberRole.OBSERVER, "sim", i));
        }
        this.configuration = new Configuration(0, members);
        for (Member member : members) {
            long drawn = 1_000 + member.id().value();
            add(member.id(), founds ? Configuration.founding(drawn, members) : configuration);
        }
    }

    private SimNode add(ServerId id, Configuration initial) {
        SimNode node = new SimNode(this, id, initial);
        nodes.put(id, node);
        waiting.put(id, new TreeSet<>());
        return node;
    }

    /** Starts a server that knows only where the others are, and that it is an observer. */
    SimNode startJoiner(int id) {
        List<Member> members = new ArrayList<>(configuration.members());
        members.add(new Member(new ServerId(id), MemberRole.OBSERVER, "sim", id));
        SimNode joiner = add(new ServerId(id), new Configuration(0, members));
        joiner.start();
        return joiner;
    }

    // ---- parts ----

    Scheduler scheduler() {
        return scheduler;
    }

    ZabConfig config() {
        return config;
    }

    SimNetwork network() {
        return network;
    }

    SimHistory history() {
        return history;
    }

    SimNode node(ServerId id) {
        return nodes.get(id);
    }

    SimNode node(int id) {
        return nodes.get(new ServerId(id));
    }

    List<SimNode> nodes() {
        return List.copyOf(nodes.values());
    }

    // ---- the world's manners ----

    void manners(int percentLost, int percentSlow) {
        lossPercent = percentLost;
        slowPercent = percentSlow;
    }

    boolean isLost() {
        return scheduler.random().nextInt(100) < lossPercent;
    }

    /** From now on every message is late by up to so much. */
    void jitter(int millis) {
        jitterMicros = 1_000 * millis;
    }

    long delayMicros() {
        Random random = scheduler.random();
        if (jitterMicros > 0) {
            return 50 + random.nextInt(jitterMicros);
        }
        return random.nextInt(100) < slowPercent ? 1_000 + random.nextInt(50_000) : 50 + random.nextInt(400);
    }

    long fsyncMicros() {
        Random random = scheduler.random();
        return random.nextInt(100) < slowPercent ? 2_000 + random.nextInt(30_000) : 100 + random.nextInt(300);
    }

    /** How long a server takes to store a snapshot that it is sent. */
    void snapshotsTake(long millis) {
        snapshotMillis = millis;
    }

    long snapshotMicros() {
        return fsyncMicros() + TimeUnit.MILLISECONDS.toMicros(snapshotMillis);
    }

    /** From now on no snapshot that a server makes of its own state ends. */
    void holdSnapshots() {
        snapshotsHeld = true;
    }

    void releaseSnapshots() {
        snapshotsHeld = false;
        snapshotsEnding.forEach(Runnable::run);
        snapshotsEnding.clear();
    }

    void snapshotEnds(Runnable end) {
        if (snapshotsHeld) {
            snapshotsEnding.add(end);
        } else {
            end.run();
        }
    }

    // ---- running ----

    void startAll() {
        nodes.values().forEach(SimNode::start);
    }

    void start(SimNode node) {
        node.start();
    }

    void crash(SimNode node) {
        history.note(node.id() + " CRASHES");
        node.crash();
        waiting.get(node.id()).clear();
        network.cutAll(node.id());
    }

    /** The process dies, if it lives, and comes back with an empty disk. */
    void wipe(SimNode node) {
        replaceDisk(node, new MemoryDisk(new DiskId(++lastDisk, node.id().value())));
    }

    /** The process dies, if it lives; its next start finds that disk. */
    void replaceDisk(SimNode node, MemoryDisk disk) {
        if (node.isUp()) {
            crash(node);
        }
        history.note(node.id() + " GETS DISK " + disk.id());
        node.useDisk(disk);
    }

    void runMillis(long millis) {
        long end = scheduler.now() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (scheduler.step(end)) {
            // Each step is checked where it happens.
        }
    }

    /** Runs until the condition holds; fails after {@code millis} of virtual time. */
    void await(String what, long millis, BooleanSupplier condition) {
        long end = scheduler.now() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (!condition.getAsBoolean()) {
            check(scheduler.step(end), "not within %s ms: %s", millis, what);
        }
    }

    SimNode awaitLeader() {
        await("a leader that every running server follows", 20_000, () -> leader() != null);
        return leader();
    }

    /** Returns the leader if all running servers serve under it; null otherwise. */
    SimNode leader() {
        SimNode leader = null;
        for (SimNode node : nodes.values()) {
            if (node.isUp() && !node.serves()) {
                return null;
            }
            leader = node.leads() ? node : leader;
        }
        return leader;
    }

    /** A client asks this server for a transaction; returns its number. */
    long submit(SimNode node) {
        long request = ++lastRequest;
        waiting.get(node.id()).add(request);
        byte[] bytes = ByteBuffer.allocate(8).putLong(request).array();
        node.event(core -> core.submit(scheduler.now(), request, Payload.of(bytes)));
        return request;
    }

    /** A client's request arrives as bytes that no server can apply; returns the request's number. */
    long submitMalformed(SimNode node) {
        long request = ++lastRequest;
        waiting.get(node.id()).add(request);
        node.event(core -> core.submit(scheduler.now(), request, SimNode.MALFORMED));
        return request;
    }

    /** Somebody at this server asks for another configuration; returns the request's number. */
    long reconfigure(SimNode node, Configuration next) {
        long request = ++lastRequest;
        waiting.get(node.id()).add(request);
        node.event(core -> core.reconfigure(scheduler.now(), request, next));
        return request;
    }

    void refused(ServerId at, long request, RequestFailure failure) {
        if (waiting.get(at).remove(request)) {
            refusals.put(request, failure);
        }
    }

    /** Returns how a request failed; null when it did not. */
    @Nullable
    RequestFailure refusal(long request) {
        return refusals.get(request);
    }

    void read(SimNode node) {
        long read = ++lastRequest;
        history.readBegins(read);
        node.event(core -> core.readIndex(scheduler.now(), read));
    }

    void touch(SimNode node) {
        long touch = ++lastRequest;
        node.event(core -> core.touch(scheduler.now(), touch, Payload.EMPTY));
    }

    /** Somebody at this server wants another leader. */
    /** The leader is to refuse what a server asks of members and leaders. */
    void withoutAdministration(ServerId server) {
        withoutAdministration = server;
    }

    boolean mayAdminister(ServerId server) {
        return !server.equals(withoutAdministration);
    }

    void handOff(SimNode node, @Nullable ServerId successor) {
        node.event(core -> core.handOff(scheduler.now(), successor));
    }

    boolean completes(SimNode node, long request) {
        return waiting.get(node.id()).remove(request);
    }

    boolean isAnswered(SimNode node, long request) {
        return !waiting.get(node.id()).contains(request);
    }

    /** Invariants that are cheap enough to hold after every event. */
    void afterEvent(SimNode node) {
        Zab.Status status = node.status();
        check(
                !status.lastApplied().isAfter(status.lastCommitted())
                        && !status.lastApplied().isAfter(status.lastDurable())
                        && !status.lastDurable().isAfter(status.lastLogged()),
                "P8: %s",
                status);
        check(status.outstanding() <= config.outstandingTxnsMax(), "I-RESOURCE: %s", status);
    }

    void check(boolean holds, String format, Object... arguments) {
        if (!holds) {
            throw new AssertionError(
                    "seed " + seed + ": " + String.format(format, arguments) + "\n" + history.lastLines(60));
        }
    }
}
