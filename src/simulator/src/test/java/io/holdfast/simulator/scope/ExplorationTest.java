package io.holdfast.simulator.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.simulator.scope.Exploration.Result;
import org.junit.jupiter.api.Test;

/**
 * The protocol in every order of messages, writes and faults. {@code -Dscope}, with the numbers of {@link Bound}, and
 * {@code -Dstates} choose a larger scope.
 */
final class ExplorationTest {

    private static final String[] COMPLETE = {"2,0,0,0,0", "1,0,0,0,0,1", "1,1,0,1,0", "0,2,0,1,0", "1,0,1,1,0"};

    /** Two transactions, two crashes, a partition, more leaders, a wrong suspicion and a read: what is near. */
    private static final String LARGE = "2,2,1,2,1,1";

    private static final int LARGE_STATES = 150_000;

    @Test
    void everyOrderWithinASmallScopeKeepsTheInvariants() {
        for (String scope : COMPLETE) {
            assertTrue(explore(scope, Integer.MAX_VALUE).complete(), scope);
        }
    }

    @Test
    void whatIsNearInALargeScopeKeepsTheInvariants() {
        explore(System.getProperty("scope", LARGE), Integer.getInteger("states", LARGE_STATES));
    }

    @Test
    void aScopeIsTheSameEachTime() {
        assertEquals(explore("1,0,0,0,0", Integer.MAX_VALUE), explore("1,0,0,0,0", Integer.MAX_VALUE));
    }

    private static Result explore(String scope, int statesMax) {
        long begun = System.nanoTime();
        Result result = Exploration.of(Bound.parse(scope), statesMax);
        assertTrue(result.violation().isEmpty(), () -> "scope " + scope + ": " + String.join("\n", result.violation()));
        System.out.printf(
                "scope %s: %d states, %d transitions, %s, %d moments of servers, %.1f s%n",
                scope,
                result.states(),
                result.transitions(),
                result.complete() ? "all of them, depth " + result.depth() : "all up to depth " + (result.depth() - 1),
                result.moments(),
                (System.nanoTime() - begun) / 1e9);
        return result;
    }
}
