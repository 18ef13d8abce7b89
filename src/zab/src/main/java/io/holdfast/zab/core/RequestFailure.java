package io.holdfast.zab.core;

/** Why a request has no result; clients need to know whether it may have happened. */
public enum RequestFailure {
    /** Nothing was done: no leader was found in time. */
    NO_LEADER,
    /** Nothing was done: a bound on outstanding work was reached here or at the leader. */
    OVERLOADED,
    /** It was sent to a leader and not confirmed in time: it may take effect now, later or never. */
    OUTCOME_UNKNOWN
}
