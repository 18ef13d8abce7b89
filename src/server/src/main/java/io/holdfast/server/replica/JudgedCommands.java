package io.holdfast.server.replica;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Carried;
import io.holdfast.lock.Claim;
import io.holdfast.lock.Command;
import io.holdfast.lock.GrantView;
import io.holdfast.lock.Judged;
import io.holdfast.lock.LockTable;
import io.holdfast.lock.Result;
import io.holdfast.lock.acl.Acl;
import io.holdfast.lock.acl.AclMode;
import io.holdfast.lock.acl.Verb;
import io.holdfast.server.caller.Caller;
import io.holdfast.server.replica.AccessControl.Need;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
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
     * Has a command decided if a rule allows it; the rules that did are in force when it is applied.
     *
     * @param answer of the table right after the command; on the node's context
     */
    <T> Future<T> submit(Caller caller, Command command, BiFunction<LockTable, Applied, T> answer) {
        Refused notHere = access.notHere(acl -> Carried.objection(acl, command));
        if (notHere != null) {
            return Future.failedFuture(notHere);
        }
        return Judged.isGoverned(command) ? attempt(caller, command, answer, 1) : replica.submit(command, answer);
    }

    /**
     * What became of one attempt.
     *
     * @param value null when other rules were in force
     */
    private record Tried<T>(@Nullable T value) {}

    private <T> Future<T> attempt(
            Caller caller, Command command, BiFunction<LockTable, Applied, T> answer, int number) {
        return judged(caller, command)
                .compose(judged -> replica.submit(
                        judged,
                        (table, applied) -> new Tried<T>(
                                applied.result() instanceof Result.RulesReplaced
                                        ? null
                                        : answer.apply(table, applied))))
                .compose(tried -> {
                    T value = tried.value();
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
            return Future.succeededFuture(command);
        }
        List<Need> needs = needsOf(command);
        if (needs != null && access.refusal(acl, caller, needs) == null) {
            return Future.succeededFuture(under(acl, command));
        }
        // Newer rules may allow it, and the locks of a grant are known to the table alone.
        return replica.readLatest(table -> {
                    List<Need> asked = needs == null ? needsOf(command, table, caller) : needs;
                    Refused refused = access.enforcedRefusal(table.acl(), caller, asked);
                    return refused == null
                            ? Outcome.of(under(table.acl(), command))
                            : Outcome.<Command>refused(refused);
                })
                .map(Outcome::orThrow);
    }

    private static Command under(Acl acl, Command command) {
        return acl.isEnforced() ? new Judged(acl.revision(), command) : command;
    }

    /** Returns what a command needs that says it itself; null when the table has to be asked. */
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

    private List<Need> needsOf(Command command, LockTable table, Caller caller) {
        if (command instanceof Command.ChangeMode change) {
            return needsOf(table, change.grant(), Verb.ACQUIRE);
        } else if (command instanceof Command.Transfer transfer) {
            return needsOf(table, transfer.grant(), Verb.ACQUIRE);
        } else if (command instanceof Command.Break broken) {
            List<Need> needs = new ArrayList<>(needsOf(table, broken.grant(), Verb.BREAK));
            needs.add(new Need(Verb.BREAK, broken.lock()));
            return needs;
        } else if (command instanceof Command.CloseSession close) {
            Need bySession = new Need(Verb.ADMIN_SESSIONS, null);
            if (access.refusal(table.acl(), caller, List.of(bySession)) == null) {
                return List.of(bySession);
            }
            List<Need> needs = new ArrayList<>();
            for (GrantView grant : table.grantsOf(close.session(), 0, GRANTS_MAX)) {
                needs.addAll(needsOf(grant.claims(), Verb.BREAK));
            }
            return needs.isEmpty() ? List.of(bySession) : needs;
        }
        throw new IllegalStateException("no verb for a " + command.getClass().getSimpleName());
    }

    private static List<Need> needsOf(LockTable table, String grant, Verb verb) {
        GrantView known = table.grant(grant);
        // One that is not known takes nothing away, but what may be said of it is for callers with that right only.
        return known == null ? List.of(new Need(verb, null)) : needsOf(known.claims(), verb);
    }
}
