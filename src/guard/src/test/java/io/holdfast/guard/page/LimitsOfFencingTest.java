package io.holdfast.guard.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.guard.Fence;
import io.holdfast.guard.StaleTokenException;
import io.holdfast.guard.Tokens;
import io.holdfast.guard.jdbc.Databases;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a fence does not keep out, each shown as it fails. The holder of token 33 lost its lock to that of token 34, and
 * does not know it yet.
 */
@Timeout(120)
class LimitsOfFencingTest {

    private static final long OLD = 33;
    private static final long NEW = 34;

    private final Fence fence = new Fence(100);
    private final Bank.Accounts accounts = new Bank.Accounts();

    @Test
    void anEffectThatCarriesNoTokenHappensTwice() throws Exception {
        var mails = new ArrayList<String>();
        accounts.write("7", 70, NEW);
        mails.add("your balance is 70");
        // The old holder's mail is not a write of the account: nothing compares a token before it leaves.
        mails.add("your balance is 50");
        assertThrows(StaleTokenException.class, () -> accounts.write("7", 50, OLD));
        assertEquals(List.of("your balance is 70", "your balance is 50"), mails);
    }

    @Test
    void anEffectInsideAFencedActionIsNotTakenBack() throws Exception {
        var mails = new ArrayList<String>();
        // Admitted: the new holder has the lock, but has not come to this resource.
        fence.run("accounts/7", OLD, () -> mails.add("from the old holder"));
        fence.run("accounts/7", NEW, () -> mails.add("from the new holder"));
        assertEquals(2, mails.size());
    }

    @Test
    void aWriterThatGoesPastTheFenceWritesLate() throws Exception {
        accounts.write("7", 70, NEW);
        accounts.writeUnfenced("7", 50);
        assertEquals(50, accounts.balance("7"));

        var database = Databases.h2();
        var table = new AccountTable(database);
        table.create("past", 0);
        table.add("past", 70, NEW);
        database.execute("UPDATE account SET balance = 50 WHERE id = 'past'");
        assertEquals(50, table.balance("past"));
    }

    @Test
    void aHolderOfASemaphoreIsRefusedAlthoughItsGrantIsGood() throws Exception {
        // Both hold a permit of one semaphore, or the same lock shared.
        fence.run("pool", NEW, () -> {});
        assertThrows(StaleTokenException.class, () -> fence.run("pool", OLD, () -> {}));
    }

    @Test
    void aHolderThatReadsBeforeItFencedWritesWhatItReadTooEarly() throws Exception {
        var database = Databases.h2();
        var table = new AccountTable(database);
        table.create("early", 100);
        try (var next = database.begin()) {
            long balance = table.balance(next, "early");
            // Its token was not seen yet, so the old holder is admitted.
            table.add("early", -30, OLD);
            table.fence().admit(next, "accounts/early", NEW);
            table.write(next, "early", balance + 5);
            next.commit();
        }
        assertEquals(105, table.balance("early"), "the 30 that the old holder took are lost");
    }

    @Test
    void aHolderThatFencesFirstReadsWhatIsTrue() throws Exception {
        var table = new AccountTable(Databases.h2());
        table.create("first", 100);
        table.add("first", -30, OLD);
        table.add("first", 5, NEW);
        assertEquals(75, table.balance("first"));
        assertThrows(StaleTokenException.class, () -> table.add("first", -30, OLD));
    }

    @Test
    void aTokenThatWasNeverGivenKeepsEveryHolderOut() throws Exception {
        fence.run("accounts/7", Tokens.MAX, () -> {});
        assertThrows(StaleTokenException.class, () -> fence.run("accounts/7", NEW, () -> {}));
    }

    @Test
    void aRowThatIsDeletedForgetsItsToken() throws Exception {
        var database = Databases.h2();
        var table = new AccountTable(database);
        table.create("deleted", 0);
        table.add("deleted", 70, NEW);
        database.execute("DELETE FROM holdfast_fence WHERE resource = 'accounts/deleted'");
        table.add("deleted", -20, OLD);
        assertEquals(50, table.balance("deleted"));
    }
}
