package io.holdfast.simulator.world;

import io.holdfast.lock.Applied;
import io.holdfast.lock.LockTable;
import io.holdfast.simulator.check.Configurations;
import io.holdfast.simulator.check.Invariants;
import io.holdfast.simulator.check.Operation;
import io.holdfast.simulator.check.Violation;
import io.holdfast.simulator.check.Voice;
import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.SyncMode;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.ZabConfig;
import io.holdfast.zab.log.LogConfig;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Everything that one seed makes: servers, clients and what lies between them, first under faults, then healed. The
 * same seed makes the same world to the byte, on every JVM.
 */
public final class World {

    private static final long L1_MILLIS = 12_000;
    private static final long L2_MILLIS = 25_000;

    private final Scheduler scheduler = new Scheduler();
    private final Profile profile;
    private final Habits habits;
    private final Turnover turnover;
    private final Identity identity;
    private final Configuration configuration;
    private final Invariants invariants;
    private final Timeline timeline;
    private final Network network;
    private final Faults faults;
    private final Sickness sickness;
    private final Operator operator;
    private final Mechanic mechanic;
    private final List<Fault> plan;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Client> clients = new ArrayList<>();
    private final List<Reader> readers = new ArrayList<>();
    private final Counts counts = new Counts();
    private long lastRequest;

    /**
     * Makes the world of a seed.
     *
     * @param without numbers of faults that are left out
     * @param told whether a timeline is kept
     */
    public World(long seed, Set<Integer> without, boolean told) {
        Dice dice = new Dice(seed, 0);
        profile = Profile.of(dice, new Dice(seed, 7));
        habits = Habits.of(profile.locks(), new Dice(seed, 4));
        turnover = Turnover.of(seed, profile, new Dice(seed, 5));
        identity = Identity.of(seed, new Dice(seed, 8));
        plan = FaultPlan.of(seed, profile, turnover, identity, new Dice(seed, 1), new Dice(seed, 9)).stream()
                .filter(fault -> !without.contains(fault.number()))
                .toList();
        timeline = new Timeline(told);
        List<Member> members = new ArrayList<>();
        for (int i = 1; i <= profile.servers(); i++) {
            MemberRole role = i <= profile.voters() ? MemberRole.VOTER : MemberRole.OBSERVER;
            members.add(new Member(new ServerId(i), role, "simulated", i));
        }
        configuration = identity.isMixed()
                ? new Configuration(0, members)
                : Configuration.founding(Configuration.FIRST_GENERATION, members);
        List<ServerId> servers = new ArrayList<>();
        for (int i = 1; i <= profile.servers() + turnover.spares(); i++) {
            servers.add(new ServerId(i));
        }
        invariants = new Invariants(configuration, servers, profile.zab().outstandingTxnsMax(), scheduler::now);
        network = new Network(this, new Dice(seed, 2));
        for (ServerId id : servers) {
            nodes.add(new Node(this, id, new Dice(seed, 100 + id.value())));
        }
        for (int i = 1; i <= profile.clients(); i++) {
            clients.add(new Client(this, i, new Dice(seed, 200 + i)));
        }
        for (int i = 1; i <= habits.readers(); i++) {
            readers.add(new Reader(this, i, new Dice(seed, 300 + i)));
        }
        faults = new Faults(this, new Ruler(this, seed));
        sickness = new Sickness(this, new Dice(seed, 3));
        operator = new Operator(this, new Dice(seed, 6));
        mechanic = new Mechanic(this, new Dice(seed, 10));
    }

    /** Returns whether the members of a seed's world change. */
    public static boolean changesMembers(long seed) {
        return Turnover.isOf(seed);
    }

    /** Returns whether the servers of a seed's world are told apart by their disks. */
    public static boolean tellsDisks(long seed) {
        return Identity.isOf(seed);
    }

    // ---- parts ----

    Scheduler scheduler() {
        return scheduler;
    }

    Profile profile() {
        return profile;
    }

    Habits habits() {
        return habits;
    }

    ZabConfig zab() {
        return profile.zab();
    }

    LogConfig log() {
        return profile.log();
    }

    Turnover turnover() {
        return turnover;
    }

    Identity identity() {
        return identity;
    }

    /** Returns whether the configuration stays what the servers begin with. */
    boolean isSteady() {
        return turnover.isNone() && !identity.isTold();
    }

    /** Returns what the servers begin with. */
    Configuration founders() {
        return configuration;
    }

    /** Returns whether all founders are needed no more. */
    boolean isFounded() {
        return invariants.known().configurationsThatMayCount().stream().noneMatch(Configuration::isFounding);
    }

    /** Returns the newest configuration that was committed. */
    Configuration members() {
        return invariants.known().configurations().newest();
    }

    Operator operator() {
        return operator;
    }

    Mechanic mechanic() {
        return mechanic;
    }

    Invariants invariants() {
        return invariants;
    }

    Network network() {
        return network;
    }

