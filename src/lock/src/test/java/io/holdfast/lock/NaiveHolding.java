package io.holdfast.lock;

import io.holdfast.lock.Change.Kind;
import java.util.List;
import java.util.stream.Stream;

/** What is done with grants that hold their locks, in the plainest form. */
abstract class NaiveHolding extends NaiveRows implements CommandHandler<Result> {

    NaiveHolding(Quotas quotas) {
        super(quotas);
    }

    @Override
    public Result onChangeMode(Command.ChangeMode c) {
        GrantRow g = grant(c.grant());
        if (g == null) {
            return new Result.GrantUnknown(c.grant());
        }
        Result gone = gone(c.grant(), c.token());
        if (gone != null) {
            return gone;
        }
        for (Claim claim : g.claims) {
            boolean toExclusive = c.mode() == Mode.EXCLUSIVE;
            boolean promised = lines().line(claim.lock()).stream()
                    .anyMatch(w -> lines().fits(w, NaiveLines.claim(w, claim.lock())));
            Result.ModeRefused.Reason reason = g.token == 0
                    ? Result.ModeRefused.Reason.IN_LINE
                    : claim.limit() > 0
                            ? Result.ModeRefused.Reason.SEMAPHORE
                            : toExclusive && lines().holders(claim.lock()).size() > 1
                                    ? Result.ModeRefused.Reason.NOT_ALONE
                                    : toExclusive && delay(claim.lock()) != null
                                            ? Result.ModeRefused.Reason.DELAYED
                                            : toExclusive && promised ? Result.ModeRefused.Reason.PROMISED : null;
            if (reason != null) {
                LockView lock = lockView(claim.lock(), Limits.HOLDERS_SHOWN, 0);
                return new Result.ModeRefused(g.id, claim.lock(), lock.used(), lock.waiting(), reason);
            }
        }
        if (g.claims.stream().allMatch(claim -> claim.mode() == c.mode())) {
            return new Result.ModeChanged(view(g));
        }
        if (c.mode() == Mode.EXCLUSIVE && !tokensLeft()) {
            return new Result.QuotaExceeded(Quota.TOKENS, quotas.lastToken(), null);
        }
        g.claims = g.claims.stream()
                .map(claim -> new Claim(claim.lock(), c.mode(), 1, 0))
                .toList();
        g.changed = true;
        if (c.mode() == Mode.EXCLUSIVE) {
            g.token = ++lastToken;
        }
        report(c.mode() == Mode.EXCLUSIVE ? Kind.UPGRADED : Kind.DOWNGRADED, g, null, 0);
        moveOn();
        return new Result.ModeChanged(view(g));
    }

    @Override
    public Result onRelease(Command.Release c) {
        GrantRow g = grant(c.grant());
        if (g == null && c.token() != 0) {
            return new Result.GrantUnknown(c.grant());
        }
        if (g == null) {
            GrantRow never = new GrantRow();
            never.id = c.grant();
            never.attempt = true;
            never.owner = principal;
            leave(never, Cause.REQUESTED);
            return new Result.Gone(never.id, Cause.REQUESTED, null);
        }
        if (!isOwn(g.owner)) {
            return new Result.NotYours(g.sessionId, g.id);
        }
        if (c.token() != 0 && c.token() != g.token) {
            return new Result.TokenStale(g.id, g.token);
        }
        if (g.ended != null) {
            return new Result.Gone(g.id, g.ended, g.note);
        }
        GrantView before = view(g);
        GrantRow to = c.to().isEmpty() ? null : grant(c.to());
        if (to != null && obstacle(g, to) == null && wouldHave(to, g)) {
            handOver(g, to);
        } else {
            endAlso(g, Cause.REQUESTED, c.closedMillis());
            moveOn();
        }
        return before.token() != 0 ? new Result.Released(before) : new Result.Cancelled(before);
    }

