package io.holdfast.sidecar.core;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.holdfast.ensemble.Eventually;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a candidate may stand. */
@Timeout(120)
class EligibilityTest {

    @Test
    void itMayStandWhileTheApplicationSays200() throws Exception {
        AtomicInteger status = new AtomicInteger(503);
        AtomicInteger changes = new AtomicInteger();
        HttpServer application = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        application.createContext("/", exchange -> {
            exchange.sendResponseHeaders(status.get(), -1);
            exchange.close();
        });
        application.start();
        URI uri = URI.create("http://127.0.0.1:" + application.getAddress().getPort() + "/ready");
        Eligibility eligibility = new Eligibility(Optional.of(uri), changes::incrementAndGet);
        assertFalse(eligibility.mayStand(), "before it was asked");
        eligibility.start();
        status.set(200);
        Eventually.await("the candidate may stand", Bench.BOUND, eligibility::mayStand);
        eligibility.withdraw();
        assertFalse(eligibility.mayStand());
        assertTrue(eligibility.isReady());
        application.stop(0);
        Eventually.await("the application is not ready", Bench.BOUND, () -> !eligibility.isReady());
        assertTrue(changes.get() >= 2);
        eligibility.close();
    }

    @Test
    void withoutAUrlItMayStandUntilThePodEnds() {
        Eligibility eligibility = new Eligibility(Optional.empty(), () -> {});
        eligibility.start();
        assertTrue(eligibility.mayStand() && eligibility.isReady());
        eligibility.withdraw();
        assertFalse(eligibility.mayStand());
        assertTrue(eligibility.isWithdrawn());
    }
}
