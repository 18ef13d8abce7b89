package io.holdfast.client.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.client.EventSubscription;
import io.holdfast.client.RefusedException;
import io.holdfast.client.spi.TransportException;
import io.holdfast.client.spi.TransportRequest;
import io.holdfast.client.spi.TransportStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** Events in batches through a network that loses and garbles them, in made-up time. */
class EventFeedTest extends MadeUpTime {

    private final List<String> told = new ArrayList<>();
    private final List<FakeStream> streams = new ArrayList<>();
    private int committed;

    /** Says what is committed after {@code since}, in pieces that cut messages, and then waits for more. */
    private void events(TransportRequest request, CompletableFuture<TransportStream> answer) {
        assertEquals("text/event-stream", request.headers().get("Accept"));
        String since =
                request.target().contains("since=") ? request.target().replaceAll(".*since=3-", "") : "" + committed;
        FakeStream stream = new FakeStream(loop, 200, "retry: 1000\n\n");
        streams.add(stream);
        answer.complete(stream);
        goOn(stream, Integer.parseInt(since));
    }

    private void goOn(FakeStream stream, int told) {
        if (stream.isClosed()) {
            return;
        }
        for (int i = told + 1; i <= committed; i++) {
            stream.say("id: 3-" + i + "\nevent: cha");
            stream.say("nge\r\ndata: {\"revision\":\"3-" + i + "\",\"changes\":[]}\n\n");
        }
        int next = Math.max(told, committed);
        stream.say("bookmark", "3-" + next, "{\"revision\":\"3-" + next + "\",\"ageMs\":0}");
        loop.schedule(500, () -> goOn(stream, next));
    }

