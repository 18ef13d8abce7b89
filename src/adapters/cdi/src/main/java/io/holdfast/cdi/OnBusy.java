package io.holdfast.cdi;

/** What becomes of a call whose method may not run now. */
public enum OnBusy {
    /** The call fails. */
    FAIL,
    /**
     * The call returns without running the method: null, an empty {@link java.util.Optional}, or a stage or a Uni that
     * completes with one of the two. A method that returns a primitive value cannot be skipped.
     */
    SKIP
}
