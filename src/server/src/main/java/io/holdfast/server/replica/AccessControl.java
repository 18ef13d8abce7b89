package io.holdfast.server.replica;

import io.holdfast.lock.LockTable;
import io.holdfast.lock.Result;
import io.holdfast.lock.acl.Acl;
import io.holdfast.lock.acl.AclMode;
import io.holdfast.lock.acl.Verb;
import io.holdfast.server.access.CallerRights;
import io.holdfast.server.access.Judge;
import io.holdfast.server.access.Visible;
import io.holdfast.server.caller.Caller;
import io.holdfast.server.config.Exposure;
import io.holdfast.server.config.HoldfastConfig;
import io.holdfast.server.config.NodeSettings;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Judges what callers ask for by given rules, and shows them what they may read. While no rule is asked, what it adds
 * to a request is one comparison.
 */
final class AccessControl {

    /** The beginning of principals that an access key proved. */
    private static final String KEY = "key:";

    private final Replica replica;
    private final Judge judge;

    /** Whether a new ensemble is to enforce rules from its beginning. */
    private final boolean closed;

    /** Whether the settings leave no port that serves strangers. */
    private final boolean secured;

    private final ObservedRefusals observed;
    private final Ownership ownership;

    AccessControl(Replica replica, HoldfastConfig config, ObservedRefusals observed) {
        this.replica = replica;
        this.judge = Judge.of(config);
        this.closed = NodeSettings.tellsClientsApart(config);
        this.secured = Exposure.isSecured(config);
        this.observed = observed;
        this.ownership = new Ownership(replica, this);
    }

    long observedRefusals() {
        return observed.count();
    }

    Ownership ownership() {
        return ownership;
    }

    Judge judge() {
        return judge;
    }

    /** Returns what happens to a request that no rule allows; a new ensemble may have no rules yet. */
    AclMode mode(Acl acl) {
        return closed && acl.revision() == 0 && replica.events().isUntouched() ? AclMode.ENFORCE : acl.mode();
    }

    /** Returns whether callers without an identity are not served, and rules are enforced; any thread. */
    boolean isSecure() {
        return secured && mode(replica.events().acl()) == AclMode.ENFORCE;
    }

    /**
     * Returns why a caller is not served at all, such as one without a credential where rules are enforced; null when
     * it is.
     */
    @Nullable
    Refused stranger(Caller caller) {
        if (!caller.isAnonymous()) {
            return null;
        }
        Acl acl = replica.events().acl();
        return mode(acl) != AclMode.ENFORCE || judge.rights(acl, caller).isKnown()
                ? null
                : refused(acl, caller, new Need(Verb.READ, null));
    }

    /**
     * One thing that has to be allowed.
     *
     * @param lock null for a verb that has to be allowed for some lock, or is of administrators
     */
    record Need(Verb verb, @Nullable String lock) {}

    /** Returns why a caller may not read a lock; null when it may. On the node's context or with the latest rules. */
    @Nullable
    Refused reading(Acl acl, Caller caller, List<String> locks) {
        if (isGone(acl, caller)) {
            return new Refused(
                    Problem.UNAUTHENTICATED, "the access key was deleted meanwhile", replica.appliedAt(0), null);
        }
        if (mode(acl) == AclMode.OPEN) {
            return null;
        }
        return enforcedRefusal(
                acl,
                caller,
                locks.stream().map(lock -> new Need(Verb.READ, lock)).toList());
    }

    /** Returns what a caller may see: everything, unless rules are enforced. Any thread. */
    Visible visible(Acl acl, Caller caller) {
        return mode(acl) == AclMode.ENFORCE ? judge.rights(acl, caller).visible() : Visible.ALL;
    }

    /** Returns whether the access key of a caller was deleted, or is the first one and not needed any more. */
    boolean isGone(Acl acl, Caller caller) {
        if (!caller.principal().startsWith(KEY) || caller.credential().isEmpty()) {
            return false;
        }
        return caller.principal().equals(Judge.BOOTSTRAP)
                ? acl.document().gives(Verb.ADMIN_ACL)
                : acl.key(caller.credential()) == null;
    }

    /** Returns why a caller may read no lock with a prefix; null when it may read some. */
    @Nullable
    Refused listing(Acl acl, Caller caller, String prefix) {
        if (mode(acl) == AclMode.OPEN
                || judge.rights(acl, caller).visible().locks().meets(prefix)) {
            return null;
        }
        return enforced(acl, caller, refused(acl, caller, new Need(Verb.READ, prefix)));
    }

    /** Returns why a caller may not see what needs only an identity; null when it may. */
    @Nullable
    Refused identity(Acl acl, Caller caller) {
        if (mode(acl) == AclMode.OPEN
                || !caller.isAnonymous()
                || judge.rights(acl, caller).isKnown()) {
            return null;
        }
        return enforced(acl, caller, refused(acl, caller, new Need(Verb.READ, null)));
    }

