package io.holdfast.cli.keeper;

/**
 * How the keeper ended without a command to wait for.
 *
 * @param code exit code of {@code lock} and {@code elect}
 * @param word for the status file
 */
record Outcome(int code, String word) {

    /** Nothing went wrong. */
    static final Outcome DONE = new Outcome(0, "exited");

    /** Not granted in time. */
    static final Outcome NOT_GRANTED = new Outcome(120, "not-granted");

    /** Stopped because the lease could not be kept. */
    static final Outcome LEASE_LOST = new Outcome(121, "lease-lost");

    /** No node could be asked. */
    static final Outcome UNAVAILABLE = new Outcome(122, "unavailable");

    /** The command line, the ensemble's refusal or this machine. */
    static final Outcome FAILED = new Outcome(125, "failed");

    /** Told to end before there was a command. */
    static final Outcome CANCELLED = new Outcome(128 + 15, "cancelled");
}
