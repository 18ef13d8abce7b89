package io.holdfast.simulator.scope;

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
import io.holdfast.zab.core.Vote;
import io.holdfast.zab.core.Zab;
import io.holdfast.zab.core.ZabConfig;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.message.Ack;
import io.holdfast.zab.core.message.AckEpoch;
import io.holdfast.zab.core.message.AckNewLeader;
import io.holdfast.zab.core.message.ElectionMessage;
import io.holdfast.zab.core.message.Hello;
import io.holdfast.zab.core.message.LeaderInfo;
import io.holdfast.zab.core.message.Notification;
import io.holdfast.zab.core.message.ReplicationMessage;
import io.holdfast.zab.core.message.SnapshotChunk;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One life of a server: the production core, a log whose writes end when they are told to, and elections that end as
 * they are told to. Whatever an election may bring about is tried, so its own messages have no part in this scope.
 */
final class Server implements Effects {

    static final int COUNT = 3;

    /** The number of a read is this often its place, and besides how many transactions it must see. */
    static final int READS_STEP = 64;

    private static final ZabConfig CONFIG = ZabConfig.DEFAULTS;
    private static final Configuration CONFIGURATION = configuration();
    private static final long LONG_NANOS = 1_000_000_000_000L;
    private static final long FINALIZE_NANOS = 50_000_000L;

    private final ServerId self;
    private final Zab core;
    private final List<Output> outputs = new ArrayList<>();
    private final List<LogRecord> writing = new ArrayList<>();
    private final List<LogRecord> queue = new ArrayList<>();
    private final List<Txn> applied = new ArrayList<>();
    private Disk disk;
    private long now = Fingerprint.BEGINNING;
    private long persisted;
    private long round;
    private long epoch;
    private Role role = Role.LOOKING;
    private Phase phase = Phase.ELECTION;
    private int leader;
    private int dialing;
    private @Nullable Vote vote;
    private @Nullable String broken;

    Server(int id, Disk disk) {
        this.self = new ServerId(id);
        this.disk = disk;
        ServerId promisedTo = disk.acceptedLeader() == 0 ? null : new ServerId(disk.acceptedLeader());
        Recovered recovered = new Recovered(
                new DiskId(0, id),
                disk.acceptedEpoch(),
                promisedTo,
                disk.currentEpoch(),
                Position.START,
                CONFIGURATION,
                Position.START,
                disk.txns());
        this.core = new Zab(CONFIG, self, id, recovered, this);
    }

    private static Configuration configuration() {
        List<Member> members = new ArrayList<>();
        for (int i = 1; i <= COUNT; i++) {
            members.add(new Member(new ServerId(i), MemberRole.VOTER, "scope", i));
        }
        return new Configuration(0, members);
    }

    /** Has an event happen and returns what the core asked for that concerns others. */
    List<Output> take(Input input) {
        outputs.clear();
        try {
            happen(input);
        } catch (IllegalStateException | IllegalArgumentException | NullPointerException e) {
            breaks("I-STOP", "stops by a check of its own: " + e);
        }
        if (writing.isEmpty()) {
            writing.addAll(queue);
            queue.clear();
        }
        return List.copyOf(outputs);
    }

    private void happen(Input input) {
        Link link = new Link(new ServerId(Math.max(1, input.peer())), input.number());
        switch (input.kind()) {
            case START -> core.start(now);
            case LEAD -> lead();
            case FOLLOW -> follow(new ServerId(input.peer()));
            case CONNECTED -> {
                dialing = 0;
                core.connected(now, link);
            }
            case ACCEPTED -> core.accepted(now, link);
            case RECEIVE -> {
                ReplicationMessage message = input.message();
                if (message != null) {
                    core.receive(now, link, message);
                }
            }
            case DISCONNECTED -> core.disconnected(now, link);
            case PERSISTED -> {
                writing.forEach(record -> disk = disk.with(record));
                persisted += writing.size();
                writing.clear();
                core.persisted(now, persisted);
            }
            case SUBMIT -> core.submit(now, input.number(), Payload.of(new byte[] {(byte) input.number()}));
            case READ -> core.readIndex(now, input.number());
            case TIMEOUT -> later(LONG_NANOS);
            case CRASH -> throw new IllegalStateException("a crash ends this life");
        }
    }

    private void later(long nanos) {
        now += nanos;
        core.tick(now);
    }

    // ---- elections ----

    /** All vote for this server. */
    private void lead() {
        later(LONG_NANOS);
        for (ServerId other : CONFIGURATION.voters()) {
            if (!other.equals(self)) {
                core.notified(now, other, new Hello(new TreeSet<>(Set.of(self, other))));
            }
        }
        for (ServerId other : CONFIGURATION.voters()) {
            if (!other.equals(self) && role == Role.LOOKING) {
                core.notified(now, other, new Notification(Role.LOOKING, round, vote, null, 0, 0));
            }
        }
        later(FINALIZE_NANOS);
        if (role != Role.LEADING) {
            breaks("L1", "does not lead though all vote for it");
        }
    }

    /** Another server says that it leads. */
    private void follow(ServerId other) {
        later(LONG_NANOS);
        core.notified(now, other, new Hello(new TreeSet<>(Set.of(self, other))));
        Vote its = new Vote(0, Zxid.ZERO, other);
        core.notified(now, other, new Notification(Role.LEADING, round, its, its, 1, 0));
    }

    // ---- what it is now ----