    Faults faults() {
        return faults;
    }

    List<Node> nodes() {
        return nodes;
    }

    /** Returns whom clients try: the members, and now and then anybody. */
    List<Node> doors(int attempt) {
        return turnover.isNone() || attempt % 8 == 7 ? nodes : those(members()::contains);
    }

    List<Node> voters() {
        return those(members()::isVoter);
    }

    /** Returns whether no configuration has it that is in force or may be. */
    boolean isNoMember(Node node) {
        return invariants.known().configurationsThatMayCount().stream().noneMatch(that -> that.contains(node.id()));
    }

    private List<Node> those(Predicate<ServerId> wanted) {
        return nodes.stream().filter(node -> wanted.test(node.id())).toList();
    }

    Node node(ServerId id) {
        return nodes.get(id.value() - 1);
    }

    List<Client> clients() {
        return clients;
    }

    Client client(int number) {
        return clients.get(number % clients.size());
    }

    /** Returns what was counted so far. */
    public Counts counts() {
        return counts;
    }

    /** Returns the lines that were kept. */
    public Timeline timeline() {
        return timeline;
    }

    /** Returns the faults of this world. */
    public List<Fault> plan() {
        return plan;
    }

    /** Returns the number that identifies this run: two runs with the same number did the same. */
    public long hash() {
        return scheduler.hash();
    }

    long nextRequest() {
        return ++lastRequest;
    }

    Violation violation(String invariant, String message) {
        return new Violation(invariant, message);
    }

    Violation violation(String invariant, String message, Throwable cause) {
        return new Violation(invariant, message, cause);
    }

    // ---- what happens ----

    void became(ServerProcess process, long epoch) {
        invariants.became(process.id(), process.role(), process.phase(), epoch);
        if (process.role() == Role.LEADING && process.phase() == Phase.BROADCAST) {
            counts.leaderEstablished();
        }
    }

    void delivered(ServerProcess process, Txn txn, @Nullable Applied applied) {
        if (applied != null && timeline.isOn()) {
            process.node().note("applies %s: %s %s", txn.zxid(), applied.result(), applied.changes());
        }
        if (applied != null && txn.origin().server().equals(process.id())) {
            counts.result(applied.result());
        }
        invariants.delivered(process.id(), txn, applied, process.table());
    }

    void synced(SyncMode mode) {
        counts.sync(mode);
    }

    void answered(Operation operation) {
        counts.operationAnswered();
        invariants.operation(operation);
    }

    // ---- the run ----

    /**
     * Runs the whole life of this world.
     *
     * @throws Violation an invariant does not hold
     */
    public void run() {
        try {
            storm();
            heal();
            settle();
        } finally {
            counts.end(
                    scheduler.now(),
                    scheduler.count(),
                    invariants.known().committed().size());
        }
    }

    private void storm() {
        nodes.subList(0, profile.servers()).forEach(Node::start);
        clients.forEach(Client::begin);
        readers.forEach(Reader::begin);
        faults.plan(plan);
        runMillis(profile.stormMillis());
    }

    /** L1: once faults and their slow messages are over, a leader is established soon, also if a minority is ill. */
    private void heal() {
        timelineNote("THE STORM IS OVER");
        faults.calm();
        // A process that ends takes its stuck disk with it, so nobody is restarted who stays ill.
        mechanic.upgradeAll();
        sickness.begin(damagedVoters());
        operator.startAll();
        long millis = network.slowMillis() + L1_MILLIS;
        await("L1", "no leader is established", millis, () -> !hasQuorum() || leader() != null);
    }

    /** L2 and L3: what was asked is answered, servers agree, and locks of the dead move on. */
    private void settle() {
        clients.forEach(Client::stop);
        if (!hasQuorum()) {
            return;
        }
        await(
                "L2",
                "an operation is not answered",
                L2_MILLIS,
                () -> clients.stream().allMatch(Client::isIdle));
        await("L3", "a session without a client lives on, or a lock without a session", L2_MILLIS, this::allEnded);
        await("L2", "not all servers have the same state", L2_MILLIS, this::agree);
        sickness.end();
        await("L2", "servers that were ill do not have the same state", L2_MILLIS, this::agree);
        await("I-WATCH", "a reader has not read everything", L2_MILLIS, this::allIsRead);
        List<LockTable> tables = new ArrayList<>();
        for (Node node : nodes) {
            ServerProcess process = node.process();
            if (process != null && (isSteady() || process.serves())) {
                tables.add(process.table());
            }
        }
        invariants.quiet(tables);
    }

    void timelineNote(String what) {
        if (timeline.isOn()) {
            timeline.add(scheduler.now(), "WORLD", what);
        }
    }

    private void runMillis(long millis) {
        long end = scheduler.now() + millis * Scheduler.MILLI;
        boolean more = true;
        while (more) {
            more = scheduler.step(end);
        }
    }

