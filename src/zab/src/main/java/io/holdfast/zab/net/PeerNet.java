package io.holdfast.zab.net;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.Quorum;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.message.ElectionMessage;
import io.holdfast.zab.core.message.FollowerInfo;
import io.holdfast.zab.core.message.ReplicationMessage;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All connections of one member with its peers. Made and used on one Vert.x context, which also reads and writes the
 * sockets, so that a message needs no hand-over between threads. What is sent leaves with {@link #flush}, one write for
 * each connection.
 */
public final class PeerNet {

    /** How often open connections are looked at. */
    private static final long AUDIT_MILLIS = 1_000;

    private final Vertx vertx;
    private final Context context;
    private final NetConfig config;
    private final PeerEvents events;
    private final SnapshotFiles snapshots;
    private final Workers workers;
    private final Complaints complaints = new Complaints();
    private final MessageEncoder encoder = new MessageEncoder();
    private final Dialer dialer;
    private final Acceptor acceptor;
    private final TlsTransport transport;
    private final long auditTimer;

    private final Map<ServerId, ElectionSender> senders = new TreeMap<>();
    /** The newest inbound election connection of each peer. */
    private final Map<ServerId, FramedSocket> voices = new TreeMap<>();

    private final Map<Link, ReplicationLink> links = new TreeMap<>();
    private final List<ReplicationLink> unflushed = new ArrayList<>();
    private final List<ElectionSender> unflushedVotes = new ArrayList<>();
    private Quorum quorum;
    private long generation = Greeting.NO_GENERATION;
    private long lastLinkNumber;
    private long lastDial;
    private boolean readingPaused;
    private boolean closed;

    /**
     * Makes the connections' owner; nothing listens or dials yet.
     *
     * @param configuration members to accept and addresses to dial, until {@link #members} says otherwise
     * @param workers where snapshot files are read
     */
    public PeerNet(
            Vertx vertx,
            NetConfig config,
            Configuration configuration,
            PeerEvents events,
            SnapshotFiles snapshots,
            Workers workers) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.config = config;
        this.quorum = Quorum.of(configuration);
        this.events = events;
        this.snapshots = snapshots;
        this.workers = workers;
        Handshake handshake = new Handshake(
                config,
                id -> quorum.contains(id),
                () -> generation,
                // Those who found an ensemble have not agreed on anything yet; it may be there already.
                () -> quorum.latest().isFounding()
                        ? Configuration.FIRST_LEVEL
                        : quorum.latest().level(),
                () -> quorum.latest().version());
        this.transport = new TlsTransport(vertx, config);
        this.dialer = new Dialer(vertx, config, handshake, transport, this::turnedAway);
        this.acceptor = new Acceptor(vertx, config, handshake, transport, complaints, new Admission());
        this.auditTimer = vertx.setPeriodic(AUDIT_MILLIS, ignored -> audit());
    }

    /** Opens the peer port; the future has its number. */
    public Future<Integer> listen() {
        transport.warmUp();
        return acceptor.listen();
    }

    /** From now on there is a history here, which belongs to that generation: servers of others are not talked with. */
    public void generation(long known) {
        if (known == generation) {
            return;
        }
        generation = known;
        if (known != Configuration.FIRST_GENERATION) {
            // Who was greeted while this server had no history may be of another: all say once more who they are.
            senders.values().forEach(ElectionSender::close);
            senders.clear();
            voices.values().forEach(FramedSocket::close);
            voices.clear();
        }
    }

    /**
     * Takes over other configurations: a server that left them is not dialed any more, nor let in, and the connections
     * that it opened end after what was sent on them. {@link PeerEvents#disconnected} follows for each link. A link
     * that this server opened is left alone: the leader at its other end may be of a configuration that this server has
     * yet to learn from it.
     *
     * @param next the members; a node that joins is told the configuration in force
     */
    public void members(Quorum next) {
        quorum = next;
        voices.entrySet().removeIf(voice -> {
            boolean left = !next.contains(voice.getKey());
            if (left) {
                voice.getValue().close();
            }
            return left;
        });
        for (ReplicationLink link : List.copyOf(links.values())) {
            if (link.isAccepted() && !next.contains(link.id().peer())) {
                link.flush();
                breakOff(link, "server " + link.id().peer() + " is no member any more");
            }
        }
        senders.values().removeIf(sender -> {
            Member member = memberOrNull(sender.peer().id());
            boolean stale =
                    member == null || !member.address().equals(sender.peer().address());
            if (stale) {
                sender.close();
            }
            return stale;
        });
    }

    /**
     * Sends at best; the newest message replaces an older one of its kind that waits. Unknown peers are passed over.
     */
    public void notify(ServerId to, ElectionMessage message) {
        Member member = memberOrNull(to);
        if (member == null || closed) {
            return;
        }
        ElectionSender sender =
                senders.computeIfAbsent(to, id -> new ElectionSender(vertx, dialer, complaints, encoder, member));
        sender.offer(message);
        unflushedVotes.add(sender);
    }

    /**
     * Opens a fresh link to a leader; answered by {@link PeerEvents#connected} or {@link PeerEvents#connectFailed}. A
     * call that was not answered yet never will be: two links to one leader would each end the other.
     */
    public void connect(ServerId leader) {
        long dial = ++lastDial;
        Member member = memberOrNull(leader);
        if (member == null || closed) {
            context.runOnContext(ignored -> {
                if (dial == lastDial) {
                    events.connectFailed(leader);
                }
            });
            return;
        }
        dialer.dial(member, LinkKind.REPLICATION, new Dialer.Outcome() {
            @Override
            public void opened(FramedSocket socket) {
                if (closed || dial != lastDial) {
                    socket.close();
                } else {
                    events.connected(open(leader, socket, null));
                }
            }

            @Override
            public void failed(String reason) {
                complaints.warn(
                        Complaints.Kind.UNREACHABLE,
                        "leader " + leader,
                        "cannot reach " + member.address() + ": " + reason);
                if (!closed && dial == lastDial) {
                    events.connectFailed(leader);
                }
            }
        });
    }

    /** Sends on a link in order; ends the link when too much waits for it. Without effect on a link that has ended. */
    public void send(Link link, ReplicationMessage message) {
        ReplicationLink open = links.get(link);
        if (open == null) {
            return;
        }
        if (open.offer(message)) {
            if (open.becomesUnflushed()) {
                unflushed.add(open);
            }
        } else {
            breakOff(open, "too much waits for it: the peer is too slow, or the network is");
        }
    }

    /**
     * Sends the snapshot at {@code at} in chunks, in order with what is sent before and after, heartbeats excepted.
     *
     * @param upTo offset in the file at which the last chunk that may be sent ends; another call for the same snapshot
     *     on the same link raises it
     */
    public void sendSnapshot(Link link, Zxid at, long upTo) {
        ReplicationLink open = links.get(link);
        if (open == null || open.goesOn(at, upTo)) {
            return;
        }
        SnapshotTransfer transfer = new SnapshotTransfer(workers, snapshots, at, open::flush, reason -> {
            if (links.containsValue(open)) {
                breakOff(open, reason);
            }
        });
        transfer.allow(upTo);
        if (open.offer(transfer)) {
            transfer.start();
        } else {
            // A peer that asks again and again must not have a file opened and read ahead for each time.
            transfer.close();
            breakOff(open, "it asked for a snapshot while it was sent one");
        }
    }

    /** Ends a link after what the network takes at once; nothing of it is heard afterwards. */
    public void close(Link link, String reason) {
        ReplicationLink open = links.remove(link);
        if (open != null) {
            open.flush();
            open.close();
        }
    }

    /** Writes what was sent since the last call. */
    public void flush() {
        for (ElectionSender sender : unflushedVotes) {
            sender.flush();
        }
        unflushedVotes.clear();
        for (ReplicationLink link : unflushed) {
            link.flush();
        }
        unflushed.clear();
    }

    /** Stops or goes on reading all replication links, while this server cannot store what arrives. */
    public void pauseReading(boolean pause) {
        if (pause != readingPaused) {
            readingPaused = pause;
            links.values().forEach(link -> link.socket().pauseReading(pause));
        }
    }

    /** Ends everything without a word to {@link PeerEvents}. Completes when the peer port is free. */
    public Future<Void> close() {
        closed = true;
        vertx.cancelTimer(auditTimer);
        senders.values().forEach(ElectionSender::close);
        senders.clear();
        voices.values().forEach(FramedSocket::close);
        voices.clear();
        links.values().forEach(ReplicationLink::close);
        links.clear();
        dialer.close();
        return acceptor.close().onComplete(ignored -> transport.close());
    }

    private void turnedAway(ServerId by, long version) {
        if (!closed) {
            events.turnedAway(by, version);
        }
    }

    private @Nullable Member memberOrNull(ServerId id) {
        if (quorum.latest().contains(id)) {
            return quorum.latest().member(id);
        }
        return quorum.contains(id) ? quorum.committed().member(id) : null;
    }

    private final class Admission implements Acceptor.Admission {

        @Override
        public void admitted(Greeting peer, FramedSocket socket) {
            PeerNet.this.admitted(peer, socket);
        }

        @Override
        public @Nullable String host(ServerId member) {
            Member known = memberOrNull(member);
            return known == null ? null : known.host();
        }
    }

    /**
     * Counts the connections, and ends those whose certificates are no longer good: of replication links one at a time,
     * so that a leader keeps its quorum while learners come back with new certificates.
     */
    private void audit() {
        List<FramedSocket> sockets = new ArrayList<>(voices.values());
        senders.values().forEach(sender -> sender.addTo(sockets));
        for (FramedSocket socket : sockets) {
            String reason = transport.ended(socket);
            if (reason != null) {
                socket.end(reason);
            }
        }
        for (ReplicationLink link : links.values()) {
            String reason = transport.ended(link.socket());
            if (reason != null) {
                link.socket().end(reason);
                break;
            }
        }
        links.values().forEach(link -> sockets.add(link.socket()));
        sockets.removeIf(socket -> !socket.isOpen());
        int secured = (int) sockets.stream().filter(FramedSocket::isSecured).count();
        config.tls().counted(secured, sockets.size() - secured);
    }

    private void admitted(Greeting greeting, FramedSocket socket) {
        if (closed) {
            socket.close();
            return;
        }
        ServerId peer = greeting.from();
        if (isThrowingOutAMember(greeting)) {
            complaints.warn(
                    Complaints.Kind.STRANGER,
                    "peer " + peer,
                    "another server with this id and another disk calls, and is not let in");
            socket.close();
            return;
        }
        switch (greeting.kind()) {
            case ELECTION -> listenTo(greeting, socket);
            case REPLICATION -> events.accepted(open(peer, socket, greeting.diskId()));
            case JOINING -> {
                // Who is about to be added asks again: a pending configuration is nobody's to begin with.
                if (quorum.committed().contains(peer)) {
                    socket.write(Joining.answer(quorum.committed()));
                }
                socket.close();
            }
        }
    }

    private boolean isThrowingOutAMember(Greeting greeting) {
        ServerId peer = greeting.from();
        FramedSocket voice = voices.get(peer);
        if (greeting.kind() == LinkKind.ELECTION) {
            return voice != null && !givesWay(voice, greeting);
        }
        for (ReplicationLink link : links.values()) {
            boolean same = link.isAccepted() && link.id().peer().equals(peer);
            if (same && greeting.kind() == LinkKind.REPLICATION && !givesWay(link.socket(), greeting)) {
                return true;
            }
        }
        return false;
    }

    private boolean givesWay(FramedSocket older, Greeting newer) {
        DiskId bound = quorum.latest().disk(newer.from());
        return Succession.givesWay(bound, newer.diskId(), older.peerDisk(), older.silentNanos());
    }

    /**
     * A newer connection of the same peer takes the place of an older one: the older may be dead without having ended.
     */
    private void listenTo(Greeting greeting, FramedSocket socket) {
        ServerId peer = greeting.from();
        socket.receiver(new FramedSocket.Receiver() {
            @Override
            public void frame(ByteBuffer body) throws FrameException {
                ElectionMessage message = MessageDecoder.election(body, socket.version());
                greeting.mustBeOf(message);
                ElectionSender back = senders.get(peer);
                if (back != null) {
                    back.heard();
                }
                events.notified(peer, message);
            }

            @Override
            public void ended(String reason) {
                voices.remove(peer, socket);
                if (!reason.equals(FramedSocket.CLOSED_BY_PEER)) {
                    complaints.warn(Complaints.Kind.PEER, "peer " + peer, "its voice ended: " + reason);
                }
            }
        });
        FramedSocket older = voices.put(peer, socket);
        if (older != null) {
            older.close();
        }
        ElectionSender back = senders.get(peer);
        if (back != null) {
            back.arrived();
        }
    }

    /**
     * Makes a link of a connection.
     *
     * @param disk that the peer greeted with when it opened the connection; null when this server did
     */
    private Link open(ServerId peer, FramedSocket socket, @Nullable DiskId disk) {
        Link id = new Link(peer, ++lastLinkNumber);
        Lane lane = new Lane(config.laneFramesMax(), config.laneBytesMax());
        ReplicationLink link = new ReplicationLink(id, disk != null, socket, lane, encoder);
        links.put(id, link);
        if (readingPaused) {
            socket.pauseReading(true);
        }
        socket.receiver(new FramedSocket.Receiver() {
            @Override
            public void frame(ByteBuffer body) throws FrameException {
                ReplicationMessage message = MessageDecoder.replication(body, socket.version());
                if (message instanceof FollowerInfo info && !info.diskId().equals(disk)) {
                    throw new FrameException("a learner names another disk than it greeted with");
                }
                events.received(id, message);
            }

            @Override
            public void ended(String reason) {
                if (links.remove(id) != null) {
                    link.close();
                    events.disconnected(id, reason);
                }
            }
        });
        return id;
    }

    private void breakOff(ReplicationLink link, String reason) {
        links.remove(link.id());
        link.close();
        context.runOnContext(ignored -> {
            if (!closed) {
                events.disconnected(link.id(), reason);
            }
        });
    }

    /** Returns how many bytes wait to be sent on all replication links together, snapshots apart. */
    public long queuedBytes() {
        return links.values().stream().mapToLong(ReplicationLink::queuedBytes).sum();
    }
}
