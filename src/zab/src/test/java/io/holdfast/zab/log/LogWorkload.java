package io.holdfast.zab.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.Origin;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.Recovered;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.TxnType;
import io.holdfast.zab.core.Zxid;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Random records of every kind, each legal after those before, and what any prefix of them amounts to: recovery must
 * yield one of these prefixes, and none that is shorter than what was synced.
 */
final class LogWorkload {

    static final LogIdentity IDENTITY = new LogIdentity("orders", new ServerId(1));
    static final DiskId DISK = new DiskId(7, 11);
    static final LogConfig SMALL = new LogConfig(8 << 10, 4 << 10, 4 << 10, 10, 1 << 20);
    static final Configuration INITIAL =
            new Configuration(0, List.of(new Member(new ServerId(1), MemberRole.VOTER, "one", 7000)));

    /** What the records up to some point amount to. */
    private record State(
            long acceptedEpoch, long currentEpoch, @Nullable Position snapshot, List<Position> history) {

        Position last() {
            return history.get(history.size() - 1);
        }
    }

    private final Random random;
    private final List<State> states = new ArrayList<>();
    private int synced;

    LogWorkload(long seed) {
        random = new Random(seed * 0x9E37_79B9_7F4A_7C15L);
        states.add(new State(0, 0, null, List.of(Position.START)));
    }

    static Opened open(Disk disk) throws IOException {
        return WriteAheadLog.open(disk, SMALL, IDENTITY, INITIAL, DISK);
    }

    /** Appends random records, in batches, with snapshots where their time has come. */
    void run(Opened opened, int records) throws IOException {
        for (int i = 0; i < records; i++) {
            step(opened);
            if (random.nextInt(4) == 0) {
                sync(opened);
            }
        }
        sync(opened);
    }

    /** Checks that recovery yields a prefix that has all that was synced, and goes on from there. */
    void verify(Opened opened) throws IOException {
        Recovered recovered = opened.recovered();
        int found = -1;
        for (int i = states.size() - 1; i >= synced && found < 0; i--) {
            if (matches(states.get(i), recovered)) {
                found = i;
            }
        }
        assertTrue(
                found >= 0,
                () -> "recovered " + recovered.currentEpoch() + " " + lastOf(recovered) + " is no state from "
                        + states.get(synced) + " to " + states.get(states.size() - 1));
        while (states.size() > found + 1) {
            states.remove(states.size() - 1);
        }
        synced = found;
        verifyTransactions(recovered, states.get(found));
        verifySnapshots(opened);
    }

    private void sync(Opened opened) throws IOException {
        opened.log().sync();
        synced = states.size() - 1;
    }

    private void step(Opened opened) throws IOException {
        State now = states.get(states.size() - 1);
        int dice = random.nextInt(100);
        if (dice < 4) {
            append(opened, new LogRecord.Promise(now.acceptedEpoch() + 1, new ServerId(1 + random.nextInt(3))));
        } else if (dice < 8) {
            append(opened, new LogRecord.AdoptEpoch(now.acceptedEpoch()));
        } else if (dice < 12) {
            append(opened, new LogRecord.Truncate(somewhere(now).zxid()));
        } else if (dice < 17) {
            ownSnapshot(opened, somewhere(now));
        } else if (dice < 18) {
            receivedSnapshot(opened, now);
        } else {
            append(opened, new LogRecord.Append(transaction(now)));
        }
    }

    private void append(Opened opened, LogRecord record) throws IOException {
        // The crash may come in the middle of the append: the state counts as possible before it is known to be logged.
        states.add(after(states.get(states.size() - 1), record));
        opened.log().append(record);
    }

    private void ownSnapshot(Opened opened, Position at) throws IOException {
        if (at.equals(Position.START)) {
            return;
        }
        try (SnapshotWriter writer = opened.snapshots().begin(at, INITIAL, 1000)) {
            writer.write(stateAt(at));
            writer.finish(at.chainHash());
        }
        append(opened, new LogRecord.Snapshot(at, false));
        sync(opened);
        opened.log().retire();
    }

    private void receivedSnapshot(Opened opened, State now) throws IOException {
        Position at = new Position(new Zxid(now.last().zxid().epoch() + 1, 1 + random.nextInt(9)), random.nextLong());
        SnapshotStore leader = new SnapshotStore(new SimDisk(1), IDENTITY.clusterId(), 0, List.of());
        try (SnapshotWriter writer = leader.begin(at, INITIAL, 1000)) {
            writer.write(stateAt(at));
            writer.finish(at.chainHash());
        }
        try (SnapshotSource source = leader.source(at.zxid());
                SnapshotReceiver receiver = opened.snapshots().receive(at.zxid())) {
            long offset = 0;
            for (Payload piece = source.read(0); piece.length() > 0; piece = source.read(offset)) {
                receiver.receive(offset, piece);
                offset += piece.length();
            }
            receiver.finish();
        }
        append(opened, new LogRecord.Snapshot(at, true));
        sync(opened);
        opened.log().retire();
    }

