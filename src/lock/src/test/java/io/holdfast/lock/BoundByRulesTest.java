package io.holdfast.lock;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.lock.acl.AccessKey;
import io.holdfast.lock.acl.Acl;
import io.holdfast.lock.acl.AclChange;
import io.holdfast.lock.acl.AclDocument;
import io.holdfast.lock.acl.AclMode;
import io.holdfast.lock.acl.AclPart;
import io.holdfast.lock.acl.Policy;
import io.holdfast.lock.acl.Rule;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules are part of the state, and what was judged by others than those in force takes no effect. */
class BoundByRulesTest {

    private static final AclChange ENFORCE = new AclChange.SetMode(AclMode.ENFORCE);
    private static final AclChange READERS =
            new AclChange.PutPolicy(new Policy("readers", List.of(Rule.of(List.of("read"), "a/"))));
    private static final AclChange KEY = new AclChange.CreateKey(new AccessKey("k1", "ops", "ab".repeat(32), 1, 2));

    private final LockTable table = new LockTable();
    private long revision;

    private Result apply(Command command) {
        return table.apply(++revision, command).result();
    }

    private Result change(AclChange change) {
        return apply(new ChangeAcl(table.acl().revision(), change, 1));
    }

    private static Command acquire(String grant) {
        return new Command.Acquire(grant, 1, "a/" + grant, Mode.EXCLUSIVE, 0, "", 1);
    }

    private void assertNothingIsDone(Command command) throws IOException {
        long digest = table.digest();
        Applied applied = table.apply(++revision, command);
        assertEquals(new Result.RulesReplaced(table.acl().revision()), applied.result(), command::toString);
        assertEquals(List.of(), applied.changes());
        assertEquals(digest, table.digest());
    }

    @Test
    void aCommandTakesEffectUnderTheRulesThatAllowedItOrNotAtAll() throws IOException {
        apply(new Command.OpenSession("k", 10_000, "", "", 1));
        change(ENFORCE);
        long old = table.acl().revision();
        assertInstanceOf(Result.Granted.class, apply(new Judged(old, acquire("g"))));
        change(READERS);
        long now = table.acl().revision();
        assertNotEquals(old, now);
        assertNothingIsDone(new Judged(old, acquire("h")));
        assertNothingIsDone(new Judged(now + 1, acquire("h")));
        assertNothingIsDone(new Judged(old, new Command.CloseSession(1, "other", 1)));
        assertNothingIsDone(new Judged(old, new Command.OpenSession("k", 10_000, "", "", 1)));
        assertInstanceOf(Result.Granted.class, apply(new Judged(now, acquire("h"))));
    }

    @Test
    void aCommandThatNoRuleWasAskedForTakesNoEffectWhereRulesAreEnforced() throws IOException {
        apply(new Command.OpenSession("k", 10_000, "", "", 1));
        assertInstanceOf(Result.Granted.class, apply(acquire("open")));
        change(new AclChange.SetMode(AclMode.OBSERVE));
        assertInstanceOf(Result.Granted.class, apply(acquire("observed")));
        change(ENFORCE);
        List<Command> governed = List.of(
                acquire("g"),
                new Command.OpenSession("other", 10_000, "", "", 1),
                new Command.AcquireAlone("g", "b", Mode.EXCLUSIVE, 10_000, 0, "", "", 1),
                new Command.ChangeMode("open", 0, Mode.SHARED, 1),
                new Command.Transfer("open", 0, "observed", 1, 1),
                new Command.Break("a/open", "open", 0, "", "", 0, 1),
                new Command.ChangeLimit("a/open", 3, 1),
                new Command.CloseSession(1, "other", 1),
                new Command.CloseSession(1, "", true, 1));
        for (Command command : governed) {
            assertNothingIsDone(command);
        }
    }

    @Test
    void whatGivesBackNeedsNoRule() {
        apply(new Command.OpenSession("k", 10_000, "", "", 1));
        apply(acquire("g"));
        change(ENFORCE);
        assertInstanceOf(Result.Attached.class, apply(new Command.Attach(1, "pod", 1)));
        assertInstanceOf(Result.Released.class, apply(new Command.Release("g", 0, 1)));
        assertInstanceOf(Result.SessionClosed.class, apply(new Command.CloseSession(1, 1)));
        assertInstanceOf(Result.Expired.class, apply(new Command.ExpireSessions(List.of(1L), 1)));
        assertThrows(IllegalArgumentException.class, () -> new Judged(1, new Command.Release("g", 0, 1)));
        assertThrows(IllegalArgumentException.class, () -> new Judged(1, new Judged(1, acquire("g"))));
        assertThrows(IllegalArgumentException.class, () -> new Judged(0, acquire("g")));
    }

    @Test
    void aChangeIsForTheRulesThatItWasMadeOf() throws IOException {
        assertEquals(new Result.AclChanged(1), change(READERS));
        assertEquals(new Result.AclChanged(2), change(ENFORCE));
        assertNothingIsDone(new ChangeAcl(1, new AclChange.SetMode(AclMode.OPEN), 1));
        assertNothingIsDone(new ChangeAcl(0, new AclChange.Replace(AclDocument.EMPTY), 1));
        Result.AclRefused refused =
                assertInstanceOf(Result.AclRefused.class, change(new AclChange.Delete(AclPart.LIMITS, "x")));
        assertEquals("limits.x", refused.field());
        assertEquals(2, table.acl().revision());
        assertEquals(new Result.AclChanged(2), change(KEY), "a new key takes nothing from anybody");
        assertInstanceOf(Result.AclRefused.class, change(KEY));
        long at = revision + 1;
        assertEquals(new Result.AclChanged(at), change(new AclChange.DeleteKey("k1")));
    }

    @Test
    void rulesArePartOfSnapshotAndDigest() throws IOException {
        long without = table.digest();
        change(KEY);
        long keyed = table.digest();
        assertNotEquals(without, keyed);
        change(READERS);
        change(ENFORCE);
        assertNotEquals(keyed, table.digest());
        byte[] snapshot = TablePair.snapshot(table);
        LockTable read = LockTable.read(new ByteArrayInputStream(snapshot));
        assertEquals(table.acl(), read.acl());
        assertEquals(table.digest(), read.digest());
        assertArrayEquals(snapshot, TablePair.snapshot(read));
        read.resetAcl();
        assertEquals(List.of(), read.acl().keys());
        assertEquals(List.of(), read.acl().document().policies());
        assertEquals(AclMode.ENFORCE, read.acl().mode(), "a copy is not open because its rules are gone");
        assertEquals(Acl.NONE, new LockTable().acl());
    }
}
