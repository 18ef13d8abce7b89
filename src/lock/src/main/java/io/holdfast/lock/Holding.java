package io.holdfast.lock;

import io.holdfast.lock.Change.Kind;
import org.jspecify.annotations.Nullable;

/** The rules for a grant that holds its locks: to change their mode, to hand them over, to lose them. */
final class Holding {

    private final Ledger ledger;
    private final State state;

    Holding(Ledger ledger) {
        this.ledger = ledger;
        this.state = ledger.state;
    }

    /** Returns why nothing can be done with a grant, null when it lives and has the token. */
    private @Nullable Result gone(String id, long token) {
        return gone(id, token, false);
    }

    /**
     * As {@link #gone(String, long)}.
     *
     * @param isAsked whether others than the principal of the grant may ask for it
     */
    private @Nullable Result gone(String id, long token, boolean isAsked) {
        Grant grant = state.grants.get(id);
        if (grant == null) {
            EndedView ended = state.endedGrant(id);
            return ended == null ? new Result.GrantUnknown(id) : ledger.grantGone(id, ended);
        }
        Result notYours = isAsked ? null : ledger.notYours(grant);
        if (notYours != null) {
            return notYours;
        }
        Result ending = Ledger.ending(grant);
        if (ending != null) {
            return ending;
        }
        return token != 0 && token != grant.token ? new Result.TokenStale(id, grant.token) : null;
    }

    Result changeMode(Command.ChangeMode c) {
        Grant grant = state.grants.get(c.grant());
        Result gone = gone(c.grant(), c.token());
        if (grant == null || gone != null) {
            return gone == null ? new Result.GrantUnknown(c.grant()) : gone;
        }
        Result refused = modeRefused(grant, c.mode());
        if (refused != null) {
            return refused;
        }
        if (hasMode(grant, c.mode())) {
            return new Result.ModeChanged(grant.view());
        }
        return c.mode() == Mode.SHARED ? downgrade(grant) : upgrade(grant);
    }

    private static @Nullable Result modeRefused(Grant grant, Mode mode) {
        for (int i = 0; i < grant.size(); i++) {
            Place place = grant.place(i);
            Lock lock = place.lock;
            Result.ModeRefused.Reason reason = null;
            if (!grant.held()) {
                reason = Result.ModeRefused.Reason.IN_LINE;
            } else if (lock.asked > 0) {
                reason = Result.ModeRefused.Reason.SEMAPHORE;
            } else if (mode == Mode.EXCLUSIVE && lock.used > 1) {
                reason = Result.ModeRefused.Reason.NOT_ALONE;
            } else if (mode == Mode.EXCLUSIVE && lock.closed != null) {
                reason = Result.ModeRefused.Reason.DELAYED;
            } else if (mode == Mode.EXCLUSIVE && lock.open() > 0) {
                // To close them again would be to overtake them.
                reason = Result.ModeRefused.Reason.PROMISED;
            }
            if (reason != null) {
                return new Result.ModeRefused(grant.id, lock.name, lock.used, lock.waiting(), reason);
            }
        }
        return null;
    }

    private static boolean hasMode(Grant grant, Mode mode) {
        for (int i = 0; i < grant.size(); i++) {
            if (grant.place(i).mode != mode) {
                return false;
            }
        }
        return true;
    }

    private Result upgrade(Grant grant) {
        Result none = ledger.noToken();
        if (none != null) {
            return none;
        }
        state.change(grant, Mode.EXCLUSIVE, ++state.lastToken);
        grant.report(ledger.changes, Kind.UPGRADED, null);
        return new Result.ModeChanged(grant.view());
    }

    private Result downgrade(Grant grant) {
        state.change(grant, Mode.SHARED, grant.token);
        grant.report(ledger.changes, Kind.DOWNGRADED, null);
        ledger.touch(grant);
        ledger.moveOn();
        return new Result.ModeChanged(grant.view());
    }

    Result transfer(Command.Transfer c) {
        Grant grant = state.grants.get(c.grant());
        Grant to = state.grants.get(c.to());
        // The principal of any waiting ticket may ask the holder to transfer its locks to that ticket.
        boolean isAsked = c.token() == 0 && to != null && ledger.isOwn(to.session);
        Result gone = gone(c.grant(), c.token(), isAsked);
        if (grant == null || gone != null) {
            return gone == null ? new Result.GrantUnknown(c.grant()) : gone;
        }
        Result.TransferRefused.Obstacle obstacle = inTheWay(grant, to);
        if (to == null || obstacle != null) {
            return refused(c, obstacle == null ? Result.TransferRefused.Obstacle.NOT_IN_LINE : obstacle);
        }
        if (c.token() == 0) {
            return ask(grant, to, c.drainMillis());
        }
        if (!wouldHave(to, grant)) {
            return refused(c, Result.TransferRefused.Obstacle.BLOCKED);
        }
        handOver(grant, to);
        return new Result.Transferred(to.view());
    }

    private static Result refused(Command.Transfer c, Result.TransferRefused.Obstacle obstacle) {
        return new Result.TransferRefused(c.grant(), c.to(), obstacle);
    }

    private static Result.TransferRefused.@Nullable Obstacle inTheWay(Grant grant, @Nullable Grant to) {
        if (!grant.held()) {
            return Result.TransferRefused.Obstacle.NOT_HELD;
        }
        if (to == null || to.held() || to.session.ending != null || !haveOneInCommon(grant, to)) {
            return Result.TransferRefused.Obstacle.NOT_IN_LINE;
        }
        // With no other ticket it waits for nothing once it is granted, so overtaking others closes no cycle.
        return to.session.waiting > 1 ? Result.TransferRefused.Obstacle.ENTANGLED : null;
    }

