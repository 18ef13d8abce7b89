package io.holdfast.server.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.lock.Change;
import io.holdfast.lock.Command;
import io.holdfast.lock.Mode;
import io.holdfast.lock.Revision;
import io.holdfast.server.history.EventFilter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventReaderTest {

    private final Bench node = new Bench(100);
    private final Received received = new Received();

    private static StreamTerms all(String since) {
        return new StreamTerms(EventFilter.ALL, since == null ? null : Revision.parse(since), null);
    }

    private long open() {
        return node.apply(new Command.OpenSession("k" + node.history.upTo(), 10_000, "", "", 0))
                .revision();
    }

    private void take(long session, String grant, String lock) {
        node.apply(new Command.Acquire(grant, session, lock, Mode.EXCLUSIVE, 1_000, "", 0));
    }

    private void release(String grant) {
        node.apply(new Command.Release(grant, 0, 0));
    }

    @Test
    void eachTransactionIsSaidOnceAndInOrder() {
        node.begin(all(null), received);
        long session = open();
        take(session, "a", "lock");
        take(session, "b", "lock");
        take(session, "b", "lock");
        node.settle();
        release("a");
        node.settle();

        assertEquals(
                List.of("bookmark 0-0", "change 1-0", "change 1-1", "change 1-2", "change 1-3", "change 1-5"),
                received.events());
        assertEquals(
                "released", received.items.get(5).data().at("/changes/0/kind").asText());
        assertEquals(
                "granted", received.items.get(5).data().at("/changes/1/kind").asText());
        assertEquals(
                "requested", received.items.get(5).data().at("/changes/0/cause").asText());
    }

    @Test
    void aNodeThatLeavesSaysHowFarAReaderIsAndEndsItsStream() {
        node.begin(all(null), received);
        open();
        node.settle();
        node.lane.leave();
        open();
        node.settle();

        assertEquals(List.of("bookmark 0-0", "change 1-0", "change 1-1", "bookmark 1-1"), received.events());
        assertTrue(received.ended);
        assertFalse(received.cut);
    }

    @Test
    void aNodeThatLeavesAnswersABatchWithWhatThereIs() {
        var batch = new StreamTerms.Batch(Duration.ofSeconds(50), 10);
        node.begin(new StreamTerms(EventFilter.ALL, node.history.upTo(), batch), received);
        node.settle();
        node.lane.leave();

        assertTrue(received.ended);
        assertEquals("0-0", received.batch().get("next").asText());
    }

    @Test
    void aNodeThatLeavesCutsOffAReaderThatCouldNotGoOnOrDoesNotRead() {
        node.begin(all(null), received);
        received.full = true;
        node.lane.leave();

        assertTrue(received.cut);
        assertFalse(received.ended);
    }

    @Test
    void aReaderGoesOnAfterTheIdThatItHas() {
        long session = open();
        take(session, "a", "lock");
        release("a");
        node.begin(all("1-2"), received);
        take(session, "b", "lock");
        node.settle();

        assertEquals(List.of("change 1-3", "change 1-4"), received.events());
    }

    @Test
    void whatThisNodeHasNotAppliedYetIsNotSaidTwice() {
        node.begin(all("1-3"), received);
        long session = open();
        take(session, "a", "lock");
        release("a");
        take(session, "b", "lock");
        node.settle();

        assertEquals(List.of("change 1-4"), received.events());
    }

    @Test
    void aReaderIsToldWhatItAskedForAndNothingElse() {
        StreamTerms terms = new StreamTerms(new EventFilter("a/", List.of("released", "expired")), 0L, null);
        node.begin(terms, received);
        long session = open();
        take(session, "1", "a/x");
        take(session, "2", "b/x");
        take(session, "3", "a/y");
        node.apply(new Command.ExpireSessions(List.of(session), 0));
        node.settle();

        assertEquals(List.of("change 1-5"), received.events());
        assertEquals(2, received.items.get(0).data().get("changes").size());
    }

    @Test
    void aNewEpochIsSaidBeforeItsFirstTransaction() {
        open();
        node.begin(all("1-1"), received);
        node.electLeader();
        open();
        node.settle();

        assertEquals(List.of("change 2-0", "change 2-1"), received.events());
    }

    @Test
    void aFullReaderIsGivenNothingUntilItHasReadAndThenAll() {
        EventReader reader = node.begin(all(null), received);
        received.full = true;
        long session = open();
        take(session, "a", "lock");
        node.settle();
        assertEquals(List.of("bookmark 0-0"), received.events());

        received.full = false;
        reader.drained();
        node.settle();
        assertEquals(List.of("bookmark 0-0", "change 1-0", "change 1-1", "change 1-2"), received.events());
    }

    @Test
    void aReaderThatTakesNothingIsCutOff() {
        EventReader reader = node.begin(all(null), received);
        received.full = true;
        node.lane.tick(1);
        node.lane.tick(9 * Bench.SECOND);
        assertFalse(received.cut);
        node.lane.tick(11 * Bench.SECOND);

        assertTrue(received.cut);
        assertTrue(reader.isCutOff());
        assertTrue(reader.isOver());
    }

    @Test
    void aReaderThatIsLateByMoreThanHistoryIsCutOffAndNeverHasAGap() {
        node.begin(all(null), received);
        received.full = true;
        long session = open();
        for (int i = 0; i < 60; i++) {
            take(session, "g" + i, "lock");
            release("g" + i);
        }
        node.settle();
        node.lane.tick(1);

        assertTrue(received.cut);
        assertEquals(List.of("bookmark 0-0"), received.events());
    }

    @Test
    void aQuietStreamSaysHowFarItIs() {
        EventReader reader = node.begin(all(null), received);
        long session = open();
        take(session, "a", "lock");
        take(session, "a", "lock");
        node.settle();
        reader.tick(System.nanoTime() + 9 * Bench.SECOND);

        assertEquals("bookmark 1-3", received.events().get(received.items.size() - 1));
        assertEquals(
                7,
                received.items
                        .get(received.items.size() - 1)
                        .data()
                        .get("ageMs")
                        .asLong());
    }

    @Test
    void aReaderWhoseHistoryIsGoneIsGivenThePresentStateAndGoesOn() {
        long session = open();
        take(session, "holds", "lock");
        take(session, "waits", "lock");
        node.history.restart(node.history.upTo());
        node.begin(all("1-1"), received);
        node.settle();
        release("holds");
        node.settle();

        assertEquals(List.of("reset", "sync", "sync", "live 1-3", "change 1-4"), received.events());
        assertEquals(Received.grantsOf(node.table), received.grants);
        assertEquals(1, received.sessions.size());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whateverHappensWhileTheStateIsReadTheReaderEndsWithIt(long seed) {
        Random random = new Random(seed);
        Bench busy = new Bench(5_000);
        List<Long> sessions = new ArrayList<>();
        List<String> grants = new ArrayList<>();
        for (int i = 0; i < 1_500; i++) {
            step(busy, random, sessions, grants);
        }
        busy.history.restart(busy.history.upTo());
        EventReader reader = busy.begin(all("0-0"), received);
        while (busy.turn()) {
            received.full = random.nextInt(4) == 0;
            if (random.nextInt(3) > 0 && busy.history.size() < 600) {
                step(busy, random, sessions, grants);
            }
            if (busy.turns.isEmpty()) {
                received.full = false;
                reader.drained();
            }
        }

        assertEquals(Received.grantsOf(busy.table), received.grants, "seed " + seed);
        assertEquals(busy.table.sessionCount(), received.sessions.size(), "seed " + seed);
        assertTrue(received.events().stream().filter("sync"::equals).count() > 4, "one page proves nothing");
        List<Long> ids = received.ids();
        for (int i = 1; i < ids.size(); i++) {
            assertTrue(ids.get(i) > ids.get(i - 1), "seed " + seed + ": " + received.events());
        }
    }

    /** Pages are read and said for longer than history reaches back, and the reader is not the worse for it. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void aRepairNeedsHistoryOnlyFromOnePageToTheNext(long seed) {
        Random random = new Random(seed);
        Bench busy = new Bench(60);
        List<Long> sessions = new ArrayList<>();
        List<String> grants = new ArrayList<>();
        for (int i = 0; i < 1_500; i++) {
            step(busy, random, sessions, grants);
        }
        busy.settle();
        busy.begin(all("0-0"), received);
        long began = busy.history.upTo();
        int turns = 0;
        while (busy.turn()) {
            assertTrue(++turns < 10_000, "the repair does not end");
            if (busy.desk.running() > 0) {
                for (int i = 0; i < 4; i++) {
                    step(busy, random, sessions, grants);
                }
            }
        }

        assertTrue(busy.history.floor().revision() > began, "history has forgotten the beginning of the repair");
        assertEquals(1, received.events().stream().filter("reset"::equals).count());
        assertEquals(Received.grantsOf(busy.table), received.grants, "seed " + seed);
        assertEquals(busy.table.sessionCount(), received.sessions.size(), "seed " + seed);
    }

    @Test
    void theLineOfOneLockIsReadInSeveralPages() {
        long session = open();
        for (int i = 0; i < 1_000; i++) {
            take(session, "g" + i, "lock");
        }
        node.settle();
        node.begin(all("0-0"), received);
        for (int i = 0; node.turn(); i++) {
            if (i < 20) {
                release("g" + i);
            }
        }

        assertEquals(Received.grantsOf(node.table), received.grants);
        assertTrue(received.events().stream().filter("sync"::equals).count() > 4, "one page proves nothing");
        assertEquals(1, received.events().stream().filter("reset"::equals).count());
    }

    @Test
    void aLargeTransactionIsSeveralMessagesOfWhichTheLastHasTheId() {
        node.begin(all(null), received);
        appendGrants(450);
        node.settle();

        assertEquals(List.of("bookmark 0-0", "change 1-0", "change", "change", "change 1-1"), received.events());
        assertEquals(450, received.grants.size());
    }

    @Test
    void aBatchCountsChangesAndDividesNoTransaction() {
        var batch = new StreamTerms.Batch(Duration.ofHours(1), 500);
        node.begin(new StreamTerms(EventFilter.ALL, 0L, batch), received);
        appendGrants(450);
        appendGrants(450);
        node.settle();

        assertTrue(received.ended);
        assertEquals(4, received.batch().get("events").size());
        assertEquals("1-1", received.batch().get("next").asText());
    }

    /** Has one transaction grant so many locks. */
    private void appendGrants(int count) {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            changes.add(new Change(Change.Kind.GRANTED, "lock" + i, "g" + i, 4, 5, 6, null, 0, null));
        }
        node.history.append(Math.max(1L << 32, node.history.upTo()) + 1, 0, changes);
        node.lane.wake();
    }

    private static void step(Bench bench, Random random, List<Long> sessions, List<String> grants) {
        int what = random.nextInt(100);
        if (sessions.size() < 3 || what < 20) {
            sessions.add(bench.apply(new Command.OpenSession("k" + bench.history.upTo(), 10_000, "", "", 0))
                    .revision());
        } else if (what < 75) {
            String grant = "g" + bench.history.upTo();
            grants.add(grant);
            long session = sessions.get(random.nextInt(sessions.size()));
            String lock = "lock/" + random.nextInt(700);
            bench.apply(new Command.Acquire(grant, session, lock, Mode.EXCLUSIVE, 1_000, "", 0));
        } else if (what < 97 && !grants.isEmpty()) {
            bench.apply(new Command.Release(grants.remove(random.nextInt(grants.size())), 0, 0));
        } else {
            bench.apply(new Command.ExpireSessions(List.of(sessions.remove(random.nextInt(sessions.size()))), 0));
        }
    }

    @Test
    void repairsTakeTurns() {
        open();
        node.history.restart(node.history.upTo());
        Received second = new Received();
        Received third = new Received();
        node.begin(all("0-0"), received);
        EventReader gone = node.begin(all("0-0"), second);
        node.begin(all("0-0"), third);
        gone.close();
        node.settle();

        assertEquals("live 1-1", received.events().get(received.items.size() - 1));
        assertEquals(List.of("reset"), second.events());
        assertEquals("live 1-1", third.events().get(third.items.size() - 1));
    }

    @Test
    void aBatchEndsOnceItHasSomethingAndSaysWhereToGoOn() {
        StreamTerms terms = new StreamTerms(EventFilter.ALL, 0L, new StreamTerms.Batch(Duration.ofHours(1), 2));
        node.begin(terms, received);
        assertEquals("", received.text.toString());
        open();
        open();
        node.settle();

        assertTrue(received.ended);
        assertEquals(2, received.batch().get("events").size());
        assertEquals("1-1", received.batch().get("next").asText());
        assertEquals("change", received.batch().at("/events/0/event").asText());
    }

    @Test
    void aBatchOfNothingSaysSoWhenItsPollIsOver() {
        open();
        EventFilter none = new EventFilter("nobody/", List.of());
        EventReader reader =
                node.begin(new StreamTerms(none, 0L, new StreamTerms.Batch(Duration.ofHours(1), 10)), received);
        node.settle();
        assertFalse(received.ended);
        reader.tick(System.nanoTime() + 3_601 * Bench.SECOND);

        assertTrue(received.ended);
        assertEquals("{\"events\":[],\"next\":\"1-1\"}", received.text.toString());
    }

    @Test
    void aBatchMayBeAWholeRepair() {
        long session = open();
        take(session, "a", "lock");
        node.history.restart(node.history.upTo());
        node.begin(new StreamTerms(EventFilter.ALL, 0L, new StreamTerms.Batch(Duration.ZERO, 1)), received);
        node.settle();

        assertTrue(received.ended);
        assertEquals(4, received.batch().get("events").size());
        assertEquals("live", received.batch().at("/events/3/event").asText());
        assertEquals("1-2", received.batch().get("next").asText());
    }
}