    private TransportStream garbage() {
        return new FakeStream(loop, 200, "id: 3-1\nevent: change\ndata: {\n\n");
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
            switch (random.nextInt(7)) {
                case 0 -> transport.streamsAt(random.nextInt(3), (request, answer) -> {});
                case 1 ->
                    transport.streamsAt(
                            random.nextInt(3),
                            (request, answer) ->
                                    answer.completeExceptionally(new TransportException("refused", false, null)));
                case 2 -> transport.streamsAt(random.nextInt(3), (request, answer) -> answer.complete(garbage()));
                case 3 ->
                    transport.streamsAt(
                            random.nextInt(3),
                            (request, answer) -> answer.complete(new FakeStream(loop, 503, "overloaded")));
                case 4 -> streams.forEach(FakeStream::end);
                default -> transport.streamsAt(random.nextInt(3), this::events);
            }
            committed += random.nextInt(3);
            loop.pass(random.nextInt(2_000));
        }
        transport.streams(this::events);
        loop.until(120_000, () -> feed.position().equals("3-" + committed));
        List<String> all = new ArrayList<>();
        for (int i = 1; i <= committed; i++) {
            all.add("3-" + i);
        }
        assertEquals(all, told);
        feed.close();
        loop.pass(10);
        assertTrue(feed.ended().isDone());
        int asked = transport.opened.size();
        committed++;
        streams.forEach(FakeStream::end);
        loop.pass(120_000);
        assertEquals(asked, transport.opened.size(), "a closed subscription asks no more");
        assertTrue(streams.stream().allMatch(FakeStream::isClosed));
    }

    @Test
    void withoutARevisionItBeginsNow() {
        committed = 7;
        transport.streams(this::events);
        follow().start(event -> told.add(event.data().revision()));
        loop.pass(1_000);
        assertEquals(List.of(), told);
    }

    @Test
    void aListenerThatFailsMissesNothingElse() {
        committed = 5;
        transport.streams(this::events);
        follow().since("3-0").start(event -> {
            told.add(event.data().revision());
            throw new IllegalStateException("the listener's own");
        });
        loop.until(10_000, () -> told.size() == 5);
    }

    @Test
    void whatTheServerRefusesEndsIt() {
        String problem = new String(ModelServer.problem(400, "invalid-request").body(), StandardCharsets.UTF_8);
        transport.streams((request, answer) -> answer.complete(new FakeStream(loop, 400, problem)));
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

    @Test
    void aListenerThatIsBusyIsReadNothingAheadOf() {
        FakeStream stream = new FakeStream(loop, 200, "");
        transport.streams((request, answer) -> answer.complete(stream));
        List<Runnable> held = new ArrayList<>();
        CoreClient lazy = new CoreClient(
                ClientOptions.of(FakeTransport.NODES, Duration.ofSeconds(10), "lazy"),
                loop,
                transport,
                held::add,
                () -> {});
        lazy.events("").start(event -> told.add(event.data().revision()));
        loop.pass(100);
        for (int i = 1; i <= 50; i++) {
            stream.say("change", "3-" + i, "{\"revision\":\"3-" + i + "\"}");
        }
        loop.pass(1_000);
        assertEquals(1, stream.taken, "its executor has not run");
        while (!held.isEmpty()) {
            held.remove(0).run();
            loop.pass(10);
        }
        assertEquals(50, told.size());
    }

    @Test
    void thePresentStateIsToldInPartsAndBeginsAgainWhenItBreaksOff() {
        transport.streams((request, answer) -> {
            FakeStream stream = new FakeStream(loop, 200, "");
            streams.add(stream);
            answer.complete(stream);
            stream.say("reset", null, "{\"since\":\"0-0\",\"reason\":\"history-gone\"}");
            stream.say("sync", null, "{\"revision\":\"3-9\",\"changes\":[]}");
            if (streams.size() == 1) {
                stream.end();
            } else {
                stream.say("live", "3-9", "{\"revision\":\"3-9\"}");
            }
        });
        EventSubscription feed = follow().since("0-0").start(event -> told.add(event.event()));
        loop.until(10_000, () -> feed.position().equals("3-9"));
        assertEquals(List.of("reset", "sync", "reset", "sync", "live"), told);
        assertTrue(transport.opened.stream().allMatch(target -> target.endsWith("&since=0-0")));
    }

    @Test
    void aStreamWhoseCredentialEndsIsFollowedByOneWithANewCredential() {
        transport.streams(this::events);
        List<Boolean> asked = new ArrayList<>();
        ClientOptions plain = ClientOptions.of(FakeTransport.NODES, Duration.ofSeconds(10), "renewing");
        ClientOptions options = new ClientOptions(
                plain.endpoints(),
                plain.ttl(),
                plain.grace(),
                plain.lockDelay(),
                plain.name(),
                anew -> {
                    asked.add(anew);
                    return "Bearer " + asked.size();
                },
                false,
                plain.observer(),
                plain.onStop(),
                plain.onOverrun());
        CoreClient renewing = new CoreClient(options, loop, transport, Runnable::run, () -> {});
        committed = 2;
        EventSubscription feed = renewing.events("it/")
                .since("3-0")
                .start(event -> told.add(event.data().revision()));
        loop.pass(1_000);
        streams.get(0).say("reauthenticate", null, "{\"leftMs\":30000}");
        committed = 3;
        loop.pass(9_000);
        assertEquals(1, streams.size(), "what replaces credentials has some time");
        loop.pass(2_000);
        committed = 4;
        loop.pass(1_000);

        assertEquals(2, streams.size());
        assertTrue(streams.get(0).isClosed());
        assertEquals(List.of(false, true), asked);
        assertEquals(List.of("3-1", "3-2", "3-3", "3-4"), told);
        feed.close();
    }

    @Test
    void aServerThatEndsEveryStreamAtOnceIsNotKeptBusy() {
        transport.streams((request, answer) -> answer.complete(new FakeStream(loop, 500, "<html>")));
        follow().start(event -> told.add("never"));
        loop.pass(60_000);
        assertTrue(transport.opened.size() < 200, "" + transport.opened.size());
        transport.opened.clear();
        transport.streams((request, answer) -> {
            FakeStream stream = new FakeStream(loop, 200, ": hello\n\n");
            stream.end();
            answer.complete(stream);
        });
        loop.pass(60_000);
        assertTrue(transport.opened.size() < 200, "" + transport.opened.size());
    }
}
