package io.holdfast.zab.net;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.ConfigurationCodec;
import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.MemberState;
import io.holdfast.zab.core.Origin;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.SyncMode;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.TxnType;
import io.holdfast.zab.core.Vote;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.message.Ack;
import io.holdfast.zab.core.message.AckEpoch;
import io.holdfast.zab.core.message.AckNewLeader;
import io.holdfast.zab.core.message.Commit;
import io.holdfast.zab.core.message.ElectionMessage;
import io.holdfast.zab.core.message.FollowerInfo;
import io.holdfast.zab.core.message.HandOffRequest;
import io.holdfast.zab.core.message.Hello;
import io.holdfast.zab.core.message.HistoryRequest;
import io.holdfast.zab.core.message.LeaderInfo;
import io.holdfast.zab.core.message.NewLeader;
import io.holdfast.zab.core.message.Notification;
import io.holdfast.zab.core.message.Overview;
import io.holdfast.zab.core.message.Ping;
import io.holdfast.zab.core.message.Pong;
import io.holdfast.zab.core.message.Proposal;
import io.holdfast.zab.core.message.ReadIndex;
import io.holdfast.zab.core.message.ReadIndexReply;
import io.holdfast.zab.core.message.Relayed;
import io.holdfast.zab.core.message.ReplicationMessage;
import io.holdfast.zab.core.message.Request;
import io.holdfast.zab.core.message.RequestRefused;
import io.holdfast.zab.core.message.SnapshotChunk;
import io.holdfast.zab.core.message.SyncBegin;
import io.holdfast.zab.core.message.SyncNack;
import io.holdfast.zab.core.message.SyncProgress;
import io.holdfast.zab.core.message.SyncTxn;
import io.holdfast.zab.core.message.Touch;
import io.holdfast.zab.core.message.TouchReply;
import io.holdfast.zab.core.message.UpToDate;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The peers of a {@link LoneCore}: servers 2 and 3, which vote, and 4 and 5, which observe. They have the core lead, or
 * server 2 lead it, and say what real ones would, as far as a core can tell; what they say is made up as they go.
 */
final class HonestPeers {

    private static final ServerId TWO = new ServerId(2);
    private static final List<ServerId> OTHERS = List.of(TWO, new ServerId(3), new ServerId(4), new ServerId(5));
    private static final Set<ServerId> REACH = Set.of(LoneCore.SELF, TWO, new ServerId(3));

    private final LoneCore core;
    private final Random random;
    private final boolean coreLeads;
    private final Map<ServerId, Link> learners = new TreeMap<>();
    private long epoch;
    private long round = 1;
    private long steps;
    private Position last = Position.START;
    private Position snapshot = Position.START;
    private Link down = new Link(TWO, 0);
    private boolean upToDate;

    /** What server 2 has and a core that was just elected has not; null before it said so. */
    private @Nullable Txn missing;

    HonestPeers(LoneCore core, long seed, boolean coreLeads) {
        this.core = core;
        this.random = new Random(seed);
        this.coreLeads = coreLeads;
    }

    /** Returns the snapshot that server 2 sends when it leads. */
    Position snapshot() {
        return snapshot;
    }

    void step() {
        steps++;
        if (steps % 20 == 1) {
            for (ServerId voter : List.of(TWO, new ServerId(3))) {
                core.tell(voter, new Hello(LoneCore.disk(voter), new TreeSet<>(REACH)));
            }
        }
        if (coreLeads) {
            learn();
        } else if (upToDate && core.isOpen(down)) {
            lead();
        }
    }

    // ---- elections ----

