package io.holdfast.lock;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A table and its naive twin that are given the same commands and must agree in everything that can be seen. */
final class TablePair {

    final Quotas quotas;
    final NaiveTable model;
    LockTable table;
    /** Whether a grant was forgotten yet. */
    boolean forgot;

    private final TreeMap<String, Long> lastTokenOfLock = new TreeMap<>();

    TablePair(Quotas quotas) {
        this.quotas = quotas;
        table = new LockTable(quotas);
        model = new NaiveTable(quotas);
    }

    /** Applies a command through its bytes to both and compares the outcome. */
    Applied apply(long revision, Command command) {
        List<String> before = model.grants.stream().map(g -> g.id).toList();
        Applied expected = model.apply(revision, command);
        Applied applied = table.apply(revision, CommandCodec.decode(CommandCodec.encode(command, Rules.NEWEST_LEVEL)));
        if (expected.result() instanceof Result.Deadlock deadlock && applied.result() instanceof Result.Deadlock told) {
            // Any cycle is right, if it is one: it was looked at while the ticket still stood in line.
            assertEquals(deadlock.grant(), told.grant());
            assertTrue(model.isCycle(told.cycle()), () -> "cycle " + told.cycle() + " of " + command);
        } else {
            assertEquals(expected.result(), applied.result(), () -> "result of " + command);
        }
        assertEquals(expected.changes(), applied.changes(), () -> "changes of " + command);
        tokensRise(applied.changes());
        for (String id : before) {
            boolean forgotten = model.grant(id) == null;
            forgot |= forgotten;
            assertTrue(!forgotten || table.endedGrant(id) == null, () -> id + " is not forgotten");
        }
        return applied;
    }

    /** I-TOKEN: every grant has a token above all those before, of its lock and of any. */
    private void tokensRise(List<Change> changes) {
        for (Change change : changes) {
            if (change.kind() == Change.Kind.GRANTED || change.kind() == Change.Kind.UPGRADED) {
                Long before = lastTokenOfLock.put(change.lock(), change.token());
                assertTrue(before == null || before < change.token(), () -> "token of " + change);
            }
        }
    }

    /** Compares every view. */
    void compare() {
        assertEquals(model.revision, table.revision());
        assertEquals(model.lastToken, table.lastToken());
        compareSessions();
        compareGrants();
        compareLocks();
    }

    private void compareSessions() {
        List<SessionView> open = model.live().stream().map(model::view).toList();
        assertEquals(open, table.sessions("", 0, Integer.MAX_VALUE));
        assertEquals(open.size(), table.sessionCount());
        for (NaiveTable.SessionRow s : model.sessions) {
            if (s.ended == null) {
                assertEquals(model.view(s), table.session(s.id));
                assertNull(table.endedSession(s.id));
                List<GrantView> grants = model.liveGrants().stream()
                        .filter(g -> g.session == s)
                        .map(model::view)
                        .toList();
                assertEquals(grants, table.grantsOf(s.id, 0, Integer.MAX_VALUE));
            } else {
                assertNull(table.session(s.id));
                assertEquals(
                        new EndedView(s.id, 0, s.ended, s.endedAt, s.note, s.endedMillis, s.owner),
                        table.endedSession(s.id));
            }
        }
    }

    private void compareGrants() {
        List<Ticket> waiters = new ArrayList<>();
        table.forEachWaiter((ticket, wait, places) -> {
            assertEquals(model.grant(ticket.grant()).wait, wait);
            waiters.add(ticket);
        });
        List<Ticket> expected = new ArrayList<>();
        for (NaiveTable.GrantRow g : model.grants) {
            if (g.ended == null) {
                assertEquals(model.view(g), table.grant(g.id));
                assertNull(table.endedGrant(g.id));
                if (g.token == 0) {
                    compareWhy(g);
                    expected.add(new Ticket(g.id, g.ticket));
                }
            } else {
                assertNull(table.grant(g.id));
                assertEquals(
                        new EndedView(g.sessionId, g.token, g.ended, g.endedAt, g.note, g.endedMillis, g.owner),
                        table.endedGrant(g.id));
            }
        }
        assertEquals(expected, waiters);
        assertEquals(expected.size(), table.waiterCount());
        assertEquals(model.liveGrants().size() - expected.size(), table.heldCount());
    }

    private void compareWhy(NaiveTable.GrantRow g) {
        WhyView why = table.why(g.id);
        assertEquals(model.view(g), why.grant());
        assertFalse(why.lines().isEmpty(), () -> g.id + " waits for nothing");
        for (WhyView.Line line : why.lines()) {
            int ahead = model.lines().ahead(g, line.lock()).size();
            assertEquals(ahead + 1, line.position());
            assertTrue(
                    line.delayMillis() > 0
                            || !line.holders().isEmpty()
                            || !line.ahead().isEmpty(),
                    () -> "nobody is in the way of " + g.id);
        }
    }

    private void compareLocks() {
        TreeSet<String> names = new TreeSet<>();
        model.liveGrants().forEach(g -> g.claims.forEach(claim -> names.add(claim.lock())));
        List<LockDelay> delays = new ArrayList<>();
        table.forEachDelay((delay, millis) -> delays.add(delay));
        assertEquals(
                model.delays.stream()
                        .map(row -> new LockDelay(row.lock(), row.number()))
                        .collect(Collectors.toSet()),
                Set.copyOf(delays));
        delays.forEach(delay -> names.add(delay.lock()));
        List<LockView> views = names.stream()
                .map(name -> model.lockView(name, Limits.HOLDERS_LISTED, 0))
                .toList();
        assertEquals(views, table.locks("", false, null, Integer.MAX_VALUE));
        assertEquals(
                views.stream().filter(v -> v.waiting() > 0).toList(), table.locks("", true, null, Integer.MAX_VALUE));
        for (String name : names) {
            LockView view = table.lock(name, 3);
            assertEquals(model.lockView(name, Limits.HOLDERS_SHOWN, 3), view);
            compareHolders(name);
        }
    }

    private void compareHolders(String name) {
        LockView view = table.lock(name, 0);
        long last = 0;
        for (GrantView holder : view.holders()) {
            // I-MUTEX
            Mode mode = claim(holder, name).mode();
            assertTrue(mode != Mode.EXCLUSIVE || view.holders().size() == 1, () -> "holders of " + view);
            assertTrue(table.check(name, holder.token()).valid());
            // I-EPHEMERAL
            assertNotNull(table.session(holder.session()));
            last = holder.token();
        }
        if (view.mode() == Mode.SEMAPHORE) {
            // Of a limit that was lowered nothing is taken back.
            assertTrue(view.used() <= view.limit() || model.limits.containsKey(name), () -> "permits of " + view);
        }
        assertEquals(new TokenCheck(last != 0, last), table.check(name, last));
        assertEquals(new TokenCheck(false, last), table.check(name, model.lastToken + 1));
    }

    private static Claim claim(GrantView grant, String lock) {
        return grant.claims().stream()
                .filter(claim -> claim.lock().equals(lock))
                .findFirst()
                .orElseThrow();
    }

    /** Replaces the table by one read from its snapshot, which must be equal to it byte for byte. */
    void restore() {
        byte[] written = snapshot(table);
        try {
            LockTable restored = LockTable.read(new ByteArrayInputStream(written), quotas);
            assertArrayEquals(written, snapshot(restored));
            assertEquals(table.digest(), restored.digest());
            assertEquals(table.bytes(), restored.bytes());
            table = restored;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] snapshot(LockTable table) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            table.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
