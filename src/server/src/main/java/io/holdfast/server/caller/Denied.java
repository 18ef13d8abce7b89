package io.holdfast.server.caller;

/**
 * A request's credential makes no caller. The message is for the client and has nothing of the credential; without a
 * stack trace, since it is no defect.
 */
public final class Denied extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** The credential is none that this ensemble takes, or not any more. */
        UNAUTHENTICATED,
        /** An access key came over a connection that others can read. */
        TLS_REQUIRED,
        /** The keys that it is checked with cannot be had now. */
        AUTH_UNAVAILABLE,
        /** The address sent too many credentials that are none. */
        RATE_LIMITED
    }

    private final Reason reason;

    Denied(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    static Denied unauthenticated(String message) {
        return new Denied(Reason.UNAUTHENTICATED, message);
    }

    static Denied unavailable(String message) {
        return new Denied(Reason.AUTH_UNAVAILABLE, message);
    }

    /** Returns why. */
    public Reason reason() {
        return reason;
    }
}
