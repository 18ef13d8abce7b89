package io.holdfast.server.replica;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Carried;
import io.holdfast.lock.Claim;
import io.holdfast.lock.Command;
import io.holdfast.lock.GrantView;
import io.holdfast.lock.Judged;
import io.holdfast.lock.LockTable;
import io.holdfast.lock.OnBehalf;
import io.holdfast.lock.Result;
import io.holdfast.lock.Rules;
import io.holdfast.lock.acl.Acl;
import io.holdfast.lock.acl.AclMode;
import io.holdfast.lock.acl.Verb;
import io.holdfast.server.caller.Caller;
import io.holdfast.server.replica.AccessControl.Need;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Has each command take effect only under the rules that allowed it: the rules of this node judge it, their revision
 * goes with it, and it is judged again when others are in force where it is applied. While no rule is asked, this adds
 * one comparison to a command.
 */
final class JudgedCommands {

    /** How often a command is judged whose rules were replaced before it was applied. */
    private static final int ATTEMPTS = 3;

    /** Grants of a session that are looked at to end it for another; a session has no more. */
    private static final int GRANTS_MAX = 1_000;

    private final Replica replica;
    private final AccessControl access;

    JudgedCommands(Replica replica, AccessControl access) {
        this.replica = replica;
        this.access = access;
    }

    /**
     * Has a command decided if a rule allows it; the rules that did are in force when it is applied, and what it is
     * about is the caller's.
     *
     * @param answer of the table right after the command; on the node's context
     */
    <T> Future<T> submit(Caller caller, Command command, BiFunction<LockTable, Applied, T> answer) {
        Refused notHere = access.notHere(acl -> Carried.objection(acl, command));
        if (notHere != null) {
            return Future.failedFuture(notHere);
        }
        if (Judged.isGoverned(command)) {
            return attempt(caller, command, answer, 1);
        }
        return replica.submit(named(caller, command), (table, applied) -> tried(caller, table, applied, answer))
                .map(tried -> Objects.requireNonNull(tried.orThrow()));
    }

    /**
     * What became of one attempt.
     *
     * @param value null when other rules were in force
     */
    private record Tried<T>(@Nullable T value, @Nullable Refused refused) {

        @Nullable
        T orThrow() {
            if (refused != null) {
                throw refused;
            }
            return value;
        }
    }

    private <T> Tried<T> tried(
            Caller caller, LockTable table, Applied applied, BiFunction<LockTable, Applied, T> answer) {
        if (applied.result() instanceof Result.RulesReplaced) {
            return new Tried<>(null, null);
        }
        Refused refused = replica.access().ownership().refusal(table, caller, applied.result());
        return refused == null ? new Tried<>(answer.apply(table, applied), null) : new Tried<>(null, refused);
    }

    private <T> Future<T> attempt(
            Caller caller, Command command, BiFunction<LockTable, Applied, T> answer, int number) {
        return judged(caller, command)
                .compose(judged -> replica.submit(judged, (table, applied) -> tried(caller, table, applied, answer)))
                .compose(tried -> {
                    T value = tried.orThrow();
                    if (value != null) {
                        return Future.succeededFuture(value);
                    }
                    return number < ATTEMPTS
                            ? attempt(caller, command, answer, number + 1)
                            : Future.failedFuture(new Refused(
                                    Problem.NOT_READY,
                                    "the rules were replaced " + ATTEMPTS
                                            + " times while the request was under way; nothing was done, try again",
                                    null,
                                    null));
                });
    }

    private Future<Command> judged(Caller caller, Command command) {
        Acl acl = replica.events().acl();
        if (access.mode(acl) == AclMode.OPEN) {
            return Future.succeededFuture(isByRight(command) ? command : named(caller, command));
        }
        List<Need> needs = needsOf(command);
        if (needs != null && access.refusal(acl, caller, needs) == null) {
            return Future.succeededFuture(under(acl, named(caller, command)));
        }
        // Newer rules may allow it, and the locks of a grant are known to the table alone.
        return replica.readLatest(table -> {
                    if (needs == null) {
                        return atTable(table, caller, command);
                    }
                    Refused refused = access.enforcedRefusal(table.acl(), caller, needs);
                    return refused == null
                            ? Outcome.of(under(table.acl(), named(caller, command)))
                            : Outcome.<Command>refused(refused);
                })
                .map(Outcome::orThrow);
    }

    /** Returns whether a command is about what may be another's; while rules are open, all callers have that right. */
    private static boolean isByRight(Command command) {
        return command instanceof Command.Break
                || command instanceof Command.CloseSession
                || command instanceof Command.Transfer;
    }

    /** Returns a command that acts on what is the caller's own, and on nothing else. */
    private Command named(Caller caller, Command command) {
        return Rules.at(replica.events().level()).namePrincipals()
                ? new OnBehalf(caller.principal(), command)
                : command;
    }

    private static Command under(Acl acl, Command command) {
        return acl.isEnforced() ? new Judged(acl.revision(), command) : command;
    }

    /** Returns what a command needs when its fields suffice for that; null when the table has to be read. */
    private static @Nullable List<Need> needsOf(Command command) {
        if (command instanceof Command.OpenSession) {
            return List.of(new Need(Verb.ACQUIRE, null));
        } else if (command instanceof Command.Acquire acquire) {
            return needsOf(acquire.claims(), Verb.ACQUIRE);
        } else if (command instanceof Command.AcquireAlone acquire) {
            return needsOf(acquire.claims(), Verb.ACQUIRE);
        } else if (command instanceof Command.ChangeLimit change) {
            return List.of(new Need(Verb.ACQUIRE, change.lock()));
        }
        return null;
    }