    /**
     * Returns why this node does not pass a request on to the leader; null when it does.
     *
     * @param objection of the rules to what a member without a vote passes on
     */
    @Nullable
    Refused notHere(Function<Acl, @Nullable String> objection) {
        Acl acl = replica.events().acl();
        String why = acl.isEnforced() && replica.isObserver() ? objection.apply(acl) : null;
        return why == null
                ? null
                : ClusterRefusals.notHere(
                        why, replica.appliedAt(0), replica.view(replica.status().configuration()));
    }

    /** Returns a query that is answered to a caller that may read the lock, by the rules of the table that it reads. */
    <T> BiFunction<LockTable, AppliedAt, Outcome<T>> reading(
            Caller caller, String lock, BiFunction<LockTable, AppliedAt, Outcome<T>> query) {
        return (table, at) -> {
            Refused refused = reading(table.acl(), caller, List.of(lock));
            return refused == null ? query.apply(table, at) : Outcome.refused(refused);
        };
    }

    /** Returns whether a caller may read and end all sessions; nothing is counted. */
    boolean administersSessions(Acl acl, Caller caller) {
        return mode(acl) != AclMode.ENFORCE || judge.rights(acl, caller).policy(Verb.ADMIN_SESSIONS) != null;
    }

    /** Returns why a caller may not do what a verb of administrators is for; null when it may. */
    @Nullable
    Refused administering(Acl acl, Caller caller, Verb verb) {
        if (mode(acl) == AclMode.OPEN) {
            return null;
        }
        return enforcedRefusal(acl, caller, List.of(new Need(verb, null)));
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

    /**
     * Returns a session with the grants that a caller may read, which are all if it is its own; another's of which it
     * may read none is unknown to it.
     */
    Outcome<SessionView> session(LockTable table, Caller caller, SessionView session, AppliedAt at) {
        if (Ownership.isOwn(session.owner(), caller) || administersSessions(table.acl(), caller)) {
            return Outcome.of(session);
        }
        Predicate<String> mayRead = readable(table.acl(), caller);
        List<GrantView> readable = session.grants().stream()
                .filter(grant -> grant.claims().stream().allMatch(claim -> mayRead.test(claim.lock())))
                .toList();
        return !readable.isEmpty()
                ? Outcome.of(session.with(readable))
                : Outcome.refused(Refusals.sessionUnknown(session.id(), at));
    }

    /** Returns why a ticket waits, without the lines, and a cycle, at locks which a caller may not read. */
    WhyView visible(Acl acl, Caller caller, WhyView why) {
        Predicate<String> readable = readable(acl, caller);
        WhyView visible = why.atLocks(readable);
        return visible.cycle().stream().allMatch(step -> readable.test(step.lock())) ? visible : visible.withoutCycle();
    }

    /** Returns a result without the steps of a cycle at locks that a caller may not read. */
    Result visible(Acl acl, Caller caller, Result result) {
        if (!(result instanceof Result.Deadlock deadlock)) {
            return result;
        }
        Predicate<String> readable = readable(acl, caller);
        return new Result.Deadlock(
                deadlock.grant(),
                deadlock.cycle().stream()
                        .filter(step -> readable.test(step.lock()))
                        .toList());
    }

    /** Returns which locks a caller may read, without counting a refusal; for what is left out of answers. */
    Predicate<String> readable(Acl acl, Caller caller) {
        if (mode(acl) != AclMode.ENFORCE) {
            return lock -> true;
        }
        CallerRights rights = judge.rights(acl, caller);
        return lock -> rights.policy(Verb.READ, lock) != null;
    }

    /** Returns why a caller is refused that may not do all of this; null when it may, or rules are only observed. */
    @Nullable
    Refused enforcedRefusal(Acl acl, Caller caller, List<Need> needs) {
        Refused refused = refusal(acl, caller, needs);
        return refused == null ? null : enforced(acl, caller, refused);
    }

    /** Returns the first of this that no rule allows a caller; null when it may do all. Nothing is counted. */
    @Nullable
    Refused refusal(Acl acl, Caller caller, List<Need> needs) {
        CallerRights rights = judge.rights(acl, caller);
        for (Need need : needs) {
            String lock = need.lock();
            String policy = lock == null ? rights.policy(need.verb()) : rights.policy(need.verb(), lock);
            if (policy == null) {
                return refused(acl, caller, need);
            }
        }
        return null;
    }

    private Refused refused(Acl acl, Caller caller, Need need) {
        if (caller.isAnonymous() && !judge.rights(acl, caller).isKnown()) {
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
    @Nullable
    Refused enforced(Acl acl, Caller caller, Refused refused) {
        AclMode mode = mode(acl);
        if (mode == AclMode.ENFORCE) {
            return refused;
        }
        // A node that has nothing yet asks for rules that may turn out to be open.
        if (mode == AclMode.OBSERVE) {
            observed.note(caller, refused);
        }
        return null;
    }
}
