package io.holdfast.simulator.book;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.lock.Change;
import io.holdfast.lock.Claim;
import io.holdfast.lock.Command;
import io.holdfast.lock.Rules;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The plain rules by which the invariants judge: on states, made by hand, that are well, and on some that are not. */
class KnotTest {

    private final Book book = new Book();
    private long revision;

    @Test
    void twoSessionsThatWaitForEachOtherAreAKnot() {
        holds("g1", 1, Claim.exclusive("a"));
        holds("g2", 2, Claim.exclusive("b"));
        waits("g3", 1, Claim.exclusive("b"));
        assertEquals(Set.of(), Knot.in(book, null));
        assertEquals(Set.of(1L, 2L), Knot.in(book, asked("g4", 2, Claim.exclusive("a"))));
        waits("g4", 2, Claim.exclusive("a"));
        assertEquals(Set.of(1L, 2L), Knot.in(book, null));
    }

    @Test
    void aTicketAheadInLineIsWaitedForToo() {
        holds("g1", 1, Claim.shared("a"));
        holds("g2", 3, Claim.exclusive("b"));
        waits("g3", 2, Claim.exclusive("a"));
        assertEquals(Set.of(2L, 3L), Knot.in(asks("g4", 3, Claim.shared("a")), asked("g5", 2, Claim.exclusive("b"))));
    }

    @Test
    void readersDoNotWaitForReaders() {
        holds("g1", 1, Claim.shared("a"));
        holds("g2", 2, Claim.exclusive("b"));
        waits("g3", 1, Claim.exclusive("b"));
        assertEquals(Set.of(), Knot.in(book, asked("g4", 2, Claim.shared("a"))));
        assertEquals(Set.of(1L, 2L), Knot.in(book, asked("g4", 2, Claim.exclusive("a"))));
    }

    @Test
    void permitsThatOthersGiveBackUntieAKnot() {
        holds("g1", 1, Claim.semaphore("s", 1, 2));
        holds("g2", 2, Claim.exclusive("b"));
        waits("g3", 1, Claim.exclusive("b"));
        holds("g4", 3, Claim.semaphore("s", 1, 2));
        assertEquals(Set.of(), Knot.in(book, asked("g5", 2, Claim.semaphore("s", 1, 2))));
        assertEquals(Set.of(1L, 2L), Knot.in(book, asked("g5", 2, Claim.semaphore("s", 2, 2))));
    }

    @Test
    void aSessionDoesNotWaitForItself() {
        holds("g1", 1, Claim.exclusive("a"));
        assertEquals(Set.of(), Knot.in(book, asked("g2", 1, Claim.exclusive("a"))));
    }

    @Test
    void holdersMustBeCompatible() {
        assertTrue(Line.areCompatible(List.of(Claim.shared("a"), Claim.shared("a"))));
        assertFalse(Line.areCompatible(List.of(Claim.shared("a"), Claim.exclusive("a"))));
        assertFalse(Line.areCompatible(List.of(Claim.exclusive("a"), Claim.exclusive("a"))));
        assertTrue(Line.areCompatible(List.of(Claim.semaphore("a", 2, 3), Claim.semaphore("a", 1, 3))));
        assertFalse(Line.areCompatible(List.of(Claim.semaphore("a", 2, 3), Claim.semaphore("a", 2, 3))));
        assertFalse(Line.areCompatible(List.of(Claim.semaphore("a", 1, 3), Claim.semaphore("a", 1, 4))));
    }

    @Test
    void nobodyFitsWhoWouldDelaySomebodyAhead() {
        holds("g1", 1, Claim.shared("a"));
        assertTrue(book.line("a").fits(asked("g2", 2, Claim.shared("a"))));
        waits("g3", 3, Claim.exclusive("a"));
        assertFalse(book.line("a").fits(asked("g2", 2, Claim.shared("a"))));
    }

    @Test
    void changesTellWhoHoldsAndWhoWaits() {
        holds("g1", 1, Claim.exclusive("a"));
        waits("g2", 2, Claim.exclusive("a"));
        begin(new Command.Release("g1", 0, 0));
        book.apply(change(Change.Kind.RELEASED, "a", "g1", 1, 1, 1));
        book.apply(change(Change.Kind.GRANTED, "a", "g2", 2, 2, 9));
        assertEquals(List.of(new Standing("g2", 2, 2, 9, Claim.exclusive("a"))), Standing.of(book));
        begin(new Command.Release("g2", 0, 0));
        book.apply(change(Change.Kind.RELEASED, "a", "g2", 2, 2, 9));
        assertEquals(List.of(), Standing.of(book));
        assertTrue(book.lines().isEmpty());
    }

    private void begin(Command command) {
        book.begin(++revision, command, Rules.at(Rules.NEWEST_LEVEL));
    }

    private Entry asked(String grant, long session, Claim claim) {
        return book.asked(acquire(grant, session, claim));
    }

    private static Command.Acquire acquire(String grant, long session, Claim claim) {
        return new Command.Acquire(grant, session, List.of(claim), 1, "", 0);
    }

    private Book asks(String grant, long session, Claim claim) {
        waits(grant, session, claim);
        return book;
    }

    private void holds(String grant, long session, Claim claim) {
        begin(acquire(grant, session, claim));
        book.apply(change(Change.Kind.GRANTED, claim.lock(), grant, session, revision, revision));
    }

    private void waits(String grant, long session, Claim claim) {
        begin(acquire(grant, session, claim));
        book.apply(change(Change.Kind.WAITING, claim.lock(), grant, session, revision, 0));
    }

    private static Change change(Change.Kind kind, String lock, String grant, long session, long ticket, long token) {
        return new Change(kind, lock, grant, session, ticket, token, null, 0, null);
    }
}
