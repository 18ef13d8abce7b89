package io.holdfast.server.replica;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Carried;
import io.holdfast.lock.ChangeAcl;
import io.holdfast.lock.LockTable;
import io.holdfast.lock.Result;
import io.holdfast.lock.acl.Acl;
import io.holdfast.lock.acl.AclChange;
import io.holdfast.lock.acl.AclMode;
import io.holdfast.lock.acl.Binding;
import io.holdfast.lock.acl.InvalidAclException;
import io.holdfast.lock.acl.Limit;
import io.holdfast.lock.acl.Policy;
import io.holdfast.lock.acl.Subject;
import io.holdfast.lock.acl.Verb;
import io.holdfast.server.access.CallerRights;
import io.holdfast.server.access.Judge;
import io.holdfast.server.caller.Caller;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What administrators of rules ask, whichever node they ask: to see the rules and the access keys, and to change them.
 * All of it needs {@code admin:acl}. As {@link LockService}: any thread, never blocks, and the only expected failure is
 * {@link Refused}.
 */
@Singleton
public final class AccessRules {

    /** How often a change is made of the rules in force when they were replaced meanwhile. */
    private static final int ATTEMPTS = 3;

    private static final String NOTHING = "the rules have nothing of that name";

    private final Replica replica;
    private final AccessControl access;

    @Inject
    AccessRules(Replica replica) {
        this.replica = replica;
        this.access = replica.access();
    }

    /**
     * How a change is made.
     *
     * @param ifRevision only of the rules of this revision; null for those in force
     * @param force also if no caller can change rules after that, or the caller cannot
     * @param dryRun only return what would be in force
     */
    public record Terms(@Nullable Revision ifRevision, boolean force, boolean dryRun) {

        /** A change that waits for nothing special. */
        public static final Terms PLAIN = new Terms(null, false, false);
    }

    /**
     * A verdict.
     *
     * @param policy that allows it; null when none does
     */
    public record Verdict(boolean allowed, @Nullable String policy) {}

    /** Returns the revision of the rules that this node has applied, for records. */
    public String revision() {
        return Revision.unpack(replica.events().acl().revision()).toString();
    }

    /** Returns the rules that this node has applied if they are enforced; null otherwise. */
    public @Nullable Acl enforced() {
        Acl acl = replica.events().acl();
        return acl.isEnforced() ? acl : null;
    }

    /**
     * Returns the policy that allows a verb by the rules that this node has applied, for records; null when none does,
     * or no rule is asked.
     *
     * @param lock null for a verb of administrators, or for any lock
     */
    public @Nullable String allowing(Caller caller, Verb verb, @Nullable String lock) {
        Acl acl = replica.events().acl();
        if (access.mode(acl) == AclMode.OPEN) {
            return null;
        }
        CallerRights rights = access.judge().rights(acl, caller);
        return lock == null ? rights.policy(verb) : rights.policy(verb, lock);
    }

    /**
     * Returns why a caller is not served at all, such as one without a credential where rules are enforced; null when
     * it is.
     */
    public @Nullable Refused stranger(Caller caller) {
        return access.stranger(caller);
    }

    /** Returns the rules and the access keys in force. Refused: {@code FORBIDDEN}. */
    public Uni<Answer<Acl>> rules(Caller caller) {
        return latest(caller, acl -> acl);
    }

    /** Returns one policy. Refused: {@code FORBIDDEN}, {@code ACL_UNKNOWN}. */
    public Uni<Answer<Policy>> policy(Caller caller, String name) {
        return latest(caller, acl -> known(acl.document().policy(name)));
    }

    /** Returns one binding. Refused: {@code FORBIDDEN}, {@code ACL_UNKNOWN}. */
    public Uni<Answer<Binding>> binding(Caller caller, String name) {
        return latest(caller, acl -> known(acl.document().binding(name)));
    }

    /** Returns one limit. Refused: {@code FORBIDDEN}, {@code ACL_UNKNOWN}. */
    public Uni<Answer<Limit>> limit(Caller caller, String name) {
        return latest(caller, acl -> known(acl.document().limit(name)));
    }

    private <T> T known(@Nullable T entry) {
        if (entry == null) {
            throw refused(Problem.ACL_UNKNOWN, NOTHING);
        }
        return entry;
    }

    /** Says whether a subject may do something by the rules in force. Refused: {@code FORBIDDEN}. */
    public Uni<Answer<Verdict>> check(Caller caller, Subject subject, Verb verb, @Nullable String lock) {
        return latest(caller, acl -> {
            Caller asked = new Caller(subject.principal(), subject.groups(), subject.attributes(), Long.MAX_VALUE);
            CallerRights rights = access.judge().rights(acl, asked);
            String policy = lock == null ? rights.policy(verb) : rights.policy(verb, lock);
            return new Verdict(policy != null, policy);
        });
    }

    /** Returns how many requests would have been refused here while rules were observed. */
    public long observedRefusals() {
        return access.observedRefusals();
    }

    /** What is looked up in the rules. */
    private interface Query<T> {
        T of(Acl acl);
    }

    private <T> Uni<Answer<T>> latest(Caller caller, Query<T> query) {
        return asked(() -> replica.readLatest(table -> {
            Refused refused = access.administering(table.acl(), caller, Verb.ADMIN_ACL);
            return refused == null
                    ? Outcome.of(new Answer<>(query.of(table.acl()), replica.appliedAt(table.revision())))
                    : Outcome.<Answer<T>>refused(refused);
        }));
    }

