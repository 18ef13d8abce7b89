package io.holdfast.simulator.check;

/** An invariant does not hold: what a run ends with that found something. */
public final class Violation extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String invariant;

    /** Says which one, by its id in the table of invariants, and what was seen. */
    public Violation(String invariant, String message) {
        super(invariant + ": " + message);
        this.invariant = invariant;
    }

    /** As {@link #Violation(String, String)}, found by an exception. */
    public Violation(String invariant, String message, Throwable cause) {
        super(invariant + ": " + message, cause);
        this.invariant = invariant;
    }

    /** Returns the id in the table of invariants. */
    public String invariant() {
        return invariant;
    }
}