    void notified(ServerId to, ElectionMessage message) {
        if (!(message instanceof Notification notification) || notification.state() != Role.LOOKING) {
            return;
        }
        round = Math.max(round, notification.round());
        Vote vote = notification.vote();
        if (!coreLeads) {
            epoch = Math.max(1, epoch);
            Vote leader = new Vote(epoch, last.zxid(), TWO);
            Role state = to.equals(TWO) ? Role.LEADING : Role.FOLLOWING;
            core.tell(to, new Notification(state, round, leader, null, epoch, 0, LoneCore.disk(to)));
        } else if (vote != null && to.value() <= 3) {
            Vote agreed = vote.candidate().equals(LoneCore.SELF) ? vote : null;
            core.tell(to, new Notification(Role.LOOKING, round, agreed, null, 0, 0, LoneCore.disk(to)));
        }
    }

    void closed(Link link) {
        learners.values().remove(link);
    }

    // ---- server 2 leads ----

    private void lead() {
        if (steps % 20 == 0) {
            core.tell(down, new Ping(epoch, steps, last.zxid(), 3));
            MemberState state = new MemberState(
                    TWO, Role.LEADING, Phase.BROADCAST, last.zxid(), last.zxid(), last.zxid(), LoneCore.disk(TWO));
            core.tell(down, new Overview(epoch, List.of(state)));
        }
        if (steps % 7 == 0) {
            core.tell(down, new Proposal(next(), Zxid.ZERO));
            core.tell(down, new Commit(epoch, last.zxid()));
        }
        ServerId observer = new ServerId(4);
        if (!learners.containsKey(observer)) {
            dial(observer);
        } else if (steps % 5 == 0) {
            ask(learners.get(observer));
        }
    }

    private Txn next() {
        Zxid zxid = last.zxid().epoch() == epoch ? last.zxid().next() : new Zxid(epoch, 1);
        byte[] bytes = new byte[random.nextInt(100)];
        random.nextBytes(bytes);
        Txn txn = Txn.after(
                last.zxid(), last.chainHash(), zxid, TxnType.COMMAND, new Origin(TWO, steps), Payload.of(bytes));
        last = new Position(txn.zxid(), txn.chainHash());
        return txn;
    }

    private void leads(Link link, ReplicationMessage message) {
        if (message instanceof FollowerInfo info) {
            down = link;
            upToDate = false;
            epoch = Math.max(epoch, info.acceptedEpoch()) + 1;
            core.tell(link, new LeaderInfo(epoch, TWO));
        } else if (message instanceof AckEpoch ack) {
            if (random.nextBoolean()) {
                core.tell(link, new HistoryRequest(0, Zxid.ZERO));
            }
            synchronize(link, ack);
        } else if (message instanceof AckNewLeader) {
            upToDate = true;
            core.tell(link, new UpToDate(epoch, last.zxid()));
        } else if (message instanceof Request request) {
            core.tell(link, new RequestRefused(request.requestId(), io.holdfast.zab.core.RequestFailure.OVERLOADED));
        } else if (message instanceof ReadIndex read) {
            core.tell(link, new ReadIndexReply(read.readId(), last.zxid()));
        } else if (message instanceof Touch touch) {
            core.tell(link, new TouchReply(touch.touchId(), last.zxid()));
        } else if (message instanceof Relayed relayed && relayed.message() instanceof ReadIndex read) {
            core.tell(
                    link, new Relayed(relayed.server(), relayed.via(), new ReadIndexReply(read.readId(), last.zxid())));
        }
    }

    /** By a snapshot, or by what follows the core's last transaction. */
    private void synchronize(Link link, AckEpoch ack) {
        if (random.nextInt(3) == 0) {
            Txn first = next();
            snapshot = new Position(first.zxid(), first.chainHash());
            core.tell(link, new SyncBegin(SyncMode.SNAP, snapshot.zxid(), snapshot.chainHash(), 1, 100));
            core.tell(link, new SnapshotChunk(0, Payload.EMPTY, true));
        } else {
            last = new Position(ack.lastZxid(), ack.chainHash());
            SyncMode mode = random.nextBoolean() ? SyncMode.DIFF : SyncMode.TRUNC;
            core.tell(link, new SyncBegin(mode, last.zxid(), last.chainHash(), 1, 100));
        }
        core.tell(link, new SyncTxn(next()));
        core.tell(link, new NewLeader(epoch, last.zxid(), last.chainHash()));
    }

