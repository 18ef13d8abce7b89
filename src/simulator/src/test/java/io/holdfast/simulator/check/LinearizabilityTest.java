package io.holdfast.simulator.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.lock.Claim;
import io.holdfast.simulator.check.Linearizability.Become;
import io.holdfast.simulator.check.Linearizability.Effect;
import io.holdfast.simulator.check.Linearizability.Free;
import io.holdfast.simulator.check.Linearizability.Holder;
import io.holdfast.simulator.check.Linearizability.See;
import io.holdfast.simulator.check.Linearizability.Step;
import io.holdfast.simulator.check.Linearizability.Take;
import io.holdfast.simulator.check.Linearizability.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A checker that says yes to everything would prove nothing: histories that fit an order, and some that do not. */
class LinearizabilityTest {

    private static final long NEVER = Long.MAX_VALUE;
    private static final Claim EXCLUSIVE = Claim.exclusive("a");
    private static final Claim SHARED = Claim.shared("a");

    @Test
    void oneAfterTheOtherFits() {
        assertFits(step(take(1), 0, 1), step(free(1), 2, 3), step(take(2), 4, 5));
    }

    @Test
    void twoExclusiveHoldersAtOnceDoNotFit() {
        assertFitsNot(step(take(1), 0, 1), step(take(2), 2, 3), step(free(1), 4, 5));
    }

    @Test
    void whatOverlapsMayHaveHappenedInEitherOrder() {
        assertFits(step(take(1), 0, 1), step(take(2), 2, 9), step(free(1), 5, 6));
        assertFits(step(take(1), 0, 9), step(see(), 1, 8), step(see(1), 1, 8));
    }

    @Test
    void aReadOfWhatWasBeforeDoesNotFit() {
        assertFitsNot(step(take(1), 0, 1), step(see(), 2, 3));
        assertFitsNot(step(take(1), 0, 1), step(free(1), 2, 9), step(see(), 3, 4), step(see(1), 5, 6));
    }

    @Test
    void readersHoldTogetherAndKeepAWriterOut() {
        assertFits(step(take(1, SHARED), 0, 1), step(take(2, SHARED), 2, 3), step(see(1, 2), 4, 5));
        assertFitsNot(step(take(1, SHARED), 0, 1), step(take(2, EXCLUSIVE), 2, 3), step(free(1), 4, 5));
        assertFitsNot(step(take(1, EXCLUSIVE), 0, 1), step(take(2, SHARED), 2, 3), step(free(1), 4, 5));
        assertFitsNot(step(take(1, SHARED), 0, 1), step(take(2, SHARED), 2, 3), step(see(1), 4, 5));
    }

    @Test
    void permitsFitUpToTheLimit() {
        Claim two = Claim.semaphore("a", 2, 3);
        Claim one = Claim.semaphore("a", 1, 3);
        assertFits(step(take(1, two), 0, 1), step(take(2, one), 2, 3), step(see(1, 2), 4, 5));
        assertFitsNot(step(take(1, two), 0, 1), step(take(2, two), 2, 3), step(free(1), 4, 5));
        assertFits(step(take(1, two), 0, 1), step(take(2, two), 2, 9), step(free(1), 4, 5));
        assertFitsNot(step(take(1, one), 0, 1), step(take(2, SHARED), 2, 3));
    }

    @Test
    void anUpgradeNeedsTheLockAloneAndGivesANewToken() {
        Step upgrade = step(new Become(new Holder("g1", EXCLUSIVE, 7)), 2, 3);
        assertFits(step(take(1, SHARED), 0, 1), upgrade, step(see(7), 4, 5));
        assertFitsNot(step(take(1, SHARED), 0, 1), upgrade, step(see(1), 4, 5));
        assertFitsNot(step(take(1, SHARED), 0, 1), step(take(2, SHARED), 0, 1), upgrade, step(free(2), 4, 5));
        assertFitsNot(upgrade);
    }

    @Test
    void aDowngradeLetsReadersIn() {
        Step downgrade = step(new Become(new Holder("g1", SHARED, 1)), 2, 3);
        assertFits(step(take(1), 0, 1), downgrade, step(take(2, SHARED), 4, 5), step(see(1, 2), 6, 7));
        assertFitsNot(step(take(1), 0, 1), downgrade, step(take(2, EXCLUSIVE), 4, 5));
    }

    @Test
    void whatWasNotHeldIsNotGivenBack() {
        assertFitsNot(step(free(1), 0, 1), step(take(1), 2, 3));
        assertFitsNot(step(take(1), 0, 1), step(free(1), 2, 3), step(free(1), 4, 5));
    }

    @Test
    void anUnansweredRequestMayHappenLateOrNever() {
        assertFits(pending(take(1), 0), step(see(), 2, 3), step(see(1), 4, 5));
        assertFits(pending(take(1), 0), step(see(), 2, 3), step(take(2), 4, 5));
        assertFitsNot(pending(take(1), 4), step(see(1), 0, 3));
        assertFitsNot(pending(take(1), 0), step(see(1), 2, 3), step(see(), 4, 5));
    }

    @Test
    void anExpiryAtAnUnknownTimeExplainsTheNextHolderOnce() {
        assertFits(step(take(1), 0, 1), pending(free(1), 0), step(take(2), 2, 3));
        assertFitsNot(step(take(1), 0, 1), pending(free(1), 0), step(take(2), 2, 3), step(take(3), 4, 5));
    }

    @Test
    void aSearchThatIsTooLongIsUndecided() {
        List<Step> steps = new ArrayList<>();
        for (int i = 1; i <= 12; i++) {
            steps.add(pending(take(i), 0));
            steps.add(pending(free(i), 0));
        }
        steps.add(step(see(99), 0, 1));
        assertEquals(Verdict.UNDECIDED, Linearizability.check(steps, 100));
    }

    /** A world that goes on for long asks for as many steps of one lock. */
    @Test
    void aLongHistoryIsDecided() {
        List<Step> steps = new ArrayList<>();
        for (int i = 1; i <= 6_000; i++) {
            steps.add(step(take(i), 4 * i, 4 * i + 1));
            steps.add(step(free(i), 4 * i + 2, 4 * i + 3));
        }
        assertEquals(Verdict.LINEARIZABLE, Linearizability.check(steps, 60_000));
    }

    private static Take take(long token) {
        return take(token, EXCLUSIVE);
    }

    private static Take take(long token, Claim claim) {
        return new Take(new Holder("g" + token, claim, token));
    }

    private static Free free(long token) {
        return new Free("g" + token);
    }

    private static See see(long... tokens) {
        return new See(Arrays.stream(tokens).boxed().collect(Collectors.toSet()));
    }

    private static Step step(Effect effect, long from, long to) {
        return new Step(effect, from, to, false);
    }

    private static Step pending(Effect effect, long from) {
        return new Step(effect, from, NEVER, true);
    }

    private static void assertFits(Step... steps) {
        assertEquals(Verdict.LINEARIZABLE, Linearizability.check(List.of(steps), 10_000));
    }

    private static void assertFitsNot(Step... steps) {
        assertEquals(Verdict.NOT_LINEARIZABLE, Linearizability.check(List.of(steps), 10_000));
    }
}
