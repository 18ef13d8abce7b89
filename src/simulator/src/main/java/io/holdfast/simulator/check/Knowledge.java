package io.holdfast.simulator.check;

import io.holdfast.simulator.book.Book;
import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.Recovered;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.Zxid;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What somebody knows who sees every server, disk and client at once: what invariants are stated in. */
public final class Knowledge {

    /**
     * Where a transaction stands in the one order, and what it is.
     *
     * @param committedIn the epoch of the leader that had it committed, which may be later than its own
     */
    public record Place(int index, long zxid, long chainHash, long committedIn) {}

    /** One server as it is seen from outside. */
    public static final class Server {
        private DurableLog log = new DurableLog();
        private Role role = Role.LOOKING;
        private Phase phase = Phase.ELECTION;
        private long epoch;
        private int applied;
        private Zxid handedOver = Zxid.ZERO;

        /** Returns what its disk has for good. */
        public DurableLog log() {
            return log;
        }

        public Role role() {
            return role;
        }

        public Phase phase() {
            return phase;
        }

        /** Returns the epoch of the leader that it is, or follows. */
        public long epoch() {
            return epoch;
        }

        /**
         * Returns up to where its core gave committed transactions to the state machine, which may still be loading.
         */
        public Zxid handedOver() {
            return handedOver;
        }

        /** Returns how many transactions of the one order its state has. */
        public int applied() {
            return applied;
        }
    }

    private final Configurations configurations;
    private final Map<ServerId, Server> servers = new TreeMap<>();

    /** What is on disks that were taken out; nobody reads them, but what was acknowledged from them was true. */
    private final Map<ServerId, List<DurableLog>> takenOut = new TreeMap<>();

    private final List<Place> committed = new ArrayList<>();
    private final Map<Long, Place> byZxid = new HashMap<>();
    private final Map<Long, Long> proposed = new HashMap<>();
    private final Book book = new Book();

    /**
     * Begins with servers that have nothing.
     *
     * @param founders the configuration that they begin with
     * @param all also those that may join
     */
    public Knowledge(Configuration founders, Collection<ServerId> all) {
        this.configurations = new Configurations(founders);
        all.forEach(id -> servers.put(id, new Server()));
    }

    /** Returns what is known of who the members are. */
    public Configurations configurations() {
        return configurations;
    }

    /** Returns what is known of a server. */
    public Server server(ServerId id) {
        return Objects.requireNonNull(servers.get(id));
    }

    /** Returns all servers, in order. */
    public Map<ServerId, Server> servers() {
        return servers;
    }

    /** Returns the one order of all that was ever applied anywhere. */
    public List<Place> committed() {
        return committed;
    }

    /** Returns the locks as the changes of all that was committed tell of them. */
    public Book book() {
        return book;
    }

    /** Returns the place of a transaction that was applied somewhere; null when it was not. */
    public @Nullable Place placeOf(Zxid zxid) {
        return byZxid.get(zxid.packed());
    }

    /** Returns the chain hash under which an established leader proposed this zxid; null when none did. */
    public @Nullable Long proposedAs(Zxid zxid) {
        return proposed.get(zxid.packed());
    }

    /** Returns whether a change is on the disks of more than half of the voters, of those before it and of its own. */
    boolean isOnDisksOfBoth(Configuration before, Configuration next) {
        return configurations.loggedAs(next).entrySet().stream().anyMatch(logged -> {
            Set<Voice> have = whoHas(logged.getValue(), logged.getKey());
            return Configurations.isMajority(before, have) && Configurations.isMajority(next, have);
        });
    }

    /** Returns who has this transaction on disk, or had it there, under an epoch that it adopted. */
    public Set<Voice> whoHas(Zxid zxid, long chainHash) {
        Set<Voice> have = new LinkedHashSet<>();
        for (Map.Entry<ServerId, Server> entry : servers.entrySet()) {
            List<DurableLog> logs = new ArrayList<>(takenOut.getOrDefault(entry.getKey(), List.of()));
            logs.add(entry.getValue().log);
            for (DurableLog log : logs) {
                if (log.has(zxid, chainHash) && log.currentEpoch() >= zxid.epoch()) {
                    have.add(new Voice(entry.getKey(), log.disk()));
                }
            }
        }
        return have;
    }

