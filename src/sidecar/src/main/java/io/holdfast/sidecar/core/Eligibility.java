package io.holdfast.sidecar.core;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Whether this candidate may stand: while a URL of the application says 200, and until the pod ends. The application is
 * asked once a second, on a thread of its own. Any thread.
 */
public final class Eligibility {

    private static final System.Logger LOG = System.getLogger(Eligibility.class.getName());
    private static final Duration WITHIN = Duration.ofSeconds(1);
    private static final long EVERY_MILLIS = 1_000;

    private final Optional<URI> uri;
    private final Runnable changed;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean ready;
    private volatile boolean withdrawn;

    /** Creates one; {@code changed} is called when the application's answer changed. */
    public Eligibility(Optional<URI> uri, Runnable changed) {
        this.uri = uri;
        this.changed = changed;
        this.ready = uri.isEmpty();
    }

    /** Begins to ask. */
    public void start() {
        uri.ifPresent(asked -> {
            Thread thread = new Thread(() -> ask(asked), "holdfast-eligible");
            thread.setDaemon(true);
            thread.start();
        });
    }

    /** Whether it may stand. */
    public boolean mayStand() {
        return ready && !withdrawn;
    }

    /** Whether the application says that it is ready; true when there is no URL to ask. */
    public boolean isReady() {
        return ready;
    }

    /** From now on it may not stand, for good. */
    public void withdraw() {
        withdrawn = true;
    }

    /** Whether that was called. */
    public boolean isWithdrawn() {
        return withdrawn;
    }

    /** Asks no more. */
    public void close() {
        over.countDown();
    }

    private void ask(URI asked) {
        HttpRequest request = HttpRequest.newBuilder(asked).GET().build();
        try {
            do {
                int status = WebCalls.status(request, WITHIN);
                boolean now = status == 200;
                if (now != ready) {
                    ready = now;
                    String answer = status == 0 ? "no answer" : Integer.toString(status);
                    LOG.log(
                            System.Logger.Level.INFO,
                            "HOLDFAST_ELIGIBLE_URL: " + answer + ", so this candidate "
                                    + (now ? "stands" : "does not stand"));
                    changed.run();
                }
            } while (!over.await(EVERY_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
