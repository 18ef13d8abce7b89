package io.holdfast.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.holdfast.lock.acl.AclChange;
import io.holdfast.lock.acl.AclDocument;
import io.holdfast.lock.acl.AclMode;
import io.holdfast.lock.acl.Limit;
import io.holdfast.lock.acl.Observers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What principals have is counted, and limits of the rules bound it where they are enforced. */
class PrincipalsTest {

    private static final String ANN = "jwt:corp:ann";
    private static final String BOB = "jwt:corp:bob";

    private LockTable table = new LockTable(Rules.NEWEST_LEVEL);
    private long revision;

    private Result apply(Command command) {
        return table.apply(++revision, command).result();
    }

    /** Asks as a server does that judged it by the rules in force. */
    private Result ask(String principal, Command command) {
        Command asked = new OnBehalf(principal, command);
        boolean isJudged = table.acl().isEnforced() && Judged.isGoverned(asked);
        return apply(isJudged ? new Judged(table.acl().revision(), asked) : asked);
    }

    private long open(String principal, String key) {
        return assertInstanceOf(Result.SessionOpened.class, ask(principal, opening(key)))
                .session()
                .id();
    }

    private static Command opening(String key) {
        return new Command.OpenSession(key, 10_000, "", "", 1);
    }

    private static Command acquiring(String grant, long session, String lock) {
        return new Command.Acquire(grant, session, List.of(Claim.exclusive(lock)), 1_000, "", 1);
    }

    private static Command alone(String grant, String lock) {
        return new Command.AcquireAlone(grant, List.of(Claim.exclusive(lock)), 10_000, 1_000, "", "", 1);
    }

    private void rule(AclMode mode, int sessions, int grants) {
        Limit limit = new Limit("corp", List.of("jwt:corp:*"), sessions, grants, Limit.NONE, Limit.NONE);
        AclDocument document = new AclDocument(mode, Observers.LOCKS, List.of(), List.of(), List.of(limit));
        Result changed = apply(new ChangeAcl(table.acl().revision(), new AclChange.Replace(document), 1));
        assertInstanceOf(Result.AclChanged.class, changed);
    }

    private static void exceeded(Quota quota, long limit, Result result) {
        var refused = assertInstanceOf(Result.QuotaExceeded.class, result);
        assertEquals(quota, refused.quota());
        assertEquals(limit, refused.limit());
    }

    @Test
    void sessionsOfAPrincipalAreBounded() {
        rule(AclMode.ENFORCE, 2, Limit.NONE);
        long first = open(ANN, "a1");
        open(ANN, "a2");
        exceeded(Quota.PRINCIPAL_SESSIONS, 2, ask(ANN, opening("a3")));
        exceeded(Quota.PRINCIPAL_SESSIONS, 2, ask(ANN, alone("g", "l")));
        assertInstanceOf(Result.SessionOpened.class, ask(ANN, opening("a2")), "the same session again");
        open(BOB, "b1");
        ask("key:ops", opening("o1"));
        ask(ANN, new Command.CloseSession(first, 1));
        open(ANN, "a4");
        assertEquals(new PrincipalView(2, 0), table.principal(ANN));
        assertEquals(new PrincipalView(1, 0), table.principal(BOB));
        assertEquals(PrincipalView.NOTHING, table.principal("jwt:corp:eve"));
    }

    @Test
    void grantsAndPlacesInLineOfAPrincipalAreBoundedOverAllItsSessions() {
        rule(AclMode.ENFORCE, Limit.NONE, 3);
        long one = open(ANN, "a1");
        long two = open(ANN, "a2");
        ask(ANN, acquiring("g1", one, "l1"));
        ask(ANN, acquiring("g2", two, "l2"));
        long other = open(BOB, "b1");
        ask(BOB, acquiring("g3", other, "l3"));
        assertInstanceOf(Result.Waiting.class, ask(ANN, acquiring("g4", one, "l3")));
        exceeded(Quota.PRINCIPAL_GRANTS, 3, ask(ANN, acquiring("g5", two, "l5")));
        exceeded(Quota.PRINCIPAL_GRANTS, 3, ask(ANN, alone("g5", "l5")));
        assertInstanceOf(Result.Granted.class, ask(ANN, acquiring("g1", one, "l1")), "the same grant again");
        ask(ANN, new Command.Release("g4", 0, "", 0, 1));
        assertInstanceOf(Result.Granted.class, ask(ANN, acquiring("g6", two, "l5")));
        assertEquals(new PrincipalView(2, 3), table.principal(ANN));
    }

