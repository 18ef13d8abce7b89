package io.holdfast.overlap.matrix;

import io.holdfast.api.LockBody;
import io.holdfast.client.HoldfastException;
import io.holdfast.ensemble.Eventually;
import io.holdfast.overlap.worker.WorkerSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Two contenders of one kind and the lock that they compete for. Used by one thread at a time. */
final class Contest implements AutoCloseable {

    private static final Duration BOUND = Duration.ofMinutes(3);
    private static final long ASK_NANOS = 100_000_000;

    /** For how long the ensemble's word that a token holds the lock is waited on to be followed by a turn of it. */
    private static final long HELD_NANOS = 1_000_000_000;

    private final Ground ground;
    private final WorkerKind kind;
    private final String lock;
    private final Duration ttl;
    private final TurnReader turns;
    private final List<Contender> contenders = new ArrayList<>();
    private final Set<Long> givenUp = new HashSet<>();
    private Cell.Evidence judged = new Cell.Evidence(0, 0, 0, 0, 0);
    private long asked = System.nanoTime();
    private long heldToken;
    private long heldAt;

    /** One whose contenders do not run yet. */
    Contest(Ground ground, WorkerKind kind, Access.Kind access, String lock, Duration ttl)
            throws IOException, TimeoutException {
        this.ground = ground;
        this.kind = kind;
        this.lock = lock;
        this.ttl = ttl;
        var directory = ground.directory().resolve(lock.replace('/', '-'));
        Files.createDirectories(directory);
        var file = directory.resolve("turns");
        this.turns = new TurnReader(file);
        for (var number = 0; number < 2; number++) {
            var way = access.open(ground.nodes(), ground.store().port());
            var settings = new WorkerSettings(
                    number,
                    lock,
                    ttl.toMillis(),
                    way.endpoints(),
                    file,
                    directory,
                    kind.isChecked() ? GuardedStore.url(way.database()) : "",
                    ProcessHandle.current().pid());
            contenders.add(new Contender(kind, settings, way, directory));
        }
    }

    WorkerKind kind() {
        return kind;
    }

    Duration ttl() {
        return ttl;
    }

    /** Starts the contenders. */
    void start() throws IOException {
        for (var contender : contenders) {
            contender.keepRunning();
        }
    }

    /**
     * Waits until one contender works and the other one waits; returns the token. The turn that shows it began after
     * the ensemble named the holder: one that came near the end of its lease has stopped while it is still named.
     */
    long awaitSteady() throws TimeoutException {
        heldToken = 0;
        await("one works and the other one waits", () -> {
            contenders.forEach(Contest::keepRunning);
            var highest = turns.read().highest();
            var newest = turns.newest();
            if (!kind.isChecked() && newest.token() < highest) {
                // It lost the lock on a slow machine, and will never know.
                giveUp(newest.token());
            }
            return highest > 0
                    && newest.token() == highest
                    && isHeld(highest)
                    && newest.began() - heldAt > 0
                    && holder(highest).isWhole();
        });
        return turns.read().highest();
    }

    private void giveUp(long token) {
        if (givenUp.add(token)) {
            holder(token).signals().giveUp();
        }
    }

    private static void keepRunning(Contender contender) {
        try {
            contender.keepRunning();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns whether the ensemble said a short time ago that a token holds the lock and that another one waits. */
    private boolean isHeld(long token) {
        var now = System.nanoTime();
        if (heldToken == token && now - heldAt < HELD_NANOS) {
            return true;
        }
        if (now - asked < ASK_NANOS) {
            return false;
        }
        try {
            LockBody body = ground.admin().locks().get(lock);
            asked = System.nanoTime();
            var holds = body.waiting() > 0
                    && body.holders().size() == 1
                    && body.holders().get(0).token() == token;
            heldToken = holds ? token : 0;
            heldAt = asked;
            return holds;
        } catch (HoldfastException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** One repetition of a fault after which the other contender must get the lock. */
    void round(Fault fault, Cell cell) throws IOException, TimeoutException {
        long token;
        do {
            token = awaitSteady();
        } while (fault == Fault.PAUSED && !pause(token));
        var before = evidence();
        var holder = holder(token);
        var began = System.nanoTime();
        fault.begin(holder);
        cell.lost(awaitNext(token).minusNanos(began));
        await(
                "the fault lasts",
                () -> System.nanoTime() - began > ttl.plusSeconds(2).toNanos());
        if (fault == Fault.PAUSED) {
            awaitGuarded(token);
        }
        fault.end(holder);
        if (fault == Fault.PAUSED) {
            await("the write to the file is late", () -> turns.read().staleWrites() > before.stale());
            await("the fence keeps the late write out", () -> tally().refused() > before.refused());
        }
        if (!kind.isChecked()) {
            await("the control overlaps", () -> turns.read().overlapNanos() > before.overlapNanos());
            giveUp(token);
        }
        awaitSteady();
        cell.add(takeEvidence());
    }

    private Contender holder(long token) {
        return contenders.get(turns.read().span(token).contender());
    }

    private boolean pause(long token) throws TimeoutException {
        return holder(token).pauseBeforeWrites(() -> turns.read().highest() == token);
    }

    /** Waits until another token works; returns when it began to, by the monotonic clock. */
    private Duration awaitNext(long token) throws TimeoutException {
        var holder = holder(token);
        await("the next holder works", () -> {
            // The other one may have ended: its lease may be lost too, before its first turn.
            contenders.stream().filter(other -> other != holder).forEach(Contest::keepRunning);
            return turns.read().after(token) != 0;
        });
        var check = turns.read();
        return Duration.ofNanos(check.span(check.after(token)).firstBegan());
    }

    private void awaitGuarded(long token) throws TimeoutException {
        await("the next holder writes behind the fence", () -> tally().highest() > token);
    }

    /** Waits until more than a ttl has passed since that moment of the monotonic clock. */
    void awaitLonger(long moment) throws TimeoutException {
        await("a ttl passes", () -> System.nanoTime() - moment > ttl.toNanos());
    }

    /** What all of its turns show since this was last asked. */
    Cell.Evidence takeEvidence() {
        var now = evidence();
        var taken = now.minus(judged);
        judged = now;
        return taken;
    }

    private Cell.Evidence evidence() {
        var check = turns.read();
        var guarded = tally();
        return new Cell.Evidence(
                check.overlapNanos(), check.staleWrites(), guarded.writes(), guarded.stale(), guarded.refused());
    }

    /** How many tokens worked until now. */
    int tokens() {
        return turns.read().tokens();
    }

    /** The longest time between two turns since this was last asked. */
    Duration takeLongestPause() {
        turns.read();
        return Duration.ofNanos(turns.takeLongestPause());
    }

    private GuardedStore.Tally tally() {
        try {
            return ground.store().tally(lock);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void await(String what, BooleanSupplier condition) throws TimeoutException {
        try {
            Eventually.await(lock + ": " + what, BOUND, condition);
        } catch (TimeoutException e) {
            var logs = new StringBuilder(e.getMessage()).append('\n');
            contenders.forEach(contender -> logs.append(contender.logTail(20)));
            throw new TimeoutException(logs.toString());
        }
    }

    @Override
    public void close() throws IOException {
        for (var contender : contenders) {
            contender.close();
        }
        turns.close();
    }
}
