package io.holdfast.server.replica;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Claim;
import io.holdfast.lock.Command;
import io.holdfast.lock.GrantView;
import io.holdfast.lock.Judged;
import io.holdfast.lock.LockTable;
import io.holdfast.lock.Result;
import io.holdfast.lock.acl.Acl;
import io.holdfast.lock.acl.AclMode;
import io.holdfast.lock.acl.Verb;
import io.holdfast.server.access.Judge;
import io.holdfast.server.caller.Caller;
import io.holdfast.server.config.HoldfastConfig;
import io.holdfast.server.config.NodeSettings;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Judges requests by the rules of this node, and has each take effect only under the rules that allowed it. While no
 * rule is asked, what it adds to a request is one comparison.
 */
final class AccessControl {

    /** How often a command is judged whose rules were replaced before it was applied. */
    private static final int ATTEMPTS = 3;

    /** Grants of a session that are looked at to end it for another. */
    private static final int GRANTS_MAX = 1_000;

    private final Replica replica;
    private final Judge judge;

    /** Whether a new ensemble is to enforce rules from its beginning. */
    private final boolean closed;

    private final ObservedRefusals observed;

    AccessControl(Replica replica, HoldfastConfig config, ObservedRefusals observed) {
        this.replica = replica;
        this.judge = Judge.of(config);
        this.closed = NodeSettings.tellsClientsApart(config);
        this.observed = observed;
    }

    Judge judge() {
        return judge;
    }

    /** Returns what becomes of a request that no rule allows; a new ensemble may not have said it yet. */
    AclMode mode(Acl acl) {
        return closed && acl.revision() == 0 && replica.events().isUntouched() ? AclMode.ENFORCE : acl.mode();
    }

    // ---- commands ----

    /**
     * Has a command decided if a rule allows it; the rules that did are in force when it is applied.
     *
     * @param answer of the table right after the command; on the node's context
     */
    <T> Future<T> submit(Caller caller, Command command, BiFunction<LockTable, Applied, T> answer) {
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
        if (mode(acl) == AclMode.OPEN) {
            return Future.succeededFuture(command);
        }
        List<Need> needs = needsOf(command);
        if (needs != null && refusal(acl, caller, needs) == null) {
            return Future.succeededFuture(under(acl, command));
        }
        // Newer rules may allow it, and the locks of a grant are known to the table alone.
        return replica.readLatest(table -> {
                    Refused refused =
                            refusal(table.acl(), caller, needs == null ? needsOf(command, table, caller) : needs);
                    Refused counted = refused == null ? null : enforced(table.acl(), caller, refused);
                    return counted == null
                            ? Outcome.of(under(table.acl(), command))
                            : Outcome.<Command>refused(counted);
                })
                .map(Outcome::orThrow);
    }

    private static Command under(Acl acl, Command command) {
        return acl.isEnforced() ? new Judged(acl.revision(), command) : command;
    }

