package io.holdfast.server.audit;

/**
 * A request must be recorded and cannot be now, so nothing is done; an outcome, not a defect: without a stack trace.
 */
public final class NotAuditedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NotAuditedException() {
        super("the request cannot be recorded now", null, false, false);
    }
}
