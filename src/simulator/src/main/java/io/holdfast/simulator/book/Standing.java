package io.holdfast.simulator.book;

import io.holdfast.lock.Claim;
import io.holdfast.lock.GrantView;
import io.holdfast.lock.LockTable;
import io.holdfast.lock.LockView;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * How a grant stands at one lock: what can be told of the present state without its past.
 *
 * @param token 0 in line
 * @param claim how it holds the lock, or wants it
 */
public record Standing(String grant, long session, long ticket, long token, Claim claim) {

    /** Returns what a book says of all locks: holders, then those in line. */
    public static List<Standing> of(Book book) {
        List<Standing> all = new ArrayList<>();
        for (Line line : book.lines()) {
            List<Entry> entries = new ArrayList<>(line.holders());
            entries.addAll(line.waiting());
            for (Entry entry : entries) {
                Claim claim = Objects.requireNonNull(entry.claim(line.lock()));
                all.add(new Standing(entry.grant(), entry.session(), entry.ticket(), entry.token(), claim));
            }
        }
        return all;
    }

    /** Returns what a table shows of all locks, in the same order. */
    public static List<Standing> of(LockTable table) {
        List<Standing> all = new ArrayList<>();
        for (LockView lock : table.locks("", false, null, Integer.MAX_VALUE)) {
            for (GrantView grant : table.grantsAt(lock.name())) {
                for (Claim claim : grant.claims()) {
                    if (claim.lock().equals(lock.name())) {
                        all.add(new Standing(grant.id(), grant.session(), grant.ticket(), grant.token(), claim));
                    }
                }
            }
        }
        return all;
    }
}
