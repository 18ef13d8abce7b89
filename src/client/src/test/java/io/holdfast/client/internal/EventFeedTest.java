package io.holdfast.client.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.api.EventBatch;
import io.holdfast.client.EventSubscription;
import io.holdfast.client.RefusedException;
import io.holdfast.client.spi.TransportRequest;
import io.holdfast.client.spi.TransportResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** Events in batches through a network that loses and garbles them, in made-up time. */
class EventFeedTest extends MadeUpTime {

    private final List<String> told = new ArrayList<>();
    private int committed;

    /**
     * Answers up to three changes after {@code since}, or holds the request; a transaction each is committed now and
     * then.
     */
    private void events(TransportRequest request, CompletableFuture<TransportResponse> answer) {
        assertEquals("application/json", request.headers().get("Accept"));
        String since =
                request.target().contains("since=") ? request.target().replaceAll(".*since=3-", "") : "" + committed;
        int after = Integer.parseInt(since);
        if (after >= committed) {
            loop.schedule(500, () -> events(request, answer));
            return;
        }
        List<EventBatch.Event> batch = new ArrayList<>();
        for (int i = after + 1; i <= Math.min(committed, after + 3); i++) {
            batch.add(event("change", "3-" + i));
        }
        batch.add(event("bookmark", "3-" + (after + batch.size())));
        answer.complete(ModelServer.answer(200, new EventBatch(batch, "3-" + (after + batch.size() - 1))));
    }

    private static EventBatch.Event event(String kind, String revision) {
        return new EventBatch.Event(
                revision, kind, new EventBatch.Content(revision, null, List.of(), null, null, null));
    }

    private EventSubscription.Builder follow() {
        return client.events("it/");
    }

    @Test
    void everyTransactionIsToldOnceAndInOrderWhateverTheNetworkDoes() {
        Random random = new Random(3);
        EventSubscription feed = follow().since("3-0")
                .kinds("granted")
                .start(event -> told.add(event.data().revision()));
        for (int i = 0; i < 400; i++) {
            switch (random.nextInt(5)) {
                case 0 -> transport.at(random.nextInt(3), FakeTransport.swallows());
                case 1 -> transport.at(random.nextInt(3), FakeTransport.refuses());
                case 2 ->
                    transport.at(
                            random.nextInt(3),
                            (request, answer) ->
                                    answer.complete(new TransportResponse(200, Map.of(), new byte[] {'{'})));
                default -> transport.at(random.nextInt(3), this::events);
            }
            committed += random.nextInt(3);
            loop.pass(random.nextInt(2_000));
        }
        transport.all(this::events);
        loop.until(120_000, () -> feed.position().equals("3-" + committed));
        List<String> all = new ArrayList<>();
        for (int i = 1; i <= committed; i++) {
            all.add("3-" + i);
        }
        assertEquals(all, told);
        feed.close();
        loop.pass(10);
        assertTrue(feed.ended().isDone());
        int asked = transport.sent.size();
        committed++;
        loop.pass(120_000);
        assertTrue(transport.sent.size() <= asked + 3, "a closed subscription asks no more");
    }

    @Test
    void withoutARevisionItBeginsNow() {
        committed = 7;
        transport.all(this::events);
        follow().start(event -> told.add(event.data().revision()));
        loop.pass(1_000);
        assertEquals(List.of(), told);
    }

    @Test
    void aListenerThatFailsMissesNothingElse() {
        committed = 5;
        transport.all(this::events);
        follow().since("3-0").start(event -> {
            told.add(event.data().revision());
            throw new IllegalStateException("the listener's own");
        });
        loop.until(10_000, () -> told.size() == 5);
    }

    @Test
    void whatTheServerRefusesEndsIt() {
        transport.all((request, answer) -> answer.complete(ModelServer.problem(400, "invalid-request")));
        EventSubscription feed = follow().since("99-0").start(event -> told.add("never"));
        loop.until(1_000, () -> feed.ended().isDone());
        ExecutionException failure =
                assertThrows(ExecutionException.class, () -> feed.ended().get());
        assertEquals(RefusedException.class, failure.getCause().getClass());
        assertFalse(told.contains("never"));
        assertThrows(IllegalArgumentException.class, () -> client.events("a b"));
        assertThrows(IllegalArgumentException.class, () -> follow().since("x"));
        assertThrows(IllegalArgumentException.class, () -> follow().kinds("Granted&"));
    }
}
