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
    private final transient @Nullable LockView lock;
    private final transient List<WaitsFor> cycle;
    private final @Nullable String grant;

    /**
     * Creates a refusal.
     *
     * @param problem why
     * @param message for people: what happened and what to do next
     * @param at where the answer was read; null when nothing was read
     * @param lock the lock in question, with {@link Problem#LOCK_HELD} and its like; null otherwise
     */
    public Refused(Problem problem, String message, @Nullable AppliedAt at, @Nullable LockView lock) {
        this(problem, message, at, lock, List.of(), null);
    }

    private Refused(
            Problem problem,
            String message,
            @Nullable AppliedAt at,
            @Nullable LockView lock,
            List<WaitsFor> cycle,
            @Nullable String grant) {
        super(message, null, false, false);
        this.grant = grant;
        this.cycle = List.copyOf(cycle);
        this.problem = problem;
        this.at = at;
        this.lock = lock;
    }

    static Refused deadlock(String message, AppliedAt at, List<WaitsFor> cycle) {
        return new Refused(Problem.DEADLOCK, message, at, null, cycle, null);
    }

    /** Returns this refusal with the id under which the request can be sent again. */
    public Refused naming(String id) {
        return new Refused(problem, String.valueOf(getMessage()), at, lock, cycle, id);
    }

    /**
     * Returns the grant whose fate is not known, with {@link Problem#OUTCOME_UNKNOWN} of an acquire; null otherwise.
     */
    public @Nullable String grant() {
        return grant;
    }

    /**
     * Returns who waits for whom, with {@link Problem#DEADLOCK}; empty otherwise, and when it is not known any more.
     */
    public List<WaitsFor> cycle() {
        return cycle;
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
        return lock;
    }
}