    private static boolean haveOneInCommon(Grant grant, Grant to) {
        for (int i = 0; i < to.size(); i++) {
            if (grant.at(to.place(i).lock) != null) {
                return true;
            }
        }
        return false;
    }

    private Result ask(Grant grant, Grant to, long drainMillis) {
        Yield before = grant.notice.yield();
        Yield wish = new Yield(to.id, to.ticket, drainMillis, state.revision);
        boolean again = before != null && before.ticket() == wish.ticket() && before.drainMillis() == drainMillis;
        Notice notice = new Notice(wish, grant.notice.breaking());
        Result full = again ? null : ledger.tell(grant, notice, Kind.YIELD_REQUESTED, drainMillis);
        return full != null ? full : new Result.YieldRequested(grant.view());
    }

    /**
     * Releases a grant on demand; the ticket that the holder names is next, if that can have its locks then. A release
     * that leaves its locks closed names none.
     */
    void release(Grant grant, Command.Release c) {
        Grant to = c.to().isEmpty() ? wished(grant) : state.grants.get(c.to());
        if (to != null && inTheWay(grant, to) == null && wouldHave(to, grant)) {
            handOver(grant, to);
        } else {
            ledger.release(grant, Math.toIntExact(c.closedMillis()));
            ledger.moveOn();
        }
    }

    /** Returns the ticket that others wish to be next, where that decides; null for none. */
    private @Nullable Grant wished(Grant grant) {
        Yield yield = state.rules().wishesDecide() ? grant.notice.yield() : null;
        Grant to = yield == null ? null : state.grants.get(yield.to());
        return yield != null && to != null && to.ticket == yield.ticket() ? to : null;
    }

    /** Returns whether a ticket that overtakes everybody at the grant's locks could have its own when that is gone. */
    private static boolean wouldHave(Grant to, Grant grant) {
        for (int i = 0; i < to.size(); i++) {
            Place place = to.place(i);
            Place before = grant.at(place.lock);
            if (!place.open && (before == null || !before.leavesRoomFor(place))) {
                return false;
            }
        }
        return true;
    }

    private void handOver(Grant grant, Grant to) {
        ledger.leave(grant, Cause.TRANSFERRED, null);
        grant.report(ledger.changes, Kind.TRANSFERRED, Cause.TRANSFERRED);
        ledger.give(to);
        ledger.endPrivate(grant);
        // It overtook those with open places, who have to be counted anew.
        for (int i = 0; i < to.size(); i++) {
            to.place(i).lock.closePlaces();
        }
        ledger.touch(to);
        ledger.moveOn();
    }

    Result expireYields(Command.ExpireYields c) {
        int ended = 0;
        for (Ticket ticket : c.items()) {
            Grant grant = state.grants.get(ticket.grant());
            Yield yield = grant == null ? null : grant.notice.yield();
            if (grant != null && yield != null && yield.number() == ticket.number()) {
                state.endYield(grant);
                grant.report(ledger.changes, Kind.YIELD_LAPSED, Cause.WAIT_OVER);
                ended++;
            }
        }
        return new Result.Expired(ended);
    }

    Result breakUp(Command.Break c) {
        Grant grant = state.grants.get(c.grant());
        Result gone = gone(c.grant(), c.token());
        if (grant == null || gone != null) {
            return gone == null ? new Result.GrantUnknown(c.grant()) : gone;
        }
        Lock lock = state.locks.get(c.lock());
        if (lock == null || grant.at(lock) == null) {
            return new Result.GrantUnknown(c.grant());
        }
        if (!grant.held() && (c.afterMillis() != 0 || !state.rules().breaksTakeTickets())) {
            return new Result.NotHeld(c.grant());
        }
        if (c.afterMillis() == 0) {
            GrantView view = grant.view();
            take(grant, c.by(), c.reason());
            ledger.moveOn();
            return new Result.Broken(view);
        }
        return announce(grant, c);
    }

    private Result announce(Grant grant, Command.Break c) {
        Breaking before = grant.notice.breaking();
        boolean again = before != null
                && before.by().equals(c.by())
                && before.reason().equals(c.reason())
                && before.afterMillis() == c.afterMillis();
        Breaking breaking = new Breaking(c.by(), c.reason(), c.afterMillis(), state.revision);
        Notice notice = new Notice(grant.notice.yield(), breaking);
        Result full = again ? null : ledger.tell(grant, notice, Kind.BREAK_ANNOUNCED, c.afterMillis());
        return full != null ? full : new Result.BreakAnnounced(grant.view());
    }

    Result expireBreaks(Command.ExpireBreaks c) {
        int ended = 0;
        for (Ticket ticket : c.items()) {
            Grant grant = state.grants.get(ticket.grant());
            Breaking breaking = grant == null ? null : grant.notice.breaking();
            boolean due = breaking != null && breaking.number() == ticket.number();
            if (grant != null && breaking != null && due && grant.session.ending == null) {
                take(grant, breaking.by(), breaking.reason());
                ended++;
            }
        }
        ledger.moveOn();
        return new Result.Expired(ended);
    }

    private void take(Grant grant, String by, String reason) {
        boolean held = grant.held();
        ledger.leave(grant, Cause.BROKEN, by + ": " + reason);
        grant.report(ledger.changes, held ? Kind.BROKEN : Kind.CANCELLED, Cause.BROKEN);
        if (held && state.rules().breaksLeaveDelays()) {
            ledger.close(grant, Cause.BROKEN);
        }
        ledger.endPrivate(grant);
    }
}
