package io.holdfast.zab.core;

import io.holdfast.zab.core.broadcast.FollowerBroadcast;
import io.holdfast.zab.core.broadcast.LeaderBroadcast;
import io.holdfast.zab.core.broadcast.ObserverBroadcast;
import io.holdfast.zab.core.client.Clients;
import io.holdfast.zab.core.discovery.LeaderDiscovery;
import io.holdfast.zab.core.discovery.LearnerDiscovery;
import io.holdfast.zab.core.election.Election;
import io.holdfast.zab.core.election.Looking;
import io.holdfast.zab.core.election.Reachability;
import io.holdfast.zab.core.election.Seeking;
import io.holdfast.zab.core.following.Following;
import io.holdfast.zab.core.leading.Learners;
import io.holdfast.zab.core.message.ElectionMessage;
import io.holdfast.zab.core.message.FollowerInfo;
import io.holdfast.zab.core.message.ReplicationMessage;
import io.holdfast.zab.core.stage.Stage;
import io.holdfast.zab.core.stage.Transitions;
import io.holdfast.zab.core.stage.Upstream;
import io.holdfast.zab.core.state.Replica;
import io.holdfast.zab.core.sync.LeaderSync;
import io.holdfast.zab.core.sync.LearnerSync;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The only door of the protocol: it is told events, each with the time on a monotonic clock in nanoseconds, and answers
 * through {@link Effects}. Every method is called on one thread.
 *
 * <p>It holds the current {@link Stage}, and these are all the ways from one to another; any stage may also give up:
 *
 * <pre>
 * Looking --elected self--&gt; LeaderDiscovery --established--&gt; LeaderSync --adopted--&gt; LeaderBroadcast
 * Looking --elected other-&gt; LearnerDiscovery --promised---&gt; LearnerSync --adopted--&gt; FollowerBroadcast
 * Broadcast --handedOver-&gt; LeaderDiscovery or LearnerDiscovery
 * any     --abandon------&gt; Looking
 * </pre>
 *
 * <p>An observer has Seeking in place of Looking and ObserverBroadcast in place of FollowerBroadcast, and never leads.
 */
public final class Zab {

    private final Replica replica;
    private final Reachability reachability;
    private final Election election;
    private final Clients clients;
    private final Ways ways = new Ways();
    private final Voices voices;
    private final EarlyLinks early = new EarlyLinks();

    private Stage stage;
    private Learners learners;
    private Following following;

    /**
     * Makes a server that has not begun.
     *
     * @param seed spreads what need not happen at the same time on all servers; the same seed gives the same run
     */
    public Zab(ZabConfig config, ServerId self, long seed, Recovered recovered, Effects effects) {
        this.replica = new Replica(self, config, seed, recovered, effects);
        this.reachability = new Reachability(replica);
        this.election = new Election(replica, reachability);
        this.clients = new Clients(replica);
        this.voices = new Voices(replica, election, reachability, () -> stage);
        this.learners = new Learners(replica);
        this.following = new Following(self, 0);
        this.stage = looking();
    }

    private Stage looking() {
        return replica.takesPart() ? new Looking(replica, ways, election) : new Seeking(replica, ways, election);
    }

    // ---- life ----

    /** Begins; called once, before every other event. The host has the state of {@link Recovered#snapshot} already. */
    public void start(long now) {
        replica.at(now);
        become(looking(), "started");
    }

    /** Time has come to {@link #nextTick}, or passed it. */
    public void tick(long now) {
        before(now);
        reachability.tick();
        stage.tick();
        clients.tick();
        after();
    }

    /** Returns when {@link #tick} is wanted next; may change with every event. */
    public long nextTick() {
        return Math.min(Math.min(reachability.nextTick(), stage.nextTick()), clients.nextTick());
    }

    // ---- network ----

    /** A voter said something outside any link. */
    public void notified(long now, ServerId from, ElectionMessage message) {
        before(now);
        message.dispatch(from, voices);
        after();
    }

    /** A learner opened a link to this server. */
    public void accepted(long now, Link link) {
        before(now);
        admit(link);
        after();
    }

    private void admit(Link link) {
        if (stage.role() == Role.LOOKING && replica.quorum().isVoter(link.peer())) {
            Link older = early.keep(link);
            if (older != null) {
                replica.effects().close(older, "replaced by a newer link of the same server");
            }
        } else if (!stage.accepted(link)) {
            replica.effects().close(link, "this server does not lead, or does not know server " + link.peer());
        }
    }

    /** The link asked for by {@link Effects#connect} is open. */
    public void connected(long now, Link link) {
        before(now);
        stage.connected(link);
        after();
    }

    /** The link asked for by {@link Effects#connect} could not be opened. */
    public void connectFailed(long now, ServerId leader) {
        before(now);
        stage.connectFailed(leader);
        after();
    }

    /** A link ended, but not by {@link Effects#close}. */
    public void disconnected(long now, Link link) {
        before(now);
        early.ended(link);
        stage.disconnected(link);
        after();
    }