    /** A position after the newest snapshot, or that snapshot, or the last. */
    private Position somewhere(State now) {
        int from = now.snapshot() == null ? 0 : now.history().indexOf(now.snapshot());
        return now.history().get(from + random.nextInt(now.history().size() - from));
    }

    private Txn transaction(State now) {
        Zxid last = now.last().zxid();
        boolean sameEpoch = last.epoch() >= now.currentEpoch() && last.epoch() > 0;
        Zxid next = sameEpoch ? last.next() : new Zxid(Math.max(1, now.currentEpoch()), 1);
        return transaction(now.last(), next, random.nextInt(30) == 0 ? 5000 : random.nextInt(300));
    }

    private Txn transaction(Position last, Zxid next, int bytes) {
        byte[] payload = new byte[bytes];
        random.nextBytes(payload);
        Origin origin = new Origin(new ServerId(2), random.nextLong());
        return Txn.after(last.zxid(), last.chainHash(), next, TxnType.COMMAND, origin, Payload.of(payload));
    }

    private static State after(State now, LogRecord record) {
        List<Position> history = new ArrayList<>(now.history());
        if (record instanceof LogRecord.Append append) {
            history.add(new Position(append.txn().zxid(), append.txn().chainHash()));
        } else if (record instanceof LogRecord.Promise promise) {
            return new State(promise.epoch(), now.currentEpoch(), now.snapshot(), history);
        } else if (record instanceof LogRecord.AdoptEpoch adopt) {
            return new State(now.acceptedEpoch(), adopt.epoch(), now.snapshot(), history);
        } else if (record instanceof LogRecord.Truncate truncate) {
            history.removeIf(at -> at.zxid().isAfter(truncate.to()));
        } else if (record instanceof LogRecord.Snapshot snapshot) {
            if (snapshot.received()) {
                history = List.of(snapshot.at());
            }
            return new State(now.acceptedEpoch(), now.currentEpoch(), snapshot.at(), history);
        }
        return new State(now.acceptedEpoch(), now.currentEpoch(), now.snapshot(), history);
    }

    private static boolean matches(State state, Recovered recovered) {
        Position snapshot = state.snapshot() == null ? Position.START : state.snapshot();
        return recovered.acceptedEpoch() == state.acceptedEpoch()
                && recovered.currentEpoch() == state.currentEpoch()
                && recovered.snapshot().equals(snapshot)
                && lastOf(recovered).equals(state.last());
    }

    private static Position lastOf(Recovered recovered) {
        List<Txn> txns = recovered.txns();
        if (txns.isEmpty()) {
            return recovered.start();
        }
        Txn last = txns.get(txns.size() - 1);
        return new Position(last.zxid(), last.chainHash());
    }

    private static void verifyTransactions(Recovered recovered, State state) {
        Position at = recovered.start();
        assertTrue(!at.zxid().isAfter(recovered.snapshot().zxid()), "what follows the snapshot is all there");
        for (Txn txn : recovered.txns()) {
            assertEquals(at.zxid(), txn.previous());
            assertTrue(txn.chainsTo(at.chainHash()), () -> "transaction " + txn.zxid() + " breaks the chain");
            at = new Position(txn.zxid(), txn.chainHash());
            assertTrue(state.history().contains(at), () -> txn.zxid() + " is not of the history");
        }
    }

    private static void verifySnapshots(Opened opened) throws IOException {
        for (StoredSnapshot stored : opened.snapshots().list()) {
            assertEquals(stored.at().chainHash(), stored.stateDigest());
            try (SnapshotReader reader = opened.snapshots().open(stored.at().zxid())) {
                assertArrayEquals(stateAt(stored.at()), reader.readAllBytes());
            }
        }
        Position newest = opened.recovered().snapshot();
        assertTrue(
                newest.equals(Position.START)
                        || opened.snapshots().list().stream().anyMatch(s -> s.at().equals(newest)),
                "the snapshot that recovery names can be opened");
    }

    private static byte[] stateAt(Position at) {
        byte[] state = new byte[700];
        new Random(at.chainHash()).nextBytes(state);
        return ByteBuffer.wrap(state).putLong(0, at.zxid().packed()).array();
    }
}
