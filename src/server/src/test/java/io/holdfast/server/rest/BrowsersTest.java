package io.holdfast.server.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.vertx.core.net.HostAndPort;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a page of another site has a browser send. */
class BrowsersTest {

    private static final Browsers LOCAL = new Browsers("127.0.0.1", Optional.of("http://dev.example.com:7100"));
    private static final Browsers PUBLIC = new Browsers("0.0.0.0", Optional.empty());

    private static @Nullable Integer status(Browsers browsers, String host, @Nullable String origin, boolean secured) {
        return browsers.refusal(HostAndPort.parseAuthority(host, -1), origin, secured)
                .map(problem -> problem.type().status())
                .orElse(null);
    }

    @Test
    void aNodeOnLoopbackAnswersNoNameOfAnotherDomain() {
        for (String own : new String[] {
            "localhost:7100",
            "127.0.0.1:7100",
            "127.8.9.1",
            "[::1]:7100",
            "app.localhost",
            "node",
            "DEV.example.com:7100"
        }) {
            assertNull(status(LOCAL, own, null, false), own);
        }
        for (String foreign :
                new String[] {"evil.example.com:7100", "127.0.0.1.evil.com", "dev.example.com.evil.com"}) {
            assertEquals(421, status(LOCAL, foreign, null, false), foreign);
            assertNull(status(PUBLIC, foreign, null, false), foreign);
            assertNull(status(LOCAL, foreign, null, true), foreign);
        }
        assertEquals(421, status(new Browsers("localhost", Optional.empty()), "evil.com", null, false));
        assertEquals(421, status(new Browsers("::1", Optional.empty()), "evil.com.", null, false));
    }

    @Test
    void anOriginIsThatOfTheRequest() {
        assertNull(status(PUBLIC, "locks.example.com:7100", "http://locks.example.com:7100", false));
        assertNull(status(PUBLIC, "locks.example.com", "http://LOCKS.example.com", false));
        assertNull(status(PUBLIC, "locks.example.com", "https://locks.example.com", true));
        assertNull(status(PUBLIC, "[::1]:7100", "http://[::1]:7100", false));
        assertNull(status(PUBLIC, "locks.example.com", "https://locks.example.com", false), "a proxy ends TLS");
        for (String foreign : new String[] {
            "http://evil.com",
            "http://locks.example.com",
            "http://locks.example.com:7101",
            "http://locks.example.com.evil.com:7100",
            "null",
            "",
            "file://",
            "http://locks.example.com:7100@evil.com",
            "\\"
        }) {
            assertEquals(403, status(PUBLIC, "locks.example.com:7100", foreign, false), foreign);
        }
    }
}
