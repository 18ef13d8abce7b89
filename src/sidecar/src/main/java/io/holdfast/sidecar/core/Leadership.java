package io.holdfast.sidecar.core;

import io.holdfast.api.Metadata;
import io.holdfast.client.LeaderElection;
import io.holdfast.client.Lease;
import io.holdfast.client.Loss;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The own leadership: what it is worth at a moment, and how it ends. Once the work must stop, the lock is kept until
 * the application says that it has stopped, or its time for that is over, or the lease is; never given back before. Any
 * thread.
 */
public final class Leadership implements LeaderElection.Listener {

    private static final System.Logger LOG = System.getLogger(Leadership.class.getName());
    private static final long LOOK_MILLIS = 20;

    private final Terms terms;
    private final LeaderView view;
    private final Clock clock;
    private final Hooks hooks;
    private final Audience audience;
    private final AtomicLong elections = new AtomicLong();
    private final AtomicLong losses = new AtomicLong();
    private @Nullable LeaderElection election;
    private @Nullable Lease held;
    private @Nullable Plan planned;
    private boolean ending;
    private boolean stopped;

    /** Token of the last leadership whose application was told to stop. */
    private long stopTold;

    /** A loss that came before that. */
    private @Nullable Lost untold;

    private @Nullable Moment closes;
    private long closesInMillis;

    /**
     * What does not change.
     *
     * @param candidate own id
     * @param metadata own metadata
     * @param session name of the own session
     * @param grace how long a stop hook may take when the application itself gave the leadership up
     */
    public record Terms(String candidate, Metadata metadata, String session, Duration grace) {}

    /**
     * The own leadership at a moment.
     *
     * @param leads whether the application may begin an effect
     * @param token its fencing token, also while it ends; 0 when the lock is not held
     * @param validForMs how long it lasts when nothing is heard of the ensemble any more; 0 unless it leads
     */
    public record Standing(boolean leads, long token, long validForMs) {}

    /** What became of the wish to give it up. */
    public enum Outcome {
        /** It ends. */
        ACCEPTED,
        /** This candidate does not lead. */
        NOT_LEADER,
        /** The candidate that was named does not stand, or this one led no more. */
        NO_SUCH_CANDIDATE
    }

    /**
     * How a leadership is going to be given up.
     *
     * @param reason for the application
     * @param time what the application has to stop
     * @param hookTime what the stop hook has
     * @param stopped whether the application has stopped already
     */
    private record Plan(String reason, Duration time, Duration hookTime, boolean stopped) {}

    /** A leadership that was not given up. */
    private record Lost(long token, String cause) {}

    /** Creates one that is told by {@link #attach} how to end what it is told of. */
    public Leadership(Terms terms, LeaderView view, Clock clock, Hooks hooks, Audience audience) {
        this.terms = terms;
        this.view = view;
        this.clock = clock;
        this.hooks = hooks;
        this.audience = audience;
        view.onChange(this::yieldToNewer);
    }

    /** A node told a newer leader, so an administrator took the lock: the work ends before the own session says so. */
    private void yieldToNewer() {
        LeaderElection standing;
        synchronized (this) {
            standing = held != null && !ending && view.highest() > held.token() ? election : null;
        }
        if (standing != null) {
            standing.resign();
        }
    }

    /** Says which election it listens to; before anything is given up. */
    public synchronized void attach(LeaderElection standing) {
        election = standing;
    }

    /** What it is worth at this moment, worked out from the clocks. */
    public Standing now() {
        Lease lease;
        Moment until;
        long untilMillis;
        boolean ends;
        synchronized (this) {
            lease = held;
            until = closes;
            untilMillis = closesInMillis;
            ends = ending;
        }
        if (lease == null) {
            return new Standing(false, 0, 0);
        }
        boolean over = ends || lease.stopping() || view.highest() > lease.token();
        long left = over ? 0 : lease.remaining().toMillis();
        if (until != null) {
            left = Math.min(left, Math.max(0, untilMillis - until.millisUntil(clock.now())));
        }
        return new Standing(left > 0, lease.token(), left);
    }

    /** Whether the lock is held, be it that the work ends. */
    public synchronized boolean isHeld() {
        return held != null;
    }

    /** Waits until the lock is not held, for that long at most; returns whether it is not held. */
    public synchronized boolean awaitRelease(long millis) throws InterruptedException {
        Moment began = clock.now();
        long left = millis;
        while (held != null && left > 0) {
            wait(left);
            left = millis - began.millisUntil(clock.now());
        }
        return held == null;
    }

    /** How often it was elected. */
    public long elections() {
        return elections.get();
    }

    /** How often it lost the leadership without giving it up. */
    public long losses() {
        return losses.get();
    }

    @Override
    public void elected(Lease lease) {
        synchronized (this) {
            held = lease;
            planned = null;
            ending = false;
            stopped = false;
        }
        elections.incrementAndGet();
        LOG.log(System.Logger.Level.INFO, "leads with token " + lease.token());
        long token = lease.token();
        Moment now = clock.now();
        Instant since = Instant.ofEpochMilli(now.wallMillis());
        view.heard(new Candidate(terms.candidate(), token, terms.metadata(), since, terms.session()), now);
        audience.leaderChanged();
        hooks.elected(token);
        CompletableFuture<Void> unused = lease.lost().thenAccept(loss -> ended(token, loss));
    }

