package io.holdfast.zab.node;

import io.holdfast.zab.core.RequestFailure;

/**
 * A request, read or touch has no answer; {@link #failure} says whether it may have happened. Without a stack trace.
 */
public final class RequestFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final RequestFailure failure;

    RequestFailedException(RequestFailure failure) {
        super(text(failure), null, false, false);
        this.failure = failure;
    }

    public RequestFailure failure() {
        return failure;
    }

    private static String text(RequestFailure failure) {
        return switch (failure) {
            case NO_LEADER -> "nothing was done: no leader was found in time; try again";
            case OVERLOADED -> "nothing was done: too much work is outstanding; try again later";
            case OUTCOME_UNKNOWN -> "not confirmed in time: it may take effect now, later or never; ask for the state";
        };
    }
}