    @Test
    void aLowerLimitTakesNothingAway() {
        rule(AclMode.ENFORCE, 3, 3);
        long session = open(ANN, "a1");
        open(ANN, "a2");
        ask(ANN, acquiring("g1", session, "l1"));
        ask(ANN, acquiring("g2", session, "l2"));
        rule(AclMode.ENFORCE, 0, 1);
        assertEquals(new PrincipalView(2, 2), table.principal(ANN));
        exceeded(Quota.PRINCIPAL_GRANTS, 1, ask(ANN, acquiring("g3", session, "l3")));
        ask(ANN, new Command.Release("g1", 0, "", 0, 1));
        exceeded(Quota.PRINCIPAL_GRANTS, 1, ask(ANN, acquiring("g3", session, "l3")));
        ask(ANN, new Command.Release("g2", 0, "", 0, 1));
        assertInstanceOf(Result.Granted.class, ask(ANN, acquiring("g3", session, "l3")));
        exceeded(Quota.PRINCIPAL_SESSIONS, 0, ask(ANN, opening("a3")));
    }

    @Test
    void nothingIsBoundedWhileRulesAreNotEnforced() {
        for (AclMode mode : List.of(AclMode.OPEN, AclMode.OBSERVE)) {
            rule(mode, 0, 0);
            long session = open(ANN, "a" + mode);
            assertInstanceOf(Result.Granted.class, ask(ANN, acquiring("g" + mode, session, "l" + mode)));
        }
    }

    /** An expired session with more grants than one transaction takes counts until the last of them is gone. */
    @Test
    void whatEndsIsCountedNoMore() {
        Quotas few = Rules.at(Rules.NEWEST_LEVEL).quotas().withPlacesOfEndings(2);
        table = new LockTable(Rules.at(Rules.NEWEST_LEVEL).with(few));
        long session = open(ANN, "a1");
        for (int i = 0; i < 5; i++) {
            ask(ANN, acquiring("g" + i, session, "l" + i));
        }
        assertEquals(new PrincipalView(1, 5), table.principal(ANN));
        apply(new Command.ExpireSessions(List.of(session), 1));
        assertEquals(new PrincipalView(1, 3), table.principal(ANN));
        apply(new Command.ContinueEndings(1));
        apply(new Command.ContinueEndings(1));
        assertEquals(PrincipalView.NOTHING, table.principal(ANN));
    }

    @Test
    void theCountIsMadeAgainOfASnapshot() throws IOException {
        rule(AclMode.ENFORCE, 2, 2);
        long session = open(ANN, "a1");
        open(ANN, "a2");
        ask(ANN, acquiring("g1", session, "l1"));
        ask(BOB, alone("g2", "l1"));
        ask(ANN, alone("g3", "l1"));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        table.write(out);
        long digest = table.digest();
        table = LockTable.read(new ByteArrayInputStream(out.toByteArray()));
        assertEquals(digest, table.digest());
        assertEquals(new PrincipalView(2, 1), table.principal(ANN));
        assertEquals(new PrincipalView(1, 1), table.principal(BOB));
        exceeded(Quota.PRINCIPAL_SESSIONS, 2, ask(ANN, opening("a3")));
        ask(ANN, acquiring("g4", session, "l4"));
        exceeded(Quota.PRINCIPAL_GRANTS, 2, ask(ANN, acquiring("g5", session, "l5")));
    }
}
