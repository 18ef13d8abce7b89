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
            case CHANGE_PENDING -> "nothing was done: another change of the configuration is under way; wait for it";
            case CONFIGURATION_CHANGED ->
                "nothing was done: the configuration was changed meanwhile; look at it and ask again";
            case LEADER_LEAVES -> "nothing was done: the server that leads would not vote; have another lead first";
            case VOTER_NOT_SYNCED ->
                "nothing was done: a new voter does not follow the leader or lags; add it as an observer and wait";
            case NO_QUORUM ->
                "nothing was done: no quorum of the new voters follows the leader; start more of them first";
            case NOT_A_MEMBER -> "nothing was done: this node is no member of its ensemble; ask another";
            case MALFORMED ->
                "nothing was done: the leader could not read the request, or the ensemble's level does not know it";
        };
    }
}
