package io.holdfast.simulator.check;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Change;
import io.holdfast.lock.Claim;
import io.holdfast.lock.GrantView;
import io.holdfast.lock.LockTable;
import io.holdfast.simulator.book.Entry;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;
import java.util.List;

/** A ticket for several locks has all of them or none, with one token. */
final class WholeSets extends Invariant {

    WholeSets(Knowledge known) {
        super("I-SET", known);
    }

    @Override
    public void delivered(ServerId at, Txn txn, Applied applied, LockTable table) {
        for (Change change : applied.changes()) {
            String lock = change.lock();
            if (lock != null) {
                table.grantsAt(lock).forEach(grant -> isWhole(at, txn, grant, table));
            }
        }
    }

    private void isWhole(ServerId at, Txn txn, GrantView grant, LockTable table) {
        for (Claim claim : grant.claims()) {
            List<GrantView> all = table.grantsAt(claim.lock());
            int holders = table.lock(claim.lock(), 0).holders().size();
            List<GrantView> among = grant.granted() ? all.subList(0, holders) : all.subList(holders, all.size());
            boolean there = among.stream().anyMatch(other -> other.id().equals(grant.id()));
            require(there, "%s after %s: %s is not at %s as it is at its other locks", at, txn.zxid(), grant, claim);
        }
    }

    @Override
    public void committed(Txn txn, Applied applied) {
        for (Entry entry : known.book().entries()) {
            long held = entry.claims().keySet().stream()
                    .filter(lock -> known.book().line(lock).holders().contains(entry))
                    .count();
            long wanted = entry.claims().keySet().stream()
                    .filter(lock -> known.book().line(lock).waiting().contains(entry))
                    .count();
            int all = entry.claims().size();
            boolean whole = entry.token() == 0 ? held == 0 && wanted == all : held == all && wanted == 0;
            require(
                    whole,
                    "%s: %s of %s locks are held, and %s waited for, by %s",
                    txn.zxid(),
                    held,
                    all,
                    wanted,
                    entry);
        }
    }
}
