package io.holdfast.cli.keeper;

import io.holdfast.client.Lease;
import io.holdfast.client.LeaseLostException;
import io.holdfast.client.Loss;
import io.holdfast.client.Notice;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One grant, from the start of its command to its end: tells the guard each deadline, and kills what runs under it when
 * the guard is gone or the lease is over. Runs on one thread, which nothing else blocks.
 */
final class Hold {

    /** Lasting how much longer makes a deadline worth telling, in hundredths of a second. */
    private static final long NEWS_HUNDREDTHS = 5;

    private static final long NEWS_MILLIS_MAX = 2_000;
    private static final long ROUND_MILLIS_MIN = 5;
    private static final long ROUND_MILLIS_MAX = 200;

    /** What could not be killed that long after the lease is not waited for. */
    private static final long KILL_MILLIS_MAX = 60_000;

    private final Plan plan;
    private final Side side;
    private final Lease lease;
    private volatile @Nullable Loss loss;
    private volatile @Nullable String reason;
    private @Nullable String toldReason;
    private long end;
    private long confirmed;
    private boolean fileFailed;

    /**
     * What a grant needs of its surroundings.
     *
     * @param guard runs the command
     * @param state what was heard of it
     * @param work what it started
     * @param file tells the command of its lease
     * @param uptime the clock of deadlines
     * @param warn says something for people
     */
    record Side(Guard guard, GuardState state, Work work, LeaseFile file, Uptime uptime, Consumer<String> warn) {}

    Hold(Plan plan, Side side, Lease lease) {
        this.plan = plan;
        this.side = side;
        this.lease = lease;
    }

    /**
     * Has the command run, and returns when nothing of it runs any more.
     *
     * @return whether the lease was held until then
     * @throws IOException when the command cannot be told of its lease; it was not started
     */
    boolean run(Granted granted) throws IOException, InterruptedException {
        side.state().begin();
        side.work().granted(granted.grant());
        lease.onNotice(this::heard);
        lease.onStop(side.state()::wake);
        CompletableFuture<Loss> unused = lease.lost().whenComplete((how, failure) -> {
            loss = how;
            side.state().wake();
        });
        readDeadline();
        side.file().write(end, granted.token());
        side.guard().deadline(end, confirmed);
        side.guard().granted(granted);
        return watch(granted.token());
    }

    private boolean watch(long token) throws InterruptedException {
        while (true) {
            int seen = side.state().changes();
            if (side.state().isEnded()) {
                side.work().ended();
                return true;
            }
            if (side.state().isGone()) {
                killAll();
                return true;
            }
            tellReason();
            long told = end;
            long left = readDeadline();
            if (loss != null || left <= Guard.EARLY_HUNDREDTHS) {
                lost();
                return false;
            }
            if (end > told + NEWS_HUNDREDTHS || end < told - 1) {
                side.guard().deadline(end, confirmed);
                tellFile(token);
            } else {
                end = told;
            }
            long pause = Math.min(plan.ttl().toMillis() / 12, NEWS_MILLIS_MAX);
            side.state().await(seen, Math.max(1, Math.min(pause, (left - Guard.EARLY_HUNDREDTHS) * 10)));
        }
    }

    /** Works out when the lease ends: the shared clock is read first, so no pause in between makes it later. */
    private long readDeadline() {
        long now = side.uptime().hundredths();
        long left = lease.remaining().toMillis() / 10;
        end = now + left;
        confirmed = Math.min(now, end - plan.usableHundredths());
        return left;
    }

    private void heard(Notice notice) {
        if (notice.kind() == Notice.Kind.BREAK_ANNOUNCED) {
            reason = notice.by() + " takes the lock (" + notice.reason() + ")";
            side.state().wake();
        } else if (notice.kind() == Notice.Kind.YIELD_REQUESTED) {
            side.warn().accept("another client asks for the lock; the command goes on");
        }
    }

    private void tellReason() {
        String known = reason;
        if (known != null && !known.equals(toldReason)) {
            toldReason = known;
            side.guard().reason(known);
        }
    }

    private void tellFile(long token) {
        try {
            side.file().write(end, token);
            fileFailed = false;
        } catch (IOException e) {
            // The command goes on to see an earlier deadline than it has.
            if (!fileFailed && !side.state().isGone()) {
                side.warn().accept("cannot write the lease file " + side.file() + ": " + e.getMessage());
            }
            fileFailed = true;
        }
    }

    private void lost() throws InterruptedException {
        if (!side.work().isStarted()) {
            // A guard that runs has said by now whether it started the command.
            side.work().killGuard();
        }
        side.guard().lost(why());
        killAll();
        // A confirmation may still have come: nothing runs under it any more, and the guard may be stopped for long.
        lease.close();
        while (!side.state().isEnded() && !side.state().isGone()) {
            side.state().await(side.state().changes(), NEWS_MILLIS_MAX);
        }
        side.work().ended();
    }

    /** How the lease ended; it is over before those who wait for its end are told. */
    private Loss cause() {
        Loss told = loss;
        if (told != null) {
            return told;
        }
        try {
            lease.check();
            return Loss.EXPIRED;
        } catch (LeaseLostException e) {
            return e.loss();
        }
    }

    private String why() {
        Loss how = cause();
        if (how == Loss.SESSION_ENDED) {
            return "the ensemble ended the session";
        }
        if (how == Loss.BROKEN) {
            return reason != null ? reason : "the lock was taken from its holder";
        }
        return "lost contact " + Math.max(0, side.uptime().hundredths() - confirmed) / 100 + " s ago";
    }

    /** Kills until nothing is found: what was forked while it was looked for is found the next time. */
    private void killAll() throws InterruptedException {
        long round = ROUND_MILLIS_MIN;
        long spent = 0;
        int none = 0;
        while (none < 2 && spent < KILL_MILLIS_MAX) {
            none = side.work().kill() > 0 ? 0 : none + 1;
            if (none > 0) {
                continue;
            }
            Thread.sleep(round);
            round = Math.min(ROUND_MILLIS_MAX, 2 * round);
            // While the lease lasts, what cannot be killed yet is still alone.
            spent = lease.remaining().isZero() ? spent + round : 0;
        }
    }
}
