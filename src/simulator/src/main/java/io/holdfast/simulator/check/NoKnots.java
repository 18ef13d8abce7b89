package io.holdfast.simulator.check;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Command;
import io.holdfast.lock.Result;
import io.holdfast.lock.WaitsFor;
import io.holdfast.simulator.book.Entry;
import io.holdfast.simulator.book.Knot;
import io.holdfast.zab.core.Txn;
import java.util.List;
import java.util.Set;

/** No sessions wait for each other, and whoever was told that they would, would have. */
final class NoKnots extends Invariant {

    NoKnots(Knowledge known) {
        super("I-DEADLOCK", known);
    }

    @Override
    public void begins(Txn txn, Command command, Applied applied) {
        if (applied.result() instanceof Result.Deadlock told && command instanceof Command.Acquire acquire) {
            Entry asked = known.book().asked(acquire);
            require(
                    Knot.in(known.book(), asked).contains(acquire.session()),
                    "%s: %s was refused as a deadlock, but would close no cycle: %s",
                    txn.zxid(),
                    asked,
                    known.book().lines());
            require(isCycle(asked, told.cycle()), "%s: %s is no cycle", txn.zxid(), told.cycle());
        }
    }

    private boolean isCycle(Entry asked, List<WaitsFor> cycle) {
        boolean all = cycle.size() > 1 && cycle.get(0).grant().equals(asked.grant());
        for (int i = 0; i < cycle.size() && all; i++) {
            WaitsFor here = cycle.get(i);
            Entry ticket = i == 0 ? asked : known.book().entry(here.grant());
            long next = cycle.get((i + 1) % cycle.size()).session();
            all = ticket != null
                    && ticket.session() == here.session()
                    && ticket.claim(here.lock()) != null
                    && Knot.waitsFor(known.book(), ticket, here.lock(), next);
        }
        return all;
    }

    @Override
    public void committed(Txn txn, Applied applied) {
        Set<Long> knot = Knot.in(known.book(), null);
        require(
                knot.isEmpty(),
                "%s: sessions %s wait for each other: %s",
                txn.zxid(),
                knot,
                known.book().lines());
    }
}