    private static List<Need> needsOf(List<Claim> claims, Verb verb) {
        List<Need> needs = new ArrayList<>(claims.size());
        for (Claim claim : claims) {
            needs.add(new Need(verb, claim.lock()));
        }
        return needs;
    }

    private Outcome<Command> atTable(LockTable table, Caller caller, Command command) {
        if (command instanceof Command.ChangeMode change) {
            GrantView known = table.grant(change.grant());
            return ofOwner(table, caller, command, known, isOwn(known, caller));
        } else if (command instanceof Command.Transfer transfer) {
            GrantView known = table.grant(transfer.grant());
            // The ticket's own principal may ask the holder for its locks.
            boolean asks = transfer.token() == 0 && isOwn(table.grant(transfer.to()), caller);
            return isOwn(known, caller) || asks || known == null
                    ? ofOwner(table, caller, command, known, true)
                    : byRight(table, caller, command, known);
        } else if (command instanceof Command.Break broken) {
            Refused refused = access.enforcedRefusal(table.acl(), caller, List.of(new Need(Verb.BREAK, broken.lock())));
            GrantView known = table.grant(broken.grant());
            if (refused != null) {
                return Outcome.refused(refused);
            }
            if (known != null) {
                return byRight(table, caller, command, known);
            }
            // Of grants that ended, or are granted only now, a caller sees, and breaks, only its own.
            boolean administers = access.administersSessions(table.acl(), caller);
            return Outcome.of(under(table.acl(), administers ? command : named(caller, command)));
        } else if (command instanceof Command.CloseSession close) {
            return close(table, caller, close);
        }
        throw new IllegalStateException("no verb for a " + command.getClass().getSimpleName());
    }

    private static boolean isOwn(@Nullable GrantView grant, Caller caller) {
        return grant != null && Ownership.isOwn(grant.owner(), caller);
    }

    /** Judges a command for the owner of a grant, which needs to be allowed to acquire its locks still. */
    private Outcome<Command> ofOwner(
            LockTable table, Caller caller, Command command, @Nullable GrantView known, boolean isOwn) {
        boolean hidden = known != null && !replica.access().ownership().mayRead(table.acl(), caller, known);
        // A grant that is not there and one that the caller may not see need the same right, so the answers are the
        // same.
        List<Need> needs = known == null || hidden
                ? List.of(new Need(Verb.ACQUIRE, null))
                : isOwn ? needsOf(known.claims(), Verb.ACQUIRE) : List.of();
        Refused refused = access.enforcedRefusal(table.acl(), caller, needs);
        if (refused == null && known != null && (hidden || !isOwn)) {
            refused = replica.access().ownership().refusal(table, caller, known.id());
        }
        return refused == null ? Outcome.of(under(table.acl(), named(caller, command))) : Outcome.refused(refused);
    }

    /** Judges a command of a caller that rules may let act on what is another's. */
    private Outcome<Command> byRight(LockTable table, Caller caller, Command command, GrantView known) {
        Acl acl = table.acl();
        Refused refused = access.enforcedRefusal(acl, caller, needsOf(known.claims(), Verb.BREAK));
        if (refused == null) {
            return Outcome.of(under(acl, command));
        } else if (command instanceof Command.Transfer) {
            return ofOwner(table, caller, command, known, false);
        }
        return replica.access().ownership().mayRead(acl, caller, known)
                ? Outcome.refused(refused)
                : Outcome.refused(
                        Refusals.of(new Result.GrantUnknown(known.id()), replica.appliedAt(table.revision()), null));
    }

    /**
     * Judges the end of a session by another client: administrators of sessions, or those that may break all it has.
     */
    private Outcome<Command> close(LockTable table, Caller caller, Command.CloseSession close) {
        Acl acl = table.acl();
        String owner = table.ownerOf(close.session());
        List<Need> bySession = List.of(new Need(Verb.ADMIN_SESSIONS, null));
        Refused refused = access.refusal(acl, caller, bySession);
        if (refused != null && owner != null && Ownership.isOwn(owner, caller)) {
            refused = null;
        } else if (refused != null && mayBreakAll(table, caller, close.session())) {
            refused = null;
        }
        // A refusal does not reveal what the session has.
        Refused enforced = refused == null ? null : access.enforced(acl, caller, refused);
        return enforced == null ? Outcome.of(under(acl, close)) : Outcome.refused(enforced);
    }

    /**
     * Returns whether a caller may break all that a session has; it looks no further than the first that it may not.
     */
    private boolean mayBreakAll(LockTable table, Caller caller, long session) {
        Acl acl = table.acl();
        if (access.refusal(acl, caller, List.of(new Need(Verb.BREAK, null))) != null) {
            return false;
        }
        List<GrantView> grants = table.grantsOf(session, 0, GRANTS_MAX + 1);
        boolean may = !grants.isEmpty() && grants.size() <= GRANTS_MAX;
        for (int i = 0; may && i < grants.size(); i++) {
            may = access.refusal(acl, caller, needsOf(grants.get(i).claims(), Verb.BREAK)) == null;
        }
        return may;
    }
}