    // ---- the core leads ----

    private void learn() {
        for (ServerId learner : OTHERS) {
            Link link = learners.get(learner);
            if (link == null) {
                dial(learner);
            } else if (steps % (3 + learner.value()) == 0) {
                ask(link);
            }
        }
    }

    private void dial(ServerId learner) {
        Link link = core.dialedBy(learner);
        learners.put(learner, link);
        core.tell(link, new FollowerInfo(LoneCore.disk(learner), Math.max(3, epoch), LoneCore.SELF, 0, 3, Set.of()));
    }

    /** Something that a client of that learner wants. */
    private void ask(Link link) {
        byte[] bytes = new byte[random.nextInt(60)];
        random.nextBytes(bytes);
        long id = steps;
        ReplicationMessage question = switch (random.nextInt(8)) {
            case 0 -> new ReadIndex(id);
            case 1 -> new Touch(id, Payload.of(bytes));
            case 2 -> new HandOffRequest(new ServerId(5));
            case 3 -> new Request(id, TxnType.CONFIGURATION, change());
            default -> new Request(id, TxnType.COMMAND, Payload.of(bytes));
        };
        boolean relayed = coreLeads && link.peer().equals(TWO) && random.nextInt(3) == 0;
        core.tell(link, relayed ? new Relayed(new ServerId(5), 9, question) : question);
    }

    /** A transaction that the voters have and the core, which was just elected, has not. */
    private Txn lost() {
        return Txn.after(Zxid.ZERO, 0, new Zxid(epoch - 1, 1), TxnType.COMMAND, new Origin(TWO, steps), Payload.EMPTY);
    }

    private boolean isBlank() {
        return core.zab().status().lastLogged().equals(Zxid.ZERO);
    }

    private Payload change() {
        Configuration now = core.zab().status().configuration();
        return ConfigurationCodec.payload(now.next(LoneCore.MEMBERS.members().subList(0, 3 + random.nextInt(3))));
    }

    void received(Link link, ReplicationMessage message) {
        if (link.peer().equals(TWO) && !coreLeads) {
            leads(link, message);
        } else if (message instanceof LeaderInfo info) {
            if (info.epoch() != epoch) {
                epoch = info.epoch();
                missing = isBlank() && random.nextBoolean() ? lost() : null;
            }
            Txn more = missing;
            boolean ahead = more != null && link.peer().value() <= 3;
            core.tell(
                    link,
                    ahead
                            ? new AckEpoch(epoch, epoch - 1, more.zxid(), more.chainHash())
                            : new AckEpoch(epoch, 0, Zxid.ZERO, 0));
        } else if (message instanceof HistoryRequest request && missing != null) {
            core.tell(link, new SyncBegin(SyncMode.DIFF, request.last(), 0, 1, 64));
            core.tell(link, new SyncTxn(missing));
            core.tell(link, new NewLeader(missing.zxid().epoch(), missing.zxid(), missing.chainHash()));
        } else if (message instanceof SyncBegin && random.nextInt(10) == 0) {
            core.tell(link, new SyncNack(Zxid.ZERO));
        } else if (message instanceof SyncBegin begin) {
            core.tell(link, new SyncProgress(0, begin.from()));
        } else if (message instanceof SyncTxn sync) {
            core.tell(link, new SyncProgress(0, sync.txn().zxid()));
        } else if (message instanceof NewLeader leader) {
            core.tell(link, new AckNewLeader(leader.epoch(), leader.cut()));
        } else if (message instanceof Proposal proposal) {
            core.tell(link, new Ack(epoch, proposal.txn().zxid()));
        } else if (message instanceof Ping ping) {
            Zxid committed = ping.committed();
            core.tell(link, new Pong(ping.epoch(), ping.round(), committed, committed, committed));
        }
    }
}
