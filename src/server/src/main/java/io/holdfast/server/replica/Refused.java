package io.holdfast.server.replica;

import io.holdfast.lock.WaitsFor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request without a result; the only failure that {@link LockService} answers with. It carries no stack trace: it is
 * an outcome, not a defect.
 */
public final class Refused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Problem problem;
    private final transient @Nullable AppliedAt at;
    private final transient Particulars particulars;

    /** What a program may read beside the reason; each belongs to some reasons and is null or empty with the others. */
    private record Particulars(
            @Nullable LockView lock,
            List<WaitsFor> cycle,
            @Nullable String grant,
            List<ConfigurationView.Peer> members,
            @Nullable Right right,
            @Nullable Bound bound) {

        private Particulars {
            cycle = List.copyOf(cycle);
            members = List.copyOf(members);
        }
    }

    /**
     * Creates a refusal.
     *
     * @param problem why
     * @param message for people: what happened and what to do next
     * @param at where the answer was read; null when nothing was read
     * @param lock the lock in question, with {@link Problem#LOCK_HELD} and its like; null otherwise
     */
    public Refused(Problem problem, String message, @Nullable AppliedAt at, @Nullable LockView lock) {
        this(problem, message, at, new Particulars(lock, List.of(), null, List.of(), null, null));
    }

    private Refused(Problem problem, String message, @Nullable AppliedAt at, Particulars particulars) {
        super(message, null, false, false);
        this.problem = problem;
        this.at = at;
        this.particulars = particulars;
    }

    static Refused deadlock(String message, AppliedAt at, List<WaitsFor> cycle) {
        return new Refused(Problem.DEADLOCK, message, at, new Particulars(null, cycle, null, List.of(), null, null));
    }

    static Refused notAMember(String message, List<ConfigurationView.Peer> members) {
        return new Refused(
                Problem.NOT_A_MEMBER, message, null, new Particulars(null, List.of(), null, members, null, null));
    }

    static Refused quotaExceeded(String message, AppliedAt at, String quota, long limit) {
        Bound bound = new Bound(quota, limit);
        return new Refused(
                Problem.QUOTA_EXCEEDED, message, at, new Particulars(null, List.of(), null, List.of(), null, bound));
    }

    static Refused notHere(String message, AppliedAt at, List<ConfigurationView.Peer> voters) {
        return new Refused(Problem.NOT_HERE, message, at, new Particulars(null, List.of(), null, voters, null, null));
    }

    static Refused forbidden(String message, AppliedAt at, String verb, @Nullable String lock) {
        return new Refused(
                Problem.FORBIDDEN,
                message,
                at,
                new Particulars(null, List.of(), null, List.of(), new Right(verb, lock), null));
    }

    /**
     * What a caller may not do.
     *
     * @param verb as rules write it
     * @param lock null for what is not about one
     */
    public record Right(String verb, @Nullable String lock) {}

    /**
     * A bound that would be passed.
     *
     * @param quota its name
     */
    public record Bound(String quota, long limit) {}

    /** Returns the bound that would be passed, with some {@link Problem#QUOTA_EXCEEDED}; null otherwise. */
    public @Nullable Bound bound() {
        return particulars.bound;
    }

    /** Returns what the caller may not do, with {@link Problem#FORBIDDEN}; null otherwise. */
    public @Nullable Right right() {
        return particulars.right;
    }

    /** Returns this refusal with the id under which the request can be sent again. */
    public Refused naming(String id) {
        Particulars named = new Particulars(
                particulars.lock, particulars.cycle, id, particulars.members, particulars.right, particulars.bound);
        return new Refused(problem, String.valueOf(getMessage()), at, named);
    }

    /**
     * Returns the grant whose fate is not known, with {@link Problem#OUTCOME_UNKNOWN} of an acquire; null otherwise.
     */
    public @Nullable String grant() {
        return particulars.grant;
    }

    /**
     * Returns who waits for whom, with {@link Problem#DEADLOCK}; empty otherwise, and when it is not known any more.
     */
    public List<WaitsFor> cycle() {
        return particulars.cycle;
    }

    /** Returns other members, with {@link Problem#NOT_A_MEMBER} and {@link Problem#NOT_HERE}; empty otherwise. */
    public List<ConfigurationView.Peer> members() {
        return particulars.members;
    }

    public Problem problem() {
        return problem;
    }

    /** Returns where the answer was read, null when nothing was read. */
    public @Nullable AppliedAt at() {
        return at;
    }

    /** Returns the lock in question, with {@link Problem#LOCK_HELD} and its like; null otherwise. */
    public @Nullable LockView lock() {
        return particulars.lock;
    }
}