    /** A message arrived on a link that is open. */
    public void receive(long now, Link from, ReplicationMessage message) {
        before(now);
        if (!(message instanceof FollowerInfo info && early.keep(from, info))) {
            message.dispatch(from, stage);
        }
        after();
    }

    // ---- disk ----

    /**
     * The log is durable up to a record.
     *
     * @param records how many of all records given to {@link Effects#append} since the start are durable
     */
    public void persisted(long now, long records) {
        // Not checked for validity before: that a write has ended is news also to a stage that waited too long for it.
        replica.at(now);
        replica.persisted(records, record -> stage.persisted(record));
        before(now);
        stage.persistedBatch();
        after();
    }

    /**
     * The snapshot that {@link Effects#storeSnapshot} got, and what it names as in force, is durable (protocol.md#p5).
     */
    public void snapshotStored(long now, Position at, Configuration configuration) {
        before(now);
        stage.snapshotStored(at, configuration);
        after();
    }

    /**
     * The first bytes of the snapshot that a leader sends are written; {@code bytes} is 0 when there is room for it.
     */
    public void snapshotReceived(long now, Zxid zxid, long bytes) {
        before(now);
        stage.snapshotReceived(zxid, bytes);
        after();
    }

    /** The snapshot given to {@link Effects#storeSnapshot} is damaged or of another cluster; nothing of it is kept. */
    public void snapshotRefused(long now, Zxid zxid, String reason) {
        before(now);
        stage.snapshotRefused(zxid, reason);
        after();
    }

    /** The snapshot asked for by {@link Effects#takeSnapshot} is durable and was read back. */
    public void snapshotTaken(long now, Position at) {
        before(now);
        replica.snapshotTaken(at);
        after();
    }

    /**
     * The snapshot asked for by {@link Effects#takeSnapshot} was not made, for lack of room; the log stays as it is.
     *
     * @return whether this server can go on; else the host can keep no more in memory, and the process must end
     */
    public boolean snapshotFailed(long now, Zxid zxid) {
        before(now);
        boolean goOn = replica.snapshotFailed();
        after();
        return goOn;
    }

    /** The host read or wrote a state of that many bytes. */
    public void stateBytes(long bytes) {
        replica.stateBytes(bytes);
    }

    /** The state had that digest when that transaction, one of {@link StateDigest#isTakenAt}, was applied to it. */
    public void digest(StateDigest digest) {
        replica.digests().taken(digest);
    }

    /** Returns whether this server applies nothing before its snapshot has ended (see {@link Effects#takeSnapshot}). */
    public boolean isHeld() {
        return replica.isHeld();
    }

    /** Returns whether so much waits for that end that no more should be read from peers. */
    public boolean isBacklogged() {
        return replica.isBacklogged();
    }

    /** Begins a snapshot, unless one is under way or the newest has all that is applied; returns whether it did. */
    public boolean takeSnapshot(long now) {
        before(now);
        boolean begun = replica.takeSnapshot();
        after();
        return begun;
    }

    /** Returns the newest durable snapshot; {@link Position#START} when there is none. */
    public Position snapshot() {
        return replica.snapshot();
    }

    // ---- clients of this server ----

    /**
     * A client of this server wants a transaction; ends with its {@link Effects#deliver} or
     * {@link Effects#requestFailed}.
     */
    public void submit(long now, long requestId, Payload payload) {
        before(now);
        clients.submit(requestId, TxnType.COMMAND, payload);
        after();
    }

    /**
     * Requests another configuration, which must follow the one in force (protocol.md#reconfiguration). Ends with the
     * {@link Effects#deliver} of its transaction or {@link Effects#requestFailed}. The change is settled when
     * {@link Status#settled} reports it; from then on a restart needs no member that left.
     */
    public void reconfigure(long now, long requestId, Configuration next) {
        before(now);
        clients.submit(requestId, TxnType.CONFIGURATION, ConfigurationCodec.payload(next));
        after();
    }

    /**
     * Proposes if this server leads epoch {@code epoch} in broadcast and never forwards (protocol.md#t6).
     *
     * @return whether it was proposed; if so its {@link Effects#deliver} follows, unless leadership is lost before
     */
    public boolean propose(long now, long epoch, long requestId, Payload payload) {
        before(now);
        boolean proposed = stage.propose(epoch, requestId, payload);
        after();
        return proposed;
    }

    /** A client of this server wants a linearizable read; ends with {@link Effects#readReady} or readFailed. */
    public void readIndex(long now, long readId) {
        before(now);
        clients.readIndex(readId);
        after();
    }

    /** A client of this server touches its lease; ends with {@link Effects#touchConfirmed} or touchFailed. */
    public void touch(long now, long touchId, Payload note) {
        before(now);
        clients.touch(touchId, note);
        after();
    }

    /**
     * Another leader is requested (null: the most recent voter): the one there is hands over when its successor has all
     * there is, or nothing happens. No request fails for it.
     */
    public void handOff(long now, @Nullable ServerId successor) {
        before(now);
        Upstream leader = stage.upstream();
        if (leader != null) {
            leader.handOff(successor);
        }
        after();
    }