    /**
     * One thing that has to be allowed.
     *
     * @param lock null for a verb that has to be allowed for some lock, or is of administrators
     */
    record Need(Verb verb, @Nullable String lock) {}

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
            List<Need> needs = new ArrayList<>();
            for (GrantView grant : table.grantsOf(close.session(), 0, GRANTS_MAX)) {
                needs.addAll(needsOf(grant.claims(), Verb.BREAK));
            }
            boolean bySession = judge.policy(table.acl(), caller, Verb.ADMIN_SESSIONS) != null;
            return bySession || needs.isEmpty() ? List.of(new Need(Verb.ADMIN_SESSIONS, null)) : needs;
        }
        throw new IllegalStateException("no verb for a " + command.getClass().getSimpleName());
    }

    private static List<Need> needsOf(LockTable table, String grant, Verb verb) {
        GrantView known = table.grant(grant);
        // One that is not known takes nothing away, but what may be said of it is for callers with that right only.
        return known == null ? List.of(new Need(verb, null)) : needsOf(known.claims(), verb);
    }

    // ---- verdicts ----

    /** Says why a caller may not read a lock; null when it may. On the node's context or with rules that are latest. */
    @Nullable
    Refused reading(Acl acl, Caller caller, List<String> locks) {
        if (mode(acl) == AclMode.OPEN) {
            return null;
        }
        for (String lock : locks) {
            Refused refused = refusal(acl, caller, List.of(new Need(Verb.READ, lock)));
            Refused counted = refused == null ? null : enforced(acl, caller, refused);
            if (counted != null) {
                return counted;
            }
        }
        return null;
    }

    /** Says why a caller may not read all locks whose names begin so; null when it may. */
    @Nullable
    Refused listing(Acl acl, Caller caller, String prefix) {
        if (mode(acl) == AclMode.OPEN || judge.rights(acl, caller).allowsAll(Verb.READ, prefix)) {
            return null;
        }
        Refused refused = refused(acl, caller, new Need(Verb.READ, prefix));
        return enforced(acl, caller, refused);
    }

    /** Says why a caller may not be told what needs an identity alone; null when it may. */
    @Nullable
    Refused identity(Acl acl, Caller caller) {
        if (mode(acl) == AclMode.OPEN || !caller.isAnonymous() || judge.isKnown(acl, caller)) {
            return null;
        }
        return enforced(acl, caller, refused(acl, caller, new Need(Verb.READ, null)));
    }

    /** Returns a query that is answered to a caller that may read the lock, by the rules of the table that it reads. */
    <T> BiFunction<LockTable, AppliedAt, Outcome<T>> reading(
            Caller caller, String lock, BiFunction<LockTable, AppliedAt, Outcome<T>> query) {
        return (table, at) -> {
            Refused refused = reading(table.acl(), caller, List.of(lock));
            return refused == null ? query.apply(table, at) : Outcome.refused(refused);
        };
    }

    /** Returns whether a caller may read all locks of a grant; it is told of others as of one that never was. */
    boolean mayRead(Acl acl, Caller caller, GrantView grant) {
        return grant.claims().stream().allMatch(claim -> mayRead(acl, caller, claim.lock()));
    }

    /** Says why a caller may not do what a verb of administrators is for; null when it may. */
    @Nullable
    Refused administering(Acl acl, Caller caller, Verb verb) {
        if (mode(acl) == AclMode.OPEN) {
            return null;
        }
        Refused refused = refusal(acl, caller, List.of(new Need(verb, null)));
        return refused == null ? null : enforced(acl, caller, refused);
    }

    /** Fails unless a caller may do what a verb of administrators is for, by the newest rules. */
    Future<Boolean> administered(Caller caller, Verb verb) {
        if (mode(replica.events().acl()) == AclMode.OPEN) {
            return Future.succeededFuture(true);
        }
        return replica.readLatest(table -> Optional.ofNullable(administering(table.acl(), caller, verb)))
                .compose(refused -> refused.isPresent()
                        ? Future.<Boolean>failedFuture(refused.get())
                        : Future.succeededFuture(true))
                .recover(failure -> Future.failedFuture(replica.translated(failure, false)));
    }

    /** Returns a session with the grants that a caller may read; one of which it may read none is unknown to it. */
    Outcome<SessionView> session(LockTable table, Caller caller, SessionView session, AppliedAt at) {
        if (mode(table.acl()) != AclMode.ENFORCE || judge.policy(table.acl(), caller, Verb.ADMIN_SESSIONS) != null) {
            return Outcome.of(session);
        }
        List<io.holdfast.server.replica.GrantView> readable = session.grants().stream()
                .filter(grant -> grant.claims().stream().allMatch(claim -> mayRead(table.acl(), caller, claim.lock())))
                .toList();
        boolean isKnown = !readable.isEmpty()
                || (session.grants().isEmpty() && judge.policy(table.acl(), caller, Verb.ACQUIRE) != null);
        return isKnown
                ? Outcome.of(session.with(readable))
                : Outcome.refused(Refusals.sessionUnknown(session.id(), at));
    }

    /** Returns why a ticket waits, without a cycle that would name locks which a caller may not read. */
    WhyView visible(Acl acl, Caller caller, WhyView why) {
        boolean isReadable = why.cycle().stream().allMatch(step -> mayRead(acl, caller, step.lock()));
        return isReadable ? why : why.withoutCycle();
    }

    /** Returns a result without the steps of a cycle at locks that a caller may not read. */
    Result visible(Acl acl, Caller caller, Result result) {
        return result instanceof Result.Deadlock deadlock && mode(acl) == AclMode.ENFORCE
                ? new Result.Deadlock(
                        deadlock.grant(),
                        deadlock.cycle().stream()
                                .filter(step -> mayRead(acl, caller, step.lock()))
                                .toList())
                : result;
    }

    /** Returns whether a caller may read a lock, without counting a refusal; for what is left out of lists. */
    boolean mayRead(Acl acl, Caller caller, String lock) {
        return mode(acl) != AclMode.ENFORCE || judge.policy(acl, caller, Verb.READ, lock) != null;
    }

    private @Nullable Refused refusal(Acl acl, Caller caller, List<Need> needs) {
        for (Need need : needs) {
            String lock = need.lock();
            String policy = lock == null
                    ? judge.policy(acl, caller, need.verb())
                    : judge.policy(acl, caller, need.verb(), lock);
            if (policy == null) {
                return refused(acl, caller, need);
            }
        }
        return null;
    }

    private Refused refused(Acl acl, Caller caller, Need need) {
        if (caller.isAnonymous() && !judge.isKnown(acl, caller)) {
            return new Refused(
                    Problem.UNAUTHENTICATED,
                    "rules are enforced, and the request has no credential; send one",
                    replica.appliedAt(0),
                    null);
        }
        String what = need.lock() == null ? "" : " of lock " + need.lock();
        return Refused.forbidden(
                "no rule lets " + caller.principal() + " " + need.verb().text() + what
                        + "; ask an administrator of the rules",
                replica.appliedAt(0),
                need.verb().text(),
                need.lock());
    }

    /** Returns a refusal where rules are enforced; where they are observed, it is counted only. */
    private @Nullable Refused enforced(Acl acl, Caller caller, Refused refused) {
        if (mode(acl) == AclMode.ENFORCE) {
            return refused;
        }
        observed.note(caller, refused);
        return null;
    }
}