    @Override
    public Result onExpireDelays(Command.ExpireDelays c) {
        int count = 0;
        for (LockDelay item : c.items()) {
            DelayRow row = delay(item.lock());
            if (row != null && row.number() == item.number()) {
                delays.remove(row);
                changes.add(new Change(Kind.DELAY_ENDED, row.lock(), null, 0, 0, 0, null, 0, null));
                count++;
            }
        }
        moveOn();
        return new Result.Expired(count);
    }

    @Override
    public Result onChangeLimit(Command.ChangeLimit c) {
        List<GrantRow> users = Stream.concat(lines().holders(c.lock()).stream(), lines().line(c.lock()).stream())
                .toList();
        DelayRow delay = delay(c.lock());
        int limit = users.stream()
                .findFirst()
                .map(g -> NaiveLines.claim(g, c.lock()).limit())
                .orElse(delay == null ? -1 : delay.limit());
        Result.LimitRefused.Hindrance reason = limit < 0
                ? Result.LimitRefused.Hindrance.NOT_IN_USE
                : limit == 0 ? Result.LimitRefused.Hindrance.NO_SEMAPHORE : null;
        String tooMany = null;
        for (GrantRow g : users) {
            if (reason == null && NaiveLines.claim(g, c.lock()).permits() > c.limit()) {
                reason = Result.LimitRefused.Hindrance.TOO_FEW;
                tooMany = g.id;
            }
        }
        if (reason != null) {
            return new Result.LimitRefused(c.lock(), reason, tooMany);
        }
        Integer before = limits.put(c.lock(), c.limit());
        if (before == null || before != c.limit()) {
            for (GrantRow g : users) {
                g.claims = g.claims.stream()
                        .map(claim -> claim.lock().equals(c.lock())
                                ? Claim.semaphore(claim.lock(), claim.permits(), c.limit())
                                : claim)
                        .toList();
            }
            if (delay != null) {
                delays.set(delays.indexOf(delay), new DelayRow(c.lock(), c.limit(), delay.number(), delay.millis()));
            }
            changes.add(new Change(Kind.LIMIT_CHANGED, c.lock(), null, 0, 0, 0, null, c.limit(), null));
            moveOn();
        }
        return new Result.LimitChanged(c.lock(), c.limit());
    }

    Result gone(String grant, long token) {
        GrantRow g = grant(grant);
        if (g == null) {
            return new Result.GrantUnknown(grant);
        }
        if (!isOwn(g.owner)) {
            return new Result.NotYours(g.sessionId, g.id);
        }
        if (g.ended != null) {
            return new Result.GrantEnded(g.id, g.sessionId, g.token, g.ended);
        }
        return token != 0 && token != g.token ? new Result.TokenStale(g.id, g.token) : null;
    }

    @Override
    public Result onTransfer(Command.Transfer c) {
        GrantRow g = grant(c.grant());
        GrantRow to = grant(c.to());
        boolean offersItself = c.token() == 0 && to != null && to.ended == null && isOwn(to.owner);
        Result gone = gone(c.grant(), c.token());
        if (gone != null && !(gone instanceof Result.NotYours && offersItself && g.ended == null)) {
            return gone;
        }
        Result.TransferRefused.Obstacle obstacle = obstacle(g, to);
        if (obstacle == null && c.token() != 0 && !wouldHave(to, g)) {
            obstacle = Result.TransferRefused.Obstacle.BLOCKED;
        }
        if (obstacle != null) {
            return new Result.TransferRefused(g.id, c.to(), obstacle);
        }
        if (c.token() != 0) {
            handOver(g, to);
            return new Result.Transferred(view(to));
        }
        if (g.yield == null || g.yield.ticket() != to.ticket || g.yield.drainMillis() != c.drainMillis()) {
            g.yield = new Yield(to.id, to.ticket, c.drainMillis(), revision);
            report(Kind.YIELD_REQUESTED, g, null, c.drainMillis());
        }
        return new Result.YieldRequested(view(g));
    }