    /** The host knows from others that this server is no member: its clients wait for nothing. */
    public void dismissClients(long now) {
        before(now);
        clients.dismiss();
        after();
    }

    public Status status() {
        return new Status(
                stage.role(),
                stage.phase(),
                replica.currentEpoch(),
                stage.leader(),
                replica.lastLogged(),
                replica.lastDurable(),
                replica.lastCommitted(),
                replica.lastApplied(),
                stage.outstanding(),
                stage.leaderHeardAt(),
                replica.quorum(),
                replica.isSettled(),
                replica.disk(),
                stage.members(),
                stage.differing());
    }

    /**
     * A server's view of itself.
     *
     * @param role what it is
     * @param phase how far it is in that role
     * @param epoch the epoch it adopted last (currentEpoch)
     * @param leader whom it follows, itself when it leads, null while looking
     * @param lastLogged last transaction given to the log
     * @param lastDurable last transaction known durable here
     * @param lastCommitted commit watermark as known here
     * @param lastApplied last transaction delivered
     * @param outstanding proposals of this leader that are not committed
     * @param leaderHeardAt when a leader that a quorum follows was heard last, in nanoseconds of the same clock;
     *     {@link Long#MIN_VALUE} while there is none
     * @param quorum the configuration in force and the one that is to follow it
     * @param settled whether no change is under way, and a restart would know of the last one
     * @param disk identity of its disk, whatever the configuration binds it to
     * @param members how far the members are, as the leader said last, ordered by id; empty while there is none
     * @param differing members whose state is another than this leader's, ordered by id; empty where it does not lead
     */
    public record Status(
            Role role,
            Phase phase,
            long epoch,
            @Nullable ServerId leader,
            Zxid lastLogged,
            Zxid lastDurable,
            Zxid lastCommitted,
            Zxid lastApplied,
            int outstanding,
            long leaderHeardAt,
            Quorum quorum,
            boolean settled,
            DiskId disk,
            List<MemberState> members,
            List<ServerId> differing) {
        /** Returns the configuration in force. */
        public Configuration configuration() {
            return quorum.committed();
        }
    }

    // ---- events and stages ----

    /** A server that was paused finds out that its time is over before it acts on the event. */
    private void before(long now) {
        replica.at(now);
        stage.stillValid();
    }

    private void after() {
        clients.upstream(stage.upstream());
        clients.completeConfirmed();
        if (!replica.quorum().contains(replica.self())) {
            clients.dismiss();
        }
    }

    private void become(Stage next, String reason) {
        // From here on nothing of this server's clients may reach the stage that ended; the next way is opened after
        // the event.
        clients.upstream(null);
        stage = next;
        replica.effects().became(next.role(), next.phase(), next.leaderEpoch(), next.leader(), reason);
        next.enter();
    }

    /** The only transitions. */
    private final class Ways implements Transitions {

        @Override
        public void elected(Vote elected) {
            begin(
                    elected,
                    "elected " + elected.candidate() + " (epoch " + elected.peerEpoch() + ", last " + elected.lastZxid()
                            + ")");
        }

        @Override
        public void handedOver(Vote successor) {
            String reason = "leader " + stage.leader() + " hands over to " + successor.candidate();
            stage.leave(reason);
            election.ended(successor);
            begin(successor, reason);
        }

        private void begin(Vote elected, String reason) {
            if (elected.candidate().equals(replica.self())) {
                lead(reason);
            } else {
                early.take().forEach(kept -> replica.effects().close(kept.link(), "this server follows another"));
                following = new Following(elected.candidate(), replica.now());
                become(new LearnerDiscovery(replica, this, following, election), reason);
            }
        }

        private void lead(String reason) {
            learners = new Learners(replica);
            List<EarlyLinks.Kept> joined = early.take();
            become(new LeaderDiscovery(replica, this, learners, election), reason);
            // All links before the first word: what one learner says may end this stage, and its links with it.
            joined.forEach(kept -> admit(kept.link()));
            for (EarlyLinks.Kept kept : joined) {
                if (kept.info() != null) {
                    stage.onFollowerInfo(kept.link(), kept.info());
                }
            }
        }

        @Override
        public void promised() {
            become(new LearnerSync(replica, this, following, election), "promised epoch " + following.epoch());
        }

        @Override
        public void established(long epoch) {
            become(new LeaderSync(replica, this, learners, election, epoch), "a quorum promised epoch " + epoch);
        }

        @Override
        public void adopted() {
            if (stage.role() == Role.LEADING) {
                become(
                        new LeaderBroadcast(replica, this, learners, election, stage.leaderEpoch(), clients),
                        "a quorum adopted the history up to " + replica.lastLogged());
            } else {
                replica.upToDate();
                become(
                        replica.isVoter()
                                ? new FollowerBroadcast(replica, this, following, election, clients)
                                : new ObserverBroadcast(replica, this, following, election, clients),
                        "the leader says that this server is up to date");
            }
        }

        @Override
        public void abandon(String reason) {
            stage.leave(reason);
            become(looking(), reason);
        }

        @Override
        public void abandon(ServerId candidate, String reason) {
            election.skip(candidate);
            abandon(reason);
        }
    }
}
