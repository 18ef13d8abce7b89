package io.holdfast.server.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.lock.Change;
import io.holdfast.lock.Claim;
import io.holdfast.lock.Command;
import io.holdfast.lock.OnBehalf;
import io.holdfast.lock.Revision;
import io.holdfast.lock.acl.AclDocument;
import io.holdfast.lock.acl.AclMode;
import io.holdfast.lock.acl.Binding;
import io.holdfast.lock.acl.NameSet;
import io.holdfast.lock.acl.Observers;
import io.holdfast.lock.acl.Policy;
import io.holdfast.lock.acl.Rights;
import io.holdfast.lock.acl.Rule;
import io.holdfast.lock.acl.Subject;
import io.holdfast.lock.acl.Verb;
import io.holdfast.server.access.Visible;
import io.holdfast.server.history.Committed;
import io.holdfast.server.history.EventFilter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Readers whose callers may not see everything. */
class FilteredReaderTest {

    private static final String[] SEGMENTS = {"a", "b", "c"};

    private final Bench node = new Bench(1_000);
    private final Received received = new Received();
    private final TestPermit permit = new TestPermit();

    /** What a caller may see that has a rule for each of these. */
    private static Visible reads(String... patterns) {
        return new Visible(names(List.of(patterns)), "key:a", false);
    }

    private static NameSet names(List<String> patterns) {
        if (patterns.isEmpty()) {
            return NameSet.NONE;
        }
        List<Rule> rules = new ArrayList<>();
        new LinkedHashSet<>(patterns).forEach(pattern -> rules.add(Rule.of(List.of("read"), pattern)));
        var document = new AclDocument(
                AclMode.ENFORCE,
                Observers.LOCKS,
                List.of(new Policy("p", rules)),
                List.of(new Binding("p", "p", List.of("key:a"))),
                List.of());
        return Rights.of(document, new Subject("key:a")).names(Verb.READ);
    }

    private EventReader begin(Visible visible, String prefix, String since) {
        node.permit = permit.set(visible);
        var filter = new EventFilter(prefix, List.of());
        return node.begin(new StreamTerms(filter, since == null ? null : Revision.parse(since), null), received);
    }

    private long open() {
        return open("key:b");
    }

    private long open(String owner) {
        return node.apply(new OnBehalf(owner, new Command.OpenSession("k" + node.history.upTo(), 10_000, "", "", 0)))
                .revision();
    }

    private void take(long session, String grant, String... locks) {
        List<Claim> claims = new ArrayList<>();
        Set.copyOf(List.of(locks)).stream().sorted().forEach(lock -> claims.add(Claim.exclusive(lock)));
        node.apply(new Command.Acquire(grant, session, claims, 1_000, "", 0));
    }

    private void release(String grant) {
        node.apply(new Command.Release(grant, 0, 0));
    }

    /** The locks of all changes that were sent, in order. */
    private List<String> locks() {
        List<String> locks = new ArrayList<>();
        for (Received.Item item : received.items) {
            for (JsonNode change : item.data().path("changes")) {
                locks.add(change.path("lock").asText("none"));
            }
        }
        return locks;
    }

    @Test
    void aStreamTellsNothingBeyondItsPrefixes() {
        begin(reads("mine/", "shared"), "", null);
        long session = open();
        take(session, "1", "mine/x", "other/x", "shared");
        take(session, "2", "shared-not");
        take(session, "3", "other/y");
        release("1");
        node.settle();

        assertEquals(List.of("none", "mine/x", "shared", "mine/x", "shared"), locks(), "the leader's epoch and these");
        assertFalse(received.text.toString().contains("other"));
        assertEquals(List.of("bookmark 0-0", "change 1-0", "change 1-2", "change 1-5"), received.events());
    }

    @Test
    void sinceAnOldRevisionTellsNothingHidden() {
        long session = open();
        take(session, "1", "mine/x");
        take(session, "2", "other/x");
        release("2");
        release("1");
        begin(reads("mine/"), "", "1-0");
        node.settle();

        assertEquals(List.of("mine/x", "mine/x"), locks());
        assertEquals(List.of("change 1-2", "change 1-5"), received.events());
    }

    @Test
    void thePresentStateTellsNothingHidden() {
        long session = open();
        for (int i = 0; i < 300; i++) {
            take(session, "o" + i, "other/" + i);
        }
        take(session, "1", "mine/x", "other/set");
        node.history.restart(node.history.upTo());
        begin(reads("mine/"), "", "0-0");
        node.settle();
        release("1");
        node.settle();

        assertEquals(List.of("mine/x", "mine/x"), locks());
        assertEquals(List.of("reset", "sync", "live 1-302", "change 1-303"), received.events());
        assertTrue(received.sessions.isEmpty());
    }