    Result.TransferRefused.Obstacle obstacle(GrantRow g, GrantRow to) {
        if (g.token == 0) {
            return Result.TransferRefused.Obstacle.NOT_HELD;
        }
        boolean common = to != null
                && to.ended == null
                && to.token == 0
                && to.claims.stream().anyMatch(claim -> NaiveLines.claim(g, claim.lock()) != null);
        if (!common) {
            return Result.TransferRefused.Obstacle.NOT_IN_LINE;
        }
        boolean more = liveGrants().stream().anyMatch(o -> o != to && o.token == 0 && o.session == to.session);
        return more ? Result.TransferRefused.Obstacle.ENTANGLED : null;
    }

    /** Whether a ticket would have its locks if the holder, and those ahead of it at the holder's locks, were not. */
    boolean wouldHave(GrantRow to, GrantRow g) {
        NaiveLines all = lines();
        List<GrantRow> without = liveGrants().stream()
                .filter(o -> o != g && (o.token != 0 || o == to))
                .toList();
        NaiveLines holders =
                new NaiveLines(without, delays.stream().map(DelayRow::lock).toList());
        return to.claims.stream()
                .allMatch(claim ->
                        all.fits(to, claim) || (NaiveLines.claim(g, claim.lock()) != null && holders.fits(to, claim)));
    }

    void handOver(GrantRow g, GrantRow to) {
        leave(g, Cause.TRANSFERRED);
        report(Kind.TRANSFERRED, g, Cause.TRANSFERRED, 0);
        give(to);
        if (g.endsSession()) {
            end(g.session, Cause.GRANT_ENDED);
        }
        moveOn();
    }

    @Override
    public Result onExpireYields(Command.ExpireYields c) {
        int count = 0;
        for (Ticket t : c.items()) {
            GrantRow g = grant(t.grant());
            if (g != null && g.ended == null && g.yield != null && g.yield.number() == t.number()) {
                g.yield = null;
                report(Kind.YIELD_LAPSED, g, Cause.WAIT_OVER, 0);
                count++;
            }
        }
        return new Result.Expired(count);
    }

    @Override
    public Result onBreak(Command.Break c) {
        Result gone = gone(c.grant(), c.token());
        if (gone != null) {
            return gone;
        }
        GrantRow g = grant(c.grant());
        if (NaiveLines.claim(g, c.lock()) == null) {
            return new Result.GrantUnknown(c.grant());
        }
        if (g.token == 0 && c.afterMillis() > 0) {
            return new Result.NotHeld(g.id);
        }
        if (c.afterMillis() == 0) {
            GrantView before = view(g);
            take(g, c.by(), c.reason());
            moveOn();
            return new Result.Broken(before);
        }
        Breaking was = g.breaking;
        if (was == null || !new Breaking(c.by(), c.reason(), c.afterMillis(), was.number()).equals(was)) {
            g.breaking = new Breaking(c.by(), c.reason(), c.afterMillis(), revision);
            report(Kind.BREAK_ANNOUNCED, g, null, c.afterMillis());
        }
        return new Result.BreakAnnounced(view(g));
    }

    @Override
    public Result onExpireBreaks(Command.ExpireBreaks c) {
        int count = 0;
        for (Ticket t : c.items()) {
            GrantRow g = grant(t.grant());
            if (g != null && g.ended == null && g.breaking != null && g.breaking.number() == t.number()) {
                take(g, g.breaking.by(), g.breaking.reason());
                count++;
            }
        }
        moveOn();
        return new Result.Expired(count);
    }

    void take(GrantRow g, String by, String reason) {
        g.note = by + ": " + reason;
        leave(g, Cause.BROKEN);
        report(g.token == 0 ? Kind.CANCELLED : Kind.BROKEN, g, Cause.BROKEN, 0);
        if (g.token != 0) {
            close(g, Cause.BROKEN);
        }
        if (g.endsSession()) {
            end(g.session, Cause.GRANT_ENDED);
        }
    }
}
