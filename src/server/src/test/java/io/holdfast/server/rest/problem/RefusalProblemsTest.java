package io.holdfast.server.rest.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.lock.Claim;
import io.holdfast.lock.Mode;
import io.holdfast.server.replica.GrantView;
import io.holdfast.server.replica.LockView;
import io.holdfast.server.replica.Problem;
import io.holdfast.server.replica.Refused;
import java.util.List;
import org.junit.jupiter.api.Test;

class RefusalProblemsTest {

    private static final RetryAfter LEAST = new RetryAfter(() -> 0);
    private static final RetryAfter MOST = new RetryAfter(() -> 0.999);

    @Test
    void clientsThatWereRefusedTogetherDoNotComeBackTogether() {
        assertEquals(1, LEAST.seconds());
        assertEquals(2, MOST.seconds());
        assertEquals(1, LEAST.seconds(heldFor(300)));
        assertEquals(2, MOST.seconds(heldFor(300)));
    }

    @Test
    void aHolderIsExpectedToStayAsLongAsItHasBeenThere() {
        assertEquals(4, LEAST.seconds(heldFor(8_000)));
        assertEquals(12, MOST.seconds(heldFor(8_000)));
        assertEquals(5, LEAST.seconds(heldFor(3_600_000)));
        assertEquals(15, MOST.seconds(heldFor(3_600_000)));
    }

    @Test
    void everyRefusalThatARetryMayChangeSaysWhen() {
        for (Problem problem : List.of(Problem.LOCK_HELD, Problem.NO_LEADER, Problem.OVERLOADED, Problem.NOT_READY)) {
            String after = RefusalProblems.of(new Refused(problem, "x", null, null))
                    .headers()
                    .get("Retry-After");
            assertTrue(List.of("1", "2").contains(after), () -> problem + ": " + after);
        }
    }

    @Test
    void anAcquireWhoseOutcomeIsNotKnownNamesItsGrantWhenItHasOne() {
        Refused unknown = new Refused(Problem.OUTCOME_UNKNOWN, "x", null, null);
        assertNull(RefusalProblems.of(unknown).document("/").grant());
        assertEquals(
                "17-a", RefusalProblems.of(unknown.naming("17-a")).document("/").grant());
    }

    private static LockView heldFor(long millis) {
        GrantView holder = new GrantView(
                "g",
                List.of(Claim.exclusive("a")),
                "1-1",
                "",
                "",
                GrantView.State.GRANTED,
                1,
                0,
                "",
                0,
                0,
                millis,
                -1,
                "",
                null,
                null,
                false);
        return new LockView("a", Mode.EXCLUSIVE, 1, List.of(holder), 1, List.of(), 0, List.of(), 0);
    }
}