    @Nullable
    String broken() {
        return broken;
    }

    /** Returns what recovery would find if the machine failed when so many records of the write under way were done. */
    Disk diskAfter(int records) {
        Disk left = disk;
        for (int i = 0; i < records; i++) {
            left = left.with(writing.get(i));
        }
        return left;
    }

    Local look() {
        long hash = Fingerprint.of(core, now);
        hash = Fingerprint.mix(hash, Fingerprint.of(List.of(disk, writing, queue, applied), now));
        hash = Fingerprint.mix(hash, dialing * 4L + leader);
        Zab.Status status = core.status();
        Disk logged = disk;
        for (LogRecord record : writing) {
            logged = logged.with(record);
        }
        for (LogRecord record : queue) {
            logged = logged.with(record);
        }
        return new Local(
                self.value(),
                true,
                Fingerprint.mix(hash, self.value()),
                role,
                phase,
                epoch,
                leader,
                dialing,
                writing.size(),
                status.lastLogged().equals(status.lastDurable()) && writing.isEmpty() && queue.isEmpty(),
                disk,
                logged.txns(),
                List.copyOf(applied));
    }

    private void breaks(String invariant, String what) {
        if (broken == null) {
            broken = invariant + ": server-" + self + " " + what;
        }
    }

    // ---- what the core asks for ----

    @Override
    public void notify(ServerId to, ElectionMessage message) {
        if (message instanceof Notification notification) {
            round = notification.round();
            vote = notification.vote();
        }
    }

    @Override
    public void connect(ServerId to) {
        dialing = to.value();
    }

    @Override
    public void close(Link link, String reason) {
        outputs.add(new Output((int) link.number(), null));
    }

    @Override
    public void send(Link link, ReplicationMessage message) {
        if (message instanceof LeaderInfo info && disk.acceptedEpoch() < info.epoch()) {
            breaks("I-DISK", "names an epoch that it has not promised for good: " + message);
        } else if (message instanceof AckEpoch ack
                && (disk.acceptedEpoch() != ack.epoch()
                        || !link.peer().equals(new ServerId(Math.max(1, disk.acceptedLeader()))))) {
            breaks("I-DISK", "tells a promise that is not on disk: " + message);
        } else if (message instanceof AckNewLeader ack
                && (disk.currentEpoch() < ack.epoch() || !disk.reaches(ack.cut()))) {
            breaks("I-DISK", "says that it adopted what is not on disk: " + message);
        } else if (message instanceof Ack ack && !disk.reaches(ack.durable())) {
            breaks("I-DISK", "acknowledges what is not on disk: " + message);
        }
        outputs.add(new Output((int) link.number(), message));
    }

    @Override
    public long snapshotBytes(Zxid zxid) {
        breaks("I-LEGAL", "asks for a snapshot at " + zxid + " that nobody took");
        return 0;
    }

    @Override
    public void expectSnapshot(Zxid zxid, long bytes) {
        breaks("I-LEGAL", "expects a snapshot that nobody took");
    }

    @Override
    public void sendSnapshot(Link link, Zxid zxid, long upTo) {
        breaks("I-LEGAL", "sends a snapshot at " + zxid + " that nobody took");
    }

    @Override
    public void append(LogRecord record) {
        queue.add(record);
    }

    @Override
    public void storeSnapshot(Zxid zxid, SnapshotChunk chunk) {
        breaks("I-LEGAL", "stores a snapshot that nobody took");
    }

    @Override
    public void takeSnapshot(Position at, Configuration configuration) {
        breaks("I-LEGAL", "takes a snapshot after a few transactions");
    }

    @Override
    public void restore(Zxid zxid) {
        breaks("I-LEGAL", "restores a snapshot that nobody took");
    }

    @Override
    public void deliver(Txn txn) {
        if (!disk.has(txn)) {
            breaks("I-DURABLE", "applies " + txn.zxid() + ", which is not on its disk");
        }
        applied.add(txn);
    }

    @Override
    public void requestFailed(long requestId, RequestFailure failure) {
        // The client may ask again; what became of its request, nobody has to know.
    }

    @Override
    public void readReady(long readId) {
        long least = readId % READS_STEP;
        if (applied.size() < least) {
            breaks("I-READ", "has applied " + applied.size() + " for a read that must see " + least);
        }
    }

    @Override
    public void readFailed(long readId, RequestFailure failure) {
        // The client may ask again.
    }

    @Override
    public void touched(ServerId from, Payload note) {
        // Nobody has a lease.
    }

    @Override
    public void touchConfirmed(long touchId) {
        // Nobody has a lease.
    }

    @Override
    public void touchFailed(long touchId, RequestFailure failure) {
        // Nobody has a lease.
    }

    @Override
    public void became(Role newRole, Phase newPhase, long newEpoch, @Nullable ServerId newLeader, String reason) {
        role = newRole;
        phase = newPhase;
        epoch = newEpoch;
        leader = newLeader == null ? 0 : newLeader.value();
        if (newRole == Role.LOOKING) {
            dialing = 0;
        }
    }

    @Override
    public void trace(Trace event) {
        if (event instanceof Trace.Diverged
                || event instanceof Trace.Impossible
                || event instanceof Trace.AckRegression) {
            breaks("I-HASH", "finds histories that do not fit: " + event);
        }
    }

    /**
     * Something for the other end of a connection.
     *
     * @param message null when the connection is closed
     */
    record Output(int number, @Nullable ReplicationMessage message) {}
}
