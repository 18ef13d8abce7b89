package io.holdfast.lock;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.lock.acl.AclChange;
import io.holdfast.lock.acl.AclMode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A session belongs to the principal that opened it, a grant to its session. */
class OwnersTest {

    private static final String ALICE = "key:alice";
    private static final String BOB = "jwt:corp:bob";

    private LockTable table = new LockTable();
    private long revision;

    private Result apply(Command command) {
        return table.apply(++revision, command).result();
    }

    private Result by(String principal, Command command) {
        return apply(new OnBehalf(principal, command));
    }

    private long open(String principal, String key) {
        return assertInstanceOf(Result.SessionOpened.class, by(principal, openOf(key)))
                .session()
                .id();
    }

    private static Command openOf(String key) {
        return new Command.OpenSession(key, 10_000, "", "", 1);
    }

    private static Command acquire(String grant, long session) {
        return new Command.Acquire(grant, session, "a", Mode.EXCLUSIVE, 5_000, "", 1);
    }

    private static Command alone(String grant) {
        return new Command.AcquireAlone(grant, "b", Mode.EXCLUSIVE, 10_000, 0, "", "", 1);
    }

    private void assertNothingIsDone(String principal, Result expected, Command command) {
        long digest = table.digest();
        Applied applied = table.apply(++revision, new OnBehalf(principal, command));
        assertEquals(expected, applied.result(), command::toString);
        assertEquals(List.of(), applied.changes());
        assertEquals(digest, table.digest());
    }

    @Test
    void whatIsAnothersIsNotTouched() {
        long session = open(ALICE, "k");
        long other = open(BOB, "k2");
        by(ALICE, acquire("g", session));
        by(BOB, acquire("waits", other));
        Result ofSession = new Result.NotYours(session, null);
        Result ofGrant = new Result.NotYours(session, "g");
        assertNothingIsDone(BOB, ofSession, new Command.CloseSession(session, 1));
        assertNothingIsDone(BOB, ofSession, new Command.Attach(session, "pod", 1));
        assertNothingIsDone(BOB, ofSession, acquire("h", session));
        assertNothingIsDone(BOB, ofGrant, new Command.Release("g", 0, 1));
        assertNothingIsDone(BOB, ofGrant, new Command.Release("g", 1, 1));
        assertNothingIsDone(BOB, ofGrant, new Command.ChangeMode("g", 1, Mode.SHARED, 1));
        assertNothingIsDone(BOB, ofGrant, new Command.Transfer("g", 1, "waits", 0, 1));
        assertNothingIsDone("key:eve", ofGrant, new Command.Transfer("g", 0, "waits", 1_000, 1));
        assertNothingIsDone(OnBehalf.ANONYMOUS, ofSession, new Command.CloseSession(session, 1));
        assertEquals(ALICE, table.ownerOf(session));
        assertEquals(ALICE, table.grant("g").owner());
        assertEquals(BOB, table.session(other).owner());
    }

    @Test
    void itsOwnerAsksForTheTicketAndTheHolderHandsOver() {
        long session = open(ALICE, "k");
        by(ALICE, acquire("g", session));
        by(BOB, acquire("waits", open(BOB, "k2")));
        assertInstanceOf(Result.YieldRequested.class, by(BOB, new Command.Transfer("g", 0, "waits", 1_000, 1)));
        assertInstanceOf(Result.Transferred.class, by(ALICE, new Command.Transfer("g", 1, "waits", 0, 1)));
        assertEquals(BOB, table.grant("waits").owner());
    }

    @Test
    void anIdInUseByAnotherIsTakenAndSaysNoMore() {
        long session = open(ALICE, "k");
        long other = open(BOB, "k2");
        by(ALICE, acquire("g", session));
        assertNothingIsDone(BOB, new Result.IdTaken("k"), openOf("k"));
        assertNothingIsDone(BOB, new Result.IdTaken("g"), acquire("g", other));
        assertNothingIsDone(BOB, new Result.IdTaken("g"), alone("g"));
        by(ALICE, new Command.Release("g", 0, 1));
        assertNothingIsDone(BOB, new Result.IdTaken("g"), acquire("g", other));
        assertNothingIsDone(BOB, new Result.IdTaken("g"), alone("g"));
        assertNothingIsDone(BOB, new Result.NotYours(session, "g"), new Command.Release("g", 0, 1));
        assertNothingIsDone(BOB, new Result.NotYours(session, "g"), new Command.ChangeMode("g", 1, Mode.SHARED, 1));
        by(ALICE, new Command.CloseSession(session, 1));
        assertNothingIsDone(BOB, new Result.IdTaken("k"), openOf("k"));
        assertNothingIsDone(BOB, new Result.NotYours(session, null), new Command.Attach(session, "pod", 1));
        assertEquals(new Result.SessionEnded(session, Cause.REQUESTED), by(ALICE, openOf("k")));
    }