    @Test
    void sessionsAreToldOfToTheirOwner() {
        long own = open("key:a");
        long others = open("key:b");
        begin(reads("mine/"), "", "0-0");
        node.apply(new Command.ExpireSessions(List.of(own, others), 0));
        node.settle();
        assertEquals(List.of("change 1-0", "change 1-1", "change 1-3"), received.events());
        JsonNode ended = received.items.get(2).data().get("changes");
        assertEquals(1, ended.size());
        assertEquals(Revision.text(own), ended.at("/0/session").asText());

        Received administrator = new Received();
        node.permit = new TestPermit().set(new Visible(names(List.of("mine/")), "", false));
        node.begin(new StreamTerms(new EventFilter("", List.of()), Revision.parse("1-0"), null), administrator);
        node.settle();
        assertEquals(List.of("change 1-1", "change 1-2", "change 1-3"), administrator.events());
    }

    @Test
    void thePresentStateHasTheSessionsOfItsReader() {
        long own = open("key:a");
        open("key:b");
        node.history.restart(node.history.upTo());
        begin(reads("mine/"), "", "0-0");
        node.settle();
        assertEquals(Set.of(Revision.text(own)), received.sessions.keySet());
    }

    @Test
    void aBatchTellsNothingHiddenAndSaysWhereToGoOn() {
        long session = open();
        take(session, "1", "other/x");
        take(session, "2", "mine/x");
        take(session, "3", "other/y");
        node.permit = permit.set(reads("mine/"));
        var batch = new StreamTerms.Batch(Duration.ofHours(1), 10);
        node.begin(new StreamTerms(new EventFilter("", List.of()), Revision.parse("1-0"), batch), received);
        node.settle();

        assertTrue(received.ended);
        assertEquals(1, received.batch().get("events").size());
        assertEquals("1-4", received.batch().get("next").asText());
    }

    @Test
    void aReaderEndsBeforeItIsToldWhatItMayNotBeToldAnyMore() {
        begin(reads("mine/", "more/"), "", null);
        long session = open();
        take(session, "1", "more/x");
        node.settle();
        permit.set(reads("mine/"));
        take(session, "2", "more/y");
        node.settle();

        assertTrue(received.ended);
        assertFalse(received.cut);
        assertEquals(List.of("none", "more/x"), locks());
        assertEquals("bookmark 1-2", received.events().get(received.items.size() - 1));
    }

    @Test
    void aReaderGoesOnWhenRulesChangeThatAreNotAboutItsPrefix() {
        begin(reads("mine/", "more/"), "mine/", null);
        long session = open();
        permit.set(reads("mine/"));
        take(session, "1", "mine/x");
        permit.set(reads("", "other/"));
        take(session, "2", "mine/y");
        node.settle();

        assertFalse(received.ended);
        assertEquals(List.of("bookmark 0-0", "change 1-2", "change 1-3"), received.events());
    }

    @Test
    void aReaderIsToldMoreFromTheRevisionAtWhichItMayBe() {
        begin(reads("mine/"), "", null);
        long session = open();
        take(session, "1", "more/x");
        node.settle();
        permit.set(reads("mine/", "more/"));
        node.lane.wake();
        node.settle();
        release("1");
        node.settle();

        assertEquals(
                List.of("bookmark 0-0", "change 1-0", "widened", "change 1-3"), received.events(), "no state is told");
        assertEquals("1-2", received.items.get(2).data().get("revision").asText());
    }

    @Test
    void aDeletedKeyEndsItsReadersAlsoThoseThatDoNotRead() {
        begin(reads("mine/"), "", null);
        permit.set(null);
        node.lane.wake();
        node.settle();
        assertTrue(received.ended);

        Received slow = new Received();
        node.permit = permit.set(reads("mine/"));
        node.begin(new StreamTerms(new EventFilter("", List.of()), null, null), slow);
        slow.full = true;
        permit.set(null);
        node.lane.tick(System.nanoTime());
        assertTrue(slow.cut);
    }

    @Test
    void aRepairIsCutOffByRulesThatTakeARight() {
        long session = open();
        for (int i = 0; i < 600; i++) {
            take(session, "m" + i, "mine/" + i);
        }
        node.history.restart(node.history.upTo());
        begin(reads("mine/", "more/"), "", "0-0");
        while (!received.events().contains("sync")) {
            assertTrue(node.turn());
        }
        int said = received.items.size();
        permit.set(reads("more/"));
        node.settle();

        assertTrue(received.cut, "there is nothing to go on from");
        assertEquals(said, received.items.size());
    }

    @Test
    void aStreamSaysThatItsCredentialEndsAndEndsWithIt() {
        begin(reads("mine/"), "", null);
        permit.leftMillis = 31_000;
        node.lane.tick(System.nanoTime());
        assertEquals(1, received.items.size());
        permit.leftMillis = 29_000;
        node.lane.tick(System.nanoTime());
        node.lane.tick(System.nanoTime());
        assertEquals(List.of("bookmark 0-0", "reauthenticate"), received.events());
        assertEquals(29_000, received.items.get(1).data().get("leftMs").asLong());
        permit.leftMillis = 0;
        node.lane.tick(System.nanoTime());

        assertTrue(received.ended);
        assertEquals("bookmark 0-0", received.events().get(2));
    }

