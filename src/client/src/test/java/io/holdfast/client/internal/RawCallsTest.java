package io.holdfast.client.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.api.CheckBody;
import io.holdfast.api.CheckRequest;
import io.holdfast.client.RefusedException;
import io.holdfast.client.UnavailableException;
import io.holdfast.client.spi.ApiAnswer;
import io.holdfast.client.spi.ApiCalls;
import io.holdfast.client.spi.ApiRequest;
import io.holdfast.client.spi.TransportResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The calls of the API as they are: what a node said, unchanged, from whichever node says it. */
@Timeout(60)
class RawCallsTest {

    private static final ApiRequest CHECK = ApiRequest.of("POST", "/v1/locks/a/-/check")
            .body(new CheckRequest(17L))
            .expecting(CheckBody::read);

    private final ThreadLoop server = new ThreadLoop("test-server");
    private final FakeTransport transport = new FakeTransport(server, new ModelServer(server));
    private final ApiCalls calls = new RawCalls(
            ClientOptions.of(FakeTransport.NODES, Duration.ofMinutes(2), "raw"),
            new ThreadLoop("test-calls"),
            transport);

    @AfterEach
    void close() {
        calls.close();
        server.close();
    }

    private static TransportResponse response(int status, String body) {
        return new TransportResponse(status, Map.of(), body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theAnswerIsGivenAsItCame() throws Exception {
        String document = "{ \"valid\":true,\n \"current\" : 17, \"later\": [1]}";
        transport.all(transport.answers(response(200, document)));

        ApiAnswer answer = calls.call(CHECK);

        assertEquals(document, new String(answer.response().body(), StandardCharsets.UTF_8));
        assertTrue(answer.read(CheckBody::read).valid());
        assertTrue(answer.refusal().isEmpty());
        assertFalse(answer.repeated());
    }

    @Test
    void aRefusalIsAnAnswerToo() throws Exception {
        String problem = "{\"type\":\"urn:holdfast:problem:invalid-request\",\"detail\":\"no\",\"more\":1}";
        transport.all(transport.answers(response(400, problem)));

        ApiAnswer answer = calls.call(CHECK);

        assertEquals(problem, new String(answer.response().body(), StandardCharsets.UTF_8));
        assertEquals("invalid-request", answer.problem().orElseThrow().slug());
        assertInstanceOf(RefusedException.class, answer.refusal().orElseThrow());
    }

    @Test
    void anotherNodeIsAskedWhenOneIsDownOrSaysGarbage() throws Exception {
        transport.at(0, FakeTransport.refuses());
        transport.at(1, transport.answers(response(200, "{\"valid\":tr")));
        transport.at(2, transport.answers(response(200, "{\"valid\":false}")));

        for (int i = 0; i < 6; i++) {
            assertFalse(calls.call(CHECK).read(CheckBody::read).valid());
        }
    }

    @Test
    void whetherTheCallMayHaveHadItsEffectIsKnown() {
        ApiRequest brief = CHECK.within(Duration.ofMillis(300));
        transport.all(FakeTransport.refuses());
        assertFalse(assertThrows(UnavailableException.class, () -> calls.call(brief))
                .outcomeUnknown());

        transport.at(1, FakeTransport.swallows());
        assertTrue(assertThrows(UnavailableException.class, () -> calls.call(brief))
                .outcomeUnknown());
    }

    @Test
    void aNodeThatHoldsRequestsIsLookedForNoLongerThanAnother() {
        ApiRequest held = CHECK.held(Duration.ofHours(1)).within(Duration.ofMillis(300));
        transport.all(FakeTransport.refuses());
        UnavailableException none = assertThrows(UnavailableException.class, () -> calls.call(held));
        assertTrue(none.getMessage().contains("within 300 ms"), none.getMessage());
    }
}
