package io.holdfast.server.stream;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Change;
import io.holdfast.lock.Command;
import io.holdfast.lock.EndedView;
import io.holdfast.lock.LockTable;
import io.holdfast.server.access.Permit;
import io.holdfast.server.history.History;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;

/** A node and an event loop in one thread: a table, its history, a lane, and turns that run when a test says so. */
final class Bench implements Source {

    static final long SECOND = 1_000_000_000L;

    final LockTable table = new LockTable();
    final History history;
    final Queue<Runnable> turns = new ArrayDeque<>();
    final Lane lane = new Lane(turns::add);

    /** What the desk takes for the time; a page takes none unless a test says so. */
    long nanos;

    final RepairDesk desk = new RepairDesk(1, this, this::nanos);

    final SharedFilters filters = new SharedFilters();

    /** What the callers of readers that begin from now on may see. */
    Permit permit = new TestPermit();

    private long epoch = 1;
    private long counter;

    Bench(int historyTxns) {
        history = new History(historyTxns, 1L << 30);
        history.restart(0);
    }

    private long nanos() {
        return nanos;
    }

    /** Commits and applies a command. */
    Applied apply(Command command) {
        counter++;
        Applied applied = table.apply(epoch << 32 | counter, command);
        Map<Long, String> owners = new HashMap<>();
        for (Change change : applied.changes()) {
            String owner = table.ownerOf(change.session());
            EndedView ended = table.endedSession(change.session());
            owners.put(change.session(), ended == null ? owner : ended.owner());
        }
        history.append(applied.revision(), applied.atMillis(), applied.changes(), owners);
        lane.wake();
        return applied;
    }

    /** Another leader's first transaction comes next. */
    void electLeader() {
        epoch++;
        counter = 0;
    }

    /** Runs one turn; answers whether there was one. */
    boolean turn() {
        Runnable turn = turns.poll();
        if (turn != null) {
            turn.run();
        }
        return turn != null;
    }

    void settle() {
        while (turn()) {
            // Each turn may ask for more.
        }
    }

    EventReader reader(StreamTerms terms, Outlet outlet) {
        StreamSettings settings = new StreamSettings(10 * SECOND, 8 * SECOND);
        Clearance clearance = new Clearance(terms.filter(), permit, filters::shared);
        return new EventReader(new EventReader.Place(this, lane, desk, settings), terms, clearance, outlet, () -> {});
    }

    /** Begins a reader as the streams of a node do. */
    EventReader begin(StreamTerms terms, Outlet outlet) {
        EventReader reader = reader(terms, outlet);
        Long since = terms.since();
        if (since == null) {
            reader.begin(history.last(), history.upTo());
        } else {
            reader.begin(history.at(since), since);
        }
        return reader;
    }

    @Override
    public History history() {
        return history;
    }

    @Override
    public void onNode(Consumer<LockTable> action) {
        turns.add(() -> action.accept(table));
    }

    @Override
    public void after(long later, Runnable action) {
        turns.add(() -> {
            nanos += later;
            action.run();
        });
    }

    @Override
    public long ageMillis() {
        return 7;
    }
}
