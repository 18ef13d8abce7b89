package io.holdfast.server.attach;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PingedClientTest {

    private final List<Promise<Buffer>> pings = new ArrayList<>();
    private final HttpConnection connection = (HttpConnection) Proxy.newProxyInstance(
            HttpConnection.class.getClassLoader(),
            new Class<?>[] {HttpConnection.class},
            (proxy, method, arguments) -> {
                assertEquals("ping", method.getName(), "nothing else of the connection counts");
                Promise<Buffer> answer = Promise.promise();
                pings.add(answer);
                return answer.future();
            });
    private final PingedClient client = new PingedClient(connection);

    private boolean isThere() {
        return client.isThere().result();
    }

    @Test
    void aClientThatAnswersItsPingIsThereWhateverElseTheConnectionCarries() {
        for (int i = 0; i < 5; i++) {
            assertTrue(isThere());
            pings.get(i).complete(Buffer.buffer());
        }
        assertEquals(5, pings.size());
    }

    @Test
    void aClientThatDoesNotAnswerIsNotThereAndIsNotAskedAgainUntilItDoes() {
        assertTrue(isThere());
        assertFalse(isThere());
        assertFalse(isThere());
        assertEquals(1, pings.size());
        pings.get(0).complete(Buffer.buffer());

        assertTrue(isThere());
        assertEquals(2, pings.size());
    }
}