    @Test
    void aPrivateSessionAndATryBelongToThePrincipalThatAsked() {
        by(ALICE, alone("g"));
        assertEquals(ALICE, table.grant("g").owner());
        assertInstanceOf(Result.LockHeld.class, by(BOB, alone("try")));
        assertNothingIsDone(ALICE, new Result.IdTaken("try"), alone("try"));
        assertInstanceOf(Result.GrantEnded.class, by(BOB, alone("try")));
        // A release that overtook its acquire.
        assertInstanceOf(Result.Gone.class, by(BOB, new Command.Release("late", 0, 1)));
        assertNothingIsDone(ALICE, new Result.IdTaken("late"), alone("late"));
        assertInstanceOf(Result.Released.class, by(ALICE, new Command.Release("g", 0, 1)));
    }

    @Test
    void theServerAndCallersWithARightActOnAll() {
        long session = open(ALICE, "k");
        by(ALICE, acquire("g", session));
        assertInstanceOf(Result.Broken.class, apply(new Command.Break("a", "g", 0, "ops", "stuck", 0, 1)));
        assertInstanceOf(Result.SessionClosed.class, apply(new Command.CloseSession(session, "ops", 1)));
        long expires = open(ALICE, "k2");
        assertEquals(new Result.Expired(1), apply(new Command.ExpireSessions(List.of(expires), 1)));
    }

    @Test
    void whatALevelBelowThreeOpenedIsAnyonesAndStaysSo() throws IOException {
        table = new LockTable(2);
        apply(openOf("k"));
        apply(acquire("g", 1));
        table.reconfigured(3);
        restored();
        assertEquals("", table.ownerOf(1L));
        assertInstanceOf(Result.Attached.class, by(BOB, new Command.Attach(1, "pod", 1)));
        assertInstanceOf(Result.Released.class, by(ALICE, new Command.Release("g", 0, 1)));
        assertInstanceOf(Result.SessionClosed.class, by(BOB, new Command.CloseSession(1, 1)));
    }

    @Test
    void ownersArePartOfSnapshotAndDigest() throws IOException {
        long session = open(ALICE, "k");
        by(ALICE, acquire("g", session));
        by(BOB, alone("ended"));
        by(BOB, new Command.Release("ended", 0, 1));
        LockTable other = new LockTable();
        other.apply(1, new OnBehalf(BOB, openOf("k")));
        assertNotEquals(new LockTable().digest(), other.digest());
        LockTable same = new LockTable();
        same.apply(1, new OnBehalf(ALICE, openOf("k")));
        assertNotEquals(same.digest(), other.digest());
        restored();
        assertEquals(ALICE, table.ownerOf(session));
        assertEquals(ALICE, table.grant("g").owner());
        assertEquals(BOB, table.endedGrant("ended").owner());
        assertNothingIsDone(BOB, new Result.NotYours(session, "g"), new Command.Release("g", 0, 1));
        assertNothingIsDone(ALICE, new Result.IdTaken("ended"), alone("ended"));
    }

    private void restored() throws IOException {
        byte[] snapshot = TablePair.snapshot(table);
        LockTable read = LockTable.read(new ByteArrayInputStream(snapshot));
        assertEquals(table.digest(), read.digest());
        assertEquals(table.bytes(), read.bytes());
        assertArrayEquals(snapshot, TablePair.snapshot(read));
        table = read;
    }

    @Test
    void aPrincipalAsksForWhatClientsAskFor() {
        Command judged = new Judged(1, openOf("k"));
        assertThrows(IllegalArgumentException.class, () -> new OnBehalf(ALICE, judged));
        assertThrows(IllegalArgumentException.class, () -> new OnBehalf(ALICE, new Command.ContinueEndings(1)));
        assertThrows(
                IllegalArgumentException.class,
                () -> new OnBehalf(ALICE, new ChangeAcl(0, new AclChange.SetMode(AclMode.OPEN), 1)));
        assertThrows(IllegalArgumentException.class, () -> new OnBehalf("", openOf("k")));
        assertThrows(IllegalArgumentException.class, () -> new OnBehalf("a\nb", openOf("k")));
        assertThrows(
                IllegalArgumentException.class,
                () -> new OnBehalf("p".repeat(Limits.PRINCIPAL_CHARS + 1), openOf("k")));
    }

    @Test
    void rulesGovernWhatAPrincipalAsksForAsTheyGovernTheCommand() {
        apply(new ChangeAcl(0, new AclChange.SetMode(AclMode.ENFORCE), 1));
        long rules = table.acl().revision();
        assertEquals(new Result.RulesReplaced(rules), by(ALICE, openOf("k")));
        assertInstanceOf(Result.SessionOpened.class, apply(new Judged(rules, new OnBehalf(ALICE, openOf("k")))));
        assertInstanceOf(Result.SessionClosed.class, by(ALICE, new Command.CloseSession(revision, 1)));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Judged(1, new OnBehalf(ALICE, new Command.Release("g", 0, 1))));
    }
}
