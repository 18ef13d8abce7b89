package io.holdfast.zab.core.state;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.Effects;
import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.Quorum;
import io.holdfast.zab.core.Recovered;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.ZabConfig;
import io.holdfast.zab.core.Zxid;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one server remembers over all roles and phases, and the only way to change it: each change of what must survive
 * a crash goes to the log, and counts as durable only when the host says so.
 */
public final class Replica {

    /** What is kept for those who are fed is at most so many times {@link ZabConfig#windowBytesMax}. */
    private static final int KEPT_WINDOWS = 4;

    private final ServerId self;
    private final ZabConfig config;
    private final Jitter jitter;
    private final Effects effects;
    private final Recovered recovered;
    private final History history;
    private final Snapshots snapshots;

    private long now;

    /** Invariant: acceptedEpoch >= currentEpoch, and both never fall. */
    private long acceptedEpoch;

    private @Nullable ServerId acceptedLeader;
    private long currentEpoch;

    /** Invariant: lastApplied <= lastCommitted, lastApplied <= lastDurable <= history.last. */
    private Zxid lastDurable;

    private Zxid lastCommitted;
    private Zxid lastApplied;

    private final Backlog backlog;
    private final Digests digests = new Digests();
    private final LogQueue pending = new LogQueue();

    /** Where a learner is fed from the history begins; null when none is. */
    private @Nullable Zxid keptFrom;

    private final Membership membership;
    private long countedIn;
    private boolean outdated;
    private Consumer<Txn> applied = txn -> {};

    public Replica(ServerId self, ZabConfig config, long seed, Recovered recovered, Effects effects) {
        this.self = self;
        this.config = config;
        this.jitter = new Jitter(seed);
        this.effects = effects;
        this.recovered = recovered;
        this.history = new History(recovered.start(), recovered.txns());
        this.backlog = new Backlog(config, history);
        this.snapshots = new Snapshots(config, seed, recovered.snapshot());
        this.acceptedEpoch = recovered.acceptedEpoch();
        this.acceptedLeader = recovered.acceptedLeader();
        this.currentEpoch = recovered.currentEpoch();
        // It may be newer than the snapshot's zxid, whose writer knew of its commit by the activation in its log: what
        // is
        // committed stays so, and its transaction is delivered again without effect.
        this.membership = new Membership(recovered.configuration());
        for (Txn txn : recovered.txns()) {
            membership.logged(txn);
        }
        this.lastDurable = history.last().zxid();
        // Nothing after the snapshot is known to be committed, so nothing of it is applied before a leader says so.
        this.lastCommitted = recovered.snapshot().zxid();
        this.lastApplied = recovered.snapshot().zxid();
        Invariant.check(
                history.contains(lastApplied), "the log does not reach back to the snapshot at %s", lastApplied);
    }

    // ---- what it is ----

    public ServerId self() {
        return self;
    }

    public ZabConfig config() {
        return config;
    }

    public Effects effects() {
        return effects;
    }

    public Recovered recovered() {
        return recovered;
    }

    public History history() {
        return history;
    }

    public Digests digests() {
        return digests;
    }

    /** Returns the committed configuration. */
    public Configuration configuration() {
        return quorum().committed();
    }

    /** Returns who must agree. */
    public Quorum quorum() {
        return membership.quorum();
    }

    /** Returns whether a configuration is in force of which only its delivery tells. */
    public boolean lacksActivation() {
        return quorum().pending() == null && membership.activatedAt() == null;
    }

    /**
     * Returns whether no change of the configuration is under way and a restart would know of the last one's commit.
     */
    public boolean isSettled() {
        return quorum().pending() == null && membership.isActivatedAt(lastApplied);
    }

    /** Returns the identity of this server's disk. */
    public DiskId disk() {
        return recovered.diskId();
    }

    /** Returns whether this server is that member of a configuration, and not only by its id. */
    public boolean isMember(Member member) {
        return member.id().equals(self) && member.admits(disk());
    }

    /**
     * Returns whether this server counts in quorums: an observer does not, nor a voter that came back with another
     * disk.
     */
    public boolean isVoter() {
        return !outdated && quorum().isVoter(self, disk());
    }

    /** Returns whether this server takes part in elections: it is a voter, or another server counts it as one. */
    public boolean takesPart() {
        return !outdated
                && (isVoter()
                        || (countedIn > 0 && countedIn >= quorum().latest().version()));
    }

    /**
     * Notes that another server knows a newer configuration. If this server has never had a history, only a leader can
     * determine whether it is the voter that its own configuration names, or one that lost its disk
     * (protocol.md#lost-or-damaged-disks). Until then it does not vote. With a founding configuration it may: that one
     * elects no leader without all voters, and other servers decide by its disk whether it counts.
     *
     * @return whether that is news
     */
    public boolean isOutdatedBy(long version) {
        boolean before = outdated;
        outdated |= isBlank()
                && !quorum().committed().isFounding()
                && version > quorum().latest().version();
        return outdated && !before;
    }