    @Test
    void readersOfTheSameRulesShareWhatIsEncoded() {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            changes.add(new Change(Change.Kind.GRANTED, "p" + i + "/x", "g" + i, 4, 5, 6, null, 0, null));
        }
        node.history.append(1L << 32 | 1, 0, changes);
        Committed entry = node.history.last();
        EventFilter one = new EventFilter("", List.of()).under(reads("p1/", "p2/"));
        EventFilter same = new EventFilter("", List.of()).under(reads("p2/", "p1/"));
        EventFilter alike = new EventFilter("", List.of()).under(reads("p1/", "p2/", "unused/"));
        EventFilter other = new EventFilter("", List.of()).under(reads("p3/"));

        assertSame(node.filters.shared(one), node.filters.shared(same));
        assertSame(part(entry, one), part(entry, same));
        assertSame(part(entry, one), part(entry, alike), "what they are told is the same");
        assertNotSame(part(entry, one), part(entry, other));
        for (int i = 0; i < 80; i++) {
            EventFilter each = new EventFilter("", List.of()).under(reads("p" + i + "/"));
            assertSame(part(entry, each), part(entry, each));
        }
        node.history.restart(node.history.upTo());
    }

    private static Object part(Committed entry, EventFilter filter) {
        Committed.Part part = entry.part(0, filter);
        return part == null ? "nothing" : part.message();
    }

    /** What is delivered to readers of random rules is what the rules say of each change by itself. */
    @Test
    void whatAStreamDeliversIsWhatTheRulesLetPassOfEachChange() {
        for (int seed = 1; seed <= 60; seed++) {
            Random random = new Random(seed);
            Bench busy = new Bench(10_000);
            List<Reader> readers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                readers.add(new Reader(busy, random));
            }
            long session =
                    busy.apply(new Command.OpenSession("k", 10_000, "", "", 0)).revision();
            for (int i = 0; i < 60; i++) {
                step(busy, random, session, i);
                if (random.nextBoolean()) {
                    busy.settle();
                }
            }
            readers.add(new Reader(busy, random, "1-0"));
            busy.history.append(busy.history.upTo() + 1, 0, List.of());
            busy.lane.wake();
            busy.settle();
            for (Reader reader : readers) {
                assertEquals(reader.wanted(busy), reader.told(), "seed " + seed + ": " + reader.patterns);
            }
        }
    }

    private static void step(Bench bench, Random random, long session, int i) {
        if (i > 3 && random.nextInt(3) == 0) {
            bench.apply(new Command.Release("g" + random.nextInt(i), 0, 0));
            return;
        }
        TreeMap<String, Claim> claims = new TreeMap<>();
        for (int n = random.nextInt(12); n >= 0; n--) {
            String lock = name(random);
            claims.put(lock, Claim.exclusive(lock));
        }
        bench.apply(new Command.Acquire("g" + i, session, List.copyOf(claims.values()), 1_000, "", 0));
    }

    private static String name(Random random) {
        StringBuilder name = new StringBuilder(SEGMENTS[random.nextInt(SEGMENTS.length)]);
        for (int i = random.nextInt(3); i > 0; i--) {
            name.append('/').append(SEGMENTS[random.nextInt(SEGMENTS.length)]);
        }
        return name.toString();
    }

    /** A reader with random rules, and what it should get by the plainest reading of them. */
    private static final class Reader {
        private final List<String> patterns = new ArrayList<>();
        private final String prefix;
        private final Received received = new Received();

        Reader(Bench bench, Random random) {
            this(bench, random, null);
        }

        Reader(Bench bench, Random random, String since) {
            for (int i = random.nextInt(5); i >= 0; i--) {
                patterns.add(random.nextInt(15) == 0 ? "" : name(random) + (random.nextBoolean() ? "/" : ""));
            }
            prefix = random.nextBoolean() ? "" : name(random);
            bench.permit = new TestPermit().set(new Visible(names(patterns), "key:a", false));
            Long from = since == null ? null : Revision.parse(since);
            bench.begin(new StreamTerms(new EventFilter(prefix, List.of("granted", "released")), from, null), received);
        }

        private boolean isTold(String lock) {
            return lock.startsWith(prefix)
                    && patterns.stream()
                            .anyMatch(pattern -> pattern.isEmpty() || pattern.endsWith("/")
                                    ? lock.startsWith(pattern)
                                    : lock.equals(pattern));
        }

        List<String> wanted(Bench bench) {
            List<String> wanted = new ArrayList<>();
            for (Committed at = bench.history.floor(); at != null; at = at.next()) {
                for (Change change : at.changes()) {
                    String lock = change.lock();
                    boolean isKind = change.kind() == Change.Kind.GRANTED || change.kind() == Change.Kind.RELEASED;
                    if (isKind && lock != null && isTold(lock)) {
                        wanted.add(Revision.text(at.revision()) + " " + lock + " " + change.grant());
                    }
                }
            }
            return wanted;
        }

        List<String> told() {
            List<String> told = new ArrayList<>();
            for (Received.Item item : received.items) {
                for (JsonNode change : item.data().path("changes")) {
                    told.add(item.data().get("revision").asText() + " "
                            + change.get("lock").asText() + " "
                            + change.get("grant").asText());
                }
            }
            return told;
        }
    }
}
