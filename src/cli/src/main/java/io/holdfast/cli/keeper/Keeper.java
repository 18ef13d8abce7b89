package io.holdfast.cli.keeper;

import io.holdfast.api.LockBody;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.HoldfastException;
import io.holdfast.client.Lease;
import io.holdfast.client.LeaseLostException;
import io.holdfast.client.Session;
import io.holdfast.client.UnavailableException;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Holds session and grant while a guard runs the command, once or whenever it is granted. Runs on one thread; each
 * grant has a session of its own, whose end is its release.
 */
final class Keeper {

    private static final long LOOK_MILLIS = 1_000;

    /** How long a session that is being opened is waited for, to be closed again. */
    private static final long OPENING_MILLIS = 2_000;

    private static final Duration WAIT_MAX = Duration.ofHours(24);

    private final Plan plan;
    private final Hold.Side side;
    private final HoldfastClient client;
    private boolean granted;
    private boolean waitTold;

    Keeper(Plan plan, Hold.Side side, HoldfastClient client) {
        this.plan = plan;
        this.side = side;
        this.client = client;
    }

    /** Runs until there is nothing more to hold; {@link Guard#over} has then been told, or the guard has ended. */
    void run() throws InterruptedException {
        side.guard().plan(plan);
        Outcome outcome = Outcome.DONE;
        boolean more = true;
        while (more) {
            outcome = turn();
            boolean retry = outcome.equals(Outcome.UNAVAILABLE) && granted;
            more = plan.repeat()
                    && (outcome.equals(Outcome.DONE) || retry)
                    && !side.state().isOver();
            if (more) {
                pause();
                more = !side.state().isOver();
            }
        }
        side.guard().over(outcome);
    }

    /** A moment for others before it stands again. */
    private void pause() throws InterruptedException {
        long end = System.nanoTime() + LOOK_MILLIS * 1_000_000;
        while (System.nanoTime() < end && !side.state().isOver()) {
            side.state().await(side.state().changes(), LOOK_MILLIS);
        }
    }

    /** One session: stands for the locks and holds them. */
    private Outcome turn() throws InterruptedException {
        long began = System.nanoTime();
        try {
            while (true) {
                if (!plan.eligible().getAsBoolean()) {
                    if (side.state().isOver()) {
                        return Outcome.CANCELLED;
                    }
                    pause();
                    continue;
                }
                Session session = open();
                try {
                    Outcome outcome = inSession(session, began);
                    if (outcome != null) {
                        return outcome;
                    }
                } catch (LeaseLostException e) {
                    // The session ended while it waited: a new one takes its place at the end of the queue.
                    side.warn().accept("the session ended while it waited; it is queued again");
                } finally {
                    session.close();
                }
            }
        } catch (CancellationException e) {
            return Outcome.CANCELLED;
        } catch (UnavailableException e) {
            side.warn().accept(e.getMessage());
            return Outcome.UNAVAILABLE;
        } catch (HoldfastException | IllegalArgumentException e) {
            side.warn().accept(e.getMessage());
            return Outcome.FAILED;
        } catch (IOException e) {
            side.warn().accept("cannot write the lease file " + side.file() + ": " + e.getMessage());
            return Outcome.FAILED;
        }
    }

    /** How it went; null when it is not to stand at present. */
    private @Nullable Outcome inSession(Session session, long began) throws IOException, InterruptedException {
        Optional<Lease> lease = acquire(session, began);
        if (lease.isEmpty()) {
            if (side.state().isOver()) {
                return Outcome.CANCELLED;
            }
            return plan.eligible().getAsBoolean() ? Outcome.NOT_GRANTED : null;
        }
        granted = true;
        Lease held = lease.get();
        if (waitTold) {
            side.warn().accept("granted, token " + held.token() + ", after " + text(since(began)));
            waitTold = false;
        }
        new Hold(plan, side, held).run(new Granted(plan.what().names(), held.grant(), held.token(), session.id()));
        session.close();
        side.guard().released();
        return Outcome.DONE;
    }

