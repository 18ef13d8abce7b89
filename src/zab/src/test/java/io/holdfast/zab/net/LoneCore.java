package io.holdfast.zab.net;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.Effects;
import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberRole;
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
import io.holdfast.zab.core.message.Message;
import io.holdfast.zab.core.message.ReplicationMessage;
import io.holdfast.zab.core.message.SnapshotChunk;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * One core, in an ensemble of three voters and two observers that {@link HonestPeers} play: all that it is told passes
 * {@code gate} first, which may tell it other things before.
 */
final class LoneCore implements Effects {

    static final ServerId SELF = new ServerId(1);
    static final Configuration MEMBERS = new Configuration(
            0,
            List.of(
                    new Member(SELF, MemberRole.VOTER, "n", 1),
                    new Member(new ServerId(2), MemberRole.VOTER, "n", 2),
                    new Member(new ServerId(3), MemberRole.VOTER, "n", 3),
                    new Member(new ServerId(4), MemberRole.OBSERVER, "n", 4),
                    new Member(new ServerId(5), MemberRole.OBSERVER, "n", 5)));

    private static final long STEP_NANOS = 5_000_000;

    /** Sees what a peer is about to tell this core. */
    interface Gate {
        void passes(LoneCore core, ServerId from, @Nullable Link link, Message message);
    }

    private final Zab zab;
    private final HonestPeers peers;
    private final Gate gate;
    private final Queue<Runnable> soon = new ArrayDeque<>();
    private final Map<Link, ServerId> open = new TreeMap<>();
    private final Map<Phase, Integer> seen = new EnumMap<>(Phase.class);
    private long now = 1_000_000_000;
    private long appended;
    private long lastLink;
    private long sent;
    private int pulls;

    /**
     * Starts a core.
     *
     * @param peersOf what its peers do, given this core
     */
    LoneCore(long seed, Gate gate, BiFunction<LoneCore, Long, HonestPeers> peersOf) {
        this.gate = gate;
        Recovered blank =
                new Recovered(new DiskId(1, 1), 0, null, 0, Position.START, MEMBERS, Position.START, List.of());
        this.peers = peersOf.apply(this, seed);
        this.zab = new Zab(ZabConfig.DEFAULTS, SELF, seed, blank, this);
        zab.start(now);
    }

    static DiskId disk(ServerId server) {
        return new DiskId(server.value(), 1);
    }

    Zab zab() {
        return zab;
    }

    long now() {
        return now;
    }

    /** Returns how many messages it has sent in all. */
    long sent() {
        return sent;
    }

    /** Returns how often it fetched a history before it led. */
    int pulls() {
        return pulls;
    }

    /** Returns how often it has come to each phase. */
    Map<Phase, Integer> seen() {
        return seen;
    }

    List<Link> links() {
        return List.copyOf(open.keySet());
    }

    /** Lets some time pass, and all that is to happen in it happen. */
    void step() {
        now += STEP_NANOS;
        peers.step();
        if (zab.nextTick() <= now) {
            zab.tick(now);
        }
        for (int i = 0; i < 200 && !soon.isEmpty(); i++) {
            soon.remove().run();
        }
        zab.persisted(now, appended);
    }

    /** A peer tells this core something outside any link. */
    void tell(ServerId from, ElectionMessage message) {
        soon.add(() -> {
            gate.passes(this, from, null, message);
            zab.notified(now, from, message);
        });
    }

    /** A peer tells this core something on a link. */
    void tell(Link link, ReplicationMessage message) {
        soon.add(() -> {
            if (open.containsKey(link)) {
                gate.passes(this, link.peer(), link, message);
                receive(link, message);
            }
        });
    }

    /** Tells at once, without the gate. */
    void receive(Link link, ReplicationMessage message) {
        if (open.containsKey(link)) {
            zab.receive(now, link, message);
        }
    }

    /** A learner opens a link to this core. */
    Link dialedBy(ServerId learner) {
        Link link = new Link(learner, ++lastLink);
        open.put(link, learner);
        soon.add(() -> {
            if (open.containsKey(link)) {
                zab.accepted(now, link);
            }
        });
        return link;
    }

    void breaks(Link link) {
        if (open.remove(link) != null) {
            soon.add(() -> zab.disconnected(now, link));
        }
    }

    boolean isOpen(Link link) {
        return open.containsKey(link);
    }

    // ---- what it asks for ----

    @Override
    public void notify(ServerId to, ElectionMessage message) {
        sent++;
        soon.add(() -> peers.notified(to, message));
    }

    @Override
    public void connect(ServerId leader) {
        soon.add(() -> {
            Link link = new Link(leader, ++lastLink);
            open.put(link, leader);
            zab.connected(now, link);
        });
    }

    @Override
    public void close(Link link, String reason) {
        open.remove(link);
        peers.closed(link);
    }

    @Override
    public void send(Link link, ReplicationMessage message) {
        sent++;
        if (open.containsKey(link)) {
            soon.add(() -> peers.received(link, message));
        }
    }

    @Override
    public long snapshotBytes(Zxid zxid) {
        return 1;
    }

    @Override
    public void expectSnapshot(Zxid zxid, long bytes) {
        soon.add(() -> zab.snapshotReceived(now, zxid, 0));
    }

    @Override
    public void sendSnapshot(Link link, Zxid zxid, long upTo) {
        sent++;
    }

    @Override
    public void append(LogRecord record) {
        appended++;
    }

    @Override
    public void storeSnapshot(Zxid zxid, SnapshotChunk chunk) {
        soon.add(() -> {
            Position stored = peers.snapshot();
            if (stored.zxid().equals(zxid) && chunk.last()) {
                zab.snapshotStored(now, stored, MEMBERS);
            } else if (chunk.last()) {
                zab.snapshotRefused(now, zxid, "it is not whole");
            }
        });
    }

    @Override
    public void takeSnapshot(Position at, Configuration configuration) {
        soon.add(() -> zab.snapshotTaken(now, at));
    }

    @Override
    public void restore(Zxid zxid) {}

    @Override
    public void deliver(Txn txn) {}

    @Override
    public void requestFailed(long requestId, RequestFailure failure) {}

    @Override
    public void readReady(long readId) {}

    @Override
    public void readFailed(long readId, RequestFailure failure) {}

    @Override
    public void touched(ServerId from, Payload note) {}

    @Override
    public void touchConfirmed(long touchId) {}

    @Override
    public void touchFailed(long touchId, RequestFailure failure) {}

    @Override
    public void became(Role role, Phase phase, long epoch, @Nullable ServerId leader, String reason) {
        seen.merge(phase, 1, Integer::sum);
    }

    @Override
    public void trace(Trace event) {
        pulls += event instanceof Trace.Pulls ? 1 : 0;
    }
}
