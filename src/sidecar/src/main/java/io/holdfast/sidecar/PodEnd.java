package io.holdfast.sidecar;

import io.holdfast.sidecar.core.Clock;
import io.holdfast.sidecar.core.Eligibility;
import io.holdfast.sidecar.core.Leadership;
import io.holdfast.sidecar.core.Moment;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;

/**
 * How a leader's pod ends. As a native sidecar it is told early, by {@code /drain}, and is sent SIGTERM only after the
 * application ended: it gives the leadership up at once. As a plain container it is sent SIGTERM together with the
 * application: it goes on leading until the application has ended.
 */
final class PodEnd {

    private static final System.Logger LOG = System.getLogger(PodEnd.class.getName());
    private static final long LOOK_MILLIS = 50;
    private static final int CONNECT_MILLIS = 500;

    private final Leadership leadership;
    private final Eligibility eligibility;
    private final Clock clock;
    private final Duration drain;
    private final Optional<Integer> workPort;

    PodEnd(Leadership leadership, Eligibility eligibility, Clock clock, Duration drain, Optional<Integer> workPort) {
        this.leadership = leadership;
        this.eligibility = eligibility;
        this.clock = clock;
        this.drain = drain;
        this.workPort = workPort;
    }

    /** The pod is going to end: stands no more, and goes on leading. */
    void announced() {
        if (!eligibility.isWithdrawn()) {
            eligibility.withdraw();
            LOG.log(System.Logger.Level.INFO, "the pod ends: this candidate stands no more");
        }
    }

    /** Waits until the application has ended, as far as that can be seen; the drain's time at most. */
    void awaitApplication() {
        boolean toldEarly = eligibility.isWithdrawn();
        eligibility.withdraw();
        if (toldEarly || !leadership.isHeld() || drain.isZero()) {
            return;
        }
        leadership.closesIn(drain);
        Moment began = clock.now();
        LOG.log(
                System.Logger.Level.INFO,
                "leads until the application has ended: until POST /resign"
                        + workPort.map(port -> ", or port " + port + " refuses connections")
                                .orElse("")
                        + ", for " + drain.toMillis() + " ms at most");
        try {
            long left = drain.toMillis();
            while (left > 0
                    && works()
                    && !leadership.awaitRelease(workPort.isPresent() ? Math.min(LOOK_MILLIS, left) : left)) {
                left = drain.toMillis() - began.millisUntil(clock.now());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the application still listens; true when its port is not known. */
    private boolean works() {
        if (workPort.isEmpty()) {
            return true;
        }
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), workPort.get()), CONNECT_MILLIS);
            return true;
        } catch (ConnectException e) {
            return false;
        } catch (IOException e) {
            // It may be busy: only a refusal says that nothing listens.
            return true;
        }
    }
}