    private void await(String goal, String otherwise, long millis, BooleanSupplier condition) {
        long end = scheduler.now() + millis * Scheduler.MILLI;
        while (!condition.getAsBoolean()) {
            runMillis(20);
            if (scheduler.now() >= end) {
                throw violation(goal, otherwise + " within " + millis + " ms after the faults stopped: " + state());
            }
        }
    }

    /** Returns how many voters have a damaged disk. */
    int damagedVoters() {
        return (int) voters().stream().filter(Node::isDamaged).count();
    }

    private boolean hasQuorum() {
        return hasQuorumWithout(Set.of());
    }

    /**
     * Returns whether the others are a quorum, also of each configuration that was proposed and may still be; whoever
     * was away so long that it does not know the others is not counted.
     */
    boolean hasQuorumWithout(Set<Node> out) {
        return isQuorumOf(invariants.known().configurationsThatMayCount(), out);
    }

    /** The same, also of each configuration that somebody asked for. */
    boolean willHaveQuorumWithout(Set<Node> out) {
        return hasQuorumWithout(out) && isQuorumOf(operator.asked(), out);
    }

    private boolean isQuorumOf(Collection<Configuration> configurations, Set<Node> out) {
        List<Node> well = new ArrayList<>(nodes);
        well.removeIf(node -> node.isLost() || node.isAway() || out.contains(node));
        List<Voice> together = operator.knowingEachOther(well).stream()
                .map(node -> invariants.known().voice(node.id()))
                .toList();
        return configurations.stream().allMatch(that -> Configurations.isMajority(that, together));
    }

    /** Returns a voter that takes itself for the leader, or any when there is none. */
    Node leading() {
        for (Node node : turnover.isNone() ? voters() : nodes) {
            ServerProcess process = node.process();
            if (process != null && process.role() == Role.LEADING) {
                return node;
            }
        }
        return nodes.get(0);
    }

    /** Returns a leader that is fit to serve; one that is ill may take itself for the leader too. */
    @Nullable
    ServerProcess leader() {
        for (Node node : nodes) {
            ServerProcess process = node.process();
            if (process != null && isFit(node) && process.role() == Role.LEADING && process.serves()) {
                return process;
            }
        }
        return null;
    }

    /** A server whose disk is stuck may lead as long as it has nothing to write. */
    private boolean isFit(Node node) {
        return !sickness.isSick(node) || (node.isStuck() && node.isIdle());
    }

    private boolean allEnded() {
        ServerProcess leader = leader();
        return leader != null
                && leader.table().sessionCount() == 0
                && leader.table().locks("", false, null, 1).isEmpty();
    }

    private boolean allIsRead() {
        long last = invariants.known().book().changedAt();
        return readers.stream().allMatch(reader -> reader.cursor() >= last);
    }

    /** A server that reaches the leader over another one only may wait; the others may not. */
    private boolean agree() {
        ServerProcess leader = leader();
        if (sickness.isParted() && leader != null) {
            return true;
        }
        if (!isSteady() && (leader == null || !leader.core().status().settled())) {
            return false;
        }
        if (identity.isTold() && !isLevelled(leader)) {
            return false;
        }
        for (Node node : nodes) {
            if (!node.isLost() && !node.isAway() && !sickness.isSick(node) && !isInPlace(node)) {
                return false;
            }
        }
        return true;
    }

    /** Where all are well they agree on the newest version, and whoever may vote with its disk does. */
    private boolean isLevelled(@Nullable ServerProcess leader) {
        boolean allWell = nodes.stream().noneMatch(node -> members().contains(node.id()) && isIll(node));
        boolean raised = leader != null && leader.level() == Configuration.NEWEST_LEVEL;
        return !allWell || (raised && (!identity.readmits() || voters().stream().allMatch(this::mayVote)));
    }

    private boolean isIll(Node node) {
        return node.isDamaged() || node.isAway() || sickness.isSick(node) || operator.isStranded(node);
    }

    private boolean mayVote(Node voter) {
        return members()
                .isVoter(voter.id(), invariants.known().voice(voter.id()).disk());
    }

    /** Members serve and have all there is, unless they never heard of any who is left; others do not serve. */
    private boolean isInPlace(Node node) {
        ServerProcess process = node.process();
        boolean serves = process != null && process.serves();
        if (!members().contains(node.id())) {
            return !serves;
        }
        int all = invariants.known().committed().size();
        return (serves && invariants.known().server(node.id()).applied() == all) || operator.isStranded(node);
    }

    private String state() {
        StringBuilder text = new StringBuilder();
        for (Node node : nodes) {
            ServerProcess process = node.process();
            text.append(node.name())
                    .append(process == null ? " down; " : " " + process.role() + " " + process.phase() + "; ")
                    .append(
                            process == null || isSteady()
                                    ? ""
                                    : process.core().status().quorum() + "; ");
        }
        for (Client client : clients) {
            text.append(client.isIdle() ? "" : client.name() + " waits; ");
        }
        return text.toString();
    }
}
