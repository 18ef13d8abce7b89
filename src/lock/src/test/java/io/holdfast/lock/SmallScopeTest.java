package io.holdfast.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Every sequence of five commands over two sessions, one lock and two grants, against the naive twin. */
class SmallScopeTest {

    private static final int LENGTH = 5;
    private static final Quotas QUOTAS = new Quotas(3, 3, 2, 2, 4, 3, 100);
    private static final long S1 = 1;
    private static final long S2 = 2;

    private static final List<Function<TablePair, Command>> ALPHABET = List.of(
            pair -> new Command.CloseSession(S1, 0),
            pair -> new Command.ExpireSessions(List.of(S1, S2), 0),
            pair -> new Command.ExpireSessions(List.of(S2), 0),
            pair -> acquire("g1", S1, 1000),
            pair -> acquire("g1", S2, 1000),
            pair -> acquire("g2", S2, 1000),
            pair -> acquire("g2", S2, 0),
            pair -> new Command.AcquireAlone("g2", "l", Mode.EXCLUSIVE, 1000, 1000, "", "", 0),
            pair -> new Command.Release("g1", 0, 0),
            pair -> new Command.Release("g2", 2, 0),
            pair -> new Command.ExpireWaits(List.of(ticket(pair, "g1"), ticket(pair, "g2")), 0));

    @Test
    void everyShortHistoryEndsAsTheRulesSay() {
        int sequences = 0;
        int[] digits = new int[LENGTH];
        List<Command> history = new ArrayList<>();
        do {
            history.clear();
            try {
                run(digits, history);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("after " + history, e);
            }
            sequences++;
        } while (increment(digits));
        assertEquals((int) Math.pow(ALPHABET.size(), LENGTH), sequences);
    }

    private static void run(int[] digits, List<Command> history) {
        TablePair pair = new TablePair(QUOTAS);
        pair.apply(S1, new Command.OpenSession("k1", 1000, "", "", 0));
        pair.apply(S2, new Command.OpenSession("k2", 1000, "", "", 0));
        long revision = S2;
        for (int digit : digits) {
            Command command = ALPHABET.get(digit).apply(pair);
            history.add(command);
            pair.apply(++revision, command);
        }
        // Shorter sequences are beginnings of others whose results and changes were compared at every step.
        pair.compare();
    }

    private static boolean increment(int[] digits) {
        for (int i = 0; i < digits.length; i++) {
            digits[i]++;
            if (digits[i] < ALPHABET.size()) {
                return true;
            }
            digits[i] = 0;
        }
        return false;
    }

    private static Command acquire(String grant, long session, long wait) {
        return new Command.Acquire(grant, session, "l", Mode.EXCLUSIVE, wait, "", 0);
    }

    private static Ticket ticket(TablePair pair, String grant) {
        GrantView view = pair.table.grant(grant);
        return view == null ? new Ticket(grant, 3) : view.place();
    }
}
