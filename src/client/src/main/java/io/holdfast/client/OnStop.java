package io.holdfast.client;

/** What happens to work under a lease when it must stop. */
public enum OnStop {
    /** The thread of a body is interrupted once, the stage of asynchronous work is cancelled; the default. */
    INTERRUPT,
    /** Neither: the work is told by {@link Lease#onStop} and {@link Lease#stopping()} only. */
    SIGNAL
}
