package io.holdfast.sidecar.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.api.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Which leader is named when. */
class AnswersTest {

    private final Bench bench = new Bench();

    private String document() {
        return text(bench.answers.document(bench.answers.now()));
    }

    private String elector() {
        return text(bench.answers.electorDocument(bench.answers.now()));
    }

    private static String text(Json.Writable document) {
        return new String(Json.write(document), StandardCharsets.UTF_8);
    }

    @Test
    void beforeAnythingWasHeardNothingIsNamed() {
        assertEquals(
                "{\"lock\":\"jobs/leader\",\"candidate\":\"pod-1\",\"me\":false,\"validForMs\":0,\"ageMs\":-1,"
                        + "\"state\":\"unreachable\"}",
                document());
        assertEquals("{\"name\":\"\",\"last_update\":\"1970-01-01T00:16:40Z\"}", elector());
        assertFalse(bench.answers.isReady());
    }

    @Test
    void anotherLeaderIsNamedForATtlAfterItWasHeardOf() {
        bench.heard("pod-2", 8);
        bench.clock.advance(10_000);
        assertEquals(
                "{\"lock\":\"jobs/leader\",\"leader\":{\"candidate\":\"pod-2\",\"token\":8,"
                        + "\"since\":\"1970-01-01T00:00:00Z\",\"metadata\":{}},\"candidate\":\"pod-1\",\"me\":false,"
                        + "\"validForMs\":0,\"ageMs\":10000,\"state\":\"following\"}",
                document());
        assertEquals("{\"name\":\"pod-2\",\"last_update\":\"1970-01-01T00:00:00Z\"}", elector());
        assertTrue(bench.answers.isReady());
        bench.clock.advance(1);
        assertEquals("unreachable", bench.answers.now().state());
        assertTrue(elector().startsWith("{\"name\":\"\""), elector());
        assertFalse(bench.answers.isReady());
    }

    @Test
    void tokensNeverGoBack() {
        bench.heard("pod-2", 8);
        bench.heard("pod-3", 7);
        assertEquals("pod-2", bench.answers.now().leader().id());
        bench.view.heard(null, bench.clock.now());
        assertEquals(null, bench.answers.now().leader());
        bench.heard("pod-2", 7);
        assertEquals(null, bench.answers.now().leader());
        bench.heard("pod-3", 9);
        assertEquals("pod-3", bench.answers.now().leader().id());
        assertEquals("pod-2", bench.view.former().orElseThrow().id());
    }

    @Test
    void anAnswerToAnEarlierQuestionTakesNoLeaderAway() {
        Moment asked = bench.clock.now();
        bench.clock.advance(10);
        bench.heard("pod-2", 8);
        bench.view.heard(null, asked);
        assertEquals("pod-2", bench.answers.now().leader().id());
    }

    @Test
    void thisCandidateIsNamedWhileItLeadsOnly() throws Exception {
        bench.heard("pod-1", 5);
        assertEquals(null, bench.answers.now().leader(), "the lock is an earlier run's of this pod");
        FakeLease lease = bench.election.elect(7);
        bench.clock.advance(60_000);
        Answers.Told told = bench.answers.now();
        assertEquals("pod-1", told.leader().id());
        assertEquals("leading", told.state());
        assertEquals(0, told.ageMs());
        assertTrue(document().contains("\"metadata\":{\"a\":1}"));
        lease.mustStop();
        assertEquals("stopping", bench.answers.now().state());
        assertTrue(elector().startsWith("{\"name\":\"\""), elector());
    }

    @Test
    void aSuspendedMachineCounts() {
        Moment before = new Moment(0, 1_000);
        assertEquals(59_500, before.millisUntil(new Moment(0, 61_000)));
        assertEquals(7, before.millisUntil(new Moment(7_000_000, -50_000)));
        assertEquals(0, before.millisUntil(new Moment(-1, 0)));
    }
}
