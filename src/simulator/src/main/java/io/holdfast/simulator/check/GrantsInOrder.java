package io.holdfast.simulator.check;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Change;
import io.holdfast.zab.core.Txn;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** A lock goes to whoever stands longest in line, and to nobody past the line. */
final class GrantsInOrder extends Invariant {

    /** Grants in line by lock and ticket. */
    private final Map<String, TreeMap<Long, String>> lines = new HashMap<>();

    GrantsInOrder(Knowledge known) {
        super("I-FIFO", known);
    }

    @Override
    public void committed(Txn txn, Applied applied) {
        for (Change change : applied.changes()) {
            String lock = change.lock();
            String grant = change.grant();
            if (lock == null || grant == null) {
                continue;
            }
            TreeMap<Long, String> line = lines.computeIfAbsent(lock, name -> new TreeMap<>());
            if (change.kind() == Change.Kind.WAITING) {
                require(
                        line.isEmpty() || line.lastKey() < change.ticket(),
                        "%s: ticket %s behind %s",
                        txn.zxid(),
                        change.ticket(),
                        line);
                line.put(change.ticket(), grant);
            } else if (change.kind() == Change.Kind.CANCELLED) {
                line.remove(change.ticket());
            } else if (change.kind() == Change.Kind.GRANTED) {
                require(
                        line.isEmpty() || line.firstKey() == change.ticket(),
                        "%s: %s goes past the line %s",
                        txn.zxid(),
                        change,
                        line);
                line.remove(change.ticket());
            }
        }
    }
}