    /** Returns whether this server knows of identities of disks, and has never had a history of its own. */
    public boolean isBlank() {
        return currentEpoch == 0 && config.protocolMax() >= Configuration.DISKS_LEVEL;
    }

    /** A leader has brought this server up to date: from here on the configuration decides which servers vote. */
    public void upToDate() {
        outdated = false;
        countedIn = 0;
    }

    /**
     * Another server counts this one as a voter, in a configuration that this one may not have logged or may know to be
     * replaced: a vote or promise of its own is needed before any server can lead and send it the voters.
     *
     * @param version of that configuration
     */
    public void countedBy(long version) {
        countedIn = version;
    }

    /**
     * Returns whether a server may rightly count other voters than this one does: it has a newer configuration, or one
     * with the number of a change that this server does not know to be in force for good, and which may have given way
     * to another one.
     *
     * @param configVersion of the newest configuration that it has
     */
    public boolean mayCountOthers(long configVersion) {
        long mine = quorum().latest().version();
        return configVersion > mine || (configVersion == mine && (quorum().pending() != null || lacksActivation()));
    }

    public long acceptedEpoch() {
        return acceptedEpoch;
    }

    public @Nullable ServerId acceptedLeader() {
        return acceptedLeader;
    }

    public long currentEpoch() {
        return currentEpoch;
    }

    public Zxid lastLogged() {
        return history.last().zxid();
    }

    public Zxid lastDurable() {
        return lastDurable;
    }

    public Zxid lastCommitted() {
        return lastCommitted;
    }

    public Zxid lastApplied() {
        return lastApplied;
    }

    /** Returns the newest durable snapshot. */
    public Position snapshot() {
        return snapshots.newest();
    }

    // ---- time ----

    public long now() {
        return now;
    }

    /** Moves the clock of this event; a monotonic clock that is read on another core may be a little behind. */
    public void at(long time) {
        now = Math.max(now, time);
    }

