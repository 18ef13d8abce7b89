package io.holdfast.simulator.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Change;
import io.holdfast.lock.Claim;
import io.holdfast.lock.Command;
import io.holdfast.lock.Result;
import io.holdfast.lock.Rules;
import io.holdfast.simulator.book.Standing;
import io.holdfast.simulator.check.Told.Bookmark;
import io.holdfast.simulator.check.Told.Changed;
import io.holdfast.simulator.check.Told.Reset;
import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.Origin;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.TxnType;
import io.holdfast.zab.core.Zxid;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Streams, made by hand, that tell all, and some that do not. */
class EveryChangeOnceTest {

    private static final ServerId ONE = new ServerId(1);
    private static final Claim A = Claim.exclusive("a");

    private final Knowledge known = new Knowledge(
            new Configuration(0, List.of(new Member(ONE, MemberRole.VOTER, "simulated", 1))), List.of(ONE));
    private final EveryChangeOnce watch = new EveryChangeOnce(known);

    /** Transactions 1, 3 and 4 grant a lock each; 2 and 5 change nothing. */
    @BeforeEach
    void history() {
        committed(1, granted(1, "a", "g1"));
        committed(2);
        committed(3, granted(3, "b", "g3"));
        committed(4, granted(4, "c", "g4"));
        committed(5);
    }

    @Test
    void allChangesInOrderAreRight() {
        tell(changed(1), new Bookmark(2), changed(3), changed(4), new Bookmark(5), new Bookmark(5));
        watch.quiet(List.of());
    }

    @Test
    void aGapIsFound() {
        tell(changed(1));
        assertWrong(changed(4));
    }

    @Test
    void aChangeThatComesTwiceIsFound() {
        tell(changed(1));
        assertWrong(changed(1));
    }

    @Test
    void aBookmarkBeyondWhatWasToldIsFound() {
        tell(changed(1));
        assertWrong(new Bookmark(3));
    }

    @Test
    void aCursorThatFallsBackIsFound() {
        tell(changed(1), changed(3));
        assertWrong(new Bookmark(2));
    }

    @Test
    void aChangeThatWasNotCommittedIsFound() {
        tell(changed(1));
        assertWrong(new Changed(3, List.of(granted(3, "b", "other"))));
    }

    @Test
    void aResetTellsTheWholeState() {
        Standing a = new Standing("g1", 7, 1, 1, A);
        Standing b = new Standing("g3", 7, 3, 3, Claim.exclusive("b"));
        tell(new Reset(0, 2, 3, List.of(a, b)), changed(4));
        watch.quiet(List.of());
        assertEquals(
                List.of("a", "b", "c"),
                known.book().lines().stream().map(line -> line.lock()).toList());
    }

    @Test
    void aResetThatLacksSomethingIsFound() {
        assertWrong(new Reset(0, 2, 3, List.of(new Standing("g1", 7, 1, 1, A))));
    }

    @Test
    void aResetWithoutNeedIsFound() {
        tell(changed(1));
        assertWrong(new Reset(1, 1, 1, List.of(new Standing("g1", 7, 1, 1, A))));
    }

    @Test
    void aReaderThatStopsBeforeTheEndIsFound() {
        tell(changed(1), changed(3));
        assertThrows(Violation.class, () -> watch.quiet(List.of()));
    }

    private void tell(Told... told) {
        for (Told one : told) {
            watch.told(1, one);
        }
    }

    private void assertWrong(Told told) {
        assertEquals(
                "I-WATCH",
                assertThrows(Violation.class, () -> watch.told(1, told)).invariant());
    }

    private static Changed changed(long revision) {
        String lock = revision == 1 ? "a" : revision == 3 ? "b" : "c";
        return new Changed(revision, List.of(granted(revision, lock, "g" + revision)));
    }

    private static Change granted(long revision, String lock, String grant) {
        return new Change(Change.Kind.GRANTED, lock, grant, 7, revision, revision, null, 0, null);
    }

    private void committed(long revision, Change... changes) {
        Zxid zxid = Zxid.unpack(revision);
        Txn txn = Txn.after(Zxid.ZERO, 0, zxid, TxnType.COMMAND, new Origin(ONE, 1), Payload.of(new byte[0]));
        for (Change change : changes) {
            Claim claim = Claim.exclusive(String.valueOf(change.lock()));
            String grant = String.valueOf(change.grant());
            known.book()
                    .begin(
                            revision,
                            new Command.Acquire(grant, 7, List.of(claim), 0, "", 0),
                            Rules.at(Rules.NEWEST_LEVEL));
            known.book().apply(change);
        }
        watch.committed(txn, new Applied(revision, 0, new Result.Expired(0), List.of(changes)));
    }
}