    /** Returns the server with the disk that it has now. */
    public Voice voice(ServerId id) {
        return new Voice(id, server(id).log.disk());
    }

    /** Returns whether there is nothing on its disk that any protocol knows of. */
    public boolean hasNothing(ServerId id) {
        DurableLog log = server(id).log;
        return log.currentEpoch() == 0 && log.last().equals(Zxid.ZERO);
    }

    /** Returns the newest configuration that is on its disk, committed or not. */
    public Configuration newestOnDisk(ServerId id) {
        return configurations.newestOnDisk(server(id).log, this);
    }

    /**
     * Returns the configurations of which a quorum may be needed: the newest that was committed, its predecessor while
     * it is not settled, and those that are in some history and may still be committed.
     */
    public Set<Configuration> configurationsThatMayCount() {
        Set<Configuration> all = new LinkedHashSet<>();
        all.add(configurations.newest());
        if (!configurations.isSettled()) {
            all.add(configurations.beforeNewest());
        }
        for (Server server : servers.values()) {
            Configuration newest = configurations.newestIn(server.log, this);
            if (newest.version() > configurations.newest().version()) {
                all.add(newest);
            }
        }
        return all;
    }

    /** Compares how recent the histories are that two servers have for good. */
    public int compareHistories(ServerId one, ServerId other) {
        DurableLog mine = server(one).log;
        DurableLog theirs = server(other).log;
        int epochs = Long.compare(mine.currentEpoch(), theirs.currentEpoch());
        return epochs != 0 ? epochs : mine.last().compareTo(theirs.last());
    }

    // ---- what happens ----

    void became(ServerId at, Role role, Phase phase, long epoch) {
        Server server = server(at);
        server.role = role;
        server.phase = phase;
        server.epoch = epoch;
    }

    void appended(ServerId at, LogRecord record) {
        Server server = server(at);
        server.log.appended(record);
        configurations.logged(record);
        if (record instanceof LogRecord.Append append
                && server.role == Role.LEADING
                && server.phase == Phase.BROADCAST
                && append.txn().zxid().epoch() == server.epoch) {
            proposed.putIfAbsent(append.txn().zxid().packed(), append.txn().chainHash());
        }
    }

    void durable(ServerId at, LogRecord record) {
        server(at).log.durable(record);
    }

    void recovered(ServerId at, Recovered recovered) {
        Server server = server(at);
        server.log.recovered(recovered);
        server.applied = 0;
        server.handedOver = recovered.snapshot().zxid();
        server.role = Role.LOOKING;
        server.phase = Phase.ELECTION;
    }

    void wiped(ServerId at) {
        server(at).log = new DurableLog();
    }

    DurableLog exchanged(ServerId at, @Nullable DurableLog found) {
        DurableLog before = server(at).log;
        List<DurableLog> out = takenOut.computeIfAbsent(at, id -> new ArrayList<>());
        out.remove(found);
        out.add(before);
        server(at).log = found == null ? new DurableLog() : found;
        return before;
    }

    void handedOver(ServerId at, Zxid zxid) {
        server(at).handedOver = zxid;
    }

    /** Its state machine may come to it when its core looks for a leader already. */
    private static long committedIn(Server server) {
        return Math.max(server.epoch, server.log.currentEpoch());
    }

    /** Returns whether it was the first that applied this transaction. */
    boolean delivered(ServerId at, Txn txn) {
        Server server = server(at);
        boolean first = server.applied == committed.size();
        if (first) {
            Place place = new Place(committed.size(), txn.zxid().packed(), txn.chainHash(), committedIn(server));
            committed.add(place);
            byZxid.put(place.zxid(), place);
            configurations.committed(place);
        }
        server.applied++;
        return first;
    }

    void restored(ServerId at, Zxid zxid) {
        Place place = placeOf(zxid);
        server(at).applied = place == null ? 0 : place.index() + 1;
    }
}
