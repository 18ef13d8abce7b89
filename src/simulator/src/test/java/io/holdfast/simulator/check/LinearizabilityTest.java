package io.holdfast.simulator.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.simulator.check.Linearizability.Kind;
import io.holdfast.simulator.check.Linearizability.Step;
import io.holdfast.simulator.check.Linearizability.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A checker that says yes to everything would prove nothing: histories that fit an order, and some that do not. */
class LinearizabilityTest {

    private static final long NEVER = Long.MAX_VALUE;

    @Test
    void oneAfterTheOtherFits() {
        assertFits(step(Kind.TAKE, 1, 0, 1), step(Kind.FREE, 1, 2, 3), step(Kind.TAKE, 2, 4, 5));
    }

    @Test
    void twoHoldersAtOnceDoNotFit() {
        assertFitsNot(step(Kind.TAKE, 1, 0, 1), step(Kind.TAKE, 2, 2, 3), step(Kind.FREE, 1, 4, 5));
    }

    @Test
    void whatOverlapsMayHaveHappenedInEitherOrder() {
        assertFits(step(Kind.TAKE, 1, 0, 1), step(Kind.TAKE, 2, 2, 9), step(Kind.FREE, 1, 5, 6));
        assertFits(step(Kind.TAKE, 1, 0, 9), step(Kind.SEE, 0, 1, 8), step(Kind.SEE, 1, 1, 8));
    }

    @Test
    void aReadOfWhatWasBeforeDoesNotFit() {
        assertFitsNot(step(Kind.TAKE, 1, 0, 1), step(Kind.SEE, 0, 2, 3));
        assertFitsNot(
                step(Kind.TAKE, 1, 0, 1), step(Kind.FREE, 1, 2, 9), step(Kind.SEE, 0, 3, 4), step(Kind.SEE, 1, 5, 6));
    }

    @Test
    void anAnswerThatTheLockIsHeldNeedsAHolder() {
        assertFitsNot(step(Kind.SEE_HELD, 0, 0, 1), step(Kind.TAKE, 1, 2, 3));
        assertFits(step(Kind.TAKE, 1, 0, 5), step(Kind.SEE_HELD, 0, 1, 2));
    }

    @Test
    void anUnansweredRequestMayHappenLateOrNever() {
        assertFits(pending(Kind.TAKE, 1, 0), step(Kind.SEE, 0, 2, 3), step(Kind.SEE, 1, 4, 5));
        assertFits(pending(Kind.TAKE, 1, 0), step(Kind.SEE, 0, 2, 3), step(Kind.TAKE, 2, 4, 5));
        assertFitsNot(pending(Kind.TAKE, 1, 4), step(Kind.SEE, 1, 0, 3));
        assertFitsNot(pending(Kind.TAKE, 1, 0), step(Kind.SEE, 1, 2, 3), step(Kind.SEE, 0, 4, 5));
    }

    @Test
    void anExpiryAtAnUnknownTimeExplainsTheNextHolderOnce() {
        assertFits(step(Kind.TAKE, 1, 0, 1), pending(Kind.FREE, 1, 0), step(Kind.TAKE, 2, 2, 3));
        assertFitsNot(
                step(Kind.TAKE, 1, 0, 1), pending(Kind.FREE, 1, 0), step(Kind.TAKE, 2, 2, 3), step(Kind.TAKE, 3, 4, 5));
    }

    @Test
    void aSearchThatIsTooLongIsUndecided() {
        List<Step> steps = new ArrayList<>();
        for (int i = 1; i <= 12; i++) {
            steps.add(pending(Kind.TAKE, i, 0));
            steps.add(pending(Kind.FREE, i, 0));
        }
        steps.add(step(Kind.SEE, 99, 0, 1));
        assertEquals(Verdict.UNDECIDED, Linearizability.check(steps, 100));
    }

    private static Step step(Kind kind, long token, long from, long to) {
        return new Step(kind, token, from, to, false);
    }

    private static Step pending(Kind kind, long token, long from) {
        return new Step(kind, token, from, NEVER, true);
    }

    private static void assertFits(Step... steps) {
        assertEquals(Verdict.LINEARIZABLE, Linearizability.check(List.of(steps), 10_000));
    }

    private static void assertFitsNot(Step... steps) {
        assertEquals(Verdict.NOT_LINEARIZABLE, Linearizability.check(List.of(steps), 10_000));
    }
}
