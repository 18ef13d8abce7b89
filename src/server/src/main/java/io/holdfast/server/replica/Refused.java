package io.holdfast.server.replica;

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

    /**
     * Creates a refusal.
     *
     * @param problem why
     * @param message for people: what happened and what to do next
     * @param at where the answer was read; null when nothing was read
     * @param lock the lock in question, with {@link Problem#LOCK_HELD}; null otherwise
     */
    public Refused(Problem problem, String message, @Nullable AppliedAt at, @Nullable LockView lock) {
        super(message, null, false, false);
        this.problem = problem;
        this.at = at;
        this.lock = lock;
    }

    public Problem problem() {
        return problem;
    }

    /** Returns where the answer was read, null when nothing was read. */
    public @Nullable AppliedAt at() {
        return at;
    }

    /** Returns the lock in question, with {@link Problem#LOCK_HELD}; null otherwise. */
    public @Nullable LockView lock() {
        return lock;
    }
}
