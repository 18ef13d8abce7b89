package io.holdfast.simulator.check;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Change;
import io.holdfast.lock.LockTable;
import io.holdfast.simulator.book.Standing;
import io.holdfast.zab.core.Txn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Each reader is told every change once and in order, wherever it goes on reading; where a server does not know any
 * more what it missed, it is told the whole state instead. A bookmark names nothing that was not told.
 */
final class EveryChangeOnce extends Invariant {

    private record Committed(long revision, List<Change> changes) {}

    /** Transactions that changed something. */
    private final List<Committed> history = new ArrayList<>();

    /** Hashes of the states after each transaction. */
    private final TreeMap<Long, Integer> states = new TreeMap<>();

    /** How much of the history each reader has. */
    private final Map<Integer, Integer> read = new HashMap<>();

    private final Map<Integer, Long> cursors = new HashMap<>();

    EveryChangeOnce(Knowledge known) {
        super("I-WATCH", known);
    }

    @Override
    public void committed(Txn txn, Applied applied) {
        int state = Standing.of(known.book()).hashCode();
        states.put(applied.revision(), state);
        if (!applied.changes().isEmpty()) {
            history.add(new Committed(applied.revision(), applied.changes()));
        }
    }

    @Override
    public void told(int reader, Told told) {
        int at = read.getOrDefault(reader, 0);
        long cursor = cursors.getOrDefault(reader, 0L);
        require(told.revision() >= cursor, "reader %s had %s and is told %s", reader, cursor, told);
        if (told instanceof Told.Reset reset) {
            reset(reader, cursor, reset);
            while (at < history.size() && history.get(at).revision() <= told.revision()) {
                at++;
            }
        } else if (told instanceof Told.Changed changed) {
            require(at < history.size(), "reader %s is told %s, which was not committed", reader, changed);
            Committed next = history.get(at++);
            require(
                    next.revision() == changed.revision() && next.changes().equals(changed.changes()),
                    "reader %s is told %s, but next is %s",
                    reader,
                    changed,
                    next);
        }
        boolean all = at == history.size() || history.get(at).revision() > told.revision();
        require(all, "reader %s was not told all up to %s", reader, told);
        read.put(reader, at);
        cursors.put(reader, told.revision());
    }

    private void reset(int reader, long cursor, Told.Reset reset) {
        require(
                reset.since() == cursor && cursor < reset.floor(),
                "reader %s had %s, which is not before %s",
                reader,
                cursor,
                reset);
        Map.Entry<Long, Integer> state = states.floorEntry(reset.revision());
        int hash = state == null ? List.of().hashCode() : state.getValue();
        require(
                reset.state().hashCode() == hash,
                "reader %s is told a state that is not the one at %s: %s",
                reader,
                reset.revision(),
                reset.state());
    }

    @Override
    public void quiet(List<LockTable> tables) {
        read.forEach((reader, at) ->
                require(at == history.size(), "reader %s read %s of %s transactions", reader, at, history.size()));
    }
}
