package io.holdfast.sidecar.core;

import io.holdfast.api.Metadata;
import io.holdfast.ensemble.Eventually;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/** A leadership of {@code pod-1} with everything that it needs, all of it a test's. */
public final class Bench implements Audience, Hooks {

    public static final Duration TTL = Duration.ofSeconds(10);

    /** Of waits for what other threads do: far above what a loaded machine takes. */
    public static final Duration BOUND = Duration.ofSeconds(60);

    public final FakeClock clock = new FakeClock();
    public final LeaderView view = new LeaderView();
    public final List<String> told = new CopyOnWriteArrayList<>();
    public final Leadership leadership = new Leadership(
            new Leadership.Terms("pod-1", Metadata.of("{\"a\":1}"), "uid-1/holdfast", Duration.ofSeconds(2)),
            view,
            clock,
            this,
            this);
    public final FakeElection election = new FakeElection(leadership);
    public final Answers answers = new Answers("jobs/leader", "pod-1", TTL, leadership, view, clock);
    public volatile boolean hookSucceeds;
    public volatile boolean hookIsSet;

    public Bench() {
        leadership.attach(election);
    }

    public static Candidate candidate(String id, long token) {
        return new Candidate(id, token, Metadata.NONE, Instant.EPOCH, "uid-of-" + id + "/holdfast");
    }

    public void heard(String id, long token) {
        view.heard(candidate(id, token), clock.now());
    }

    public void awaitTold(String line) {
        try {
            Eventually.await(line, BOUND, () -> told.contains(line));
        } catch (TimeoutException e) {
            throw new AssertionError(told.toString(), e);
        }
    }

    @Override
    public void leaderChanged() {
        // What changed is asked for.
    }

    @Override
    public void stopping(long token, Duration within, String reason) {
        told.add("stop " + token + " " + reason + " " + within.toMillis());
    }

    @Override
    public void lost(long token, String cause) {
        told.add("lost " + token + " " + cause);
    }

    @Override
    public void elected(long token) {
        told.add("hook elected " + token);
    }

    @Override
    public void stopped(long token) {
        told.add("hook over " + token);
    }

    @Override
    public boolean stop(long token, LongSupplier leftMillis) {
        while (hookIsSet && leftMillis.getAsLong() > 0) {
            if (hookSucceeds) {
                told.add("hook stopped " + token);
                return true;
            }
            Thread.onSpinWait();
        }
        told.add("hook ended " + token);
        return false;
    }
}