    private static Duration since(long began) {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private static String text(Duration time) {
        long seconds = time.toSeconds();
        return seconds < 60
                ? seconds + "s"
                : seconds < 3600
                        ? seconds / 60 + "m" + seconds % 60 + "s"
                        : seconds / 3600 + "h" + seconds / 60 % 60 + "m";
    }

    /** Waits for the grant; empty when it is not wanted any more, or not granted in time. */
    private Optional<Lease> acquire(Session session, long began) throws InterruptedException {
        while (true) {
            Duration left =
                    plan.patience().map(wait -> wait.minus(since(began))).orElse(WAIT_MAX);
            boolean once = plan.patience().isPresent() && plan.patience().get().isZero();
            if (left.isNegative() && !once) {
                return Optional.empty();
            }
            Duration wait = once || left.isNegative() ? Duration.ZERO : left;
            CompletableFuture<Lease> asked = session.acquireAsync(plan.what(), wait);
            CompletableFuture<Lease> unused =
                    asked.whenComplete((lease, failure) -> side.state().wake());
            if (!await(session, asked)) {
                asked.cancel(true);
                return Optional.empty();
            }
            Lease lease = result(asked);
            if (lease != null) {
                return Optional.of(lease);
            }
            if (plan.patience().isPresent()) {
                return Optional.empty();
            }
        }
    }

    /** Waits for an answer; false when none is wanted any more. */
    private boolean await(Session session, CompletableFuture<?> asked) throws InterruptedException {
        while (true) {
            int seen = side.state().changes();
            if (asked.isDone()) {
                return true;
            }
            if (side.state().isOver() || !plan.eligible().getAsBoolean()) {
                return false;
            }
            side.state().await(seen, LOOK_MILLIS);
            if (plan.progress() && !waitTold && !asked.isDone() && !side.state().isOver()) {
                waitTold = true;
                start("keeper-look", () -> tellWaiting(session));
            }
        }
    }

    private static <T> @Nullable T result(CompletableFuture<T> done) {
        try {
            return done.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw e;
        }
    }

    /** Says what it waits behind. */
    private void tellWaiting(Session session) {
        try {
            for (String name : plan.what().names()) {
                LockBody lock = client.locks().get(name);
                if (!lock.holders().isEmpty()) {
                    LockBody.Holder holder = lock.holders().get(0);
                    String by = holder.sessionName().isEmpty() ? holder.session() : holder.sessionName();
                    Long heldMs = holder.heldMs();
                    String held = heldMs == null ? "" : "; held for " + text(Duration.ofMillis(heldMs));
                    String place = lock.waiters().stream()
                            .filter(waiter -> waiter.session().equals(session.id()))
                            .map(waiter -> "position " + waiter.position())
                            .findFirst()
                            .orElse("far behind");
                    side.warn().accept("waits behind " + by + " (" + place + held + ")");
                    return;
                }
            }
        } catch (HoldfastException e) {
            side.warn().accept("waits");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Opens a session, within the time that a node is looked for; what is opened too late is closed again. */
    private Session open() throws InterruptedException {
        CompletableFuture<Session> opening = new CompletableFuture<>();
        Thread thread = start("keeper-open", () -> {
            try {
                opening.complete(client.openSession(plan.name()));
            } catch (Exception e) {
                opening.completeExceptionally(e);
            }
            side.state().wake();
        });
        long end = System.nanoTime() + plan.timeout().toNanos();
        while (!opening.isDone() && !side.state().isOver() && System.nanoTime() < end) {
            int seen = side.state().changes();
            if (!opening.isDone()) {
                side.state().await(seen, Math.max(1, (end - System.nanoTime()) / 1_000_000));
            }
        }
        if (side.state().isOver()) {
            thread.join(OPENING_MILLIS);
            if (opening.isDone() && !opening.isCompletedExceptionally()) {
                opening.join().close();
            }
            throw new CancellationException("not wanted any more");
        }
        if (!opening.isDone()) {
            thread.interrupt();
            throw new UnavailableException("no node answered within " + text(plan.timeout()), "", "", null);
        }
        return Objects.requireNonNull(result(opening));
    }

    private static Thread start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