    /** Returns the time {@code millis} from now. */
    public long in(long millis) {
        return now + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** Returns whether {@code time} is more than {@code millis} ago. */
    public boolean isOlder(long time, long millis) {
        return now - time > TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** Returns 0 to {@code millisMax}, drawn from the seed: what need not happen at one time on all servers. */
    public long spread(int millisMax) {
        return jitter.next(millisMax);
    }

    // ---- what must survive a crash ----

    /** Promises {@code epoch} to {@code leader}; the caller goes on when the record is durable. */
    public void promise(long epoch, ServerId leader) {
        Invariant.check(epoch > acceptedEpoch, "promise of epoch %s after %s", epoch, acceptedEpoch);
        acceptedEpoch = epoch;
        acceptedLeader = leader;
        log(new LogRecord.Promise(epoch, leader));
    }

    /**
     * Adopts the history as logged so far as that of {@code epoch}, of a leader, or of a voter whose history this has
     * become; {@link #currentEpoch} moves when the record is durable.
     */
    public void adopt(long epoch) {
        Invariant.check(
                epoch >= currentEpoch && epoch <= acceptedEpoch,
                "adoption of epoch %s (current %s, accepted %s)",
                epoch,
                currentEpoch,
                acceptedEpoch);
        log(new LogRecord.AdoptEpoch(epoch));
    }

    public void append(Txn txn) {
        history.append(txn);
        membership.logged(txn);
        log(new LogRecord.Append(txn));
    }

    /** Drops what no quorum has; what is committed can not be dropped. */
    public void truncate(Zxid to) {
        Invariant.check(to.compareTo(lastCommitted) >= 0, "truncation to %s would drop up to %s", to, lastCommitted);
        pending.checkNoAppend();
        history.truncate(to);
        membership.truncated(to);
        if (lastDurable.isAfter(to)) {
            lastDurable = to;
        }
        log(new LogRecord.Truncate(to));
    }

    /**
     * Replaces the history by a snapshot that a leader sent and that is durable (protocol.md#p5); the old log is void
     * from here on.
     *
     * @param committed the configuration that the snapshot names
     */
    public void install(Position snapshot, Configuration committed) {
        pending.checkNoAppend();
        history.reset(snapshot);
        membership.installed(committed);
        lastDurable = snapshot.zxid();
        snapshots.installed(snapshot);
        log(new LogRecord.Snapshot(snapshot, true));
    }

    /**
     * Restores the state from a received snapshot as soon as its record is durable, whatever becomes of the leader that
     * sent it: from then on the history no longer has what lies before (ZOOKEEPER-3642).
     */
    private void restore(Position snapshot) {
        lastApplied = snapshot.zxid();
        if (snapshot.zxid().isAfter(lastCommitted)) {
            // This server may know of more that is committed than the snapshot that it was sent has.
            lastCommitted = snapshot.zxid();
        }
        digests.replaced();
        effects.restore(snapshot.zxid());
    }

    private void log(LogRecord record) {
        pending.add(record, now);
        effects.append(record);
    }

    /**
     * The first {@code records} of all records are durable; tells each of them that was not before, in order.
     *
     * @param each called after the state that the record changes has moved
     */
    public void persisted(long records, Consumer<LogRecord> each) {
        pending.persisted(records, now);
        for (LogRecord record = pending.next(records); record != null; record = pending.next(records)) {
            if (record instanceof LogRecord.Append append) {
                lastDurable = append.txn().zxid();
            } else if (record instanceof LogRecord.AdoptEpoch adopted) {
                currentEpoch = adopted.epoch();
            } else if (record instanceof LogRecord.Snapshot snapshot && snapshot.received()) {
                restore(snapshot.at());
            }
            each.accept(record);
        }
    }

    /** Returns whether all that was given to the log is durable. */
    public boolean isDrained() {
        return pending.isEmpty();
    }

    /**
     * Returns whether something waits for the log and nothing became durable for {@link ZabConfig#fsyncStallMillis}: a
     * long queue that gets shorter is a busy log and not a stalled one.
     */
    public boolean isLogStalled() {
        return pending.isStalled(now, config.fsyncStallMillis());
    }

    // ---- what is committed ----

    /** Has {@code listener} told of each transaction that is delivered from now on. */
    public void onApplied(Consumer<Txn> listener) {
        applied = listener;
    }

    /** Moves the commit watermark, never back, and applies what is committed and durable here (protocol.md#p8). */
    public void commit(Zxid upTo) {
        if (upTo.isAfter(lastCommitted)) {
            lastCommitted = upTo;
        }
        deliverCommitted();
    }

    /** Applies what is committed and durable here, and has not been applied yet. */
    public void deliverCommitted() {
        Zxid limit = lastCommitted.isBefore(lastDurable) ? lastCommitted : lastDurable;
        if (!limit.isAfter(lastApplied)) {
            return;
        }
        for (int i = history.firstAfter(lastApplied); i < history.size(); i++) {
            Txn txn = history.get(i);
            if (txn.zxid().isAfter(limit)) {
                break;
            }
            if (isHeld()) {
                backlog.begins();
                return;
            }
            Invariant.check(
                    txn.previous().equals(lastApplied), "%s would be applied after %s", txn.zxid(), lastApplied);
            lastApplied = txn.zxid();
            membership.delivered(txn);
            effects.deliver(txn);
            applied.accept(txn);
            snapshots.applied(txn);
            // At once, and not after all that is committed: who starts with a long log takes snapshots on its way.
            beginSnapshotIfDue();
        }
        backlog.ends();
    }

    private void beginSnapshotIfDue() {
        if (snapshots.isDue() && (snapshots.isOverdue() || membership.mayBeNamedAt(lastApplied))) {
            snapshots.begun();
            effects.takeSnapshot(history.floor(lastApplied), configuration());
        }
    }

    /** Returns whether nothing is applied before the snapshot under way ends: the host keeps it all in memory. */
    public boolean isHeld() {
        return snapshots.isFull();
    }

    /** Returns whether as much was logged since this server is held as a leader may have under way. */
    public boolean isBacklogged() {
        return isHeld() && backlog.isLong();
    }

    /**
     * Has a snapshot made of all that is applied now, due or not; during a change of the configuration soon after.
     *
     * @return whether one was begun; not while another is under way, nor when the newest has all there is
     */
    public boolean takeSnapshot() {
        boolean isNews = !snapshots.isUnderWay()
                && lastApplied.isAfter(snapshots.newest().zxid());
        if (isNews) {
            snapshots.demanded();
            beginSnapshotIfDue();
        }
        return isNews && snapshots.isUnderWay();
    }

    /** The snapshot that was due is durable and read back: the log may now start from it. */
    public void snapshotTaken(Position at) {
        if (snapshots.taken(at)) {
            log(new LogRecord.Snapshot(at, false));
            trim();
        }
        deliverCommitted();
    }

    /**
     * Keeps the history from a position on although snapshots are newer, while a learner is fed by it; as far as it is
     * no more than a few windows of bytes.
     *
     * @param from null when none is
     */
    public void keepFrom(@Nullable Zxid from) {
        keptFrom = from;
        trim();
    }

    private void trim() {
        Zxid limit = snapshots.newest().zxid();
        Zxid from = keptFrom;
        if (from != null && from.isBefore(limit) && history.weight() <= KEPT_WINDOWS * config.windowBytesMax()) {
            limit = from;
        }
        history.trim(limit, config.windowTxns(), config.windowBytesMax());
    }

    /**
     * The snapshot that was due was not made; it is tried again after more transactions.
     *
     * @return whether there may be more of them: false when as many are applied as the host can keep
     */
    public boolean snapshotFailed() {
        boolean full = snapshots.isFull();
        snapshots.failed();
        return !full;
    }

    /** The state has that many bytes in a snapshot. */
    public void stateBytes(long bytes) {
        snapshots.stateBytes(bytes);
    }
}