    /** A change, made of the rules in force. */
    public interface Wanted {
        AclChange of(Acl inForce);
    }

    /**
     * Changes the rules or the keys, and answers what is in force then. Refused, with nothing done: {@code FORBIDDEN},
     * {@code VERSION_STALE}, {@code LAST_ADMINISTRATOR}, {@code ACL_UNKNOWN}; or an {@link InvalidAclException}.
     */
    public Uni<Answer<Acl>> change(Caller caller, Wanted change, Terms terms) {
        return Uni.createFrom()
                .completionStage(() -> attempt(caller, change, terms, 1).toCompletionStage())
                .onFailure()
                .transform(failure -> replica.translated(failure, true));
    }

    private Future<Answer<Acl>> attempt(Caller caller, Wanted wanted, Terms terms, int number) {
        return replica.readLatest(table -> checked(table, caller, wanted, terms))
                .map(Outcome::orThrow)
                .compose(checked -> terms.dryRun()
                        ? Future.succeededFuture(Optional.of(checked))
                        : replica.submit(
                                        new ChangeAcl(checked.base(), checked.change(), System.currentTimeMillis()),
                                        (table, applied) -> decided(table, applied, checked))
                                .map(Outcome::orThrow))
                .compose(done -> {
                    if (done.isPresent()) {
                        return Future.succeededFuture(done.get().answer());
                    }
                    return number < ATTEMPTS
                            ? attempt(caller, wanted, terms, number + 1)
                            : Future.failedFuture(refused(
                                    Problem.NOT_READY,
                                    "others changed the rules at the same time; nothing was done, try again"));
                });
    }

    /**
     * What a change makes of the rules.
     *
     * @param base revision of the rules that it is made of
     * @param answer what is in force after it
     */
    private record Checked(long base, AclChange change, Answer<Acl> answer) {}

    private Outcome<Checked> checked(LockTable table, Caller caller, Wanted wanted, Terms terms) {
        Acl acl = table.acl();
        AclChange change = wanted.of(acl);
        Revision only = terms.ifRevision();
        Refused refused = access.administering(acl, caller, Verb.ADMIN_ACL);
        if (refused == null) {
            refused = access.notHere(Carried::administration);
        }
        if (refused == null && only != null && only.packed() != acl.revision()) {
            refused = refused(
                    Problem.VERSION_STALE,
                    "the rules are of revision " + Revision.unpack(acl.revision()) + "; look at them and try again");
        } else if (refused == null) {
            refused = unknown(acl, change);
        }
        if (refused != null) {
            return Outcome.refused(refused);
        }
        Acl next = acl.after(change, acl.revision());
        boolean isOfKeys = next.document().equals(acl.document());
        Refused locksOut = terms.force() || isOfKeys ? null : lockOut(next, caller);
        return locksOut != null
                ? Outcome.refused(locksOut)
                : Outcome.of(
                        new Checked(acl.revision(), change, new Answer<>(next, replica.appliedAt(table.revision()))));
    }

    private @Nullable Refused unknown(Acl acl, AclChange change) {
        boolean isThere = true;
        if (change instanceof AclChange.DeleteKey delete) {
            isThere = acl.key(delete.id()) != null;
        } else if (change instanceof AclChange.Delete delete) {
            isThere = switch (delete.part()) {
                case POLICIES -> acl.document().policy(delete.name()) != null;
                case BINDINGS -> acl.document().binding(delete.name()) != null;
                case LIMITS -> acl.document().limit(delete.name()) != null;
            };
        }
        return isThere ? null : refused(Problem.ACL_UNKNOWN, NOTHING);
    }

    /**
     * Rules that are not enforced lock no caller out; whether to enforce them is asked again then. A change of keys
     * leaves the rules as they are: the first key makes others before a rule names one.
     */
    private @Nullable Refused lockOut(Acl next, Caller caller) {
        if (!next.isEnforced()) {
            return null;
        }
        if (!next.document().gives(Verb.ADMIN_ACL) && !access.judge().hasAdministrators()) {
            return refused(
                    Problem.LAST_ADMINISTRATOR,
                    "no caller could change the rules after that; give admin:acl to one first, or use force=true");
        }
        boolean isFirst = caller.principal().equals(Judge.BOOTSTRAP);
        return isFirst || access.judge().rights(next, caller).policy(Verb.ADMIN_ACL) != null
                ? null
                : refused(
                        Problem.LAST_ADMINISTRATOR,
                        caller.principal() + " could not change the rules after that; give it admin:acl first, or use"
                                + " force=true");
    }

    /** Empty when other rules were in force. */
    private Outcome<Optional<Checked>> decided(LockTable table, Applied applied, Checked checked) {
        if (applied.result() instanceof Result.AclChanged) {
            AppliedAt at = replica.appliedAt(applied.revision());
            return Outcome.of(
                    Optional.of(new Checked(checked.base(), checked.change(), new Answer<>(table.acl(), at))));
        } else if (applied.result() instanceof Result.AclRefused refused) {
            throw new InvalidAclException(refused.field(), refused.problem());
        }
        return Outcome.of(Optional.empty());
    }

    private Refused refused(Problem problem, String message) {
        return new Refused(problem, message, replica.appliedAt(0), null);
    }

    private <T> Uni<T> asked(Supplier<Future<Outcome<T>>> question) {
        return Uni.createFrom()
                .completionStage(() -> question.get().toCompletionStage())
                .onFailure()
                .transform(failure -> replica.translated(failure, false))
                .map(Outcome::orThrow);
    }
}
