package io.holdfast.simulator.check;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Change;
import io.holdfast.lock.Claim;
import io.holdfast.lock.GrantView;
import io.holdfast.lock.LockTable;
import io.holdfast.lock.LockView;
import io.holdfast.simulator.book.Entry;
import io.holdfast.simulator.book.Line;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;
import java.util.ArrayList;
import java.util.List;

/**
 * Whoever holds a lock may hold it beside the others: one exclusive holder, or shared ones, or permits that add up to
 * no more than the limit. It is so after every change, and in the state of every server.
 */
final class MutualExclusion extends Invariant {

    MutualExclusion(Knowledge known) {
        super("I-MUTEX", known);
    }

    @Override
    public void change(Txn txn, Change change) {
        String lock = change.lock();
        String grant = change.grant();
        if (lock == null || grant == null) {
            return;
        }
        Entry entry = known.book().entry(grant);
        boolean holds = entry != null && known.book().line(lock).holders().contains(entry);
        switch (change.kind()) {
            case RELEASED, EXPIRED, BROKEN, TRANSFERRED, UPGRADED, DOWNGRADED ->
                require(
                        holds && entry != null && entry.ticket() == change.ticket(),
                        "%s: %s, but it is not among the holders: %s",
                        txn.zxid(),
                        change,
                        known.book().line(lock));
            case GRANTED -> require(!holds, "%s: %s, which holds it already", txn.zxid(), change);
            default -> {
                // Not about holders.
            }
        }
    }

    @Override
    public void committed(Txn txn, Applied applied) {
        for (Line line : known.book().lines()) {
            require(Line.areCompatible(line.claims(line.holders())), "%s: %s", txn.zxid(), line);
        }
    }

    @Override
    public void delivered(ServerId at, Txn txn, Applied applied, LockTable table) {
        for (Change change : applied.changes()) {
            String name = change.lock();
            if (name == null) {
                continue;
            }
            LockView lock = table.lock(name, 0);
            List<Claim> held = new ArrayList<>();
            for (GrantView holder : lock.holders()) {
                holder.claims().stream()
                        .filter(claim -> claim.lock().equals(name))
                        .forEach(held::add);
            }
            require(Line.areCompatible(held), "%s after %s: %s is held by %s", at, txn.zxid(), name, lock.holders());
        }
    }
}
