package io.holdfast.overlap.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.overlap.worker.Turn;
import org.junit.jupiter.api.Test;

/** The judge against turns whose verdict is known. */
class TurnCheckTest {

    private final TurnCheck check = new TurnCheck();

    private void turn(int worker, long token, long began) {
        check.add(new Turn(worker, token, began, began));
    }

    @Test
    void turnsOneAfterTheOtherDoNotOverlap() {
        assertEquals(0, check.highest());
        turn(0, 3, 100);
        turn(0, 3, 110);
        turn(1, 7, 111);
        turn(101, 7, 112);
        assertEquals(0, check.overlapNanos());
        assertEquals(0, check.staleWrites());
        assertEquals(7, check.highest());
        assertEquals(7, check.after(3));
        assertEquals(0, check.after(7));
        assertEquals(111, check.span(7).firstBegan());
        assertEquals(2, check.tokens());
    }

    @Test
    void aTurnThatBeganAfterTheNextHolderBeganOverlapsByThatMuch() {
        turn(0, 3, 100);
        turn(1, 7, 110);
        turn(0, 3, 125);
        assertEquals(15, check.overlapNanos());
        assertEquals(1, check.staleWrites());
    }

    @Test
    void aLateWriteOfATurnThatBeganInTimeIsStaleAndNoOverlap() {
        turn(0, 3, 100);
        turn(1, 7, 110);
        turn(0, 3, 105);
        assertEquals(0, check.overlapNanos());
        assertEquals(1, check.staleWrites());
    }

    @Test
    void aTokenIsComparedWithEveryHigherOne() {
        turn(0, 3, 100);
        turn(1, 9, 120);
        turn(0, 3, 130);
        turn(1, 7, 200);
        assertEquals(10 + 80, check.overlapNanos(), "3 with 9 by 10, 7 with 9 by 80");
        assertEquals(2, check.staleWrites());
    }

    @Test
    void twoContendersUnderOneTokenAreRejected() {
        turn(0, 3, 100);
        assertThrows(IllegalStateException.class, () -> turn(1, 3, 101));
    }
}