    private void ended(long token, Loss loss) {
        if (loss != Loss.RELEASED) {
            losses.incrementAndGet();
            Lost lost = new Lost(token, loss.name().toLowerCase(Locale.ROOT).replace('_', '-'));
            if (isStopTold(lost)) {
                audience.lost(lost.token(), lost.cause());
            }
        }
        wake();
    }

    /** Whether the application was told to stop; if it was not, it is told of the loss after that. */
    private synchronized boolean isStopTold(Lost lost) {
        boolean told = stopTold >= lost.token();
        untold = told ? untold : lost;
        return told;
    }

    /** The application was told to stop; returns a loss that it is to be told of now. */
    private synchronized @Nullable Lost stopWasTold(long token) {
        stopTold = token;
        Lost lost = untold;
        untold = null;
        return lost;
    }

    private synchronized void wake() {
        notifyAll();
    }

    @Override
    public void revoked(Lease lease) {
        Moment began = clock.now();
        Plan plan = begun(lease);
        audience.stopping(lease.token(), plan.time(), plan.reason());
        Lost lost = stopWasTold(lease.token());
        if (lost != null) {
            audience.lost(lost.token(), lost.cause());
        }
        audience.leaderChanged();
        try {
            boolean confirmed = hooks.stop(lease.token(), () -> hasStopped() ? 0 : left(began, plan.hookTime(), lease));
            if (!confirmed) {
                awaitStopped(began, plan, lease);
            }
        } finally {
            synchronized (this) {
                held = null;
                planned = null;
                ending = false;
                notifyAll();
            }
            audience.leaderChanged();
        }
    }

    /** A hand-over that is planned while the lease is lost has no more time than the lease. */
    private synchronized Plan begun(Lease lease) {
        Duration remaining = lease.remaining();
        boolean losing = remaining.toMillis() <= terms.grace().toMillis() || view.highest() > lease.token();
        Plan wish = planned;
        Plan plan = wish != null && (wish.stopped() || !losing) ? wish : new Plan("lease", remaining, remaining, false);
        ending = true;
        stopped |= plan.stopped();
        return plan;
    }

    private long left(Moment began, Duration time, Lease lease) {
        long left = time.toMillis() - began.millisUntil(clock.now());
        return lease.remaining().isZero() ? 0 : Math.max(0, left);
    }

    private synchronized boolean hasStopped() {
        // A stop hook is called also when the application gave the leadership up by itself.
        return stopped && (planned == null || !planned.stopped());
    }

    private void awaitStopped(Moment began, Plan plan, Lease lease) {
        boolean interrupted = false;
        synchronized (this) {
            while (!stopped && left(began, plan.time(), lease) > 0) {
                try {
                    wait(Math.min(LOOK_MILLIS, left(began, plan.time(), lease) + 1));
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The application has stopped, and gives the leadership up; ends the time that it was given to stop. */
    public Outcome resign() {
        return end(new Plan("resign", Duration.ZERO, terms.grace(), true));
    }

    /** The sidecar ends: gives up what it has; the application has stopped, or its time is over. */
    public Outcome shutDown() {
        return end(new Plan("shutdown", Duration.ZERO, terms.grace(), true));
    }

    private Outcome end(Plan plan) {
        LeaderElection standing = null;
        boolean over;
        long token;
        synchronized (this) {
            if (held == null) {
                return Outcome.NOT_LEADER;
            }
            token = held.token();
            stopped = true;
            notifyAll();
            if (!ending && planned == null) {
                planned = plan;
                standing = election;
            }
            over = hasStopped();
        }
        if (over) {
            hooks.stopped(token);
        }
        if (standing != null) {
            standing.resign();
        }
        return Outcome.ACCEPTED;
    }

    /**
     * Has the application stop, and gives the leadership to a candidate that stands, or to the next.
     *
     * @param to id of the candidate; null for the next
     * @param drain how long the application has to stop; {@link #resign} ends it earlier
     */
    public Outcome handOver(@Nullable String to, Duration drain) throws InterruptedException {
        Duration hookTime = drain.compareTo(terms.grace()) < 0 ? terms.grace() : drain;
        Plan plan = new Plan("hand-over", drain, hookTime, false);
        LeaderElection standing;
        synchronized (this) {
            standing = election;
            if (held == null || held.stopping() || ending || planned != null || standing == null) {
                return Outcome.NOT_LEADER;
            }
            planned = plan;
        }
        boolean given = false;
        try {
            if (to == null) {
                standing.resign();
                given = true;
            } else {
                given = standing.handOver(to);
            }
        } finally {
            if (!given) {
                undo();
            }
        }
        return given ? Outcome.ACCEPTED : Outcome.NO_SUCH_CANDIDATE;
    }

    /** There is no hand-over after all; the application may have given the leadership up meanwhile. */
    private void undo() {
        boolean resigned;
        synchronized (this) {
            planned = ending ? planned : null;
            resigned = stopped && held != null && !ending;
        }
        if (resigned) {
            resign();
        }
    }

    /** Nothing that is said of its validity reaches beyond so long from now: the sidecar is going to end then. */
    public void closesIn(Duration time) {
        Moment now = clock.now();
        synchronized (this) {
            closes = now;
            closesInMillis = time.toMillis();
        }
    }
}
